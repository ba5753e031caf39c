"""Membership as sets: who is active at a boundary, and how a period moved them.

A set of customers is a Roaring bitmap over their integer ids. Days are ordinals.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.lab.spells import Ints, Spell, Spells


def build_set(customer_ix: npt.ArrayLike) -> BitMap:
    """The set of these customers, in any order and with repeats."""
    return BitMap(np.ascontiguousarray(customer_ix, dtype=np.uint32))


def list_members(members: BitMap) -> npt.NDArray[np.uint32]:
    """The customers of a set in ascending order."""
    return np.frombuffer(members.to_array(), dtype=np.uint32) if members else np.empty(0, dtype=np.uint32)


@dataclass(frozen=True)
class Movement:
    """What a period [a, b) did: the sets of customers active at its ends, and who moved.

    `kept + lost = start` and `kept + new + reactivated = end`, always. Those who were
    active at a boundary strictly inside and at neither end `joined_and_left` if they started for the first
    time inside, else `returned_and_left`.
    """

    start: BitMap
    end: BitMap
    kept: BitMap
    lost: BitMap
    new: BitMap
    reactivated: BitMap
    joined_and_left: BitMap
    returned_and_left: BitMap

    @property
    def ever(self) -> BitMap:
        """Who was active at any of its boundaries."""
        return BitMap.union(self.start, self.end, self.joined_and_left, self.returned_and_left)

    def within(self, group: BitMap) -> "Movement":
        """The movement of those customers only, such as those of one city."""
        return Movement(
            start=self.start & group,
            end=self.end & group,
            kept=self.kept & group,
            lost=self.lost & group,
            new=self.new & group,
            reactivated=self.reactivated & group,
            joined_and_left=self.joined_and_left & group,
            returned_and_left=self.returned_and_left & group,
        )


def select_started_between(members: BitMap, first_starts: Ints, start: int, end: int) -> BitMap:
    """Those whose first-ever start is in [start, end); `first_starts` is indexed by customer."""
    if not members:
        return BitMap()
    listed = list_members(members)
    firsts = first_starts[listed]
    return build_set(listed[(firsts >= start) & (firsts < end)])


def build_movement(
    active_start: BitMap,
    active_end: BitMap,
    newcomers: BitMap,
    active_inside: BitMap | None = None,
) -> Movement:
    """The movement of a period.

    `active_start` and `active_end` are the states at its two boundaries, `newcomers` those whose first-ever start is
    inside (others don't matter), `active_inside` those active at any boundary strictly between (None: not asked, and
    nobody counts as passing through). Who is in the end but not in the start is new if a newcomer, else reactivated.
    """
    arrived = active_end - active_start
    new = arrived & newcomers
    passing = BitMap() if active_inside is None else active_inside - active_start - active_end
    joined_and_left = passing & newcomers
    return Movement(
        start=active_start,
        end=active_end,
        kept=active_start & active_end,
        lost=active_start - active_end,
        new=new,
        reactivated=arrived - new,
        joined_and_left=joined_and_left,
        returned_and_left=passing - joined_and_left,
    )


def _build_movement_by_starts(
    active_start: BitMap,
    active_end: BitMap,
    active_inside: BitMap,
    first_starts: Ints,
    period: tuple[int, int],
) -> Movement:
    """The movement of a period [start, end) where each customer's first-ever start is known."""
    came = (active_end | active_inside) - active_start
    newcomers = select_started_between(came, first_starts, *period)
    return build_movement(active_start, active_end, newcomers, active_inside)


class SpellIndex:
    """All customers' spells, ready to tell who is active.

    Kept by customer, because a bitmap is built fastest from ids in order; beside it by start, because
    whoever came inside a period is a short run there.
    """

    def __init__(self, spells: Spells) -> None:
        self._customer_ix = spells.customer_ix.astype(np.uint32)
        self._start = spells.start
        self._end = spells.end
        self._by_start = np.argsort(spells.start, kind="stable")
        self._sorted_start = spells.start[self._by_start]

    def __len__(self) -> int:
        return len(self._start)

    def active(self, boundary: int) -> BitMap:
        """Who is active at the midnight that begins this day: start < boundary < end."""
        return build_set(self._customer_ix[(self._start < boundary) & (self._end > boundary)])

    def active_between(self, first: int, last: int) -> BitMap:
        """Who is active at some boundary of the closed range first .. last; nobody if last < first."""
        if last < first:
            return BitMap()
        # A spell of a single day lies between two boundaries and is active at neither.
        long_enough = self._end - 1 > self._start
        return build_set(self._customer_ix[(self._start < last) & (self._end > first) & long_enough])

    def passing_inside(self, start: int, end: int) -> BitMap:
        """Who began a spell in [start, end) and was active at a boundary strictly inside.

        Enough for a movement: whoever passes through wasn't active at the start, so began inside.
        """
        first, last = np.searchsorted(self._sorted_start, [start, end - 1])
        begun = self._by_start[first:last]
        return build_set(self._customer_ix[begun[self._end[begun] - 1 > self._start[begun]]])

    def movement(self, start: int, end: int, first_starts: Ints) -> Movement:
        """The movement of the period [start, end)."""
        return self.movements([start, end], first_starts)[0]

    def movements(self, boundaries: Sequence[int], first_starts: Ints) -> list[Movement]:
        """The movements of consecutive periods between these ascending boundaries, each state made once."""
        states = [(boundary, self.active(boundary)) for boundary in boundaries]
        return [
            _build_movement_by_starts(
                before, after, self.passing_inside(start, end), first_starts, (start, end)
            )
            for (start, before), (end, after) in pairwise(states)
        ]


