"""Which customers make the difference between two sums of money: what each brought on either side, and all others
together, so that the parts make up the whole.

The metrics that are no sums themselves rest on one: of the value of an order and of retained order revenue that is the
revenue, of MRR's movements and rates MRR at the period's end.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.data.business.queries import get_business, get_rate_table
from vafa.kit.fields import SCALE
from vafa.lab.currencies import RATE_PLACES
from vafa.lab.mrr import MRR_UNIT, scale_exactly
from vafa.lab.periods import Period
from vafa.lab.sets import list_members
from vafa.measure.metrics.activity import settle_rule
from vafa.measure.metrics.customer_mrr import get_customer_mrr
from vafa.measure.metrics.day_series import has_rows
from vafa.measure.metrics.family import Whose
from vafa.measure.metrics.order_sql import Looked, build_revenue_moves, build_revenue_sql
from vafa.warehouse.queries import Snapshot
from vafa.warehouse.types import Query

# Metric -> the sum that its customers are compared by.
BASES = {
    **dict.fromkeys(
        ("revenue", "average_order_value", "revenue_per_customer", "order_revenue_retention", "order_grr"), "revenue"
    ),
    **dict.fromkeys(
        (
            "mrr", "arr", "mrr_new", "mrr_expansion", "mrr_contraction", "mrr_churned", "mrr_reactivated", "grr",
            "nrr", "gross_revenue_churn", "net_revenue_churn",
        ),
        "mrr",
    ),
}  # fmt: skip
NOBODY = -1
"""The number of sales without a customer."""


@dataclass(frozen=True)
class MoneySide:
    """One side of a comparison: the days, the rule, and whose facts, as `get_metric` takes them."""

    period: Period
    snapshot: Snapshot
    rule: str | None = None
    visible: BitMap | None = None
    chosen: Callable[[date], BitMap] | None = None


@dataclass(frozen=True)
class MoneyMove:
    """One customer's amounts on both sides, in the business's currency."""

    customer: int
    before: Fraction
    after: Fraction

    @property
    def change(self) -> Fraction:
        """By how much the second is more."""
        return self.after - self.before


@dataclass(frozen=True)
class MoneyMoves:
    """The customers whose amounts differ most, the largest difference first; `others` are all the rest together (so
    many customers, and sales without one), so that the changes of all rows and the others are `total`."""

    base: str
    rows: tuple[MoneyMove, ...]
    others_count: int
    others: Fraction
    total: Fraction


_Amounts = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


def list_money_moves(metric: str, first: MoneySide, second: MoneySide, most: int = 10) -> MoneyMoves | None:
    """Who brought how much more or less on the second side; None for a metric that rests on no sum of money.

    Amounts in a currency without a rate are in no sum. Money is nominal.
    """
    base = BASES.get(metric)
    if base is None:
        return None
    unit = MRR_UNIT if base == "mrr" else Fraction(1, SCALE)
    find = _find_mrr if base == "mrr" else _find_revenue
    sides = [find(side) for side in (first, second)]
    numbers = np.unique(np.concatenate([own for own, _amounts in sides]))
    before, after = (_spread(numbers, *side) for side in sides)
    change = after - before
    total = Fraction(int(change.sum(dtype=object) if len(change) else 0)) * unit
    known = np.flatnonzero((numbers != NOBODY) & (change != 0))
    # The largest first; of equal ones whoever came first.
    shown = known[np.lexsort((numbers[known], -np.abs(change[known])))][:most]
    ids = first.snapshot.by_customer().list_ids(numbers[shown]).tolist() if len(shown) else []
    rows = tuple(
        MoneyMove(customer, int(before[place]) * unit, int(after[place]) * unit)
        for customer, place in zip(ids, shown.tolist(), strict=True)
    )
    return MoneyMoves(
        base, rows, len(known) - len(rows), total - sum((row.change for row in rows), Fraction(0)), total
    )


def _spread(
    numbers: npt.NDArray[np.int64], own: npt.NDArray[np.int64], amounts: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """The amounts at the places of these customers, 0 for the others."""
    spread = np.zeros(len(numbers), dtype=np.int64)
    np.add.at(spread, np.searchsorted(numbers, own), amounts)
    return spread


def _find_revenue(side: MoneySide) -> _Amounts:
    """Customers' numbers and their revenue in the period, in ten-thousandths; NOBODY's are sales without a customer."""
    business, snapshot = get_business(), side.snapshot.by_customer()
    whose = Whose(side.visible, side.chosen)
    looked = Looked(
        None,
        whose.at(side.period.start),
        anonymous=whose.counts_anonymous,
        start=side.period.start.toordinal(),
        end=side.period.end.toordinal(),
        has_returns=has_rows(snapshot, "returns"),
    )
    codes = dict(snapshot.run(Query("SELECT id, code FROM currencies")))
    plain = {*codes.values()} <= {"", business.currency}
    inner, params = build_revenue_moves(build_revenue_sql(business.revenue_parts), looked)
    sql = f"""
        SELECT coalesce(customer_ix, {NOBODY})::BIGINT AS customers, currency::BIGINT AS currencies,
            ({"0" if plain else "day_no"})::BIGINT AS days, sum(amount)::BIGINT AS amounts
        FROM ({inner}) GROUP BY 1, 2, 3
    """
    found = snapshot.run_columns(Query(sql, params, looked.seen))
    customers, amounts = found["customers"].astype(np.int64), found["amounts"].astype(np.int64)
    if plain or not len(customers):
        return customers, amounts
    return _convert(customers, amounts, found["currencies"], found["days"], codes, business.currency)


def _convert(
    customers: npt.NDArray[np.int64],
    amounts: npt.NDArray[np.int64],
    currencies: npt.NDArray[np.int64],
    days: npt.NDArray[np.int64],
    codes: dict[int, str],
    own: str,
) -> _Amounts:
    """The same in the business's currency, each customer's sum of a day at the rate of that day."""
    rates, kept = get_rate_table(own), np.ones(len(amounts), dtype=np.bool_)
    converted = amounts.copy()
    for currency, day in {*zip(currencies.tolist(), days.tolist(), strict=True)}:
        units = rates.find_units(codes[currency], day)
        rows = np.flatnonzero((currencies == currency) & (days == day))
        if units is None:
            kept[rows] = False
            continue
        factor = Fraction(units, 10**RATE_PLACES)
        converted[rows] = np.sign(amounts[rows]) * scale_exactly(np.abs(amounts[rows]), factor)
    return customers[kept], converted[kept]


def _find_mrr(side: MoneySide) -> _Amounts:
    """Customers' numbers and their MRR at the period's end, or where the data end inside it, at that day."""
    snapshot = side.snapshot.by_customer()
    until = snapshot.freshness(kinds=("subscriptions",)).data_until
    as_of = side.period.end if until is None else min(side.period.end, until)
    rule = settle_rule(side.rule, snapshot).rule
    units = get_customer_mrr(snapshot, get_business(), as_of, rule).units
    members = Whose(side.visible, side.chosen).at(side.period.start)
    numbers = np.flatnonzero(units)
    if members is not None:
        numbers = numbers[np.isin(numbers, list_members(members))]
    return numbers.astype(np.int64), units[numbers]
