"""One item of a dashboard, ready to print: on the page, on paper, behind a link, and in a mail."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from vafa.front.overview.charts import DIGITS
from vafa.front.overview.texts import (
    Change,
    count_observations,
    name_dimension,
    name_group,
    name_rule,
    write_change,
    write_ends,
    write_formula,
    write_interval,
    write_sentence,
    write_value,
)
from vafa.front.reports.segments import name_segment
from vafa.kit.locale.formats import Style, format_day, format_number, format_period
from vafa.measure.metrics.queries import describe_left_out, explain_reason
from vafa.measure.metrics.types import MetricEntry, MetricRow, MetricTable
from vafa.measure.reports.types import Figures, Item

SERIES_SHOWN = 5
PAPER_COLUMNS = 6
RAW_COLUMNS = ("from", "to", "group", "value", "low", "high", "n", "complete", "reason")
# Fields whose values are customers' own names.
NAMING_DIMENSIONS = ("company",)


@dataclass(frozen=True)
class Bar:
    """A value as a bar: `share` is its length, 0 to 1, None where the value is unknown."""

    name: str
    text: str
    share: float | None
    below: bool
    complete: bool


@dataclass(frozen=True)
class Shown:
    """An item as a page prints it. What does not fit its kind is empty."""

    title: str
    about: list[str]
    kind: str
    problem: str = ""
    period: str = ""
    value: str | None = None
    change: Change | None = None
    interval: str | None = None
    note: str = ""
    definition: str = ""
    formula: str = ""
    metric: str = ""
    label: str = ""
    data: dict[str, Any] | None = None
    columns: list[dict[str, Any]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    foot: list[str] = field(default_factory=list)
    raw: list[list[Any]] = field(default_factory=list)

    @property
    def paper_parts(self) -> list[dict[str, Any]]:
        """The table in parts that are no wider than a sheet of paper; the first column begins each of them."""
        values = len(self.columns) - 1
        count = max(1, -(-values // PAPER_COLUMNS))
        width = max(1, -(-values // count))
        return [
            {
                "columns": [self.columns[0], *self.columns[first : first + width]],
                "rows": [[row[0], *row[first : first + width]] for row in self.rows],
            }
            for first in range(1, values + 1, width)
        ]


def show_item(figures: Figures, style: Style, *, names_customers: bool = True) -> Shown:
    """An item for one reader. Without `names_customers` nothing in it is a customer's name."""
    item, entry = figures.item, figures.entry
    title = item.title or (entry.title if entry else item.metric)
    about = _describe(item, entry)
    if item.by in NAMING_DIMENSIONS and not names_customers:
        problem = _("Split by a field that names customers, so it is not shown here.")
        return Shown(title, about, item.chart, problem=problem)
    if figures.problem or entry is None or figures.table is None:
        return Shown(title, about, item.chart, problem=figures.problem or explain_reason("no_data"))
    if figures.latest is None:
        return Shown(title, about, item.chart, problem=explain_reason(figures.table.reason or "no_data"))
    return _show(figures, entry, figures.table, title, about, style)


def _describe(item: Item, entry: MetricEntry | None) -> list[str]:
    """What the item narrows or changes, beside its name."""
    about = []
    if item.title and entry is not None:
        about.append(entry.title)
    if item.segment:
        about.append(_("Segment: %(name)s") % {"name": name_segment(item.segment)})
    if item.by:
        about.append(_("Split by: %(field)s") % {"field": name_dimension(item.by)})
    if item.real:
        about.append(_("In real terms"))
    return about


def _show(
    figures: Figures, entry: MetricEntry, table: MetricTable, title: str, about: list[str], style: Style
) -> Shown:
    item, latest = figures.item, figures.latest
    rows = _list_told(table)
    now = _find(rows, latest.start, None) if latest and not item.by else None
    before = _find(rows, figures.before.start, None) if figures.before and not item.by else None
    comparable = now is not None and before is not None and now.complete and before.complete
    shown = (
        _build_split(rows, item, entry, table, style)
        if item.by
        else _build_plain(rows, item, entry, table, style)
    )
    return Shown(
        title=title,
        about=about,
        kind="table" if item.by and item.chart == "number" else item.chart,
        period=_name_period(latest.start, latest.end, item, table, style) if latest else "",
        value=write_value(now.value, entry.unit, style) if now else None,
        change=write_change(entry, now.value, before.value, style) if comparable and now and before else None,
        interval=write_interval(now, style, entry.unit),
        note=_write_note(now) if now else "",
        definition=write_sentence(table.definition, style),
        formula=entry.formula,
        metric=entry.name,
        label=_("%(metric)s, period by period") % {"metric": title},
        foot=_build_foot(table, now, style, drawn=_count_drawn(rows, item)),
        raw=[_build_raw(row) for row in table.rows],
        **shown,
    )


