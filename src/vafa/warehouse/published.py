"""Columns that higher floors publish down: one value for each customer, by name ("risk"), beside the copy of the facts.

A column is a file of its own: a line of JSON, then the customers' ids (64-bit integers, ascending) and their values
(32-bit floats). It holds ids, not numbers, so it outlives a rebuild. It is replaced by an atomic rename: a reader sees
the old column or the new one, never a half, and what a killed writer left is written over by the next. The file may be
deleted at any time; its owner publishes it again.

Columns that belong together are replaced together: all drafts are written first, then a note says which are to take
their places. Whoever finds the note, since its writer was killed, puts them in place before reading on.
"""

import fcntl
import json
import os
import re
from collections.abc import Iterator, Mapping
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
_NOTE = "published.note"
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
    write_columns(folder, {name: (ids, values)}, as_of, made_by)


def write_columns(
    folder: Path,
    columns: Mapping[str, tuple[npt.ArrayLike, npt.ArrayLike] | None],
    as_of: date,
    made_by: str = "",
) -> None:
    """Make these the published columns of their names, all at once; None: publish nothing under the name any more.
    Raises as `write_column` does."""
    built = {name: None if told is None else _build(*told, as_of, made_by) for name, told in columns.items()}
    with _hold(folder):
        for name, column in built.items():
            path = _build_path(folder, name)
            if column is not None:
                _write_draft(path, column)
        _write_note(folder, {name: column is not None for name, column in built.items()})
        _take_places(folder)


def _build(ids: npt.ArrayLike, values: npt.ArrayLike, as_of: date, made_by: str) -> Column:
    own, told = np.asarray(ids, dtype=_ID), np.asarray(values, dtype=_VALUE)
    if own.ndim != 1 or own.shape != told.shape:
        raise ValueError(f"{own.shape} ids cannot have {told.shape} values")
    order = np.argsort(own, kind="stable")
    own, told = own[order], told[order]
    if len(own) and not (np.diff(own) > 0).all():
        raise ValueError("an id stands twice in a published column")
    return Column(as_of, own, told, made_by)


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
    _settle(folder)
    try:
        found = _build_path(folder, name).stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def read_column(folder: Path, name: str) -> Column | None:
    """The published column; None where there is none, or one that this version can't read."""
    _settle(folder)
    return _read(_build_path(folder, name))


def read_about(folder: Path, name: str) -> tuple[date, str] | None:
    """As of which day the column tells and what made it, without reading its values; None where there is none."""
    _settle(folder)
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
        _take_places(folder)
        yield


def _settle(folder: Path) -> None:
    """Do what a killed writer had still to do."""
    if (folder / _NOTE).exists():
        with _hold(folder):
            pass


def _write_note(folder: Path, names: dict[str, bool]) -> None:
    draft = (folder / _NOTE).with_suffix(".draft")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(names, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / _NOTE)


def _take_places(folder: Path) -> None:
    """Put the drafts of the note in their places, and take away what it says is over; nothing without a note."""
    note = folder / _NOTE
    try:
        names = json.loads(note.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    for name, stays in names.items():
        path = _build_path(folder, name)
        if not stays:
            path.unlink(missing_ok=True)
        elif path.with_suffix(".draft").exists():
            path.with_suffix(".draft").replace(path)
    note.unlink()


def _replace(path: Path, column: Column) -> None:
    _write_draft(path, column)
    path.with_suffix(".draft").replace(path)


def _write_draft(path: Path, column: Column) -> None:
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
