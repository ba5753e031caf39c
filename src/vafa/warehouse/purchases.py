"""Who bought on each day, kept as serialised sets and read as they are needed."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.lab.sets import build_set, list_members
from vafa.lab.spells import OPEN_END, CurrentSpells, Ints
from vafa.warehouse.day_set_file import Serialised, read_set


def serialise_days(customers: npt.ArrayLike, days: npt.ArrayLike) -> dict[int, Serialised]:
    """The serialised set of each day from purchases (customer, day) in any order, repeats allowed."""
    all_days = np.asarray(days, dtype=np.int64)
    order = np.argsort(all_days, kind="stable")
    all_days, numbers = all_days[order], np.asarray(customers)[order]
    starts = np.flatnonzero(np.diff(all_days, prepend=-1))
    return {
        int(all_days[start]): build_set(numbers[start:end]).serialize()
        for start, end in pairwise([*starts, len(all_days)])
    }


class Purchases:
    """Sets of customers by day (ordinal).

    `blocks` (number of days -> the first of so many days -> who bought on any of them) make long windows quick,
    `firsts` tells of whom each day is the first; both are made from the days where they aren't given.
    """

    def __init__(
        self,
        days: Mapping[int, Serialised],
        blocks: Mapping[int, Mapping[int, Serialised]] | None = None,
        firsts: Mapping[int, Serialised] | None = None,
    ) -> None:
        self._days = sorted(days)
        self._data = days
        self._blocks = sorted((blocks or {}).items(), reverse=True)
        self._given_firsts = firsts

    def bought_between(self, start: int, end: int) -> BitMap:
        """Who bought on a day of [start, end)."""
        parts = [read_set(data) for data in self._list_cover(start, end)] if self._days else []
        # The copy lies closer together, and is made while the parts still take their memory: in the holes that they
        # leave it would be scattered, and whatever is asked of it a fifth slower.
        return BitMap.union(*parts).copy() if parts else BitMap()

    def _list_cover(self, start: int, end: int) -> Iterator[Serialised]:
        """As few sets as there are that together make up the days of [start, end)."""
        day, end = max(start, self._days[0]), min(end, self._days[-1] + 1)
        while day < end:
            length, source = 1, self._data
            for size, blocks in self._blocks:
                if day % size == 0 and day + size <= end:
                    length, source = size, blocks
                    break
            if day in source:
                yield source[day]
            day += length

    def list_firsts(self) -> Iterator[tuple[int, BitMap]]:
        """Each day, in order, and those who bought on it for the first time."""
        for day in self._first_days:
            yield day, read_set(self._firsts[day])

    def find_newcomers(self, start: int, end: int) -> BitMap:
        """Who bought on a day of [start, end) for the first time."""
        days = self._first_days[bisect_left(self._first_days, start) : bisect_left(self._first_days, end)]
        return BitMap.union(*(read_set(self._firsts[day]) for day in days), BitMap())

    def count_newcomers(self, start: int, end: int) -> int:
        """How many bought on a day of [start, end) for the first time."""
        first, last = bisect_left(self._first_days, start), bisect_left(self._first_days, end)
        return int(self._first_counts[last] - self._first_counts[first]) if last > first else 0

    @cached_property
    def _firsts(self) -> Mapping[int, Serialised]:
        if self._given_firsts is not None:
            return self._given_firsts
        seen = BitMap()
        firsts = {}
        for day in self._days:
            new = self._load(day) - seen
            if new:
                new.run_optimize()
                firsts[day] = new.serialize()
                seen |= new
        return firsts

    @cached_property
    def _first_days(self) -> list[int]:
        return sorted(self._firsts)

    @cached_property
    def _first_counts(self) -> npt.NDArray[np.int64]:
        """How many had come before each of the days, and in the end."""
        counts = [len(members) for _day, members in self.list_firsts()]
        return np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))

    def build_arrays(self) -> tuple[Ints, Ints]:
        """Customers and days of purchase, in order of the day."""
        if not self._days:
            return np.empty(0, np.int32), np.empty(0, np.int32)
        members = [list_members(self._load(day)) for day in self._days]
        sizes = [len(listed) for listed in members]
        return (
            np.concatenate(members).astype(np.int32),
            np.repeat(np.array(self._days, dtype=np.int32), sizes),
        )

    def find_first_days(self, customers: int) -> Ints:
        """The first day of purchase by customer; OPEN_END where there is none."""
        firsts = np.full(customers, OPEN_END, dtype=np.int32)
        for day, members in self.list_firsts():
            firsts[list_members(members)] = day
        return firsts

    def find_current_spells(self, boundary: int, window: int, customers: int) -> CurrentSpells:
        """Each customer's latest spell that began before a boundary, as `lab.spells.build_current_spells` tells it.

        Day by day, so that nothing is sorted: a purchase begins a spell where the one before is further away than
        the window. An end that later purchases would move is that of those before the boundary.
        """
        first, start, last = (np.full(customers, OPEN_END, dtype=np.int32) for _ in range(3))
        for day in self._days[: bisect_left(self._days, boundary)]:
            members = list_members(self._load(day))
            before = last[members]
            came_back = members[(before == OPEN_END) | (day - before > window)]
            start[came_back] = day
            first[members[before == OPEN_END]] = day
            last[members] = day
        bought = last != OPEN_END
        last[bought] += window + 1
        return CurrentSpells(first, start, last)

    def find_first_spells(self, window: int, customers: int) -> tuple[Ints, Ints]:
        """The start and the end of each customer's first spell, as `lab.spells.build_first_spells` tells them.

        Day by day: a purchase prolongs the first spell for as long as none came later than the window.
        """
        starts = np.full(customers, OPEN_END, dtype=np.int32)
        lasts = np.full(customers, OPEN_END, dtype=np.int32)
        for day in self._days:
            members = list_members(self._load(day))
            before = lasts[members]
            starts[members[before == OPEN_END]] = day
            lasts[members[(before == OPEN_END) | (day - before <= window)]] = day
        bought = lasts != OPEN_END
        lasts[bought] += window + 1
        return starts, lasts

    def find_last_days(self, end: int, customers: int) -> Ints:
        """The last day of purchase before `end` by customer; 0 where there is none."""
        lasts = np.zeros(customers, dtype=np.int32)
        for day in self._days[: bisect_left(self._days, end)]:
            lasts[list_members(self._load(day))] = day
        return lasts

    def iterate_days(self, start: int, end: int) -> Iterator[tuple[int, BitMap]]:
        """The days of [start, end) on which somebody bought, in order, and who did."""
        for day in self._days[bisect_left(self._days, start) : bisect_left(self._days, end)]:
            yield day, self._load(day)

    def count_days(self, start: int, end: int, customers: int) -> Ints:
        """On how many days of [start, end) each customer bought, by number."""
        counts = np.zeros(customers, dtype=np.int32)
        for day in self._days[bisect_left(self._days, start) : bisect_left(self._days, end)]:
            counts[list_members(self._load(day))] += 1
        return counts

    def find_frequent(self, start: int, end: int, times: int) -> BitMap:
        """Who bought on at least so many days (1 or more) of [start, end). Of few days it is quicker than counting."""
        at_least = [BitMap() for _ in range(times)]
        for day in self._days[bisect_left(self._days, start) : bisect_left(self._days, end)]:
            # Whoever was there so often already is there once more.
            again = self._load(day)
            for place in range(times):
                once_more = at_least[place] & again
                at_least[place] |= again
                again = once_more
        return at_least[-1]

    def build_arrays_of(self, inside: BitMap, end: int) -> tuple[Ints, Ints]:
        """As `build_arrays`, of some customers, and of the days before `end`."""
        days = self._days[: bisect_left(self._days, end)]
        members = [list_members(self._load(day) & inside) for day in days]
        if not members:
            return np.empty(0, np.int32), np.empty(0, np.int32)
        sizes = [len(listed) for listed in members]
        return (
            np.concatenate(members).astype(np.int32),
            np.repeat(np.array(days, dtype=np.int32), sizes),
        )

    def count_gaps(self, customers: int) -> dict[int, int]:
        """How often each number of days lay between two consecutive purchase days of a customer."""
        if not self._days:
            return {}
        last = np.zeros(customers, dtype=np.int32)
        counts = np.zeros(self._days[-1] - self._days[0] + 1, dtype=np.int64)
        for day in self._days:
            members = list_members(self._load(day))
            before = last[members]
            counts += np.bincount(day - before[before > 0], minlength=len(counts))
            last[members] = day
        return {int(gap): int(counts[gap]) for gap in np.flatnonzero(counts)}

    def _load(self, day: int) -> BitMap:
        return read_set(self._data[day])