def _list_told(table: MetricTable) -> list[MetricRow]:
    """The rows from the first period of which anything is known on."""
    silent = ("before_the_data", "after_the_data", "no_data")
    first = next((row.start for row in table.rows if row.reason not in silent), None)
    return [row for row in table.rows if first is not None and row.start >= first]


def _find(rows: list[MetricRow], start: date, group: str | None) -> MetricRow | None:
    return next((row for row in rows if row.start == start and row.group == group), None)


def _name_period(start: date, end: date, item: Item, table: MetricTable, style: Style) -> str:
    return format_period(start, end, item.every, style, table.calendar)


def _write_note(row: MetricRow) -> str:
    if row.reason:
        return explain_reason(row.reason)
    if row.first_seen:
        return _("First seen: the data begin too near before this period.")
    return "" if row.complete else _("Not over yet: the data end inside it.")


def _build_plain(
    rows: list[MetricRow], item: Item, entry: MetricEntry, table: MetricTable, style: Style
) -> dict[str, Any]:
    """A value for each period: a line, a table, bars."""
    names = [_name_period(row.start, row.end, item, table, style) for row in rows]
    notes = [_write_note(row) for row in rows]
    has_interval = any(row.low is not None for row in rows)
    columns: list[dict[str, Any]] = [{"title": _("Period")}, {"title": entry.title, "number": True}]
    if has_interval:
        columns.append({"title": write_sentence(_("95% interval"), style), "number": True})
    if any(notes):
        columns.append({"title": _("Note")})
    cells = []
    for name, row, note in zip(names, rows, notes, strict=True):
        cell = [name, write_value(row.value, entry.unit, style) or "–"]
        if has_interval:
            cell.append(write_ends(row, entry.unit, style) or "—")
        cells.append([*cell, note] if any(notes) else cell)
    series = {
        "name": entry.title,
        "values": [row.value for row in rows],
        "texts": [write_value(row.value, entry.unit, style) for row in rows],
    }
    if has_interval:
        series |= {
            "low": [row.low for row in rows],
            "high": [row.high for row in rows],
            "interval_texts": [write_ends(row, entry.unit, style) or None for row in rows],
        }
    return {
        "columns": columns,
        "rows": cells,
        "bars": _build_bars([(name, row) for name, row in zip(names, rows, strict=True)], entry, style),
        "data": _build_chart(names, rows, notes, [series], entry, style) if item.chart == "trend" else None,
    }


def _build_split(
    rows: list[MetricRow], item: Item, entry: MetricEntry, table: MetricTable, style: Style
) -> dict[str, Any]:
    """A row for each group, a column for each period; the largest groups first."""
    starts = sorted({row.start for row in rows})
    ends = {row.start: row.end for row in rows}
    names = [_name_period(start, ends[start], item, table, style) for start in starts]
    groups = list(dict.fromkeys(row.group or "" for row in rows))
    found = {(row.group or "", row.start): row for row in rows}
    groups = [group for group in groups if any(_has_value(found.get((group, start))) for start in starts)]
    first = [found[groups[0], start] for start in starts] if groups else []
    over = [row.complete for row in first]
    titles = [
        name if is_over else _("%(period)s (not complete)") % {"period": name}
        for name, is_over in zip(names, over, strict=False)
    ]
    columns = [{"title": name_dimension(item.by)}, *({"title": title, "number": True} for title in titles)]
    cells = [
        [
            name_group(group),
            *(
                (write_value(row.value, entry.unit, style) or "–")
                if (row := found.get((group, start)))
                else "–"
                for start in starts
            ),
        ]
        for group in groups
    ]
    series = [
        {
            "name": name_group(group),
            "values": [found[group, start].value for start in starts],
            "texts": [write_value(found[group, start].value, entry.unit, style) for start in starts],
        }
        for group in groups[:SERIES_SHOWN]
    ]
    notes = [_write_note(row) if row.first_seen or not row.complete else "" for row in first]
    last = _find_latest(starts, found, groups)
    return {
        "columns": columns,
        "rows": cells,
        "bars": _build_bars([(name_group(group), found[group, last]) for group in groups], entry, style)
        if last
        else [],
        "data": _build_chart(names, first, notes, series, entry, style)
        if item.chart == "trend" and groups
        else None,
    }


