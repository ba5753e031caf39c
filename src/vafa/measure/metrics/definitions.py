"""The sentence beside a figure: what exactly it counts, under which rule."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from vafa.lab.rates import Denominator
from vafa.lab.rules import parse_rule
from vafa.measure.metrics.membership import MEMBERSHIP_METRICS
from vafa.measure.metrics.types import AskedRule, MetricEntry


def define(
    entry: MetricEntry, rule: AskedRule, denominator: Denominator, revenue_parts: Mapping[str, bool]
) -> str:
    """The metric's meaning, with the rule, denominator or parts of revenue that it rests on."""
    said = [entry.meaning]
    if denominator == "average":
        said.append(_("Here the lost ones are divided by the mean of the start and the end."))
    if denominator == "ever":
        said.append(
            _("Here the lost ones are divided by everybody who was active at any time of the period.")
        )
    if entry.name in MEMBERSHIP_METRICS:
        said.append(describe_rule(rule))
    if entry.unit == "money":
        said.append(describe_revenue(revenue_parts))
    return " ".join(said)


def describe_rule(rule: AskedRule) -> str:
    """Who counts as active, in a sentence."""
    settled = parse_rule(rule.text)
    values = {"days": settled.days}
    if settled.kind == "subscription":
        if not settled.days:
            return _("Active is who has a running subscription.")
        return (
            _("Active is who has a running subscription, or one that ended less than %(days)s days ago.")
            % values
        )
    if rule.automatic and rule.learned:
        return (
            _(
                "Active is who bought in the last %(days)s days: within so many come nine of ten who come back."
            )
            % values
        )
    if rule.automatic:
        return (
            _(
                "Active is who bought in the last %(days)s days, a usual number: too few purchases to learn from."
            )
            % values
        )
    return _("Active is who bought in the last %(days)s days.") % values


def describe_revenue(parts: Mapping[str, bool]) -> str:
    """What counts as revenue, in a sentence."""
    discount = parts.get("less_discount", True)
    tax, shipping = parts.get("tax", False), parts.get("shipping", False)
    sentences = {
        (True, False, False): _("Revenue is after discounts, without tax and shipping."),
        (True, True, False): _("Revenue is after discounts, with tax, without shipping."),
        (True, False, True): _("Revenue is after discounts, with shipping, without tax."),
        (True, True, True): _("Revenue is after discounts, with tax and shipping."),
        (False, False, False): _("Revenue is before discounts, without tax and shipping."),
        (False, True, False): _("Revenue is before discounts, with tax, without shipping."),
        (False, False, True): _("Revenue is before discounts, with shipping, without tax."),
        (False, True, True): _("Revenue is before discounts, with tax and shipping."),
    }
    return sentences[(discount, tax, shipping)]
