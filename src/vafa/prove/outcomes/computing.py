"""What became of the customers of a trial, from the facts: kept, orders and money within its days.

The days of a customer are the day of the exposure and those after it, `horizon_days` of them, cut off where the data
end. By orders, kept is who bought on one of them; with contracts, whose contract still runs at the boundary after
them. Everybody who was dealt into an arm counts in it, whatever was sent or not (intention to treat). Customers who are
one by now count once, in the arm that came first. Who was taken out of the figures counts in no arm.
"""

from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.lab.rules import ActivityRule
from vafa.lab.sets import build_set
from vafa.measure.segments.queries import Resolver, get_revenue
from vafa.prove.trials.types import Basis, Exposures, Outcomes, Tally
from vafa.warehouse.queries import Snapshot
from vafa.warehouse.types import Query

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# An order belongs to the day of its first purchase line.
_ORDERS = """
    SELECT customer_ix AS ix, day_no FROM (
        SELECT customer_ix, order_no, min(day_no) AS day_no FROM facts
        WHERE is_purchase AND customer_ix IN (SELECT ix FROM members) AND day_no < ?
        GROUP BY customer_ix, order_no, CASE WHEN order_no = 0 THEN row_id END
    ) WHERE day_no >= ?
"""


def get_basis(rule: ActivityRule) -> Basis:
    """What keeping means under the business's activity rule."""
    return "contracts" if rule.kind == "subscription" else "orders"


def compute_outcomes(
    snapshot: Snapshot,
    rule: ActivityRule,
    exposures: Exposures,
    horizon_days: int,
    until: date,
    *,
    with_money: bool,
    gone: Mapping[str, Tally] | None = None,
) -> Outcomes:
    """What became of those who were exposed before `until`, the end of data. Orders and money are NaN unless asked
    for."""
    numbers, told = _count_once(snapshot, exposures, until)
    length = len(told)
    kept, base = _find_kept(snapshot, rule, numbers, told.days, horizon_days, until)
    unknown = np.full(length, np.nan)
    return Outcomes(
        basis=get_basis(rule),
        arms=told.arms,
        kept=kept,
        orders=_count_orders(snapshot, numbers, told.days, horizon_days, until) if with_money else unknown,
        money=_sum_money(snapshot, numbers, told.days, horizon_days, until) if with_money else unknown,
        scores=told.scores,
        base=base,
        gone=gone or {},
    )


def _count_once(snapshot: Snapshot, exposures: Exposures, until: date) -> tuple[Ints, Exposures]:
    """The customers' numbers, and the first exposure of each of whom something is known."""
    numbers = snapshot.list_numbers(exposures.ids)
    rows = np.flatnonzero((numbers >= 0) & (exposures.days < until.toordinal()))
    # Exposures come in their order, and `unique` finds the first of each number.
    _unique, first = np.unique(numbers[rows], return_index=True)
    rows = rows[np.sort(first)]
    return numbers[rows], exposures.choose(rows)


def _each_day(days: Ints) -> Iterator[tuple[int, Flags]]:
    """Each day of exposure, and whose it is."""
    for day in np.unique(days).tolist():
        yield day, days == day


def _find_kept(
    snapshot: Snapshot, rule: ActivityRule, numbers: Ints, days: Ints, horizon_days: int, until: date
) -> tuple[Flags, float | None]:
    """Who was kept, and the share kept over as many days before: it only says where to aim while the trial runs."""
    kept, before, asked = np.zeros(len(numbers), bool), 0, 0
    for day, mine in _each_day(days):
        start, end = date.fromordinal(day), min(date.fromordinal(day + horizon_days), until)
        earlier = date.fromordinal(max(1, day - horizon_days))
        members = build_set(numbers[mine])
        if rule.kind == "subscription":
            stayed, was = snapshot.active(rule, end), snapshot.active(rule, earlier)
            before, asked = before + len(was & snapshot.active(rule, start)), asked + len(was)
        else:
            stayed = snapshot.buyers(start, end)
            before, asked = before + len(snapshot.buyers(earlier, start) & members), asked + len(members)
        kept[mine] = _hold(stayed & members, numbers[mine])
    return kept, before / asked if asked else None


def _hold(members: BitMap, numbers: Ints) -> Flags:
    """Which of the numbers are in the set."""
    return np.isin(numbers, np.array(members.to_array(), dtype=np.int64))


def _count_orders(snapshot: Snapshot, numbers: Ints, days: Ints, horizon_days: int, until: date) -> Floats:
    if not len(numbers):
        return np.zeros(0)
    end = min(int(days.max()) + horizon_days, until.toordinal())
    query = Query(_ORDERS, (end, int(days.min())), build_set(numbers))
    rows = snapshot.run_columns(query)
    order = np.argsort(numbers)
    place = order[np.searchsorted(numbers, rows["ix"], sorter=order)]
    inside = (rows["day_no"] >= days[place]) & (rows["day_no"] < days[place] + horizon_days)
    return np.bincount(place[inside], minlength=len(numbers)).astype(np.float64)


def _sum_money(snapshot: Snapshot, numbers: Ints, days: Ints, horizon_days: int, until: date) -> Floats:
    """The revenue of the days, returns taken off, in the business's currency."""
    resolver, money = Resolver(snapshot), np.zeros(len(numbers))
    for day, mine in _each_day(days):
        end = min(date.fromordinal(day + horizon_days), until)
        brought = get_revenue(resolver, end) - get_revenue(resolver, date.fromordinal(day))
        money[mine] = brought[numbers[mine]]
    return money


def naive_kept(
    bought: Mapping[int, list[int]], exposed: Mapping[int, int], horizon_days: int, until: int
) -> set[int]:
    """The slow twin, by orders: the customers one of whose days of purchase is one of the days of their exposure."""
    return {
        customer
        for customer, day in exposed.items()
        if any(day <= one < min(day + horizon_days, until) for one in bought.get(customer, ()))
    }
