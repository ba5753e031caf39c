"""Writing the sets of each day: all of them for a base, and for a delta those that have become others."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from pyroaring import BitMap

from vafa.lab.sets import build_set, list_members
from vafa.warehouse.day_set_changes import After, find_gap_changes, list_first_changes
from vafa.warehouse.day_set_file import BLOCKS, WHOLE, Counts, DaySetWriter, Serialised, read_set
from vafa.warehouse.day_sets import Change, DaySets

Values = npt.NDArray[np.int64]

_BATCH_ROWS = 131_072
# The kinds that windows of any length are asked of.
_OF_PURCHASES = ("buyers", "location", "product_line")


def write_base_day_sets(folder: Path, dimensions: list[str], customers: int) -> None:
    """Write the sets of all days from the folder's lines, which are in order of their day, and its customers."""
    writer = DaySetWriter(folder)
    series: dict[tuple[str, int], _Series] = {}
    gaps = _Gaps(customers)
    for day, columns in _iterate_days(folder / "lines.parquet", dimensions):
        bought = columns["is_purchase"] != 0
        buyers, others = columns["customer_ix"][bought], columns["customer_ix"][~bought]
        if len(others):
            writer.add("others", WHOLE, day, build_set(others))
        sets = [("buyers", WHOLE, build_set(buyers))] if len(buyers) else []
        for dimension in dimensions:
            sets += [
                (dimension, value, members) for value, members in _split(columns[dimension][bought], buyers)
            ]
        for kind, value, members in sets:
            series.setdefault((kind, value), _Series(writer, kind, value)).add(day, members)
            if kind == "buyers":
                gaps.add(day, members)
    for one in series.values():
        one.flush()
    _write_people(writer, folder / "customers.parquet", customers)
    writer.close(gaps.counts)


class _Series:
    """The days of one kind and value, written with what is made of them: who is there for the first time, and the
    unions of blocks of days."""

    def __init__(self, writer: DaySetWriter, kind: str, value: int) -> None:
        self._writer = writer
        self._kind, self._value = kind, value
        self._seen = BitMap()
        self._open: dict[int, tuple[int, list[BitMap]]] = {}

    def add(self, day: int, members: BitMap) -> None:
        """The next day's set."""
        self._writer.add(self._kind, self._value, day, members)
        firsts = members - self._seen
        if firsts:
            firsts.run_optimize()
            self._writer.add(self._kind, self._value, day, firsts, "firsts")
            self._seen |= firsts
        self._collect(len(BLOCKS) - 1, day, members)

    def flush(self) -> None:
        """Write the blocks that are still open, the short ones first because the long ones are made of them."""
        for level in reversed(range(len(BLOCKS))):
            self._close(level)

    def _collect(self, level: int, day: int, members: BitMap) -> None:
        """Put a set into the block of its day; `level` counts from the longest block."""
        start = day - day % BLOCKS[level][0]
        if level in self._open and self._open[level][0] != start:
            self._close(level)
        self._open.setdefault(level, (start, []))[1].append(members)

    def _close(self, level: int) -> None:
        if level not in self._open:
            return
        start, sets = self._open.pop(level)
        union = BitMap.union(*sets)
        union.run_optimize()
        self._writer.add(self._kind, self._value, start, union, BLOCKS[level][1])
        if level:
            self._collect(level - 1, start, union)


class _Gaps:
    """Counts the days between each customer's purchase days, day by day."""

    def __init__(self, customers: int) -> None:
        self._last = np.zeros(customers, dtype=np.int32)
        self.counts: Counts = np.zeros(1, dtype=np.int64)

    def add(self, day: int, members: BitMap) -> None:
        listed = list_members(members)
        before = self._last[listed]
        found = np.bincount(day - before[before > 0])
        if len(found) > len(self.counts):
            self.counts = np.pad(self.counts, (0, len(found) - len(self.counts)))
        self.counts[: len(found)] += found
        self._last[listed] = day


