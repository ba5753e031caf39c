"""The value of orders: integer SQL over the facts, currencies brought together by their rates.

An order belongs to a period by its lines of that period; it counts where one of them is a purchase, and
cancelled orders have none. Returns that stand apart from their order don't change its value.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from pyroaring import BitMap

from vafa.data.business.queries import list_rates
from vafa.kit.fields import from_fixed
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.membership import Scope, is_customer_dimension
from vafa.measure.metrics.types import LeftOutMoney, MetricRow
from vafa.warehouse.queries import Snapshot
from vafa.warehouse.types import Group, Query

if TYPE_CHECKING:
    from vafa.data.business.models import Business

MONEY_METRICS = ("average_order_value",)

_NAMED = {
    "location": "f.location IN (SELECT id FROM locations WHERE name = ?)",
    "product_line": "f.product_line IN (SELECT id FROM product_lines WHERE name = ?)",
    "product": "f.product IN (SELECT id FROM products WHERE name = ?)",
}
_NOT_KNOWN = {"location": "f.location = 0", "product_line": "f.product_line = 0", "product": "f.product = 0"}


class DayMoney(NamedTuple):
    """The orders of one day in one currency, and what they brought (ten-thousandths)."""

    day: int
    currency: str
    orders: int
    amount: int


@dataclass(frozen=True)
class OrderTotals:
    """Orders and revenue in the business's currency, and what had to stay out for want of a rate."""

    orders: int = 0
    amount: Decimal = Decimal(0)
    left_out: Mapping[str, tuple[int, Decimal]] = field(default_factory=dict)

    @property
    def average(self) -> Decimal | None:
        """Revenue for each order; None without orders."""
        return self.amount / self.orders if self.orders else None


def build_revenue_sql(parts: Mapping[str, bool]) -> str:
    """What of a line counts as revenue, by the business's setting."""
    terms = ["f.amount"]
    if parts.get("less_discount", True):
        terms.append("- coalesce(f.discount, 0)")
    if parts.get("tax", False):
        terms.append("+ coalesce(f.tax, 0)")
    if parts.get("shipping", False):
        terms.append("+ coalesce(f.shipping, 0)")
    return " ".join(terms)


def build_orders_query(
    revenue: str, start: int, end: int, group: Group | None, customers: BitMap | None
) -> Query:
    """Orders and revenue of [start, end) by day and currency."""
    where = ["f.counts", "f.day_no >= ?", "f.day_no < ?"]
    params: list[object] = [start, end]
    if group is not None:
        where.append(_NOT_KNOWN[group.dimension] if not group.value else _NAMED[group.dimension])
        params += [group.value] if group.value else []
    if customers is not None:
        where.append("f.customer_ix IN (SELECT unnest(?::INTEGER[]))")
        params.append(list(customers))
    sql = f"""
        SELECT o.day_no, c.code, count(*), sum(o.amount)
        FROM (
            SELECT f.order_no, f.currency, min(f.day_no) AS day_no, sum({revenue}) AS amount
            FROM facts AS f
            WHERE {" AND ".join(where)}
            GROUP BY f.order_no, f.currency
            HAVING sum(CASE WHEN f.is_purchase THEN 1 ELSE 0 END) > 0
        ) AS o
        LEFT JOIN currencies AS c ON c.id = o.currency
        GROUP BY o.day_no, c.code
        ORDER BY o.day_no, c.code
    """
    return Query(sql, tuple(params))


def sum_orders(rows: Iterable[DayMoney], currency: str) -> OrderTotals:
    """The totals of days in the business's currency, each amount at its own day's rate."""
    days = list(rows)
    foreign = sorted({row.currency for row in days if row.currency not in ("", currency)})
    orders, amount = 0, Decimal(0)
    left: dict[str, tuple[int, Decimal]] = defaultdict(lambda: (0, Decimal(0)))
    rates: dict[int, dict[str, Decimal]] = {}
    for row in days:
        if row.currency in ("", currency):
            rate: Decimal | None = Decimal(1)
        else:
            if row.day not in rates:
                rates[row.day] = list_rates(currency, foreign, date.fromordinal(row.day))
            rate = rates[row.day].get(row.currency)
        if rate is None:
            count, total = left[row.currency]
            left[row.currency] = (count + row.orders, total + from_fixed(row.amount))
            continue
        orders += row.orders
        amount += from_fixed(row.amount) * rate
    return OrderTotals(orders, amount, dict(left))


def get_totals(snapshot: Snapshot, scope: Scope, business: "Business", start: int, end: int) -> OrderTotals:
    """The order totals of [start, end) for those whom the asker may see; anonymous sales where that is all."""
    group, customers = scope.group, scope.visible
    if group is not None and is_customer_dimension(group.dimension):
        members = snapshot.with_rows(date.fromordinal(start), date.fromordinal(end), group)
        customers = members if customers is None else customers & members
        group = None
    revenue = build_revenue_sql(business.revenue_parts)
    query = build_orders_query(revenue, start, end, group, customers)
    rows = [DayMoney(int(day), code or "", int(n), int(sum_)) for day, code, n, sum_ in snapshot.run(query)]
    return sum_orders(rows, business.currency)


def build_money_row(
    snapshot: Snapshot, scope: Scope, business: "Business", known: KnownPeriod
) -> tuple[MetricRow, OrderTotals]:
    """The average order value of a period that the data know, and the totals behind it."""
    totals = get_totals(snapshot, scope, business, known.start, known.end)
    average = totals.average
    row = MetricRow(
        start=known.period.start,
        end=known.period.end,
        group=None if scope.group is None else scope.group.value,
        value=None if average is None else float(average),
        complete=known.completeness.complete,
        reason=_find_reason(totals),
    )
    return row, totals


def _find_reason(totals: OrderTotals) -> str | None:
    if totals.orders:
        return None
    return "no_rate_for_currency" if totals.left_out else "no_orders"


def list_left_out(totals: Iterable[OrderTotals]) -> tuple[LeftOutMoney, ...]:
    """What stayed out of several totals, by currency."""
    found: dict[str, tuple[int, Decimal]] = defaultdict(lambda: (0, Decimal(0)))
    for total in totals:
        for currency, (orders, amount) in total.left_out.items():
            count, so_far = found[currency]
            found[currency] = (count + orders, so_far + amount)
    return tuple(
        LeftOutMoney(currency, amount, orders) for currency, (orders, amount) in sorted(found.items())
    )
