"""How the commands of figures read days and print tables."""

import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from vafa.kit.errors import AskedWrongly
from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.locale.formats import build_default_style, format_interval, format_number, format_percent
from vafa.kit.sheets import CsvSheet
from vafa.measure.metrics.queries import describe_left_out, explain_reason, get_entry
from vafa.measure.metrics.types import MetricEntry, MetricRow, MetricTable

_STYLE = build_default_style("en")
_WIDTH = 160
_DECIMALS = {"customers": 0, "money": 2, "ratio": 2, "orders": 2, "score": 2}


def parse_day(text: str | None, option: str) -> date | None:
    """The ISO day that an option names. Raises AskedWrongly, naming the option."""
    if text is None:
        return None
    try:
        return date.fromisoformat(to_latin_digits(text.strip()))
    except ValueError as error:
        raise AskedWrongly(
            _("“%(text)s” is no day.") % {"text": text},
            _("Give %(option)s as an ISO date of the Gregorian calendar, such as 2026-03-21.")
            % {"option": option},
            code="day_unknown",
            option=option,
        ) from error


def write_rows(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A plain table; no row is left out."""
    table = Table(*header, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    out = io.StringIO()
    Console(file=out, width=max(_WIDTH, 12 * len(header)), highlight=False, markup=False).print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def write_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows as CSV on standard output, without the mark that spreadsheets want; unknown is an empty cell."""
    kept = io.BytesIO()
    sheet = CsvSheet(kept, columns)
    for row in rows:
        sheet.add(_plain(row.get(name)) for name in columns)
    sys.stdout.write(kept.getvalue().decode("utf-8-sig"))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str) if value else None
    return str(value).lower() if isinstance(value, bool) else value


def build_metric_text(table: MetricTable) -> str:
    """What the figure is, above its rows."""
    entry = get_entry(table.metric)
    lines = [f"{entry.title}: {entry.formula}", table.definition]
    if table.data_until is None:
        return "\n".join([*lines, explain_reason("no_data")])
    lines.append(
        _("Rule %(rule)s, calendar %(calendar)s, zone %(zone)s, data up to %(day)s (not included).")
        % {"rule": table.rule.text, "calendar": table.calendar, "zone": table.zone, "day": table.data_until}
    )
    if table.reason is not None:
        return "\n".join([*lines, explain_reason(table.reason)])
    if not table.adds_up:
        lines.append(_("These groups overlap: a customer may be in several, so they do not add up."))
    if table.groups_left_out:
        lines.append(_("%(count)s smaller groups are left out here.") % {"count": table.groups_left_out})
    for row in table.left_out:
        if row.of == "subscriptions":
            lines.append(describe_left_out(row, _STYLE))
            continue
        amount = {"currency": row.currency, "amount": format_number(row.amount, _STYLE), "orders": row.orders}
        lines.append(_("Left out for want of a rate: %(amount)s %(currency)s in %(orders)s orders.") % amount)
    return "\n".join(lines)


def build_metric_table(table: MetricTable) -> str:
    """The rows of a metric for people."""
    entry = get_entry(table.metric)
    title = f"{entry.title} ({table.currency})" if table.currency else entry.title
    header = [_("From"), _("To"), *([table.by] if table.by else []), title]
    with_counts = any(row.counts for row in table.rows)
    with_bounds = any(row.low is not None for row in table.rows)
    if with_bounds:
        header.append(_("95% interval"))
    if with_counts:
        header += [_("Start"), _("New"), _("Reactivated"), _("Lost"), _("End")]
    header.append("")
    rows = [
        _build_cells(
            row, entry, with_group=table.by is not None, with_bounds=with_bounds, with_counts=with_counts
        )
        for row in table.rows
    ]
    return write_rows(header, rows) if rows else ""


def _build_cells(
    row: MetricRow, entry: MetricEntry, *, with_group: bool, with_bounds: bool, with_counts: bool
) -> list[str]:
    cells = [row.start.isoformat(), row.end.isoformat()]
    if with_group:
        cells.append(row.group or _("(not known)"))
    cells.append(write_value(row.value, entry))
    if with_bounds:
        cells.append(_write_bounds(row, entry))
    if with_counts:
        counts = row.counts
        numbers = (
            [] if counts is None else [counts.start, counts.new, counts.reactivated, counts.lost, counts.end]
        )
        cells += [format_number(number, _STYLE) for number in numbers] or [""] * 5
    cells.append(_write_note(row))
    return cells


def _write_bounds(row: MetricRow, entry: MetricEntry) -> str:
    if row.low is None:
        return ""
    if entry.unit == "share":
        return format_interval(row.low, row.high, _STYLE)
    return f"{write_value(row.low, entry)}–{'' if row.high is None else write_value(row.high, entry)}"


def write_value(value: float | None, entry: MetricEntry) -> str:
    """A value in its unit."""
    if entry.unit == "share":
        return format_percent(value, _STYLE)
    if entry.unit == "nps":
        return format_number(None if value is None else value * 100, _STYLE, 1)
    return format_number(value, _STYLE, _DECIMALS.get(entry.unit, 1))


def _write_note(row: MetricRow) -> str:
    notes = []
    if row.reason is not None:
        notes.append(explain_reason(row.reason))
    elif not row.complete:
        notes.append(_("not complete"))
    if row.moved:
        notes.append(_("of the lost, %(count)s moved to another group") % {"count": row.moved})
    if row.article_customers and row.article_value is not None:
        notes.append(
            _("the plain (E − N) / S gives %(value)s; %(count)s customers make the difference")
            % {"value": format_percent(row.article_value, _STYLE), "count": row.article_customers}
        )
    return "; ".join(notes)


def iso(day: date | None) -> str | None:
    """A day as ISO text; None stays None."""
    return None if day is None else day.isoformat()
