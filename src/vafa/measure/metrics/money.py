"""The value of orders in the business's currency, each amount at the rate of its own day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from vafa.data.business.queries import list_rates
from vafa.kit.fields import from_fixed
from vafa.measure.metrics.order_days import DayMoney
from vafa.measure.metrics.types import LeftOutMoney


@dataclass(frozen=True)
class OrderTotals:
    """Orders and revenue in the business's currency, and what had to stay out for want of a rate."""

    orders: int = 0
    amount: Decimal = Decimal(0)
    left_out: Mapping[str, tuple[int, Decimal]] = field(default_factory=dict)

    def __add__(self, other: "OrderTotals") -> "OrderTotals":
        left = {
            currency: (
                self.left_out.get(currency, (0, Decimal(0)))[0]
                + other.left_out.get(currency, (0, Decimal(0)))[0],
                self.left_out.get(currency, (0, Decimal(0)))[1]
                + other.left_out.get(currency, (0, Decimal(0)))[1],
            )
            for currency in {*self.left_out, *other.left_out}
        }
        return OrderTotals(self.orders + other.orders, self.amount + other.amount, left)

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


def list_left_out(totals: OrderTotals) -> tuple[LeftOutMoney, ...]:
    """What stayed out, by currency."""
    return tuple(
        LeftOutMoney(currency, amount, orders)
        for currency, (orders, amount) in sorted(totals.left_out.items())
    )
