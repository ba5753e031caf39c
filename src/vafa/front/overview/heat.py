"""The cohort table as a heat map."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.front.overview.question import Question
from vafa.kit.locale.formats import Style, format_number, format_percent, format_period
from vafa.measure.metrics.types import CohortRow, CohortTable

# The newest cohorts, and how many periods after their first: what fits a page and is read.
MOST_COHORTS = 18
MOST_AGES = 18


@dataclass(frozen=True)
class HeatCell:
    """One share: its text (empty where nothing is known), its colour step 0 to 10, and the whole sentence."""

    text: str
    step: int
    title: str
    partial: bool


@dataclass(frozen=True)
class HeatRow:
    """One cohort."""

    name: str
    size: str
    cells: list[HeatCell]


@dataclass(frozen=True)
class HeatMap:
    """The map; `older_left_out` says how many cohorts aren't shown. `raw` are the rows for a file."""

    every: str
    ages: list[str]
    rows: list[HeatRow]
    older_left_out: str | None
    low: str
    high: str
    raw_columns: list[str]
    raw: list[list[Any]]


def build_heat(table: CohortTable, question: Question, style: Style) -> HeatMap | None:
    """The newest cohorts of a table; None where there are none."""
    if not table.cohorts:
        return None
    shown = table.cohorts[-MOST_COHORTS:]
    ages = min(MOST_AGES, max(len(row.kept) for row in shown))
    return HeatMap(
        every=table.every,
        ages=[format_number(age, style) for age in range(ages)],
        rows=[_build_row(row, ages, question, style, table.every) for row in shown],
        older_left_out=_describe_older(len(table.cohorts) - len(shown), style),
        low=format_percent(0, style, 0),
        high=format_percent(1, style, 0),
        raw_columns=["from", "to", "size", *(f"kept_{age}" for age in range(ages)), "partial"],
        raw=[[row.start, row.end, row.size, *_pad(row.kept[:ages], ages), row.partial] for row in shown],
    )


def _build_row(row: CohortRow, ages: int, question: Question, style: Style, every: str) -> HeatRow:
    name = format_period(row.start, row.end, every, style, question.cutting.calendar)
    last = max((age for age, count in enumerate(row.kept) if count is not None), default=0)
    cells = [
        _build_cell(count, age, row, name, style, partial=row.partial and age == last)
        for age, count in enumerate(_pad(row.kept[:ages], ages))
    ]
    return HeatRow(name, format_number(row.size, style), cells)


def _build_cell(
    count: int | None, age: int, row: CohortRow, name: str, style: Style, *, partial: bool
) -> HeatCell:
    if count is None or not row.size:
        return HeatCell("", 0, "", partial=False)
    share = count / row.size
    words = {
        "count": format_number(count, style),
        "size": format_number(row.size, style),
        "cohort": name,
        "age": format_number(age, style),
    }
    title = _("%(count)s of the %(size)s of %(cohort)s came in period %(age)s after it") % words
    return HeatCell(format_percent(share, style, 0), min(10, int(share * 10 + 0.5)), title, partial)


def _describe_older(count: int, style: Style) -> str | None:
    if not count:
        return None
    return ngettext(
        "%(count)s older cohort is not shown.", "%(count)s older cohorts are not shown.", count
    ) % {"count": format_number(count, style)}


def _pad(kept: tuple[int | None, ...], ages: int) -> list[int | None]:
    return [*kept, *([None] * (ages - len(kept)))]
