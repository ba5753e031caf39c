"""A shop whose books change before our eyes, with a clock of its own."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from vafa.data.business.actions import change_business
from vafa.data.intake.actions import import_file, undo_import
from vafa.data.intake.models import Import
from vafa.data.intake.types import ImportOptions
from vafa.measure.history.actions import note
from vafa.measure.history.types import Key
from vafa.warehouse.actions import refresh

BEGINNING = datetime(2025, 7, 2, 8, tzinfo=UTC)
MAY = (date(2025, 5, 1), date(2025, 6, 1))
CRR, REVENUE = Key("crr", *MAY), Key("average_order_value", *MAY)
Rows = list[tuple[str, date, int]]


class Books:
    """Brings files in, follows and notes; each deed an hour after the one before."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = BEGINNING
        self._files = 0
        change_business(by=None, now=self.now, activity_rule="purchase:30d", currency="EUR", is_set_up=True)

    def pass_time(self) -> datetime:
        """An hour later."""
        self.now += timedelta(hours=1)
        return self.now

    def bring(self, rows: Rows, order: str = "") -> Import:
        """Import orders (customer, day, amount), each of its own number unless that begins otherwise."""
        self._files += 1
        lines = [
            f"{order or f'o{self._files}'}-{place},{who},{day.isoformat()},{amount}"
            for place, (who, day, amount) in enumerate(rows)
        ]
        path = self.folder / f"orders{self._files}.csv"
        path.write_text("\n".join(["order,customer id,date,amount", *lines]), encoding="utf-8")
        self.pass_time()
        import_file(
            path,
            ImportOptions(kind="orders", source="shop", complete_through=date(2025, 6, 30)),
            by=None,
            clock=lambda: self.now,
        )
        return Import.objects.latest("pk")

    def undo(self, imported: Import) -> None:
        """Undo an import."""
        self.pass_time()
        imported.refresh_from_db()
        undo_import(imported, by=None, clock=lambda: self.now)

    def do(self, deed: Callable[..., object]) -> None:
        """Do something else at its own moment, as nobody of the staff."""
        deed(by=None, now=self.pass_time())

    def look(self) -> bool:
        """Follow the records, and note the figures."""
        refresh(now=self.now)
        return note(now=self.pass_time())
