"""The explorer's figures: the metric period by period and group by group, kept with the state of the data."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from vafa.front.explore.asked import Exploration
from vafa.front.overview.figures import Asker, Refusal, ask_metric
from vafa.kit.errors import VafaError
from vafa.lab.periods import Period
from vafa.measure.metrics.queries import list_splits
from vafa.measure.metrics.types import MetricTable
from vafa.measure.segments.queries import SET_DIMENSIONS, find_set_group, meet
from vafa.warehouse.types import CUSTOM_PREFIX, CUSTOMER_DIMENSIONS, Group

GROUPS_SHOWN = 60
# A line each: more can't be told apart.
MOST_LINES = 6


def get_table(
    asker: Asker,
    asked: Exploration,
    start: date,
    end: date,
    *,
    by: str | None = None,
    rule: str | None = None,
    inside: Group | None = None,
    limit: int = GROUPS_SHOWN,
    moved: bool = True,
) -> MetricTable | Refusal:
    """The metric's table of these days; words where it can't be told so. `inside` narrows all to one group. `moved`:
    also who of those lost to a group is in another one, which is as much work again."""
    key = (asked.entry.name, asked.question, asked.real, start, end, by, rule, inside, limit, moved)
    return asker.keep(
        ("explore", key), lambda: _ask(asker, asked, start, end, by, rule, inside, limit, moved=moved)
    )


def _ask(
    asker: Asker,
    asked: Exploration,
    start: date,
    end: date,
    by: str | None,
    rule: str | None,
    inside: Group | None,
    limit: int,
    *,
    moved: bool,
) -> MetricTable | Refusal:
    try:
        if inside is not None and not _fits(asker, asked, inside, rule):
            return Refusal(_("This figure cannot be told of one value of that field."))
        return ask_metric(
            asker,
            asked.entry.name,
            start=start,
            end=end,
            every=asked.question.step,
            by=by,
            rule=rule or asked.question.rule,
            options=replace(asked.options, moved=moved),
            groups_limit=limit,
            **narrow(asker, inside, rule or asked.question.rule),
        )
    except VafaError as error:
        return Refusal(str(error))


def _fits(asker: Asker, asked: Exploration, inside: Group, rule: str | None) -> bool:
    """Whether the figure is made of facts that have this field: else every value would show the whole."""
    if inside.dimension in SET_DIMENSIONS or is_of_customer(inside.dimension):
        return True
    fields = list_splits(asked.entry.name, rule=rule or asked.question.rule, snapshot=asker.snapshot)
    return inside.dimension in fields


def narrow(asker: Asker, inside: Group | None, rule: str | None) -> dict[str, Any]:
    """The facts and the customers of one group, of those who may be seen, as the metrics' doors take them: `snapshot`,
    `visible` and `chosen`; all of them without a group. The groups of a split by sets go by their names."""
    told: dict[str, Any] = {"snapshot": asker.snapshot, "visible": asker.visible, "chosen": asker.chosen}
    if inside is None:
        return told
    if inside.dimension in SET_DIMENSIONS:
        own = find_set_group(inside.dimension, inside.value, asker.snapshot, rule)
        return told | {"chosen": meet(own, asker.chosen)}
    if not is_of_customer(inside.dimension):
        return told | {"snapshot": asker.snapshot.within(inside)}
    members = asker.snapshot.group_members(inside)
    return told | {"visible": members if asker.visible is None else members & asker.visible}


def is_of_customer(dimension: str) -> bool:
    """Whether a field belongs to customers."""
    return dimension in CUSTOMER_DIMENSIONS or dimension.startswith(CUSTOM_PREFIX)


def find_span(asked: Exploration) -> tuple[date, date] | None:
    """From where to where the periods go that end with the chosen one; None without a period."""
    question = asked.question
    if question.period is None:
        return None
    first = question.period
    for back in range(asked.count - 1, 0, -1):
        earlier = question.shift(-back)
        if earlier is not None:
            first = earlier
            break
    return first.start, question.period.end


def find_other_period(asked: Exploration) -> Period | None:
    """The period that a comparison is with: the one before, or the same a year earlier."""
    question = asked.question
    if question.period is None:
        return None
    if asked.versus != "year":
        return question.shift(-1)
    back = {"day": 365, "week": 52, "month": 12, "quarter": 4, "half": 2, "year": 1}.get(question.every)
    return None if back is None else question.shift(-back)
