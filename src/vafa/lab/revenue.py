"""Recurring revenue at boundaries, and what moved it between them.

The MRR of a customer on a day is that of all subscriptions which cover the day and aren't frozen on it. At a boundary,
the midnight that begins day D, it is the smaller of the MRR of the day before and of the day D: what starts on D
is won in the period that D begins, what ends on D was lost before it, and what changes hands on D goes on. So
somebody with a price has MRR at a boundary exactly if the subscriptions make them active there, unless frozen.

Of a period [a, b) `start + new + expansion + reactivated - contraction - churned = end`, always. A customer has churned
only if no subscription at all runs at b: a freeze, or a paid plan changed for a free one, is contraction.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Self

import numpy as np
import numpy.typing as npt

from vafa.lab.errors import SubscriptionEndsBeforeStart
from vafa.lab.mrr import UNPRICED, Wide, scale_exactly
from vafa.lab.spells import OPEN_END, Ints, build_all_subscription_spells

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_CHUNK_BITS = 24
_KEY_WIDTH = 1 << 32


@dataclass(frozen=True)
class Subscriptions:
    """Many subscriptions, in any order: whose, from when until when (OPEN_END: it runs on), the days of a freeze
    (`frozen_from` OPEN_END: none), MRR (in MRR_UNITs, or UNPRICED) and a number for the currency of it."""

    customer_ix: Ints
    start: Ints
    end: Ints
    frozen_from: Ints
    frozen_until: Ints
    mrr: Wide
    currency: npt.NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.start)

    def select(self, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.intp]) -> "Subscriptions":
        """Those of a mask or of positions."""
        return Subscriptions(*(getattr(self, field.name)[chosen] for field in fields(Subscriptions)))

    def of_customers(self, customer_ix: npt.NDArray[np.intp]) -> "Subscriptions":
        """The same, named by other numbers of customers."""
        return replace(self, customer_ix=customer_ix.astype(np.int32))


def extend_by_grace(subscriptions: Subscriptions, grace: int) -> Subscriptions:
    """The subscriptions with the days of grace for a late renewal: what is paid until a customer's last day before a
    gap is taken to go on until the next subscription begins, for at most so many days.

    They make the same spells as the plain ones under the rule with that grace.
    """
    if grace == 0 or not len(subscriptions):
        return subscriptions
    spells = build_all_subscription_spells(subscriptions.customer_ix, subscriptions.start, subscriptions.end)
    if not len(spells):
        return subscriptions
    following = np.full(len(spells), OPEN_END, dtype=np.int64)
    same = spells.customer_ix[1:] == spells.customer_ix[:-1]
    following[:-1][same] = spells.start[1:][same]
    reach = np.minimum(following, np.minimum(spells.end.astype(np.int64) + grace, OPEN_END))
    spell_keys = spells.customer_ix.astype(np.int64) * _KEY_WIDTH + spells.start
    keys = subscriptions.customer_ix.astype(np.int64) * _KEY_WIDTH + subscriptions.start
    at = np.maximum(np.searchsorted(spell_keys, keys, side="right") - 1, 0)
    last = (subscriptions.end == spells.end[at]) & (subscriptions.end > subscriptions.start)
    ends = np.where(last, reach[at], subscriptions.end).astype(np.int32)
    return replace(subscriptions, end=ends)


class RevenueState:
    """Every customer's MRR at one boundary, by currency, who has a running subscription there, and how many
    subscriptions each runs whose price is unknown."""

    def __init__(
        self,
        boundary: int,
        active: Flags,
        unpriced: Wide,
        before: dict[int, Wide],
        changed: Numbers,
        after: dict[int, Wide],
    ) -> None:
        self.boundary, self.active, self.unpriced = boundary, active, unpriced
        self._before, self._changed, self._after = before, changed, after

    @property
    def currencies(self) -> frozenset[int]:
        """The currencies that any subscription has, at whatever time."""
        return frozenset(self._before)

    def total(self, factors: Mapping[int, Fraction]) -> Wide:
        """Each customer's MRR in one money: by currency what a unit is worth in it. A currency that isn't named
        stays out."""
        used = [currency for currency in self._before if currency in factors]
        whole = np.zeros(len(self.active), dtype=np.int64)
        changed = np.zeros(len(self._changed), dtype=np.int64)
        for currency in used:
            whole += scale_exactly(self._before[currency], factors[currency])
            changed += scale_exactly(self._after[currency], factors[currency])
        whole[self._changed] = np.minimum(whole[self._changed], changed)
        return whole

    def sum_currency(self, currency: int, chosen: Flags) -> tuple[int, int]:
        """How many of the chosen customers have MRR in a currency, and how much in all, in that currency."""
        own = self.total({currency: Fraction(1)})[chosen]
        return int(np.count_nonzero(own)), sum_by_label(own, None, 1)[0]


class RevenueIndex:
    """All customers' subscriptions, ready to tell the MRR at ascending boundaries.

    A subscription is kept as what it adds and takes away on which day, so that a walk over many boundaries looks
    at each of them once.
    """

    def __init__(self, subscriptions: Subscriptions, customers: int) -> None:
        ends_too_soon = subscriptions.end < subscriptions.start
        if np.any(ends_too_soon):
            worst = int(np.argmax(ends_too_soon))
            raise SubscriptionEndsBeforeStart(
                started=int(subscriptions.start[worst]), ended=int(subscriptions.end[worst])
            )
        lasting = subscriptions.select(subscriptions.end > subscriptions.start)
        self.customers = customers
        self._counted = _list_events(lasting, np.ones(len(lasting), dtype=np.int64), frozen=False)
        priced = lasting.mrr != UNPRICED
        unknown = lasting.select(~priced)
        self._unpriced = _list_events(unknown, np.ones(len(unknown), dtype=np.int64), frozen=False)
        self._paid = {
            int(currency): _list_events(part, part.mrr, frozen=True)
            for currency in np.unique(lasting.currency[priced])
            for part in [lasting.select(priced & (lasting.currency == currency))]
        }

    def states(self, boundaries: Iterable[int]) -> Iterator[RevenueState]:
        """The states at these boundaries (ordinals), in ascending order, each once."""
        days = np.array(sorted(set(boundaries)), dtype=np.int64)
        counts = self._counted.walk(days, self.customers)
        unknown = self._unpriced.walk(days, self.customers)
        money = {currency: events.walk(days, self.customers) for currency, events in self._paid.items()}
        for boundary, counted, unpriced in zip(days.tolist(), counts, unknown, strict=True):
            touched = counted[1]
            steps = {currency: next(walk) for currency, walk in money.items()}
            changed = np.unique(np.concatenate([touched, *(step[1] for step in steps.values())]))
            before = {currency: step[0].copy() for currency, step in steps.items()}
            after = {}
            for currency, (now, places, values) in steps.items():
                after[currency] = now[changed]
                after[currency][np.searchsorted(changed, places)] = values
            active = _take_smaller(*counted) > 0
            yield RevenueState(boundary, active, _take_smaller(*unpriced), before, changed, after)


def _take_smaller(before: Wide, changed: Numbers, then: Wide) -> Wide:
    """Of the day before a boundary and the day that it begins."""
    smaller = before.copy()
    smaller[changed] = np.minimum(smaller[changed], then)
    return smaller


class _Events:
    """Changes of a value of each customer: (customer, day, by how much)."""

    def __init__(self, customer_ix: Numbers, day: Numbers, change: Numbers) -> None:
        self._customer_ix, self._day, self._change = customer_ix, day, change

    def walk(self, days: Numbers, customers: int) -> Iterator[tuple[Wide, Numbers, Wide]]:
        """For each ascending boundary: everybody's value of the day before it (an array that the next step changes),
        whose value changes with the day that it begins, and those ones' new values."""
        buckets = _find_buckets(days, self._day)
        order = np.argsort(buckets.astype(np.uint16 if 2 * len(days) < 1 << 16 else np.int64), kind="stable")
        cuts = np.searchsorted(buckets[order], np.arange(2 * len(days) + 1))
        value = np.zeros(customers, dtype=np.int64)
        for number in range(len(days)):
            before = order[cuts[2 * number] : cuts[2 * number + 1]]
            np.add.at(value, self._customer_ix[before], self._change[before])
            on = order[cuts[2 * number + 1] : cuts[2 * number + 2]]
            touched, places = np.unique(self._customer_ix[on], return_inverse=True)
            then = value[touched]
            np.add.at(then, places, self._change[on])
            yield value, touched, then
            value[touched] = then


