"""The metric of one period by group: values with their intervals, changes, and what can't be ranked apart."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from vafa.front.explore.asked import Exploration
from vafa.front.explore.figures import find_other_period, get_table
from vafa.front.explore.trend import find_observations
from vafa.front.overview.cards import NAMES_OF, build_names_url
from vafa.front.overview.figures import Asker, Refusal
from vafa.front.overview.split import describe_overlap, describe_rest
from vafa.front.overview.texts import (
    Change,
    count_observations,
    name_dimension,
    name_group,
    write_change,
    write_ends,
    write_sentence,
    write_value,
)
from vafa.kit.locale.formats import Style
from vafa.lab.compare import Estimate, mark_unranked
from vafa.measure.metrics.queries import explain_reason
from vafa.measure.metrics.types import MetricRow

COLUMNS = ("group", "value", "low", "high", "n", "before", "unranked", "complete", "reason")


@dataclass(frozen=True)
class GroupRow:
    """One group. `share` is its bar in hundredths of the largest value, None where it has none."""

    name: str
    value: str
    interval: str
    observations: str
    change: Change | None
    share: int | None
    unranked: bool
    note: str
    url: str | None


@dataclass(frozen=True)
class Groups:
    """The table, the largest value first. `raw` are the same rows for a file."""

    title: str
    interval_title: str
    rows: list[GroupRow]
    some_unranked: bool
    overlaps: str | None
    left_out: str | None
    raw_columns: tuple[str, ...]
    raw: list[list[Any]]


def build_groups(
    asker: Asker, asked: Exploration, style: Style, *, may_see_names: bool
) -> Groups | Refusal | None:
    """The groups of the chosen period; None without a split or a period."""
    question = asked.question
    if question.by is None or question.period is None:
        return None
    other = find_other_period(asked)
    start = other.start if other is not None and other.end == question.period.start else question.period.start
    table = get_table(asker, asked, start, question.period.end, by=question.by)
    if isinstance(table, Refusal):
        return table
    now = [row for row in table.rows if row.start == question.period.start]
    before = {row.group: row for row in table.rows if row.start < question.period.start}
    known = sorted((row for row in now if row.value is not None), key=lambda row: -(row.value or 0))
    marks = mark_unranked([Estimate(row.value or 0, row.low, row.high) for row in known])
    largest = max((abs(row.value or 0) for row in known), default=0)
    rows = [
        _build_row(row, before.get(row.group), asked, style, largest, unranked=mark, sees=may_see_names)
        for row, mark in zip(known, marks, strict=True)
    ]
    rows += [
        _build_row(row, None, asked, style, largest, unranked=False, sees=False)
        for row in now
        if row.value is None and row.reason not in ("nobody_at_the_start", "nobody_bought", "no_orders")
    ]
    return Groups(
        title=name_dimension(question.by),
        interval_title=write_sentence(_("95% interval"), style),
        rows=rows,
        some_unranked=any(marks),
        overlaps=describe_overlap(table),
        left_out=describe_rest(table.groups_left_out, style),
        raw_columns=COLUMNS,
        raw=[
            [
                row.group, row.value, row.low, row.high, count_observations(row),
                before[row.group].value if row.group in before else None,
                mark, row.complete, row.reason,
            ]
            for row, mark in zip(known, marks, strict=True)
        ],
    )  # fmt: skip


def _build_row(
    row: MetricRow,
    before: MetricRow | None,
    asked: Exploration,
    style: Style,
    largest: float,
    *,
    unranked: bool,
    sees: bool,
) -> GroupRow:
    comparable = before is not None and before.complete and row.complete
    names = NAMES_OF.get(asked.entry.name)
    share = None if row.value is None or not largest else round(max(row.value, 0) / largest * 100)
    return GroupRow(
        name=name_group(row.group or ""),
        value=write_value(row.value, asked.entry.unit, style) or "",
        interval=write_ends(row, asked.entry.unit, style),
        observations=find_observations(row, style),
        change=write_change(asked.entry, row.value, before.value if before and comparable else None, style),
        share=share,
        unranked=unranked,
        note=explain_reason(row.reason) if row.reason else "" if row.complete else _("Not complete"),
        url=build_names_url(asked.question, names, row.group or "") if names and sees and row.value else None,
    )
