"""Values of a preview as people read them: the page's calendar, digits and money."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.data.intake.types import (
    COUNT_FIELDS,
    DATE_FIELDS,
    MOMENT_FIELDS,
    MONEY_FIELDS,
    SPAN_FIELDS,
    Plan,
    Preview,
    PreviewRow,
    Unsettled,
)
from vafa.front.intake.answer_words import format_answer_part
from vafa.front.intake.labels import FIELD_NAMES
from vafa.kit.fields import from_fixed
from vafa.kit.locale.formats import (
    Style,
    format_day,
    format_moment,
    format_money,
    format_number,
    format_period,
)

LONGEST = 60
_LEFT_TO_RIGHT = frozenset({"phone", "email"})
_NUMBERS = MONEY_FIELDS | COUNT_FIELDS | {"quantity", "index"}


@dataclass(frozen=True)
class ShownCell:
    """A cell as the page draws it."""

    text: str
    written: str = ""
    reason: str = ""
    remedy: str = ""
    is_number: bool = False
    is_left_to_right: bool = False


@dataclass(frozen=True)
class ShownRow:
    """A row as the page draws it."""

    line: str
    cells: list[ShownCell]
    reason: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class ShownPreview:
    """The preview as the page draws it."""

    columns: list[dict[str, Any]]
    rows: list[ShownRow]
    bad_rows: list[ShownRow]
    bad: int
    looked_at: int


def build_shown_preview(preview: Preview, plan: Plan, style: Style, zone: tzinfo) -> ShownPreview:
    """The preview in the reader's own style."""
    fields = list(plan.mapping)
    columns = [
        {"title": FIELD_NAMES[name], "column": plan.mapping[name], "number": name in _NUMBERS}
        for name in fields
    ]

    def show(row: PreviewRow) -> ShownRow:
        cells = [_show_cell(row, name, plan, style, zone) for name in fields] if row.cells else []
        reason, remedy = row.problem or ("", "")
        return ShownRow(format_number(row.line, style), cells, reason, remedy)

    return ShownPreview(
        columns,
        list(map(show, preview.rows)),
        list(map(show, preview.bad_rows)),
        preview.bad,
        preview.looked_at,
    )


def _show_cell(row: PreviewRow, name: str, plan: Plan, style: Style, zone: tzinfo) -> ShownCell:
    cell = row.cells[name]
    if cell.problem is not None:
        return ShownCell(_shorten(cell.text), "", *cell.problem)
    currency = row.cells["currency"].value if "currency" in row.cells else None
    is_unit_open = any(question.code == "unit" for question in plan.questions)
    unit = currency or ("" if is_unit_open else plan.unit)
    text = format_value(name, cell.value, unit, style, zone)
    written = cell.text if cell.text != text else ""
    return ShownCell(
        text,
        _shorten(written),
        is_number=name in _NUMBERS,
        is_left_to_right=name in _LEFT_TO_RIGHT,
    )


def format_value(name: str, value: Any, currency: str, style: Style, zone: tzinfo) -> str:
    """One value in database form, as text; "" for a blank."""
    if value is None or value == "":
        return ""
    if isinstance(value, Unsettled):
        return str(value)
    if name in MOMENT_FIELDS:
        return _format_moment(value, style, zone)
    if name in DATE_FIELDS:
        return format_day(date.fromisoformat(value), style)
    if name in MONEY_FIELDS:
        return format_money(from_fixed(value), currency, style)
    if name in COUNT_FIELDS:
        return format_number(value, style)
    if name in _WRITERS:
        return _WRITERS[name](value, style)
    if name in SPAN_FIELDS:
        return format_span(value, style)
    if name in ("score", "scale", "question"):
        return format_answer_part(name, value, style)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return _shorten(str(value))


def _format_moment(value: tuple[str, str | None], style: Style, zone: tzinfo) -> str:
    day, at = value
    if at is None:
        return format_day(date.fromisoformat(day), style)
    return format_moment(datetime.fromisoformat(at).replace(tzinfo=UTC), zone, style)


def format_interval_words(value: str, style: Style) -> str:
    """A billing interval such as "3 month" in words."""
    count, _blank, unit = value.partition(" ")
    words: dict[str, Callable[[int], str]] = {
        "day": lambda n: ngettext("every day", "every %(count)s days", n),
        "week": lambda n: ngettext("every week", "every %(count)s weeks", n),
        "month": lambda n: ngettext("every month", "every %(count)s months", n),
        "year": lambda n: ngettext("every year", "every %(count)s years", n),
    }
    return words[unit](int(count)) % {"count": format_number(int(count), style)}


def format_span(seconds: int, style: Style) -> str:
    """A length of time in hours, or in minutes where it is less than one."""
    if abs(seconds) < 3600:
        minutes = round(seconds / 60)
        text = ngettext("%(count)s minute", "%(count)s minutes", abs(minutes))
        return text % {"count": format_number(minutes, style)}
    hours = Decimal(seconds) / 3600
    shown = hours.quantize(Decimal("0.01")).normalize()
    text = ngettext("%(hours)s hour", "%(hours)s hours", 1 if shown == 1 else max(2, round(abs(hours))))
    return text % {"hours": format_number(shown, style)}


def _shorten(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _format_fixed(value: int, style: Style) -> str:
    return format_number(from_fixed(value), style)


def _format_month(value: tuple[str, str], style: Style) -> str:
    start, end = map(date.fromisoformat, value)
    return format_period(start, end, "month", style)


_WRITERS: dict[str, Callable[[Any, Style], str]] = {
    "interval": format_interval_words,
    "quantity": _format_fixed,
    "index": _format_fixed,
    "month": _format_month,
}