def _find_buckets(days: Numbers, of: Numbers) -> Numbers:
    """Where days stand among ascending boundaries: 0 before the first, 1 on it, 2 after it, 3 on the second ..."""
    if not len(days):
        return np.zeros(len(of), dtype=np.int64)
    first, last = int(days[0]) - 1, int(days[-1]) + 1
    # Days are so few that a table of them all is quicker than searching for each.
    all_days = np.arange(first, last + 1)
    table = np.searchsorted(days, all_days, side="left") + np.searchsorted(days, all_days, side="right")
    return table[np.clip(of, first, last) - first]


def _list_events(subscriptions: Subscriptions, by: Numbers, *, frozen: bool) -> _Events:
    """What each subscription adds and takes away on its days; with `frozen` its freeze takes it away for a while."""
    starts, ends = subscriptions.start.astype(np.int64), subscriptions.end.astype(np.int64)
    owners = subscriptions.customer_ix.astype(np.int64)
    parts = [(owners, starts, by), (owners, ends, -by)]
    if frozen:
        first = np.maximum(subscriptions.frozen_from.astype(np.int64), starts)
        last = np.minimum(subscriptions.frozen_until.astype(np.int64), ends)
        cold = first < last
        parts += [(owners[cold], first[cold], -by[cold]), (owners[cold], last[cold], by[cold])]
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    real = columns[1] != OPEN_END
    return _Events(*(column[real] for column in columns))


