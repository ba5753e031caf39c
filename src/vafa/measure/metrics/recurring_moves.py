"""What a period did to MRR, for each group of customers: the partials of recurring revenue."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from vafa.lab.revenue import (
    RevenueIndex,
    RevenueMovement,
    RevenueState,
    build_revenue_movements,
    extend_by_grace,
)
from vafa.lab.rules import ActivityRule
from vafa.lab.sets import build_set
from vafa.lab.spells import Ints, build_all_subscription_spells, build_first_starts
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.book import Book, Exchange, Factors, Looked, get_book, get_revenue_index
from vafa.measure.metrics.definitions import get_grace
from vafa.measure.metrics.family import Asked, Cell
from vafa.measure.metrics.membership import is_customer_dimension
from vafa.warehouse.types import Group

STATES = ("mrr", "arr")
"""The metrics of a period's end alone."""

_CELLS_KEPT = 20_000

Groups = tuple[Group | None, ...]
Rates = tuple[Factors, Factors]


@dataclass(frozen=True)
class Recurring:
    """What a period did to the MRR of some customers; what stays out for want of a rate (currency -> customers and MRR
    in it); how many of those who left a plan have another one (None: groups don't overlap)."""

    movement: RevenueMovement = field(default_factory=RevenueMovement)
    left_out: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    moved: int | None = None

    def __add__(self, other: "Recurring") -> "Recurring":
        left = dict(self.left_out)
        for code, (customers, money) in other.left_out.items():
            so_far = left.get(code, (0, 0))
            left[code] = (so_far[0] + customers, so_far[1] + money)
        known = [moved for moved in (self.moved, other.moved) if moved is not None]
        return Recurring(self.movement + other.movement, left, sum(known) if known else None)


def measure_recurring(asked: Asked) -> dict[Cell, Recurring]:
    """All cells of a question about recurring revenue."""
    if not asked.periods:
        return {}
    book = get_book(asked.snapshot)
    if asked.by is None or is_customer_dimension(asked.by):
        return _measure_groups(asked, book, asked.groups)
    found: dict[Cell, Recurring] = {}
    for place, group in enumerate(asked.groups):
        if group is not None:
            part = _measure_groups(asked, book.select_plan(group.value), (group,))
            found |= {(place, when): cell for (_one, when), cell in part.items()}
    return found


def _measure_groups(asked: Asked, book: Book, groups: Groups) -> dict[Cell, Recurring]:
    """The movements of all periods in groups of customers of one book; small, so those of everybody are kept."""
    exchange = Exchange(asked, book.currencies)
    rates = [_find_rates(asked, exchange, known) for known in asked.periods]
    kept: dict[object, list[Recurring]] = asked.snapshot.cached(("recurring",), dict)
    grace = get_grace(asked.settled.rule)
    keys = [
        (grace, groups, known.start, known.end, *(frozenset(of.items()) for of in told))
        for known, told in zip(asked.periods, rates, strict=True)
    ]
    if not asked.whose.is_everybody:
        return _name_cells(_walk(asked, book, groups, rates))
    if not all(key in kept for key in keys):
        if len(kept) > _CELLS_KEPT:
            kept.clear()
        kept.update(zip(keys, _walk(asked, book, groups, rates), strict=True))
    return _name_cells([kept[key] for key in keys])


def _name_cells(by_period: list[list[Recurring]]) -> dict[Cell, Recurring]:
    return {(place, when): cell for when, cells in enumerate(by_period) for place, cell in enumerate(cells)}


def _walk(asked: Asked, book: Book, groups: Groups, rates: list[Rates]) -> list[list[Recurring]]:
    """For each period the cell of each group."""
    looked = Looked(asked, book.owners, groups)
    firsts = _find_first_starts(asked, book, groups[0])
    states = _get_index(asked, book, groups[0]).states(
        {day for known in asked.periods for day in (known.start, known.end)}
    )
    recent: dict[int, RevenueState] = {}
    found = []
    for when, (known, factors) in enumerate(zip(asked.periods, rates, strict=True)):
        recent = {day: state for day, state in recent.items() if day >= known.start}
        while known.end not in recent:
            state = next(states)
            recent[state.boundary] = state
        before, after, labels = recent[known.start], recent[known.end], looked.at(when)
        movements = build_revenue_movements(before, after, factors, firsts, labels, len(groups))
        left_out = _list_left_out(book, before, after, factors, labels, len(groups))
        cells = [Recurring(movement, left_out[place]) for place, movement in enumerate(movements)]
        if _is_plan(groups[0]):
            gone = before.active & ~after.active & (True if labels is None else labels >= 0)
            cells = [replace(cells[0], moved=_count_elsewhere(asked, book.owners[gone], known.end))]
        found.append(cells)
    return found


def _is_plan(group: Group | None) -> bool:
    return group is not None and not is_customer_dimension(group.dimension)


def _get_index(asked: Asked, book: Book, group: Group | None) -> RevenueIndex:
    grace = get_grace(asked.settled.rule)
    if not _is_plan(group):
        return get_revenue_index(asked.snapshot, grace)
    return RevenueIndex(extend_by_grace(book.rows, grace), len(book.owners))


def _count_elsewhere(asked: Asked, gone: Ints, end: int) -> int:
    """How many of those who left a plan have another one at the end."""
    rule = ActivityRule("subscription", get_grace(asked.settled.rule))
    return build_set(gone).intersection_cardinality(asked.snapshot.active(rule, date.fromordinal(end)))


def _find_rates(asked: Asked, exchange: Exchange, known: KnownPeriod) -> Rates:
    """The factors at a period's two boundaries. What has none at one of them is left out at both, or its money would
    seem to come or go; where only the end is asked for, its own are enough."""
    end = exchange.find(known.end)
    if asked.metric in STATES:
        return end, end
    start = exchange.find(known.start)
    both = start.keys() & end.keys()
    return {number: start[number] for number in both}, {number: end[number] for number in both}


def _find_first_starts(asked: Asked, book: Book, group: Group | None) -> Ints:
    """Each owner's first-ever start; within a plan the first in that plan."""
    if not _is_plan(group):
        rule = ActivityRule("subscription", get_grace(asked.settled.rule))
        return asked.snapshot.first_start_days(rule)[book.owners]
    spells = build_all_subscription_spells(book.rows.customer_ix, book.rows.start, book.rows.end)
    return build_first_starts(spells, len(book.owners))


def _list_left_out(
    book: Book,
    before: RevenueState,
    after: RevenueState,
    factors: Rates,
    labels: Ints | None,
    groups: int,
) -> list[dict[str, tuple[int, int]]]:
    """For each group what has no rate: how many customers, and how much MRR, at the end, or at the start where all of
    it is gone by then."""
    found: list[dict[str, tuple[int, int]]] = [{} for _group in range(groups)]
    for currency in sorted(after.currencies - factors[1].keys()):
        for place in range(groups):
            chosen = np.ones(len(after.active), np.bool_) if labels is None else labels == place
            told = after.sum_currency(currency, chosen)
            told = told if told[0] else before.sum_currency(currency, chosen)
            if told[0]:
                found[place][book.currencies[currency]] = told
    return found
