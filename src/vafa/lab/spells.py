"""Spells: the intervals in which a customer is a customer, made out of facts by an activity rule.

A spell is (start, end) in days (ordinals). The state at a boundary D, the midnight that begins day D, is
`start < D < end`: who starts on D is new in the period that D begins; whoever ends on D was lost before it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from vafa.lab.errors import SubscriptionEndsBeforeStart

Ints = npt.NDArray[np.int32]

OPEN_END = int(np.iinfo(np.int32).max)
"""The end of what hasn't ended, and the start of what never started."""

# Wider than any day, so that a customer's keys never reach into the next customer's.
_KEY_WIDTH = 1 << 32


class Spell(NamedTuple):
    """One interval of activity; `end` is OPEN_END when it goes on."""

    start: int
    end: int

    def covers(self, boundary: int) -> bool:
        """Whether the customer is active at the midnight that begins this day."""
        return self.start < boundary < self.end


@dataclass(frozen=True)
class Spells:
    """The spells of many customers, ordered by customer and start."""

    customer_ix: Ints
    start: Ints
    end: Ints

    def __len__(self) -> int:
        return len(self.start)


def build_purchase_spells(days: Iterable[int], window: int) -> list[Spell]:
    """A customer's spells from the days of purchase, in order.

    A purchase on d makes the boundaries d+1 .. d+window active, which is the spell (d, d+window+1). The next
    purchase prolongs it unless a boundary between them is uncovered.
    """
    spells: list[Spell] = []
    for day in sorted(days):
        if spells and day < spells[-1].end:
            spells[-1] = Spell(spells[-1].start, day + window + 1)
        else:
            spells.append(Spell(day, day + window + 1))
    return spells


def build_subscription_spells(subscriptions: Iterable[tuple[int, int | None]], grace: int = 0) -> list[Spell]:
    """A customer's spells from subscriptions (started, ended or None), in order.

    An end is moved by the days of grace. Subscriptions that overlap or touch (one starts on the day on which
    another ends) are one spell; one that ends on the day it starts makes none. Raises
    SubscriptionEndsBeforeStart.
    """
    spells: list[Spell] = []
    for started, ended in sorted(subscriptions, key=lambda subscription: subscription[0]):
        if ended is not None and ended < started:
            raise SubscriptionEndsBeforeStart(started=started, ended=ended)
        if ended == started:
            continue
        end = OPEN_END if ended is None else ended + grace
        if spells and started <= spells[-1].end:
            spells[-1] = Spell(spells[-1].start, max(spells[-1].end, end))
        else:
            spells.append(Spell(started, end))
    return spells


def _as_ints(values: npt.ArrayLike) -> Ints:
    return np.asarray(values, dtype=np.int32)