class PurchaseDays:
    """Who bought on each day: active sets for any window by uniting days."""

    def __init__(self, buyers: Mapping[int, BitMap]) -> None:
        self._buyers = buyers

    @classmethod
    def from_purchases(cls, customer_ix: npt.ArrayLike, days: npt.ArrayLike) -> "PurchaseDays":
        """From purchases (customer, day) in any order, repeats allowed."""
        all_days = np.asarray(days, dtype=np.int64)
        if not len(all_days):
            return cls({})
        day_zero = int(all_days.min())
        offsets = all_days - day_zero
        # Days span fewer than 65,536 days in practice, and two-byte keys are sorted ten times faster.
        if int(offsets.max()) < 1 << 16:
            offsets = offsets.astype(np.uint16)
        order = np.argsort(offsets, kind="stable")
        sorted_offsets = offsets[order]
        changes = np.flatnonzero(sorted_offsets[1:] != sorted_offsets[:-1]) + 1
        parts = np.split(np.asarray(customer_ix, dtype=np.uint32)[order], changes)
        firsts = sorted_offsets[np.concatenate(([0], changes))]
        return cls(
            {int(offset) + day_zero: build_set(part) for offset, part in zip(firsts, parts, strict=True)}
        )

    def bought_between(self, start: int, end: int) -> BitMap:
        """Who bought on a day of [start, end)."""
        days = [self._buyers[day] for day in range(start, end) if day in self._buyers]
        return BitMap.union(*days) if days else BitMap()

    def active(self, boundary: int, window: int) -> BitMap:
        """Who bought on one of the `window` days before the boundary."""
        return self.bought_between(boundary - window, boundary)

    def active_between(self, first: int, last: int, window: int) -> BitMap:
        """Who is active at some boundary of the closed range first .. last; nobody if last < first."""
        return BitMap() if last < first else self.bought_between(first - window, last)

    def movement(self, start: int, end: int, window: int, first_starts: Ints) -> Movement:
        """The movement of the period [start, end)."""
        return self.movements([start, end], window, first_starts)[0]

    def movements(self, boundaries: Sequence[int], window: int, first_starts: Ints) -> list[Movement]:
        """The movements of consecutive periods between these ascending boundaries, each state made once."""
        states = [(boundary, self.active(boundary, window)) for boundary in boundaries]
        return [
            _build_movement_by_starts(
                before, after, self.active_between(start + 1, end - 1, window), first_starts, (start, end)
            )
            for (start, before), (end, after) in pairwise(states)
        ]


def naive_active(spells: Mapping[int, Iterable[Spell]], boundary: int) -> set[int]:
    """The definition: the customers one of whose spells has start < boundary < end."""
    return {
        customer
        for customer, own in spells.items()
        if any(spell.start < boundary < spell.end for spell in own)
    }


def naive_movement(
    spells: Mapping[int, list[Spell]], joined_on: Mapping[int, int], start: int, end: int
) -> dict[str, set[int]]:
    """The slow twin of a movement: every customer is asked at every boundary, one by one."""
    moved: dict[str, set[int]] = {field.name: set() for field in fields(Movement)}
    for customer, own in spells.items():
        if not own:
            continue
        first = min(own[0].start, joined_on.get(customer, own[0].start))
        states = [any(spell.covers(day) for spell in own) for day in range(start, end + 1)]
        at_start, at_end = states[0], states[-1]
        newcomer = start <= first < end
        if at_start:
            moved["start"].add(customer)
            moved["kept" if at_end else "lost"].add(customer)
        if at_end:
            moved["end"].add(customer)
        if at_end and not at_start:
            moved["new" if newcomer else "reactivated"].add(customer)
        if any(states) and not at_start and not at_end:
            moved["joined_and_left" if newcomer else "returned_and_left"].add(customer)
    return moved


def naive_lapsed(spells: Mapping[int, list[Spell]], start: int, end: int) -> tuple[set[int], set[int]]:
    """The definition: who had begun a spell before the start and is in none at it; of these, who is in one at
    the end."""
    lapsed = {
        customer
        for customer, own in spells.items()
        if any(spell.start < start for spell in own) and not any(spell.covers(start) for spell in own)
    }
    return lapsed, lapsed & naive_active(spells, end)
