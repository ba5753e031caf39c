"""The metric as a heat map: groups by period, or two fields crossed in one period."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from vafa.front.explore.asked import Exploration
from vafa.front.explore.figures import GROUPS_SHOWN, find_span, get_table
from vafa.front.overview.charts import name_period
from vafa.front.overview.figures import Asker, Refusal
from vafa.front.overview.heat import HeatCell
from vafa.front.overview.split import describe_overlap, describe_rest
from vafa.front.overview.texts import name_dimension, name_group, write_value
from vafa.front.overview.viewer import list_seen_groups
from vafa.kit.locale.formats import Style
from vafa.measure.metrics.queries import explain_reason, settle_rule
from vafa.measure.metrics.types import MetricRow, MetricTable

MOST_ROWS = 25
# Groups of the other field; of periods all that are asked for are shown.
MOST_COLUMNS = 20


@dataclass(frozen=True)
class CrossRow:
    """One group: a cell for each column."""

    name: str
    cells: list[HeatCell]


@dataclass(frozen=True)
class Cross:
    """The map; colours go from the smallest value to the largest."""

    title: str
    columns_title: str
    columns: list[str]
    rows: list[CrossRow]
    low: str
    high: str
    overlaps: str | None
    left_out: str | None
    raw_columns: list[str]
    raw: list[list[Any]]


def build_heat(asker: Asker, asked: Exploration, style: Style) -> Cross | Refusal | None:
    """The map of the chosen fields; None without a split or a period."""
    if asked.question.by is None or asked.question.period is None:
        return None
    return _cross(asker, asked, style) if asked.across else _over_time(asker, asked, style)


def _over_time(asker: Asker, asked: Exploration, style: Style) -> Cross | Refusal | None:
    span = find_span(asked)
    assert span is not None
    table = get_table(asker, asked, *span, by=asked.question.by, limit=MOST_ROWS, moved=False)
    if isinstance(table, Refusal):
        return table
    starts = sorted({row.start for row in table.rows})
    periods = {row.start: row for row in table.rows}
    columns = [name_period(periods[start], asked.question, style) for start in starts]
    cells = {(row.group or "", str(row.start)): row for row in table.rows}
    groups = list(dict.fromkeys(row.group or "" for row in table.rows))
    return _build(asked, style, table, "", groups, [str(start) for start in starts], columns, cells)


def _cross(asker: Asker, asked: Exploration, style: Style) -> Cross | Refusal | None:
    """Every group of the one field within every group of the other."""
    question, across = asked.question, asked.across
    assert question.period is not None
    assert across is not None
    every_group = list_seen_groups(asker.snapshot, across, asker.visible)
    groups = every_group[:MOST_COLUMNS]
    rule = settle_rule(question.rule, asker.snapshot).told.text
    cells: dict[tuple[str, str], MetricRow] = {}
    order: list[str] = []
    table: MetricTable | None = None
    rows_left_out = 0
    for group in groups:
        found = get_table(
            asker,
            asked,
            question.period.start,
            question.period.end,
            by=question.by,
            rule=rule,
            inside=group,
            # Whoever is small here may be large elsewhere: what is told of more groups leaves fewer cells open.
            limit=GROUPS_SHOWN,
            moved=False,
        )
        if isinstance(found, Refusal):
            return found
        table = found
        rows_left_out = max(rows_left_out, found.groups_left_out)
        for row in found.rows:
            cells[row.group or "", group.value] = row
            if row.group is not None and row.group not in order:
                order.append(row.group)
    if table is None:
        return None
    names = [name_group(group.value) for group in groups]
    title = name_dimension(across)
    shown = _build(
        asked, style, table, title, order[:MOST_ROWS], [group.value for group in groups], names, cells
    )
    left_out = rows_left_out + len(order) - len(order[:MOST_ROWS]) + len(every_group) - len(groups)
    return None if shown is None else replace(shown, left_out=describe_rest(left_out, style))


def _build(
    asked: Exploration,
    style: Style,
    table: MetricTable,
    columns_title: str,
    groups: list[str],
    keys: list[str],
    columns: list[str],
    cells: dict[tuple[str, str], MetricRow],
) -> Cross | None:
    told = [cells.get((group, key)) for group in groups for key in keys]
    values = [row.value for row in told if row is not None and row.value is not None]
    if not values:
        return None
    unit = asked.entry.unit
    low, high = min(values), max(values)
    kept = [group for group in groups if any(_has_value(cells.get((group, key))) for key in keys)]
    return Cross(
        title=name_dimension(asked.question.by or ""),
        columns_title=columns_title,
        columns=columns,
        rows=[
            CrossRow(
                name_group(group),
                [
                    _build_cell(cells.get((group, key)), name_group(group), column, (low, high), asked, style)
                    for key, column in zip(keys, columns, strict=True)
                ],
            )
            for group in kept
        ],
        low=write_value(low, unit, style) or "",
        high=write_value(high, unit, style) or "",
        overlaps=describe_overlap(table),
        left_out=describe_rest(table.groups_left_out, style),
        raw_columns=["group", *keys],
        raw=[[group, *(_get_value(cells.get((group, key))) for key in keys)] for group in kept],
    )


def _has_value(row: MetricRow | None) -> bool:
    return row is not None and row.value is not None


def _get_value(row: MetricRow | None) -> float | None:
    return None if row is None else row.value


def _build_cell(
    row: MetricRow | None,
    group: str,
    column: str,
    ends: tuple[float, float],
    asked: Exploration,
    style: Style,
) -> HeatCell:
    if row is None or row.value is None:
        if row is None:
            return HeatCell("", 0, _("Not told here: this group is not among the largest."), partial=False)
        return HeatCell("", 0, explain_reason(row.reason) if row.reason else "", partial=False)
    low, high = ends
    place = 0.5 if high == low else (row.value - low) / (high - low)
    text = write_value(row.value, asked.entry.unit, style) or ""
    title = f"{group} · {column}: {text}"
    return HeatCell(text, min(10, max(0, int(place * 10 + 0.5))), title, partial=not row.complete)