def _list_run_starts(is_first: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """The positions at which runs begin."""
    return np.flatnonzero(is_first)


def build_all_purchase_spells(customer_ix: npt.ArrayLike, days: npt.ArrayLike, window: int) -> Spells:
    """The spells of all customers from purchases (customer, day) in any order, repeats allowed."""
    keys = np.sort(np.asarray(customer_ix, dtype=np.int64) * _KEY_WIDTH + np.asarray(days, dtype=np.int64))
    if not len(keys):
        return Spells(_as_ints([]), _as_ints([]), _as_ints([]))
    is_first = np.ones(len(keys), dtype=np.bool_)
    # Keys of two customers are further apart than any window.
    is_first[1:] = np.diff(keys) > window
    firsts = _list_run_starts(is_first)
    lasts = np.append(firsts[1:], len(keys)) - 1
    return Spells(
        _as_ints(keys[firsts] // _KEY_WIDTH),
        _as_ints(keys[firsts] % _KEY_WIDTH),
        _as_ints(keys[lasts] % _KEY_WIDTH + window + 1),
    )


def build_all_subscription_spells(
    customer_ix: npt.ArrayLike, started: npt.ArrayLike, ended: npt.ArrayLike, grace: int = 0
) -> Spells:
    """The spells of all customers from subscriptions in any order; `ended` is OPEN_END where it goes on.

    Raises SubscriptionEndsBeforeStart.
    """
    owners = np.asarray(customer_ix, dtype=np.int64)
    starts = np.asarray(started, dtype=np.int64)
    ends = np.asarray(ended, dtype=np.int64)
    if np.any(ends < starts):
        worst = int(np.argmax(ends < starts))
        raise SubscriptionEndsBeforeStart(started=int(starts[worst]), ended=int(ends[worst]))
    lasting = ends > starts
    owners, starts, ends = owners[lasting], starts[lasting], ends[lasting]
    if not len(owners):
        return Spells(_as_ints([]), _as_ints([]), _as_ints([]))
    ends = np.where(ends == OPEN_END, OPEN_END, np.minimum(ends + grace, OPEN_END))
    start_keys = owners * _KEY_WIDTH + starts
    order = np.argsort(start_keys, kind="stable")
    start_keys = start_keys[order]
    # The furthest end so far; an earlier customer's keys are always smaller than this customer's.
    furthest = np.maximum.accumulate(owners[order] * _KEY_WIDTH + ends[order])
    is_first = np.ones(len(order), dtype=np.bool_)
    is_first[1:] = start_keys[1:] > furthest[:-1]
    firsts = _list_run_starts(is_first)
    lasts = np.append(firsts[1:], len(order)) - 1
    return Spells(
        _as_ints(start_keys[firsts] // _KEY_WIDTH),
        _as_ints(start_keys[firsts] % _KEY_WIDTH),
        _as_ints(furthest[lasts] % _KEY_WIDTH),
    )


def build_first_starts(spells: Spells, customers: int, joined_on: npt.ArrayLike | None = None) -> Ints:
    """Each customer's first-ever start (ordinal): the earlier of the day of joining and the first spell.

    The result is indexed by customer (0 .. customers-1) and is OPEN_END where there is neither; so is
    `joined_on` where it is unknown.
    """
    firsts = np.full(customers, OPEN_END, dtype=np.int32)
    np.minimum.at(firsts, spells.customer_ix, spells.start)
    return firsts if joined_on is None else np.minimum(firsts, _as_ints(joined_on))


@dataclass(frozen=True)
class CurrentSpells:
    """Each customer's latest spell that began before a boundary, by number: its start and its end, and the start of
    the customer's first spell. All are OPEN_END where none began; an `end` after the boundary is a spell that holds.
    """

    first: Ints
    start: Ints
    end: Ints


def build_current_spells(spells: Spells, boundary: int, customers: int) -> CurrentSpells:
    """The latest spells before a boundary (ordinal), indexed by customer (0 .. customers-1)."""
    begun = spells.start < boundary
    owners, starts, ends = spells.customer_ix[begun], spells.start[begun], spells.end[begun]
    first, start, end = (np.full(customers, OPEN_END, dtype=np.int32) for _ in range(3))
    # Ordered by customer and start: what is written last stays, so the first spell is written backwards.
    first[owners[::-1]] = starts[::-1]
    start[owners] = starts
    end[owners] = ends
    return CurrentSpells(first, start, end)


def build_first_spells(spells: Spells, customers: int) -> tuple[Ints, Ints]:
    """The start and the end of each customer's first spell, by number; OPEN_END in both where there is none."""
    starts = np.full(customers, OPEN_END, dtype=np.int32)
    ends = np.full(customers, OPEN_END, dtype=np.int32)
    # Spells are in order of the customer and the start.
    is_first = np.ones(len(spells), dtype=np.bool_)
    is_first[1:] = spells.customer_ix[1:] != spells.customer_ix[:-1]
    owners = spells.customer_ix[is_first]
    starts[owners], ends[owners] = spells.start[is_first], spells.end[is_first]
    return starts, ends


def naive_is_active_by_purchases(days: Iterable[int], window: int, boundary: int) -> bool:
    """The definition word for word: a purchase on one of the `window` days before the boundary."""
    return any(boundary - window <= day <= boundary - 1 for day in days)


def naive_is_active_by_subscriptions(
    subscriptions: Iterable[tuple[int, int | None]], grace: int, boundary: int
) -> bool:
    """The definition, day by day: the day before the boundary and the day that it begins are both covered.

    A subscription covers the days from its start until its end moved by the grace. Of two that touch, one
    covers the day before and the other the day after. A day of joining has no covered day before it, a day
    of ending isn't covered itself.
    """
    covered: set[int] = set()
    for started, ended in subscriptions:
        if ended == started:
            continue
        end = boundary + 1 if ended is None else ended + grace
        covered.update(range(started, min(end, boundary + 1)))
    return boundary - 1 in covered and boundary in covered
