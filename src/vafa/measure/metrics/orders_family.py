"""The value of orders."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from vafa.lab.rules import ActivityRule
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.definitions import describe_revenue
from vafa.measure.metrics.family import Asked, Cell, Family, Told
from vafa.measure.metrics.money import OrderTotals, list_left_out, sum_orders
from vafa.measure.metrics.order_days import get_order_days, list_days
from vafa.measure.metrics.types import MetricEntry
from vafa.warehouse.types import Group


class OrdersFamily(Family):
    """Money of orders, from days asked for once for all periods."""

    names = frozenset(("average_order_value",))

    def name(self) -> str:
        return _("Money")

    def list_entries(self) -> list[MetricEntry]:
        return _build_entries()

    def list_kinds(self, metric: str, rule: ActivityRule) -> tuple[str, ...]:
        return ("orders",)

    def describe(self, asked: Asked) -> list[str]:
        return [describe_revenue(asked.business.revenue_parts)]

    def measure(self, asked: Asked) -> Mapping[Cell, OrderTotals]:
        if not asked.periods:
            return {}
        whole = None
        if asked.whose.chosen is None:
            first, last = asked.periods[0], asked.periods[-1]
            whole = get_order_days(asked, asked.whose.at(first.period.start), first.start, last.end)
        found: dict[Cell, OrderTotals] = {}
        for when, known in enumerate(asked.periods):
            seen = asked.whose.at(known.period.start) if whole is None else None
            days = get_order_days(asked, seen, known.start, known.end) if whole is None else whole
            for place, group in enumerate(asked.groups):
                rows = list_days(days.get("" if group is None else group.value, []), known.start, known.end)
                found[place, when] = sum_orders(rows, asked.business.currency)
        return found

    def zero(self, asked: Asked) -> OrderTotals:
        return OrderTotals()

    def tell(self, asked: Asked, partial: OrderTotals, group: Group | None, known: KnownPeriod) -> Told:
        average = partial.average
        reason = None
        if not partial.orders:
            reason = "no_rate_for_currency" if partial.left_out else "no_orders"
        return Told(
            None if average is None else float(average),
            reason=reason,
            n=partial.orders,
            left_out=list_left_out(partial),
        )


def _build_entries() -> list[MetricEntry]:
    return [
        MetricEntry(
            "average_order_value",
            _("Average order value"),
            _(
                "The revenue of the period's orders for each order. What counts as revenue (discount, tax, "
                "shipping) is a setting. Sales without a customer count; cancelled orders do not."
            ),
            "AOV = revenue / orders",
            "money",
            "up",
            _("Common usage; it makes the value behind each purchase visible"),
            ("AOV", "basket", "میانگین ارزش سفارش", "متوسط قيمة الطلب", "客单价"),
        ),
    ]