@dataclass(frozen=True)
class RevenueMovement:
    """What a period did to MRR, in MRR_UNITs; adds up over customers.

    `start_accounts` counts the customers with a running subscription at the start, `end_accounts` those with one at
    the end, `churned_accounts` those of the start with none at the end. `unpriced` counts the subscriptions at the end
    whose price is unknown: they are in no sum.
    """

    start: int = 0
    new: int = 0
    expansion: int = 0
    contraction: int = 0
    churned: int = 0
    reactivated: int = 0
    end: int = 0
    start_accounts: int = 0
    churned_accounts: int = 0
    end_accounts: int = 0
    unpriced: int = 0

    def __add__(self, other: Self) -> "RevenueMovement":
        names = [field.name for field in fields(RevenueMovement)]
        return RevenueMovement(*(getattr(self, name) + getattr(other, name) for name in names))


def build_revenue_movements(
    before: RevenueState,
    after: RevenueState,
    factors: tuple[Mapping[int, Fraction], Mapping[int, Fraction]],
    first_starts: Ints,
    labels: Ints | None = None,
    groups: int = 1,
) -> list[RevenueMovement]:
    """The movement of the period between two states, for each group of customers.

    `factors` are those of `RevenueState.total` at either boundary, `first_starts` each customer's first-ever start.
    `labels` gives each customer's group, 0 .. groups - 1, or -1 for one that doesn't count (None: all are of group 0).
    """
    start, end = before.total(factors[0]), after.total(factors[1])
    was, stays = before.active, after.active
    moved = np.flatnonzero(end != start)
    change = (end - start)[moved]
    began = (first_starts[moved] >= before.boundary) & (first_starts[moved] < after.boundary)
    risen, arrived, left = change > 0, ~was[moved], ~stays[moved]
    marks = None if labels is None else labels[moved]
    parts = {
        "new": risen & arrived & began,
        "expansion": risen & ~arrived,
        "contraction": ~risen & ~left,
        "churned": ~risen & left,
        "reactivated": risen & arrived & ~began,
    }
    size = np.abs(change)
    found = {
        name: sum_by_label(size[part], None if marks is None else marks[part], groups)
        for name, part in parts.items()
    }
    wholes = {"start": start, "end": end, "unpriced": after.unpriced}
    found |= {name: sum_by_label(values, labels, groups) for name, values in wholes.items()}
    heads = {"start_accounts": was, "churned_accounts": was & ~stays, "end_accounts": stays}
    found |= {name: _count_by_label(mask, labels, groups) for name, mask in heads.items()}
    return [
        RevenueMovement(**{name: values[group] for name, values in found.items()}) for group in range(groups)
    ]


def sum_by_label(values: Wide, labels: Ints | Numbers | None, groups: int) -> list[int]:
    """The sum of each group's values, exact however large it gets; a label below 0 doesn't count."""
    # Two halves, neither of which can pass the bounds of a sum of whole numbers.
    halves = (values & ((1 << _CHUNK_BITS) - 1), values >> _CHUNK_BITS)
    totals = []
    for half in halves:
        if labels is None:
            totals.append([int(half.sum())] + [0] * (groups - 1))
            continue
        sums = np.zeros(groups + 1, dtype=np.int64)
        # What doesn't count falls into the place behind the last.
        np.add.at(sums, labels, half)
        totals.append([int(total) for total in sums[:groups]])
    return [(above << _CHUNK_BITS) + below for below, above in zip(*totals, strict=True)]


