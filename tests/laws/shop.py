"""A business that does everything a business may do to its records, through the rooms' own actions."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from vafa.data.customers.actions import apply_exclusions, merge_customers, unmerge_customer
from vafa.data.customers.models import Customer
from vafa.data.intake.actions import import_file, undo_import
from vafa.data.intake.erasing import erase_customer
from vafa.data.intake.models import Import
from vafa.data.intake.types import ImportOptions, ImportResult, Kind
from vafa.data.log.actions import close_feed, reopen_feed, set_complete_through
from vafa.data.log.models import Feed
from vafa.warehouse.actions import refresh

Row = Mapping[str, Any]
COLUMNS: dict[Kind, tuple[str, ...]] = {
    "customers": ("customer", "name", "location", "joined_at", "tier"),
    "orders": (
        "order", "customer", "at", "product", "product_line", "location", "quantity", "amount", "currency",
        "discount", "tax", "status",
    ),
    "returns": ("return", "order", "customer", "at", "product", "quantity", "amount", "currency"),
    "subscriptions": (
        "subscription", "customer", "plan", "started_at", "ended_at", "amount", "interval", "frozen_from",
        "frozen_until", "sessions", "sessions_used", "last_visit",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class File:
    """A file as it was brought in, so that it can be brought again or corrected."""

    kind: Kind
    source: str
    rows: tuple[Row, ...]


class Shop:
    """Writes files into a folder and brings them in; `now` is the moment at which it does so."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.folder, self.now = folder, now
        self.files: list[File] = []
        self._written = 0

    def bring(
        self, kind: Kind, rows: Sequence[Row], *, source: str = "shop", complete_through: date | None = None
    ) -> ImportResult:
        """Import a file of these rows; what a row leaves out is a blank cell."""
        self.files.append(File(kind, source, tuple(rows)))
        self._written += 1
        path = self.folder / f"{kind}-{self._written}.csv"
        with path.open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, COLUMNS[kind], restval="")
            writer.writeheader()
            writer.writerows(rows)
        options = ImportOptions(
            kind=kind,
            source=source,
            mapping={name: name for name in COLUMNS[kind] if name != "tier"},
            dates="iso",
            kept_columns=("tier",) if kind == "customers" else (),
            complete_through=complete_through,
        )
        return import_file(path, options, by=None, clock=lambda: self.now)

    def bring_again(self, number: int) -> ImportResult | None:
        """Import one of the earlier files once more."""
        if not self.files:
            return None
        file = self.files[number % len(self.files)]
        return self.bring(file.kind, file.rows, source=file.source)

    def correct(self, number: int, place: int, day: date) -> ImportResult | None:
        """Import one of the earlier files with one of its rows moved to another day."""
        if not self.files:
            return None
        file = self.files[number % len(self.files)]
        rows = [dict(row) for row in file.rows]
        row = rows[place % len(rows)]
        row[{"customers": "joined_at", "subscriptions": "started_at"}.get(file.kind, "at")] = day
        if file.kind == "subscriptions":
            row |= {name: max(row[name], day) for name in ("ended_at", "last_visit") if row.get(name)}
        return self.bring(file.kind, rows, source=file.source)

    def undo(self, number: int) -> None:
        """Undo one of the imports that can be undone."""
        imported = pick(Import.objects.filter(state="done"), number)
        if imported is not None:
            undo_import(imported, by=None, clock=lambda: self.now)

    def merge(self, number: int, other: int) -> None:
        """Take one customer for another, unless they are the same already."""
        merged, kept = pick(Customer.objects.all(), number), pick(Customer.objects.all(), other)
        if merged is not None and merged.kept_id is None and (kept.kept_id or kept.pk) != merged.pk:
            merge_customers(merged.pk, kept.pk, by=None, now=self.now)

    def unmerge(self, number: int) -> None:
        """Take a merge back."""
        merged = pick(Customer.objects.exclude(kept=None), number)
        if merged is not None:
            unmerge_customer(merged.pk, by=None, now=self.now)

    def erase(self, number: int) -> None:
        """Erase a person."""
        customer = pick(Customer.objects.all(), number)
        if customer is not None:
            erase_customer(customer.pk, by=None, now=self.now)

    def exclude(self, prefix: str) -> None:
        """Leave out of all figures exactly those whose key begins so; nobody for an empty prefix."""
        apply_exclusions([{"field": "key_prefix", "value": prefix}] if prefix else [], by=None, now=self.now)

    def tell_feed(self, number: int, through: date | None, *, closed: bool) -> None:
        """Say how far a feed reaches, and whether more will come by it."""
        feed = pick(Feed.objects.all(), number)
        if feed is not None:
            set_complete_through(feed, through, by=None, now=self.now)
            (close_feed if closed else reopen_feed)(feed, by=None, now=self.now)

    def follow(self, *, rebuild: bool = False) -> None:
        """Bring the figures up to date."""
        refresh(now=self.now, rebuild=rebuild)


def pick(rows: Any, number: int) -> Any:
    """The number-th of some rows, round and round; None where there are none."""
    found = list(rows.order_by("pk"))
    return found[number % len(found)] if found else None


def moment(day: date, time: str = "12:00:00") -> datetime:
    """A moment of a day in UTC."""
    return datetime.fromisoformat(f"{day.isoformat()}T{time}").replace(tzinfo=UTC)
