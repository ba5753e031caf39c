"""The value of orders in the business's currency, each amount at the rate of its own day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from vafa.data.business.queries import list_rates
from vafa.kit.fields import from_fixed
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.order_days import DayMoney, OrderDays, list_days
from vafa.measure.metrics.types import LeftOutMoney, MetricRow
from vafa.warehouse.types import Group

MONEY_METRICS = ("average_order_value",)


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


def build_money_row(
    order_days: OrderDays, group: Group | None, currency: str, known: KnownPeriod
) -> tuple[MetricRow, OrderTotals]:
    """The average order value of a period that the data know, and the totals behind it."""
    days = order_days.get("" if group is None else group.value, [])
    totals = sum_orders(list_days(days, known.start, known.end), currency)
    average = totals.average
    row = MetricRow(
        start=known.period.start,
        end=known.period.end,
        group=None if group is None else group.value,
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
