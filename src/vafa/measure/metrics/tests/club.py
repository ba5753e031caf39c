"""A club whose memberships come in by real imports: what the tests of recurring revenue stand on."""

import csv
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from vafa.data.customers.models import CustomerKey
from vafa.data.intake.actions import import_file
from vafa.data.intake.types import ImportOptions, ImportResult
from vafa.measure.metrics.queries import get_metric
from vafa.measure.metrics.types import MetricRow
from vafa.warehouse.actions import refresh
from vafa.warehouse.queries import Snapshot, open_snapshot

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIELDS = (
    "subscription", "customer", "plan", "amount", "currency", "interval", "started_at", "ended_at", "frozen_from",
    "frozen_until", "sessions", "sessions_used", "last_visit",
)  # fmt: skip


class Club:
    """Imports files of memberships and customers into a business of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._files = folder, 0

    def bring(
        self, rows: list[Mapping[str, Any]], kind: Any = "subscriptions", through: date | None = None
    ) -> ImportResult:
        """Import rows, by field; the figures follow."""
        names = list(dict.fromkeys(name for row in rows for name in row))
        self._files += 1
        path = self.folder / f"{kind}-{self._files}.csv"
        with path.open("w", newline="") as out:
            writer = csv.DictWriter(out, names)
            writer.writeheader()
            writer.writerows(rows)
        options = ImportOptions(
            kind=kind,
            source="club",
            mapping={name: name for name in names},
            dates="iso",
            complete_through=through,
        )
        result = import_file(path, options, by=None, clock=lambda: NOW)
        assert result.rejected == 0
        refresh(now=NOW)
        return result

    def members(self, *rows: str, through: str = "2024-12-31") -> None:
        """Import memberships of a monthly price: "customer plan amount start end"; "-" where there is none."""
        told: list[Mapping[str, Any]] = []
        for number, row in enumerate(rows):
            customer, plan, amount, start, end = row.split()
            told.append(
                {
                    "subscription": f"s{number}", "customer": customer, "plan": plan, "amount": amount.strip("-"),
                    "interval": "month", "started_at": start, "ended_at": "" if end == "-" else end,
                }
            )  # fmt: skip
        self.bring(told, through=date.fromisoformat(through))

    @property
    def snapshot(self) -> Snapshot:
        """The figures as they are."""
        return open_snapshot()

    def number_of(self, *keys: str) -> Any:
        """The set of the customers with these ids."""
        found = CustomerKey.objects.filter(key__in=keys).values_list("customer_id", flat=True)
        return self.snapshot.ix_set(list(found))


def ask(name: str, start: str, end: str, **asked: Any) -> MetricRow:
    """The only row of a question."""
    (row,) = get_metric(name, start=date.fromisoformat(start), end=date.fromisoformat(end), **asked).rows
    return row


def ask_all(name: str, start: str, end: str, **asked: Any) -> dict[str | None, MetricRow]:
    """The rows of a question by group."""
    rows = get_metric(name, start=date.fromisoformat(start), end=date.fromisoformat(end), **asked).rows
    return {row.group: row for row in rows}


@pytest.fixture
def club(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Club:
    """An empty club."""
    monkeypatch.setenv("VAFA_HOME", str(tmp_path))
    return Club(tmp_path)
