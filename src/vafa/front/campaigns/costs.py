"""What a campaign costs, and how long its text comes out, as its page shows it before it starts."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from vafa.act.messaging.queries import Estimate
from vafa.front.messages.sms_words import Counter, build_counter, describe_estimate, describe_sms_problem
from vafa.kit.locale.formats import Style, format_money


@dataclass(frozen=True)
class Costs:
    """The longest text with its count ("" of what people do), what it costs as a rule, and what is to be said of it."""

    text: str = ""
    counter: Counter | None = None
    usual: str = ""
    lines: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def show_costs(estimate: Estimate, style: Style) -> Costs:
    """An estimate ready to print."""
    longest = estimate.longest
    usual = ""
    if estimate.usual is not None:
        told = format_money(estimate.usual, estimate.currency, style)
        usual = _("As a rule it costs about %(cost)s.") % {"cost": told}
    elif estimate.total:
        usual = _("What it costs is not known: the sending account tells no price.")
    if longest is None:
        return Costs(usual=usual)
    return Costs(
        longest.text,
        build_counter(longest, style),
        usual,
        describe_estimate(estimate, style),
        [describe_sms_problem(one) for one in longest.problems],
    )
