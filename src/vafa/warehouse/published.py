"""Columns that higher floors publish down: one value for each customer, by name ("risk"), beside the copy of the facts.

A column is a file of its own: a line of JSON, then the customers' ids (64-bit integers, ascending) and their values
(32-bit floats). It holds ids, not numbers, so it outlives a rebuild. It is replaced by an atomic rename: a reader sees
the old column or the new one, never a half, and what a killed writer left is written over by the next. The file may be
deleted at any time; its owner publishes it again.
"""

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Stamp = tuple[int, int, int]

FORMAT = 1
_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")
_ID, _VALUE = np.dtype("<i8"), np.dtype("<f4")


@dataclass(frozen=True)
class Column:
    """A published column: the value of each customer as of a day, by ascending id. `made_by` says what made it: columns
    of different makers can't be compared."""

    as_of: date
    ids: npt.NDArray[np.int64]
    values: Floats
    made_by: str = ""


def write_column(
    folder: Path, name: str, ids: npt.ArrayLike, values: npt.ArrayLike, as_of: date, made_by: str = ""
) -> None:
    """Make this the published column of that name. Raises ValueError for another number of values than of ids, for an
    id that stands twice, and for a name that is no lower-case word."""
    own, told = np.asarray(ids, dtype=_ID), np.asarray(values, dtype=_VALUE)
    if own.ndim != 1 or own.shape != told.shape:
        raise ValueError(f"{own.shape} ids cannot have {told.shape} values")
    order = np.argsort(own, kind="stable")
    own, told = own[order], told[order]
    if len(own) and not (np.diff(own) > 0).all():
        raise ValueError("an id stands twice in a published column")
    with _hold(folder):
        _replace(_build_path(folder, name), Column(as_of, own, told, made_by))


def remove_column(folder: Path, name: str) -> None:
    """Publish nothing under that name any more."""
    with _hold(folder):
        _build_path(folder, name).unlink(missing_ok=True)


def leave_out(folder: Path, ids: npt.ArrayLike) -> None:
    """Leave these customers out of every published column."""
    gone = np.asarray(ids, dtype=_ID)
    with _hold(folder):
        for path in folder.glob("published-*.column"):
            column = _read(path)
            stays = None if column is None else ~np.isin(column.ids, gone)
            if column is not None and stays is not None and not stays.all():
                _replace(path, replace(column, ids=column.ids[stays], values=column.values[stays]))


def read_stamp(folder: Path, name: str) -> Stamp | None:
    """What changes whenever the column does; None where nothing is published under that name."""
    try:
        found = _build_path(folder, name).stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def read_column(folder: Path, name: str) -> Column | None:
    """The published column; None where there is none, or one that this version can't read."""
    return _read(_build_path(folder, name))


def read_about(folder: Path, name: str) -> tuple[date, str] | None:
    """As of which day the column tells and what made it, without reading its values; None where there is none."""
    try:
        with _build_path(folder, name).open("rb") as file:
            head = _read_head(file.readline())
    except FileNotFoundError:
        return None
    return None if head is None else (date.fromisoformat(head["as_of"]), head.get("made_by", ""))


def _build_path(folder: Path, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a column")
    # A file, not a folder: folders that no manifest names are cleaned away.
    return folder / f"published-{name}.column"


@contextmanager
def _hold(folder: Path) -> Iterator[None]:
    """Hold the columns for writing; others wait. Not the warehouse's own lock, which a rebuild keeps for long."""
    with (folder / "published.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _replace(path: Path, column: Column) -> None:
    head = {
        "format": FORMAT,
        "as_of": column.as_of.isoformat(),
        "n": len(column.ids),
        "made_by": column.made_by,
    }
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        file.write(json.dumps(head).encode() + b"\n")
        file.write(column.ids.astype(_ID).tobytes())
        file.write(column.values.astype(_VALUE).tobytes())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _read(path: Path) -> Column | None:
    try:
        with path.open("rb") as file:
            head, data = _read_head(file.readline()), file.read()
    except FileNotFoundError:
        return None
    if head is None or len(data) != head["n"] * (_ID.itemsize + _VALUE.itemsize):
        return None
    ids = np.frombuffer(data, _ID, head["n"])
    values = np.frombuffer(data, _VALUE, head["n"], head["n"] * _ID.itemsize)
    return Column(date.fromisoformat(head["as_of"]), ids, values, head.get("made_by", ""))


def _read_head(line: bytes) -> dict[str, Any] | None:
    try:
        head = json.loads(line)
    except ValueError:
        return None
    return head if isinstance(head, dict) and head.get("format") == FORMAT else None