def _count_by_label(mask: Flags, labels: Ints | None, groups: int) -> list[int]:
    if labels is None:
        return [int(np.count_nonzero(mask))] + [0] * (groups - 1)
    chosen = labels[mask]
    return [int(count) for count in np.bincount(chosen[chosen >= 0], minlength=groups)]


# Rates: fractions of the MRR at the start, of which only customers who were there at the start are asked.


def build_gross_revenue_churn(movement: RevenueMovement) -> Fraction | None:
    """(churned + contraction) / start; None where there was no MRR."""
    return _over_start(movement, movement.churned + movement.contraction)


def build_net_revenue_churn(movement: RevenueMovement) -> Fraction | None:
    """(churned + contraction - expansion) / start, below 0 where expansion outweighs; None where there was no MRR."""
    return _over_start(movement, movement.churned + movement.contraction - movement.expansion)


def build_grr(movement: RevenueMovement) -> Fraction | None:
    """Gross revenue retention: each start account's MRR at the end, at most what it was, over the start."""
    return _over_start(movement, movement.start - movement.churned - movement.contraction)


def build_nrr(movement: RevenueMovement) -> Fraction | None:
    """Net revenue retention: the start accounts' MRR at the end over that at the start."""
    kept = movement.start - movement.churned - movement.contraction + movement.expansion
    return _over_start(movement, kept)


def _over_start(movement: RevenueMovement, money: int) -> Fraction | None:
    return Fraction(money, movement.start) if movement.start else None


# The slow twin.


@dataclass(frozen=True)
class NaiveSubscription:
    """One subscription: days as ordinals (None: open, or no freeze), MRR in MRR_UNITs (None: unknown)."""

    start: int
    end: int | None
    mrr: int | None
    currency: int = 0
    frozen_from: int | None = None
    frozen_until: int | None = None

    def covers(self, day: int) -> bool:
        """Whether it runs on this day."""
        return self.start <= day and (self.end is None or day < self.end)

    def is_frozen(self, day: int) -> bool:
        """Whether it is frozen on this day."""
        if self.frozen_from is None or day < self.frozen_from:
            return False
        return self.frozen_until is None or day < self.frozen_until


def naive_mrr_on_day(
    subscriptions: Iterable[NaiveSubscription], day: int, factors: Mapping[int, Fraction]
) -> int:
    """A customer's MRR on a day: of each currency what is paid, brought into one money and rounded."""
    sums: dict[int, int] = {}
    for one in subscriptions:
        if one.covers(day) and not one.is_frozen(day) and one.mrr is not None:
            sums[one.currency] = sums.get(one.currency, 0) + one.mrr
    return sum(
        (total * factors[currency] + Fraction(1, 2)).__floor__()
        for currency, total in sums.items()
        if currency in factors
    )


def naive_revenue_movement(
    customers: Sequence[tuple[int | None, list[NaiveSubscription]]],
    start: int,
    end: int,
    factors: tuple[Mapping[int, Fraction], Mapping[int, Fraction]],
) -> RevenueMovement:
    """The definition: every customer (day of joining, subscriptions) is asked for each of the four days."""
    total = RevenueMovement()
    for joined, own in customers:
        at_start = min(naive_mrr_on_day(own, day, factors[0]) for day in (start - 1, start))
        at_end = min(naive_mrr_on_day(own, day, factors[1]) for day in (end - 1, end))
        was = all(any(one.covers(day) for one in own) for day in (start - 1, start))
        stays = all(any(one.covers(day) for one in own) for day in (end - 1, end))
        starts = [one.start for one in own if one.end != one.start]
        firsts = [day for day in (joined, *starts) if day is not None]
        is_new = bool(firsts) and start <= min(firsts) < end
        up, down = max(at_end - at_start, 0), max(at_start - at_end, 0)
        total += RevenueMovement(
            start=at_start,
            new=up if not was and is_new else 0,
            expansion=up if was else 0,
            contraction=down if stays else 0,
            churned=0 if stays else down,
            reactivated=up if not was and not is_new else 0,
            end=at_end,
            start_accounts=int(was),
            churned_accounts=int(was and not stays),
            end_accounts=int(stays),
            unpriced=min(sum(one.covers(day) and one.mrr is None for one in own) for day in (end - 1, end)),
        )
    return total
