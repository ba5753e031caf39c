"""Findings as they are read: names, days and money ready written, with links to customers and imports."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from vafa.data.business.queries import CustomerWord
from vafa.data.customers.queries import list_customer_rows
from vafa.front.customers.rows import name_customer
from vafa.front.overview.texts import write_sentence
from vafa.kit.locale.formats import (
    Style,
    format_day,
    format_moment,
    format_money,
    format_number,
    get_currency_name,
    isolate,
    isolate_auto,
)
from vafa.measure.quality.queries import explain_note
from vafa.measure.quality.types import Cell, CheckEntry, Finding

NUMBERS = ("quantity", "amount", "usual", "expected", "times", "lines")


@dataclass(frozen=True)
class Piece:
    """A text, with the address that it leads to where there is one."""

    text: str
    url: str | None = None


@dataclass(frozen=True)
class ShownCell:
    """One cell of a row."""

    pieces: list[Piece]
    is_number: bool


@dataclass(frozen=True)
class ShownRow:
    """One row; `joins` are the customers whom its button would take for one person, empty without a button."""

    cells: list[ShownCell]
    joins: list[int]


def name_columns(entry: CheckEntry, words: CustomerWord) -> list[dict[str, Any]]:
    """The heads of a check's columns."""
    titles: dict[Cell, str] = {
        "customer": str(words.one).capitalize(),
        "customers": words.heading,
        "day": _("Day"),
        "order": _("Order"),
        "product": _("Product"),
        "source": _("Source"),
        "import": _("Import"),
        "quantity": _("Quantity"),
        "amount": _("Amount"),
        "usual": _("Usual"),
        "currency": _("Currency"),
        "plan": _("Plan"),
        "from": _("From"),
        "to": _("To"),
        "value": _("Shared"),
        "joined": _("Joined"),
        "expected": _("Orders that were usual"),
        "times": _("Times"),
        "lines": _("Order lines"),
        "note": _("Note"),
        "ticket": _("Ticket"),
        "opened": _("Opened on"),
        "answered": _("First answer"),
        "ended": _("Solved"),
        "staff": _("Member of staff"),
    }
    return [{"title": titles[name], "number": name in NUMBERS} for name in entry.columns]


def build_rows(
    entry: CheckEntry, findings: Sequence[Finding], style: Style, *, sees_imports: bool, may_join: bool
) -> list[ShownRow]:
    """The rows of a page."""
    names = _name_customers(findings)
    rows = []
    for finding in findings:
        cells = [
            ShownCell(_write(name, finding.cells, names, style, sees_imports), name in NUMBERS)
            for name in entry.columns
        ]
        joins = [pk for pk in finding.cells.get("customers", ()) if pk in names] if may_join else []
        rows.append(ShownRow(cells, joins if len(joins) > 1 else []))
    return rows


def _name_customers(findings: Iterable[Finding]) -> dict[int, str]:
    ids: set[int] = set()
    for finding in findings:
        ids.update(finding.cells.get("customers", ()))
        if finding.cells.get("customer") is not None:
            ids.add(finding.cells["customer"])
    return {row.id: name_customer(row) for row in list_customer_rows(sorted(ids))}


def _write(
    name: Cell, cells: Mapping[str, Any], names: Mapping[int, str], style: Style, sees_imports: bool
) -> list[Piece]:
    value = cells.get(name)
    if name == "customers":
        return [_link(pk, names) for pk in value or ()]
    if value is None or value == "":
        return [Piece(_("Not known") if name in ("product", "plan", "order") else "–")]
    if name == "customer":
        return [_link(value, names)]
    if name == "import":
        url = reverse("import", args=[value]) if sees_imports else None
        return [Piece(_("Import %(number)s") % {"number": format_number(value, style)}, url)]
    return [Piece(_write_plain(name, value, cells, style))]


def _write_plain(name: Cell, value: Any, cells: Mapping[str, Any], style: Style) -> str:
    if name in ("amount", "usual"):
        return format_money(value, cells.get("currency") or style.currency, style)
    if isinstance(value, datetime):
        return format_moment(value, value.tzinfo or UTC, style, "short")
    if name in ("day", "from", "to", "joined"):
        return format_day(value, style, "short")
    if name == "note":
        return write_sentence(explain_note(value), style)
    if name == "currency":
        return get_currency_name(value, style.language)
    if isinstance(value, int | float | Decimal):
        return format_number(value, style)
    return isolate(str(value)) if name in ("value", "order", "ticket") else isolate_auto(str(value))


def _link(customer: int, names: Mapping[int, str]) -> Piece:
    text = isolate_auto(names.get(customer) or _("Number %(key)s") % {"key": customer})
    return Piece(text, reverse("customer", args=[customer]))


def list_export_columns(entry: CheckEntry) -> list[str]:
    """The columns of a file: as on the page, with the currency beside amounts."""
    columns = list(entry.columns)
    if "amount" in columns and "currency" not in columns:
        columns.insert(columns.index("amount") + 1, "currency")
    return [str(column) for column in columns]


def list_export_rows(entry: CheckEntry, findings: Iterable[Finding]) -> Iterable[list[Any]]:
    """Row by row what a file of a check holds: plain numbers, ISO days, ids of customers and imports."""
    columns = list_export_columns(entry)
    for finding in findings:
        yield [_plain(column, finding.cells.get(column)) for column in columns]


def _plain(column: str, value: Any) -> Any:
    if column == "customers":
        return " ".join(str(pk) for pk in value or ())
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return explain_note(value) if column == "note" and value else value
