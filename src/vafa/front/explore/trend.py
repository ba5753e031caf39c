"""The metric over time: one line, or one for each of the largest groups, with the numbers as a table."""

from typing import Any

from django.utils.translation import gettext as _

from vafa.front.explore.asked import Exploration
from vafa.front.explore.figures import MOST_LINES, find_span, get_table
from vafa.front.overview.charts import DIGITS, Cell, Chart, name_period
from vafa.front.overview.figures import Asker, Refusal
from vafa.front.overview.marks import add_marks
from vafa.front.overview.split import describe_rest
from vafa.front.overview.texts import (
    count_observations,
    name_group,
    write_ends,
    write_sentence,
    write_value,
)
from vafa.kit.locale.formats import Style, format_number
from vafa.measure.metrics.queries import explain_reason
from vafa.measure.metrics.types import MetricRow, MetricTable, Unit
from vafa.measure.watching.queries import find_target
from vafa.measure.watching.types import Figure


def build_trend(asker: Asker, asked: Exploration, style: Style) -> Chart | Refusal | None:
    """The chart; None where no period has a value, words where it can't be split so."""
    span = find_span(asked)
    if span is None:
        return None
    table = get_table(asker, asked, *span, by=asked.question.by, limit=MOST_LINES, moved=False)
    if isinstance(table, Refusal):
        return table
    lines = _list_lines(table)
    places = _list_known_places(lines)
    if not places:
        return None
    lines = {group: [rows[place] for place in places] for group, rows in lines.items()}
    frame_rows = next(iter(lines.values()))
    unit = asked.entry.unit
    names = [name_period(row, asked.question, style) for row in frame_rows]
    data: dict[str, Any] = {
        "labels": names,
        "titles": names,
        "complete": [row.complete for row in frame_rows],
        "notes": [_write_note(row) for row in frame_rows] if len(lines) == 1 else [None] * len(names),
        "incomplete_text": _("Not complete"),
        "interval_text": write_sentence(_("95% interval"), style),
        "format": _build_format(unit, lines, style),
        "series": [_build_series(group, rows, asked, style) for group, rows in lines.items()],
    }
    if len(lines) == 1 and (line := _build_target(asked, style)) is not None:
        data["benchmark"] = line
    marks = add_marks(data, frame_rows, str(asked.question.every), style)
    with_interval = len(lines) == 1 and any(row.low is not None for row in frame_rows)
    return Chart(
        data=data,
        label=_("%(metric)s, period by period") % {"metric": asked.entry.title},
        columns=_build_columns(lines, asked, style, with_interval=with_interval),
        rows=_build_rows(lines, names, unit, style, with_interval=with_interval),
        raw_columns=["from", "to", "group", "value", "low", "high", "n", "complete", "reason"],
        raw=[
            [
                row.start, row.end, row.group, row.value, row.low, row.high, count_observations(row),
                row.complete, row.reason,
            ]
            for rows in lines.values()
            for row in rows
        ],
        marks=marks,
        left_out=describe_rest(table.groups_left_out, style),
    )  # fmt: skip


def _build_target(asked: Exploration, style: Style) -> dict[str, Any] | None:
    """The figure's target as a line; None where none is set."""
    value = find_target(Figure(asked.entry.name, "", str(asked.question.every)))
    if value is None:
        return None
    scale = 100 if asked.entry.unit == "nps" else 1
    text = _("Target: %(value)s") % {"value": write_value(value, asked.entry.unit, style)}
    return {"value": value * scale, "text": text}


def _list_lines(table: MetricTable) -> dict[str | None, list[MetricRow]]:
    """Each group's rows in order of their periods."""
    lines: dict[str | None, list[MetricRow]] = {}
    for row in table.rows:
        lines.setdefault(row.group, []).append(row)
    return lines


def _list_known_places(lines: dict[str | None, list[MetricRow]]) -> range:
    """The places of the periods from the first with a value on."""
    length = len(next(iter(lines.values()), []))
    first = next(
        (place for place in range(length) if any(rows[place].value is not None for rows in lines.values())),
        length,
    )
    return range(first, length)


def _build_format(unit: Unit, lines: dict[str | None, list[MetricRow]], style: Style) -> dict[str, Any]:
    values = [row.value for rows in lines.values() for row in rows if row.value is not None]
    digits = DIGITS[style.digits]
    if unit == "share" and all(0 <= value <= 1 for value in values):
        wide = max(values) - min(values) > 0.5
        return {"style": "percent", "digits": digits, "decimals": 0, "fromZero": wide} | (
            {"min": 0, "max": 1} if wide else {}
        )
    if unit == "share":
        return {"style": "percent", "digits": digits, "decimals": 0}
    small = bool(values) and max(map(abs, values)) < 10
    return {"style": "number", "digits": digits, "decimals": 1 if small else 0}


def _build_series(
    group: str | None, rows: list[MetricRow], asked: Exploration, style: Style
) -> dict[str, Any]:
    unit = asked.entry.unit
    # Points of the net promoter score, not fractions, stand on its axis.
    scale = 100 if unit == "nps" else 1

    def draw(value: float | None) -> float | None:
        return None if value is None else value * scale

    return {
        "name": asked.entry.title if group is None else name_group(group),
        "values": [draw(row.value) for row in rows],
        "texts": [write_value(row.value, unit, style) for row in rows],
        "low": [draw(row.low) for row in rows] if group is None else None,
        "high": [draw(row.high) for row in rows] if group is None else None,
        "interval_texts": [write_ends(row, unit, style) or None for row in rows],
    }


def _write_note(row: MetricRow) -> str | None:
    if row.reason:
        return explain_reason(row.reason)
    return None if row.complete else _("Not complete")


def _build_columns(
    lines: dict[str | None, list[MetricRow]], asked: Exploration, style: Style, *, with_interval: bool
) -> list[dict[str, Any]]:
    columns: list[dict[str, Any]] = [{"title": _("Period")}]
    columns += [
        {"title": asked.entry.title if group is None else name_group(group), "number": True}
        for group in lines
    ]
    if with_interval:
        columns.append({"title": write_sentence(_("95% interval"), style), "number": True})
    if len(lines) == 1:
        columns += [{"title": _("Observations"), "number": True}, {"title": _("Note")}]
    return columns


def _build_rows(
    lines: dict[str | None, list[MetricRow]],
    names: list[str],
    unit: Unit,
    style: Style,
    *,
    with_interval: bool,
) -> list[list[Cell]]:
    table: list[list[Cell]] = []
    for place, name in enumerate(names):
        rows = [rows[place] for rows in lines.values()]
        cells: list[Cell] = [name, *(write_value(row.value, unit, style) or "" for row in rows)]
        if with_interval:
            cells.append(write_ends(rows[0], unit, style))
        if len(lines) == 1:
            cells += [find_observations(rows[0], style), _write_note(rows[0]) or ""]
        table.append(cells)
    return table


def find_observations(row: MetricRow, style: Style) -> str:
    """How many customers, orders or answers stand behind a value; empty where that isn't told."""
    number = count_observations(row)
    return "" if number is None else format_number(number, style)
