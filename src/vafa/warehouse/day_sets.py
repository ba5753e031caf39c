"""Who bought on each day, as sets: one file of serialised bitmaps and an index of where each begins.

Kinds: `buyers` (who bought), `others` (who has an order row of that day that is no purchase), and one for
each dimension with few values (who bought of that value). A process loads only what it is asked for.
"""

import mmap
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from pyroaring import BitMap

from vafa.lab.sets import build_set

KINDS = {"buyers": 0, "others": 1, "location": 2, "product_line": 3}
WHOLE = 0
"""The value of a kind that isn't split by values."""

_BATCH_ROWS = 131_072
_SETS, _INDEX = "days.sets", "days.index.npy"
_FIELDS = 5  # kind, value, day, offset, length

Values = npt.NDArray[np.int64]


class DaySetWriter:
    """Writes sets one after another; `close` writes the index."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = (folder / _SETS).open("wb")
        self._index: list[tuple[int, int, int, int, int]] = []

    def add(self, kind: str, value: int, day: int, members: BitMap) -> None:
        """Write one day's set. An empty one is noted, to stand before an older one."""
        data = members.serialize() if members else b""
        self._index.append((KINDS[kind], value, day, self._file.tell(), len(data)))
        self._file.write(data)

    def close(self) -> None:
        """Finish the two files."""
        self._file.close()
        index = np.array(self._index, dtype=np.int64).reshape(-1, _FIELDS)
        order = np.lexsort((index[:, 2], index[:, 1], index[:, 0]))
        np.save(self._folder / _INDEX, index[order])


class _Part:
    """The sets of one folder."""

    def __init__(self, folder: Path) -> None:
        self._index = np.load(folder / _INDEX)
        with (folder / _SETS).open("rb") as file:
            size = (folder / _SETS).stat().st_size
            self._data = (
                memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)) if size else memoryview(b"")
            )
        self._slices: dict[tuple[int, int], tuple[int, int]] = {}
        keys = self._index[:, :2]
        starts = np.flatnonzero(np.any(np.diff(keys, axis=0, prepend=-1), axis=1)).tolist()
        for start, end in pairwise([*starts, len(keys)]):
            self._slices[(int(keys[start, 0]), int(keys[start, 1]))] = (start, end)

    def list_values(self, kind: str) -> set[int]:
        return {value for known, value in self._slices if known == KINDS[kind]}

    def list_days(self, kind: str, value: int) -> dict[int, memoryview]:
        start, end = self._slices.get((KINDS[kind], value), (0, 0))
        return {
            int(day): self._data[offset : offset + length]
            for day, offset, length in self._index[start:end, 2:].tolist()
        }


class DaySets:
    """The sets of a base, and of its delta where that knows better."""

    def __init__(self, base: Path, delta: Path | None) -> None:
        self._parts = [_Part(base), *([_Part(delta)] if delta else [])]

    def list_values(self, kind: str) -> set[int]:
        """The values for which there are sets."""
        return set().union(*(part.list_values(kind) for part in self._parts))

    def load(self, kind: str, value: int = WHOLE) -> dict[int, memoryview]:
        """The serialised set of each day (an ordinal), in order; days without anybody are absent."""
        days: dict[int, memoryview] = {}
        for part in self._parts:
            days.update(part.list_days(kind, value))
        return {day: days[day] for day in sorted(days) if len(days[day])}


def write_base_day_sets(folder: Path, dimensions: list[str]) -> None:
    """Write the sets of all days from the folder's lines, which are in order of their day."""
    writer = DaySetWriter(folder)
    for day, columns in _iterate_days(folder / "lines.parquet", dimensions):
        bought = columns["is_purchase"] != 0
        buyers = columns["customer_ix"][bought]
        _add(writer, "buyers", day, None, buyers)
        _add(writer, "others", day, None, columns["customer_ix"][~bought])
        for dimension in dimensions:
            _add(writer, dimension, day, columns[dimension][bought], buyers)
    writer.close()


def _add(writer: DaySetWriter, kind: str, day: int, values: Values | None, members: Values) -> None:
    if not len(members):
        return
    if values is None:
        writer.add(kind, WHOLE, day, build_set(members))
        return
    order = np.argsort(values, kind="stable")
    values, members = values[order], members[order]
    starts = np.flatnonzero(np.diff(values, prepend=-1))
    for start, end in pairwise([*starts, len(values)]):
        writer.add(kind, int(values[start]), day, build_set(members[start:end]))


def _iterate_days(path: Path, dimensions: list[str]) -> Iterator[tuple[int, dict[str, Values]]]:
    """The shown lines that have a customer, day by day."""
    names = ["day_no", "customer_ix", "is_purchase", *dimensions]
    carried: dict[str, Values] = {name: np.empty(0, np.int64) for name in names}
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_BATCH_ROWS, columns=[*names, "hidden"]):
            columns = _select_counted(batch, names)
            columns = {name: np.concatenate((carried[name], columns[name])) for name in names}
            days = columns["day_no"]
            starts = np.flatnonzero(np.diff(days, prepend=-1))
            for start, end in pairwise(starts):
                yield int(days[start]), {name: column[start:end] for name, column in columns.items()}
            last = starts[-1] if len(starts) else 0
            carried = {name: column[last:] for name, column in columns.items()}
    if len(carried["day_no"]):
        yield int(carried["day_no"][0]), carried


def _select_counted(batch: pa.RecordBatch, names: list[str]) -> dict[str, Values]:
    """The columns of the rows that count for somebody."""
    owner = batch.column("customer_ix")
    counted = owner.is_valid().to_numpy(zero_copy_only=False)
    counted &= ~batch.column("hidden").to_numpy(zero_copy_only=False)
    return {
        name: batch.column(name).cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)[counted]
        for name in names
    }


def write_delta_day_sets(
    folder: Path,
    base: DaySets,
    touched: dict[str, npt.NDArray[np.int64]],
    now: dict[str, npt.NDArray[np.int64]],
) -> None:
    """Write the sets that differ from the base's.

    Both arguments hold, for each kind, rows of (value, day, customer): `touched` whoever's membership may
    have changed, `now` those of them who are members still or newly. Everybody else is as in the base.
    """
    writer = DaySetWriter(folder)
    for kind, rows in touched.items():
        members = _group(now[kind])
        loaded: dict[int, dict[int, memoryview]] = {}
        for (value, day), changed in _group(rows).items():
            if value not in loaded:
                loaded[value] = base.load(kind, value)
            data = loaded[value].get(day)
            before = BitMap.deserialize(cast("bytes", data)) if data else BitMap()
            after = (before - changed) | members.get((value, day), BitMap())
            if after != before:
                writer.add(kind, value, day, after)
    writer.close()


def _group(rows: npt.NDArray[np.int64]) -> dict[tuple[int, int], BitMap]:
    """The customers of each value and day."""
    if not len(rows):
        return {}
    rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
    starts = np.flatnonzero(np.any(np.diff(rows[:, :2], axis=0, prepend=-1), axis=1))
    return {
        (int(rows[start, 0]), int(rows[start, 1])): build_set(rows[start:end, 2])
        for start, end in pairwise([*starts, len(rows)])
    }
