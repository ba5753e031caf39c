"""What each activity rule means, and what it would say of the data there is."""

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from vafa.data.business.queries import get_style
from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.locale.formats import format_days, format_interval, format_number, format_percent, format_period
from vafa.kit.locale.style import Style
from vafa.lab.errors import LabError
from vafa.lab.rules import ActivityRule, parse_rule
from vafa.measure.metrics.queries import get_effect_of_rules
from vafa.measure.metrics.types import AskedRule, RuleEffect

COMPARED = ("purchase:auto", "purchase:30d", "purchase:90d", "purchase:180d", "purchase:365d", "subscription")


@dataclass(frozen=True)
class EffectRow:
    """The effect of one rule, ready to be read; None where it is not known."""

    rule: str
    title: str
    active: str | None
    period: str | None
    crr: str | None
    interval: str | None


@dataclass(frozen=True)
class RuleExplanation:
    """What a kind of rule means: when it fits, and an example."""

    kind: str
    text: str
    example: str


def read_rule(text: str) -> ActivityRule | None:
    """The rule that a setting names; None for none, or for one that no longer is."""
    try:
        return parse_rule(text) if text else None
    except LabError:
        return None


def list_effects(asked_days: str = "") -> list[EffectRow]:
    """The effect of the usual rules, and of the window that is asked for; empty while there is no data."""
    names = list(COMPARED)
    days = to_latin_digits(asked_days).strip()
    if days.isdecimal() and (rule := read_rule(f"purchase:{int(days)}d")) and str(rule) not in names:
        names.append(str(rule))
    style = get_style(translation.get_language() or "en")
    effects = get_effect_of_rules(names)
    return [_write(effect, style) for effect in effects if effect.active is not None]


def _write(effect: RuleEffect, style: Style) -> EffectRow:
    period = effect.period
    return EffectRow(
        rule=effect.rule.text,
        title=name_settled(effect.rule, style),
        active=None if effect.active is None else format_number(effect.active, style),
        period=format_period(period.start, period.end, "month", style) if period else None,
        crr=None if effect.crr is None else format_percent(effect.crr, style),
        interval=None if effect.crr is None else format_interval(effect.low, effect.high, style),
    )


def name_settled(rule: AskedRule, style: Style) -> str:
    """A rule in words; a learned window with its days."""
    if not rule.automatic:
        return name_rule(rule.text, style)
    days = format_days(parse_rule(rule.text).settled_days, style)
    if rule.learned:
        return _("Bought within %(days)s, learned from your data") % {"days": days}
    return _("Bought within %(days)s, since there is too little to learn from") % {"days": days}


def name_rule(text: str, style: Style) -> str:
    """A rule in words."""
    rule = read_rule(text)
    if rule is None:
        return _("Chosen by itself")
    if rule.kind == "subscription":
        if rule.days:
            return _("Subscription, and %(days)s of grace") % {"days": format_days(rule.days, style)}
        return _("Subscription")
    if rule.days is None:
        return _("Bought, within a window learned from the data")
    return _("Bought within %(days)s") % {"days": format_days(rule.days, style)}


def explain_rules() -> list[RuleExplanation]:
    """What each kind of rule means, for a business without data yet."""
    return [
        RuleExplanation(
            "purchase:auto",
            _(
                "Nine out of ten who buy again do so within the window that is learned; "
                "who stays away longer has probably left."
            ),
            _(
                "A café whose guests mostly come back within 21 days: whoever has not been there for 21 days is lost."
            ),
        ),
        RuleExplanation(
            "purchase",
            _("Whoever bought on one of so many days before is active."),
            _("A shop with 90 days: a purchase on 1 March keeps a customer active until the end of May."),
        ),
        RuleExplanation(
            "subscription",
            _(
                "Whoever has a running subscription or membership is active, from its first day until the day it ends."
            ),
            _("A gym with 7 days of grace: who renews up to a week late was never gone."),
        ),
    ]