def _write_people(writer: DaySetWriter, path: Path, customers: int) -> None:
    """All customers that count, and the day on which each says to have joined: the earliest of all that were merged."""
    joined = np.full(customers, np.iinfo(np.int32).max, dtype=np.int32)
    shown = np.zeros(customers, dtype=np.bool_)
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_BATCH_ROWS, columns=["ix", "own_ix", "hidden", "joined_no"]):
            ix, own = (batch.column(name).to_numpy() for name in ("ix", "own_ix"))
            day = batch.column("joined_no").to_numpy()
            counts = ~batch.column("hidden").to_numpy(zero_copy_only=False)
            shown[ix[counts & (ix == own)]] = True
            known = counts & (day != 0)
            np.minimum.at(joined, ix[known], day[known])
    people = build_set(np.flatnonzero(shown))
    people.run_optimize()
    writer.add("people", WHOLE, 0, people)
    known = np.flatnonzero(joined != np.iinfo(np.int32).max)
    for day, members in _split(joined[known].astype(np.int64), known):
        members.run_optimize()
        writer.add("joined", WHOLE, day, members)


def _split(values: Values, members: Values) -> Iterator[tuple[int, BitMap]]:
    """The members of each value."""
    order = np.argsort(values, kind="stable")
    values, members = values[order], members[order]
    starts = np.flatnonzero(np.diff(values, prepend=-1)).tolist()
    for start, end in pairwise([*starts, len(values)]):
        yield int(values[start]), build_set(members[start:end])


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
    folder: Path, beneath: DaySets, touched: Mapping[str, Values], now: Mapping[str, Values]
) -> None:
    """Write the sets that differ from those beneath.

    Both arguments hold, for each kind, rows of (value, day, customer): `touched` whoever's membership may
    have changed, `now` those of them who are members still or newly. Everybody else is as beneath.
    """
    writer = DaySetWriter(folder)
    gaps = beneath.load_gaps()
    for kind, rows in touched.items():
        loaded: dict[int, dict[int, Serialised]] = {}
        for value, changes in _find_changes(beneath, kind, rows, now[kind], loaded).items():
            for day, change in changes.items():
                writer.add(kind, value, day, change.after)
            if kind in _OF_PURCHASES:
                blocks = {size: beneath.load(kind, value, form) for size, form in BLOCKS}
                after = After(loaded[value], changes, blocks)
                _write_blocks(writer, blocks, kind, value, after)
                for day, members in list_first_changes(beneath.load(kind, value, "firsts"), after):
                    writer.add(kind, value, day, members, "firsts")
                if kind == "buyers":
                    gaps = find_gap_changes(gaps, after)
    writer.close(gaps)


def _find_changes(
    beneath: DaySets, kind: str, touched: Values, now: Values, loaded: dict[int, dict[int, Serialised]]
) -> dict[int, dict[int, Change]]:
    """Value -> day -> what has changed. What is read of those beneath goes into `loaded`."""
    members = _group(now)
    found: dict[int, dict[int, Change]] = {}
    for (value, day), changed in _group(touched).items():
        if value not in loaded:
            loaded[value] = beneath.load(kind, value)
        before = read_set(loaded[value].get(day))
        after = (before - changed) | members.get((value, day), BitMap())
        if after != before:
            found.setdefault(value, {})[day] = Change(before, after)
    return found


def _write_blocks(
    writer: DaySetWriter, beneath: Mapping[int, Mapping[int, Serialised]], kind: str, value: int, after: After
) -> None:
    """The blocks of the changed days: the short ones from days, the long ones from short ones. `beneath` are those that
    there are, by their length."""
    size, made = 1, {day: change.after for day, change in after.changes.items()}
    shorter: Mapping[int, Serialised] = after.beneath
    for length, form in reversed(BLOCKS):
        blocks = {}
        for start in sorted({day - day % length for day in made}):
            inside = [
                made[at] if at in made else read_set(shorter.get(at))
                for at in range(start, start + length, size)
            ]
            blocks[start] = BitMap.union(*inside)
            blocks[start].run_optimize()
            writer.add(kind, value, start, blocks[start], form)
        size, made, shorter = length, blocks, beneath[length]


def _group(rows: Values) -> dict[tuple[int, int], BitMap]:
    """The customers of each value and day."""
    if not len(rows):
        return {}
    rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
    starts = np.flatnonzero(np.any(np.diff(rows[:, :2], axis=0, prepend=-1), axis=1))
    return {
        (int(rows[start, 0]), int(rows[start, 1])): build_set(rows[start:end, 2])
        for start, end in pairwise([*starts, len(rows)])
    }
