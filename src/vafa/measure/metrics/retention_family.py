"""Order revenue retention: what the customers of a period's start bring in it, against as many days before."""

from collections.abc import Mapping
from fractions import Fraction

from django.utils.translation import gettext as _

from vafa.lab.rules import ActivityRule
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.definitions import describe_revenue, describe_rule
from vafa.measure.metrics.family import Asked, Cell, Family, Fit, Told
from vafa.measure.metrics.order_money import get_exchange, list_left_out
from vafa.measure.metrics.real_terms import NO_INDEX, NO_INDEX_THEN
from vafa.measure.metrics.retained_money import RetainedMoney, measure_retained
from vafa.measure.metrics.types import MetricEntry
from vafa.warehouse.types import Group


class RetentionFamily(Family):
    """Net and gross retention of order revenue."""

    names = frozenset(("order_revenue_retention", "order_grr"))

    def name(self) -> str:
        return _("Money")

    def list_entries(self) -> list[MetricEntry]:
        return _list_entries()

    def list_kinds(self, metric: str, rule: ActivityRule) -> tuple[str, ...]:
        return ("orders",) if rule.kind == "purchase" else ("orders", "subscriptions")

    def looks_back(self, metric: str, rule: ActivityRule) -> int:
        return rule.settled_days

    def fits(self, metric: str, rule: ActivityRule) -> tuple[Fit, ...]:
        return ("order", "customer") if rule.kind == "purchase" else ("customer",)

    def deflates(self, metric: str) -> bool:
        return True

    def describe(self, asked: Asked) -> list[str]:
        return [describe_rule(asked.settled.told), describe_revenue(asked.business.revenue_parts)]

    def measure(self, asked: Asked) -> Mapping[Cell, RetainedMoney]:
        exchange = get_exchange(asked)
        return {
            (place, when): retained
            for when, known in enumerate(asked.periods)
            for place, retained in enumerate(measure_retained(asked, exchange, known))
        }

    def zero(self, asked: Asked) -> RetainedMoney:
        return RetainedMoney()

    def tell(self, asked: Asked, partial: RetainedMoney, group: Group | None, known: KnownPeriod) -> Told:
        value, reason = _tell_value(asked, partial, known)
        return Told(
            None if value is None else float(value),
            reason=reason,
            n=partial.sums.customers,
            left_out=list_left_out(partial.left_out),
        )


def _tell_value(
    asked: Asked, partial: RetainedMoney, known: KnownPeriod
) -> tuple[Fraction | None, str | None]:
    if not asked.snapshot.has_orders:
        return None, "orders_are_missing"
    if asked.lacks_index:
        return None, NO_INDEX
    if not partial.sums.customers:
        return None, "nobody_at_the_start"
    first_on = asked.snapshot.freshness(kinds=("orders",)).first_on
    if first_on is None or 2 * known.start - known.end < first_on.toordinal():
        return None, "before_is_cut_off"
    if partial.unpriced:
        return None, NO_INDEX_THEN
    value = partial.sums.net if asked.metric == "order_revenue_retention" else partial.sums.gross
    if value is None:
        return None, "no_rate_for_currency" if partial.left_out else "nothing_before"
    return value, None


def _list_entries() -> list[MetricEntry]:
    return [
        MetricEntry(
            "order_revenue_retention",
            _("Order revenue retention"),
            _(
                "What the customers who were active when the period began bring in it, against what the same customers "
                "brought in as many days just before. New customers are in neither. Above 100% they bring more than "
                "before: read it in real terms where prices rise."
            ),
            "net = Σ revenue now / Σ revenue before",
            "share",
            "up",
            _("Vafa's own: net revenue retention carried over to orders"),
            ("NRR", "net revenue retention", "نرخ حفظ درآمد", "صافي الاحتفاظ بالإيرادات", "净收入留存率"),
        ),
        MetricEntry(
            "order_grr",
            _("Gross order revenue retention"),
            _(
                "The same, but what a customer brings now counts at most as much as before: nobody's growth hides "
                "what others no longer buy. It is never above 100%, nor above the net retention."
            ),
            "gross = Σ min(revenue now, revenue before) / Σ revenue before",
            "share",
            "up",
            _("Vafa's own: gross revenue retention carried over to orders"),
            ("GRR", "gross revenue retention", "نرخ حفظ درآمد ناخالص", "إجمالي الاحتفاظ بالإيرادات", "毛收入留存率"),
        ),
    ]  # fmt: skip
