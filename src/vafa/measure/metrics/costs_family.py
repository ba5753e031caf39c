"""What a customer has brought in so far, what winning one costs, and when that is earned back."""

from collections.abc import Mapping
from fractions import Fraction

from django.utils.translation import gettext as _

from vafa.data.costs.queries import get_margin_table
from vafa.lab.rules import ActivityRule
from vafa.lab.value import build_cac, build_clv_to_cac, build_payback_months, divide
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.cost_sums import CUMULATIVE, OF_SPEND, CostSums, measure_costs, tell_margin
from vafa.measure.metrics.costs_entries import list_cost_entries
from vafa.measure.metrics.definitions import describe_revenue, describe_rule
from vafa.measure.metrics.family import Asked, Cell, Family, Fit, Told
from vafa.measure.metrics.order_money import list_left_out, tell_money
from vafa.measure.metrics.real_terms import NO_INDEX
from vafa.measure.metrics.types import MetricEntry
from vafa.warehouse.types import Group

_Value = tuple[Fraction | None, str | None]


class CostsFamily(Family):
    """Customer lifetime value until now, acquisition cost, their quotient, and payback."""

    names = frozenset(("historical_clv", *OF_SPEND))

    def name(self) -> str:
        return _("Money")

    def list_entries(self) -> list[MetricEntry]:
        return list_cost_entries()

    def list_kinds(self, metric: str, rule: ActivityRule) -> tuple[str, ...]:
        if metric == "cac":
            return ()
        return ("orders",) if rule.kind == "purchase" else ("orders", "subscriptions")

    def looks_back(self, metric: str, rule: ActivityRule) -> int:
        return 0 if metric == "historical_clv" else rule.settled_days

    def fits(self, metric: str, rule: ActivityRule) -> tuple[Fit, ...]:
        return ("order", "customer") if rule.kind == "purchase" else ("customer",)

    def deflates(self, metric: str) -> bool:
        return True

    def describe(self, asked: Asked) -> list[str]:
        said = [describe_rule(asked.settled.told)] if asked.metric != "historical_clv" else []
        if asked.metric != "cac":
            said.append(describe_revenue(asked.business.revenue_parts))
        if asked.metric == "historical_clv" and not get_margin_table():
            said.append(_("No margin has been entered, so this is revenue and not margin."))
        if asked.metric in OF_SPEND and asked.by is not None:
            said.append(_("Only spend that names a group, as its location or channel, counts for it."))
        return said

    def measure(self, asked: Asked) -> Mapping[Cell, CostSums]:
        return measure_costs(asked)

    def zero(self, asked: Asked) -> CostSums:
        return CostSums()

    def tell(self, asked: Asked, partial: CostSums, group: Group | None, known: KnownPeriod) -> Told:
        value, reason = _tell_value(asked, partial, known)
        return Told(
            None if value is None else float(value),
            reason=reason,
            n=partial.acquired if asked.metric == "historical_clv" else partial.newcomers,
            first_seen=asked.metric in OF_SPEND and known.completeness.first_seen,
            details=_tell_details(asked, partial),
            left_out=list_left_out(partial.left_out),
        )


def _tell_value(asked: Asked, sums: CostSums, known: KnownPeriod) -> _Value:
    if asked.metric != "cac" and not asked.snapshot.has_orders:
        return None, "orders_are_missing"
    if asked.lacks_index:
        return None, NO_INDEX
    if asked.metric == "historical_clv":
        return _tell_clv(asked, sums, or_revenue=True)
    cac, reason = _tell_cac(asked, sums)
    if asked.metric == "cac" or cac is None:
        return cac, reason
    if asked.metric == "clv_to_cac":
        clv, reason = _tell_clv(asked, sums, or_revenue=False)
        ratio = build_clv_to_cac(clv, cac)
        return ratio, "no_marketing_spend" if ratio is None and reason is None else reason
    margin, reason = tell_margin(asked, sums, or_revenue=False)
    if margin is None:
        return None, reason
    if not sums.active:
        return None, "nobody_active"
    months = build_payback_months(cac, margin, Fraction(sums.active, 2), known.end - known.start)
    return months, "nothing_is_left" if months is None else None


def _tell_clv(asked: Asked, sums: CostSums, *, or_revenue: bool) -> _Value:
    margin, reason = tell_margin(asked, sums, or_revenue=or_revenue)
    if margin is None:
        return None, reason
    value = divide(margin, sums.acquired)
    return value, "nobody_acquired" if value is None else None


def _tell_cac(asked: Asked, sums: CostSums) -> _Value:
    if asked.whose.visible is not None or asked.whose.chosen is not None:
        return None, "spend_is_of_all"
    if not sums.spend.units:
        return None, "no_rate_for_currency" if _is_only_unrated(sums) else "no_marketing_spend"
    spend, reason = tell_money(asked, sums.spend)
    if spend is None:
        return None, reason
    value = build_cac(spend, sums.newcomers)
    return value, "no_newcomers" if value is None else None


def _is_only_unrated(sums: CostSums) -> bool:
    """Whether there is spend, but none of it has a rate: what is left out without an order behind it is spend."""
    return any(amount and not orders for orders, amount in sums.left_out.values())


def _tell_details(asked: Asked, sums: CostSums) -> dict[str, object]:
    """What the quotient is made of."""
    details: dict[str, object] = {}
    if asked.metric in CUMULATIVE:
        details |= {"acquired": sums.acquired, "basis": "margin" if get_margin_table() else "revenue"}
    if asked.metric in OF_SPEND:
        spend = None if asked.lacks_index or not sums.spend.units else tell_money(asked, sums.spend)[0]
        details |= {"newcomers": sums.newcomers, "spend": None if spend is None else float(spend)}
    if asked.metric == "payback_months":
        details["mean_active"] = sums.active / 2
    return details
