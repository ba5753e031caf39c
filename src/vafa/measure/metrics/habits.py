"""Buying habits of a period: who buys again, and how long between.

Daily sets of buyers tell both. The days between a customer's purchases telescope to last day minus first, and
their number to purchase days minus 1, so sums over days of sizes of sets are enough.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import cast

import numpy as np
from pyroaring import BitMap

from vafa.lab.gaps import build_gaps, build_gaps_by_group
from vafa.lab.histograms import Histogram
from vafa.lab.purchases import PurchaseHabits
from vafa.lab.sets import list_members
from vafa.measure.metrics.membership import Scope, is_customer_dimension
from vafa.warehouse.queries import Snapshot
from vafa.warehouse.types import Group

MEDIAN_METRIC = "median_days_between_purchases"
HABIT_METRICS = ("repeat_purchase_rate", "mean_days_between_purchases", MEDIAN_METRIC)

_HABITS_KEPT = 20_000

GetBuyers = Callable[[int], BitMap]


def build_habits(get_buyers: GetBuyers, start: int, end: int) -> PurchaseHabits:
    """The habits in [start, end) from the buyers of each day (ordinals)."""
    seen, again = BitMap(), BitMap()
    purchase_days = sum_of_firsts = 0
    for day in range(start, end):
        buyers = get_buyers(day)
        if not buyers:
            continue
        known = seen & buyers
        again |= known
        sum_of_firsts += day * (len(buyers) - len(known))
        purchase_days += len(buyers)
        seen |= buyers
    gaps = purchase_days - len(seen)
    gap_days = _sum_of_lasts(get_buyers, start, end) - sum_of_firsts if gaps else 0
    return PurchaseHabits(buyers=len(seen), repeat_buyers=len(again), gap_days=gap_days, gaps=gaps)


def build_gap_histograms(
    snapshot: Snapshot, groups: Sequence[Group | None], members: BitMap | None, start: int, end: int
) -> list[Histogram]:
    """The gaps inside [start, end) of each group's customers, of those who are looked at.

    Groups of a field of customers are told apart in one pass over the days, others have purchases of their own.
    """
    first, last = date.fromordinal(start), date.fromordinal(end)
    longest = end - start
    if all(group is not None and is_customer_dimension(group.dimension) for group in groups):
        group_of = np.full(snapshot.numbers, -1, dtype=np.int64)
        for place, group in enumerate(groups):
            own = snapshot.group_members(cast("Group", group))
            group_of[list_members(own if members is None else own & members)] = place
        return build_gaps_by_group(snapshot.iterate_buyers(first, last), group_of, len(groups), longest)
    found = []
    for group in groups:
        days = snapshot.iterate_buyers(first, last, group)
        seen = days if members is None else ((day, buyers & members) for day, buyers in days)
        found.append(build_gaps(seen, snapshot.numbers, longest))
    return found


def _sum_of_lasts(get_buyers: GetBuyers, start: int, end: int) -> int:
    later, total = BitMap(), 0
    for day in range(end - 1, start - 1, -1):
        buyers = get_buyers(day)
        if buyers:
            total += day * len(buyers - later)
            later |= buyers
    return total


def get_habits(snapshot: Snapshot, scope: Scope, start: int, end: int) -> PurchaseHabits:
    """The habits of those whom the asker may see, in [start, end)."""
    if scope.visible is not None:
        return build_habits(_choose_buyers(snapshot, scope, start, end), start, end)
    kept: dict[object, PurchaseHabits] = snapshot.cached(("habits",), dict)
    key = (scope.group, start, end)
    found = kept.get(key)
    if found is None:
        found = build_habits(_choose_buyers(snapshot, scope, start, end), start, end)
        if len(kept) >= _HABITS_KEPT:
            kept.clear()
        kept[key] = found
    return found


def _choose_buyers(snapshot: Snapshot, scope: Scope, start: int, end: int) -> GetBuyers:
    group, only = scope.group, scope.visible
    own: Group | None = group
    if group is not None and is_customer_dimension(group.dimension):
        members = snapshot.buyers(date.fromordinal(start), date.fromordinal(end), group)
        only = members if only is None else only & members
        own = None

    def get_buyers(day: int) -> BitMap:
        buyers = snapshot.buyers(date.fromordinal(day), date.fromordinal(day + 1), own)
        return buyers if only is None else buyers & only

    return get_buyers
