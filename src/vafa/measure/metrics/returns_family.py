"""What is sent back: by units sold, and by orders."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from vafa.lab.rates import build_proportion
from vafa.lab.rules import ActivityRule
from vafa.lab.value import ReturnCounts
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.day_series import DayTable, Span, ask_by_period, get_series
from vafa.measure.metrics.family import Asked, Cell, Family, Told
from vafa.measure.metrics.membership_entries import PARSVT_CRR
from vafa.measure.metrics.return_sql import build_returns_query, has_returns
from vafa.measure.metrics.types import MetricEntry
from vafa.warehouse.types import Group

# The columns of a day, in the order of ReturnCounts' fields.
_FIELDS = ("sold", "returned", "orders", "orders_returned", "returns", "unmatched", "unmeasured")


class ReturnsFamily(Family):
    """Return rates, from days asked for once for all periods."""

    names = frozenset(("return_rate_units", "return_rate_orders"))

    def name(self) -> str:
        return _("Buying habits")

    def list_entries(self) -> list[MetricEntry]:
        return _list_entries()

    def list_kinds(self, metric: str, rule: ActivityRule) -> tuple[str, ...]:
        return ("orders", "returns")

    def measure(self, asked: Asked) -> Mapping[Cell, ReturnCounts]:
        if not has_returns(asked.snapshot):
            return {}
        spans = [Span(known.start, known.end) for known in asked.periods]
        tables = ask_by_period(asked, "returns", build_returns_query, spans)
        return {
            (place, when): _sum_cell(tables[when], group, known)
            for when, known in enumerate(asked.periods)
            for place, group in enumerate(asked.groups)
        }

    def zero(self, asked: Asked) -> ReturnCounts:
        return ReturnCounts()

    def tell(self, asked: Asked, partial: ReturnCounts, group: Group | None, known: KnownPeriod) -> Told:
        details = {
            "returns": partial.returns,
            "unmatched": partial.unmatched,
            "unmeasured": partial.unmeasured,
        }
        if not has_returns(asked.snapshot):
            return Told(None, reason="no_returns_known")
        if not partial.orders:
            return Told(None, reason="no_orders", details=details)
        if asked.metric == "return_rate_units":
            if partial.unmeasured and partial.unmeasured == partial.returns:
                return Told(None, reason="returns_without_units", n=partial.orders, details=details)
            rate = partial.rate_units
            return Told(None if rate is None else float(rate), n=partial.orders, details=details)
        if partial.unmatched and partial.unmatched == partial.returns and not partial.orders_returned:
            return Told(None, reason="returns_without_orders", n=partial.orders, details=details)
        share = build_proportion(partial.orders_returned, partial.orders)
        if share is None:
            return Told(None, reason="no_orders")
        return Told(share.value, share.low, share.high, n=partial.orders, details=details)


def _sum_cell(table: DayTable, group: Group | None, known: KnownPeriod) -> ReturnCounts:
    days = get_series(table, group).get("")
    if days is None:
        return ReturnCounts()
    return ReturnCounts(
        **{name: days.sum(column, known.start, known.end) for column, name in enumerate(_FIELDS)}
    )


def _list_entries() -> list[MetricEntry]:
    synonyms = ("returns", "نرخ مرجوعی", "نرخ بازگشت محصول", "معدل الإرجاع", "退货率")
    return [
        MetricEntry(
            "return_rate_units",
            _("Product return rate (units)"),
            _(
                "The units sent back in the period for each unit sold in it, whenever the units that came back had "
                "been sold. A return that names no order counts too."
            ),
            "return rate = units sent back / units sold",
            "share",
            "down",
            PARSVT_CRR,
            synonyms,
            "order",
        ),
        MetricEntry(
            "return_rate_orders",
            _("Product return rate (orders)"),
            _(
                "Of the orders placed in the period, the share of which anything has been sent back since. Recent "
                "orders can still come back. A return that names no order counts for none: it is told as unmatched."
            ),
            "return rate = orders with a return / orders",
            "share",
            "down",
            PARSVT_CRR,
            synonyms,
            "order",
        ),
    ]
