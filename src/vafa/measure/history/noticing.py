"""What happened between two looks: what people did, by the audit trail, and rows that came or went without a file."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from vafa.data.intake.queries import list_rows_added, list_rows_of_no_import
from vafa.data.orders.queries import list_rows_set_aside
from vafa.kit.audit import list_entries
from vafa.measure.history.measuring import SETTINGS
from vafa.measure.history.types import Change, ChangeKind

KINDS: Mapping[str, ChangeKind] = {
    "import.finished": "import",
    "import.undone": "undo",
    "customer.merged": "merge",
    "customer.unmerged": "separation",
    "sale.joined": "joining",
    "sale.parted": "parting",
    "customer.erased": "erasure",
    "customers.exclusions_applied": "exclusions",
    "business.changed": "settings",
    "rate.set": "rate",
    "rate.removed": "rate",
    "margin.set": "costs",
    "margin.removed": "costs",
    "spend.added": "costs",
    "spend.removed": "costs",
    "price_month.set": "costs",
    "price_month.removed": "costs",
    "price_index.removed": "costs",
    "feed.completeness_set": "completeness",
    "feed.closed": "completeness",
    "feed.reopened": "completeness",
}
Rows = dict[str, list[int]]
WITHOUT_FILE = Change("rows", "", None)
# The tables of the warehouse by the kind of fact.
TABLES = {
    "orders": "lines",
    "returns": "returns",
    "subscriptions": "subscriptions",
    "interactions": "interactions",
    "surveys": "answers",
    "tickets": "tickets",
}


def list_done(after: datetime, until: datetime) -> list[Change]:
    """What people did in (after, until] that figures may follow, oldest first."""
    entries = list_entries().filter(action__in=list(KINDS), at__gt=after, at__lte=until).order_by("at", "id")
    return [change for entry in entries if (change := _read(entry)) is not None]


def _read(entry: Any) -> Change | None:
    kind = KINDS[entry.action]
    if kind != "settings":
        return Change(kind, entry.subject, entry.at)
    fields = tuple(name for name in entry.details.get("fields", ()) if name in SETTINGS)
    return Change(kind, entry.subject, entry.at, fields) if fields else None


def find_rows(changes: list[Change], after: int, until: int) -> dict[Change, Rows]:
    """The rows that each import added, by the warehouse's tables, and those that came without a file, under a change
    of their own; only changes that have any. An import that has been undone since has none.

    Rows that were there before and only changed (corrected, put back by an undo, made nobody's by an erasure) are not
    among them: without them the figure would lack what they were before, too.
    """
    imports = {
        int(change.ref): change for change in changes if change.kind == "import" and change.ref.isdigit()
    }
    found = {change: _name(list_rows_added(pk, after, until)) for pk, change in imports.items()}
    found[WITHOUT_FILE] = _name(_leave_out_sales(list_rows_of_no_import(after, until), changes))
    return {change: rows for change, rows in found.items() if any(rows.values())}


def _leave_out_sales(rows: dict[str, list[int]], changes: list[Change]) -> dict[str, list[int]]:
    """Without the rows that a joining set aside or a parting brought back: they were there before."""
    told = [change.ref.removeprefix("sale:") for change in changes if change.kind in ("joining", "parting")]
    if not told:
        return rows
    lines, returns = list_rows_set_aside([int(ref) for ref in told if ref.isdigit()])
    moved = {"orders": lines, "returns": returns}
    return {kind: [row for row in ids if row not in moved.get(kind, ())] for kind, ids in rows.items()}


def _name(rows: dict[str, list[int]]) -> Rows:
    return {TABLES[kind]: ids for kind, ids in rows.items() if kind in TABLES}
