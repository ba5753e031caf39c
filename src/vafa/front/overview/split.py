"""The table of groups: the period's movement and retention of each value of a field."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.front.overview.cards import build_names_url
from vafa.front.overview.question import Question
from vafa.front.overview.texts import name_dimension, name_group, write_sentence
from vafa.kit.locale.formats import Style, format_interval, format_number, format_percent
from vafa.measure.metrics.types import MetricRow, MetricTable
from vafa.measure.segments.queries import DIMENSION as SEGMENTS

_COUNTS = ("start", "kept", "lost", "new", "reactivated", "end")


@dataclass(frozen=True)
class SplitCell:
    """A count and the names behind it."""

    text: str
    url: str | None


@dataclass(frozen=True)
class SplitRow:
    """One group. `share` is the retention in hundredths for the small bar, None where it is unknown."""

    name: str
    cells: list[SplitCell]
    crr: str
    interval: str
    share: int | None
    address: str


@dataclass(frozen=True)
class Split:
    """The table; `overlaps` says why it does not add up, `left_out` which groups aren't shown."""

    title: str
    titles: list[str]
    interval_title: str
    rows: list[SplitRow]
    overlaps: str | None
    left_out: str | None
    raw_columns: list[str]
    raw: list[list[Any]]


def build_split(table: MetricTable, question: Question, style: Style, *, may_see_names: bool) -> Split:
    """The groups, largest first; groups in which nobody was and nobody is are left away."""
    rows = [row for row in table.rows if row.counts and (row.counts.start or row.counts.end)]
    has_moved = any(row.moved is not None for row in rows)
    titles = [_("At the start"), _("Kept"), _("Lost"), _("New"), _("Reactivated"), _("At the end")]
    if has_moved:
        titles.insert(3, _("Of these moved"))
    return Split(
        title=name_dimension(table.by or ""),
        titles=titles,
        interval_title=write_sentence(_("95% interval"), style),
        rows=[_build_row(row, question, style, has_moved, may_see_names) for row in rows],
        overlaps=describe_overlap(table),
        left_out=describe_rest(table.groups_left_out, style),
        raw_columns=["group", *_list_names(has_moved), "crr", "low", "high"],
        raw=[[row.group, *_list_counts(row, has_moved), row.value, row.low, row.high] for row in rows],
    )


def _list_names(has_moved: bool) -> list[str]:
    names = list(_COUNTS)
    if has_moved:
        names.insert(3, "moved")
    return names


def _list_counts(row: MetricRow, has_moved: bool) -> list[int]:
    counts = [getattr(row.counts, name) for name in _COUNTS]
    if has_moved:
        counts.insert(3, row.moved or 0)
    return counts


def _build_row(
    row: MetricRow, question: Question, style: Style, has_moved: bool, may_see_names: bool
) -> SplitRow:
    group = row.group or ""
    cells = [
        SplitCell(
            format_number(count, style),
            build_names_url(question, name, group) if may_see_names and count else None,
        )
        for name, count in zip(_list_names(has_moved), _list_counts(row, has_moved), strict=True)
    ]
    return SplitRow(
        name=name_group(group),
        cells=cells,
        crr=format_percent(row.value, style),
        interval=format_interval(row.low, row.high, style),
        share=None if row.value is None else round(row.value * 100),
        address=group,
    )


def describe_overlap(table: MetricTable) -> str | None:
    """Why the groups of a table don't add up; None where they do."""
    if table.adds_up:
        return None
    if table.by == SEGMENTS:
        return _("A customer may be in several of these segments, so the rows overlap and do not add up.")
    if any(row.moved is not None for row in table.rows):
        return _(
            "A customer may buy in several of these groups, so the rows overlap and do not add up. Who is lost to a "
            "group but active in another at the end is counted as moved."
        )
    return _("These groups overlap: a customer may be in several, so they do not add up.")


def describe_rest(count: int, style: Style) -> str | None:
    """How many groups aren't shown; None where all are."""
    if not count:
        return None
    return ngettext(
        "%(count)s smaller group is not shown.", "%(count)s smaller groups are not shown.", count
    ) % {"count": format_number(count, style)}
