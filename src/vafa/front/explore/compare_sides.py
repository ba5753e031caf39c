"""The two sides of a comparison: two periods, two rules, or two groups."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from vafa.front.explore.asked import Exploration
from vafa.front.explore.figures import find_other_period
from vafa.front.overview.charts import name_period
from vafa.front.overview.figures import Refusal
from vafa.front.overview.texts import name_group, name_rule
from vafa.kit.locale.formats import Style
from vafa.lab.errors import LabError
from vafa.lab.periods import Period
from vafa.measure.metrics.types import MetricRow
from vafa.warehouse.types import Group


@dataclass(frozen=True)
class Side:
    """What is compared: in which period, under which rule, of which group."""

    title: str
    period: Period
    rule: str | None = None
    inside: Group | None = None


def list_sides(asked: Exploration, style: Style) -> tuple[Side, Side] | Refusal | None:
    """The two sides that the address names; the second is the chosen period, rule or group."""
    question = asked.question
    if question.period is None:
        return None
    here = question.period
    if asked.versus == "rule":
        try:
            other_name = name_rule(asked.other, style)
        except LabError:
            return Refusal(_("Choose the other rule of who counts as active."))
        return (
            Side(other_name, here, rule=asked.other),
            Side(_name_own_rule(asked, style), here),
        )
    if asked.versus == "group":
        if question.by is None or question.group is None or not asked.other:
            return Refusal(_("Choose a field to split by, and two of its groups."))
        first, second = Group(question.by, asked.other), Group(question.by, question.group)
        return (
            Side(name_group(first.value), here, inside=first),
            Side(name_group(second.value), here, inside=second),
        )
    other = find_other_period(asked)
    if other is None:
        return Refusal(_("There is no such earlier period."))
    return Side(_name(asked, other, style), other), Side(_name(asked, here, style), here)


def _name_own_rule(asked: Exploration, style: Style) -> str:
    return name_rule(asked.question.rule, style) if asked.question.rule else _("The rule of this business")


def _name(asked: Exploration, period: Period, style: Style) -> str:
    row = MetricRow(period.start, period.end, None, None)
    return name_period(row, asked.question, style)