def _has_value(row: MetricRow | None) -> bool:
    return row is not None and row.value is not None


def _find_latest(
    starts: list[date], found: dict[tuple[str, date], MetricRow], groups: list[str]
) -> date | None:
    """The last period that is over."""
    over = [start for start in starts if groups and found[groups[0], start].complete]
    return over[-1] if over else (starts[-1] if starts and groups else None)


def _build_bars(named: list[tuple[str, MetricRow]], entry: MetricEntry, style: Style) -> list[Bar]:
    """Values as bars on one scale: that of the whole for shares, of the largest otherwise."""
    known = [abs(row.value) for _name, row in named if row.value is not None]
    most = max([*known, 1.0]) if entry.unit == "share" else max(known, default=0.0)
    return [
        Bar(
            name=name,
            text=write_value(row.value, entry.unit, style) or "–",
            share=None if row.value is None else (abs(row.value) / most if most else 0.0),
            below=row.value is not None and row.value < 0,
            complete=row.complete,
        )
        for name, row in named
    ]


def _build_chart(
    names: list[str],
    rows: list[MetricRow],
    notes: list[str],
    series: list[dict[str, Any]],
    entry: MetricEntry,
    style: Style,
) -> dict[str, Any]:
    is_share = entry.unit == "share"
    values = [value for one in series for value in one["values"] if value is not None]
    shape: dict[str, Any] = {"style": "percent" if is_share else "number", "digits": DIGITS[style.digits]}
    if is_share and all(0 <= value <= 1 for value in values) and max(values, default=1) > 0.25:
        shape |= {"decimals": 0, "min": 0, "max": 1}
    return {
        "labels": names,
        "titles": names,
        "complete": [row.complete for row in rows],
        "notes": [note or None for note in notes],
        "incomplete_text": _("Not complete"),
        "interval_text": write_sentence(_("95% interval"), style),
        "format": shape,
        "series": series,
    }


def _count_drawn(rows: list[MetricRow], item: Item) -> int | None:
    """How many groups have a line, where others have none."""
    groups = {row.group for row in rows if row.value is not None}
    return SERIES_SHOWN if item.by and item.chart == "trend" and len(groups) > SERIES_SHOWN else None


def _build_foot(
    table: MetricTable, now: MetricRow | None, style: Style, drawn: int | None = None
) -> list[str]:
    """What every figure says of itself: its end of data, rule, zone and completeness."""
    lines = [_("Who counts as active: %(rule)s") % {"rule": name_rule(table.rule.text, style)}]
    if table.data_until is not None:
        last = format_day(table.data_until - timedelta(days=1), style)
        lines.append(
            _("Days are those of %(zone)s; data up to %(day)s.")
            % {"zone": write_formula(table.zone), "day": last}
        )
    if now is not None:
        lines.append(_("This period is complete.") if now.complete else _("This period is not complete."))
    if not table.adds_up:
        lines.append(_("These groups overlap, so they do not add up."))
    if drawn is not None:
        lines.append(
            _("The chart has lines of the largest groups only: %(count)s")
            % {"count": format_number(drawn, style)}
        )
    if table.groups_left_out:
        lines.append(
            _("Only the largest groups are shown; left out: %(count)s")
            % {"count": format_number(table.groups_left_out, style)}
        )
    lines.extend(describe_left_out(left, style) for left in table.left_out)
    return lines


def _build_raw(row: MetricRow) -> list[Any]:
    return [
        row.start,
        row.end,
        row.group,
        row.value,
        row.low,
        row.high,
        count_observations(row),
        row.complete,
        row.reason,
    ]
