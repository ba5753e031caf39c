"""The sentences beside a figure: what exactly it counts, under which rule."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from vafa.lab.rules import ActivityRule, parse_rule
from vafa.measure.metrics.types import AskedRule


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


def get_grace(rule: ActivityRule) -> int:
    """The days of grace for a late renewal; figures of subscriptions have none under a rule of purchases."""
    return rule.settled_days if rule.kind == "subscription" else 0


def get_subscription_rule(rule: ActivityRule) -> AskedRule:
    """The rule by which figures of subscriptions count, whatever the rule is."""
    return AskedRule(str(ActivityRule("subscription", get_grace(rule))))


def describe_subscription_rule(rule: ActivityRule) -> str:
    """Who counts as running a subscription, in a sentence, whatever the rule is."""
    return describe_rule(get_subscription_rule(rule))


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
