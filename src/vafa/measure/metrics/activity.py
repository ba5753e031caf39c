"""Which activity rule a figure follows: the one asked for, the business's, or what the data suggest."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from vafa.data.business.queries import get_business
from vafa.kit.errors import AskedWrongly
from vafa.lab.errors import ActivityRuleOutOfBounds, ActivityRuleUnknown
from vafa.lab.rules import ActivityRule, parse_rule
from vafa.measure.metrics.types import AskedRule
from vafa.warehouse.queries import Snapshot, open_snapshot

FORMS = ("subscription", "subscription+7d", "purchase:90d", "purchase:auto")


@dataclass(frozen=True)
class SettledRule:
    """A rule with its days known, and what is told of it."""

    rule: ActivityRule
    told: AskedRule


def parse_asked_rule(text: str) -> ActivityRule:
    """The rule that a text names. Raises AskedWrongly with the forms that a rule may have."""
    try:
        return parse_rule(text.strip().lower())
    except ActivityRuleUnknown as error:
        raise AskedWrongly(
            _("“%(text)s” is no activity rule.") % {"text": text},
            _("Rules look like %(forms)s, with any number of days.") % {"forms": ", ".join(FORMS)},
            code=error.code,
            rules=list(FORMS),
        ) from error
    except ActivityRuleOutOfBounds as error:
        raise AskedWrongly(
            _("“%(text)s” has a number of days that makes no sense.") % {"text": text},
            _("It must be between %(least)s and %(most)s.") % error.params,
            code=error.code,
        ) from error


def settle_rule(text: str | None, snapshot: Snapshot) -> SettledRule:
    """The rule of a figure, with a window learned from the data where it is `purchase:auto`.

    Without a text it is the business's own, else `subscription` where there are any, else `purchase:auto`.
    """
    own = text or get_business().activity_rule
    fallback = "subscription" if snapshot.has_subscriptions else "purchase:auto"
    rule = parse_asked_rule(own or fallback)
    asked = AskedRule(text=str(rule), asked=text is not None)
    if rule.days is not None:
        return SettledRule(rule, asked)
    window = snapshot.learned_window()
    settled = ActivityRule("purchase", window.days)
    told = replace(
        asked,
        text=str(settled),
        learned=window.learned,
        automatic=True,
        gaps=window.gaps,
        covered_share=window.covered_share,
    )
    return SettledRule(settled, told)


def resolve_rule(text: str | None = None, snapshot: Snapshot | None = None) -> ActivityRule:
    """The rule alone, with its days known: what `settle_rule` settles."""
    return settle_rule(text, snapshot or open_snapshot()).rule
