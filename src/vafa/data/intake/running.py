"""Running an import: batch by batch, each batch and its traces in one transaction, so that a stop at any moment
leaves whole batches behind, and the same import run again goes on to the same end."""

import gc
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from vafa.data.business.queries import get_business
from vafa.data.consent.queries import Barred
from vafa.data.costs.actions import PRICE_MONTHS, SPENDS, record_price_months, record_spends
from vafa.data.customers.actions import CustomerFinder
from vafa.data.intake.barring import blame_erased
from vafa.data.intake.contact_rows import CustomerRows, InteractionRows
from vafa.data.intake.cost_rows import PriceRows, SpendRows
from vafa.data.intake.models import BeforeImage, Import
from vafa.data.intake.order_rows import OrderRows, ReturnRows
from vafa.data.intake.parsing import Parsers
from vafa.data.intake.permission import Permission
from vafa.data.intake.plan import open_file
from vafa.data.intake.reading.tables import BadRow, Batch
from vafa.data.intake.rejects import RejectsFile
from vafa.data.intake.repeats import Repeats
from vafa.data.intake.subscription_rows import SubscriptionRows
from vafa.data.intake.tally import Tally
from vafa.data.intake.typed_rows import Carry, TypedBatch, build_typed_batch
from vafa.data.intake.types import Counts, Plan, Reject
from vafa.data.intake.voice_rows import AnswerRows, TicketRows
from vafa.data.interactions.actions import (
    ANSWERS,
    INTERACTIONS,
    TICKETS,
    record_answers,
    record_interactions,
    record_tickets,
)
from vafa.data.log.queries import get_last_number
from vafa.data.log.recording import FactRow, has_facts
from vafa.data.log.types import FactTable, Recorded
from vafa.data.orders.actions import ORDER_LINES, RETURN_LINES, record_order_lines, record_return_lines
from vafa.data.subscriptions.actions import SUBSCRIPTIONS, record_subscriptions

LEASE = timedelta(seconds=60)
BATCH_ROWS = 10_000
# Where people may be at work on SQLite, a write must not hold the lock for long.
SHARED_BATCH_ROWS = 1_000

# How many rejects a dry run shows.
FIRST_REJECTS = 5

Record = Callable[..., Recorded]
_RECORD: dict[str, tuple[FactTable, Record]] = {
    "orders": (ORDER_LINES, record_order_lines),
    "returns": (RETURN_LINES, record_return_lines),
    "subscriptions": (SUBSCRIPTIONS, record_subscriptions),
    "interactions": (INTERACTIONS, record_interactions),
    "surveys": (ANSWERS, record_answers),
    "tickets": (TICKETS, record_tickets),
    "spend": (SPENDS, record_spends),
    "prices": (PRICE_MONTHS, record_price_months),
}


@contextmanager
def without_cycle_search() -> Iterator[None]:
    """Python's search for circular garbage walks over every row of a batch again and again, which takes a fifth of an
    import's time and finds nothing: rows don't point to one another. What little there is goes at the end."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Run:
    """One import on its way."""

    def __init__(
        self, imported: Import, plan: Plan, source_id: int, rejects: Path | None, now: Callable[[], datetime]
    ) -> None:
        business = get_business()
        self.imported, self.plan, self.source_id, self.now = imported, plan, source_id, now
        self.first_rejects: list[Reject] = []
        self.kind = plan.options.kind
        self.dry = imported.pk is None
        self.resumed = bool(imported.first_seq)
        self.parsers = Parsers(plan, business.zone, business.phone_region)
        self.finder = CustomerFinder(source_id, imported.pk, language=business.language)
        self.tally, self.counts, self.carry = Tally(), Counts(), Carry()
        self.barred = Barred()
        self.builder = self._choose_builder(business.zone)
        self.rejects_path = rejects
        table = _RECORD[self.kind][0] if self.kind in _RECORD else None
        self.fresh = table is not None and not has_facts(table, source_id)
        self.repeats = Repeats()
        self.dropped_totals = 0
        self.exact_repeats = 0

    def _choose_builder(self, zone: str) -> Any:
        if self.kind == "orders":
            return OrderRows(self.finder, self.tally)
        if self.kind == "returns":
            return ReturnRows(self.finder, self.tally)
        if self.kind == "subscriptions":
            return SubscriptionRows(self.finder, self.tally, self.plan.options.last_day_included)
        if self.kind == "interactions":
            return InteractionRows(self.finder, self.tally)
        if self.kind == "surveys":
            return AnswerRows(self.finder, self.tally)
        if self.kind == "spend":
            return SpendRows(self.tally, last_day_included=self.plan.options.last_day_included)
        if self.kind == "prices":
            return PriceRows(self.tally, self.plan.options.source)
        if self.kind == "tickets":
            return TicketRows(self.finder, self.tally, zone)
        return CustomerRows(self.finder, self.tally, Permission.of(self.plan.options), self.barred)

    def go(self, path: Path, progress: Callable[[float, Counts], None]) -> None:
        """Read the file to its end."""
        with (
            closing(self.repeats),
            closing(self.builder.occurrences),
            open_file(path, self.plan.options, self.imported.file_name) as table,
            RejectsFile(self.rejects_path, table.columns) as rejects,
            without_cycle_search(),
        ):
            for batch in table.batches(self._choose_batch_rows()):
                self.repeats.add(batch.columns)
                rejects.add(self._take(batch))
                progress(batch.progress, self.counts)
            self.dropped_totals = table.dropped_totals
            self.exact_repeats = self.repeats.count()

    def _choose_batch_rows(self) -> int:
        """Rows a batch; an import that goes on cuts the file where it cut it before, so that it ends alike."""
        quick = self.fresh or connection.vendor != "sqlite"
        rows = self.imported.summary.setdefault("batch_rows", BATCH_ROWS if quick else SHARED_BATCH_ROWS)
        if not self.dry:
            self.imported.save(update_fields=["summary"])
        return int(rows)

    def _take(self, batch: Batch) -> list[Reject]:
        """One batch, in one transaction; a dry run takes it back."""
        typed = build_typed_batch(
            batch, self.plan, self.parsers, self.carry if self.kind == "orders" else None
        )
        typed.drop_unreadable()
        if self.barred:
            blame_erased(typed, typed.told(), self.barred, self.source_id)
        with transaction.atomic():
            recorded = self._record(typed)
            if self.dry:
                transaction.set_rollback(True)
            else:
                self._keep_traces(recorded, batch.progress)
        if self.dry:
            self.finder.forget()
        rejects = [*typed.rejects(), *map(_reject_of, batch.bad)]
        self.counts.new += recorded.new
        self.counts.changed += recorded.changed
        self.counts.same += recorded.same
        self.counts.rejected += len(rejects)
        self.first_rejects += rejects[: FIRST_REJECTS - len(self.first_rejects)]
        return sorted(rejects, key=lambda reject: reject.line)

    def _record(self, typed: TypedBatch) -> Recorded:
        if isinstance(self.builder, CustomerRows):
            return self.builder.record(typed, self.now())
        rows: list[FactRow] = self.builder.build(typed)
        table, record = _RECORD[self.kind]
        recorded = record(rows, source_id=self.source_id, import_id=self.imported.pk, fresh=self.fresh)
        recorded.same += len(typed.repeated.difference(typed.bad))
        if self.resumed:
            self._recount(table, recorded)
        return recorded

    def _recount(self, table: FactTable, recorded: Recorded) -> None:
        """Rows that this very import had brought before it was interrupted count as what they were then."""
        images = BeforeImage.objects.filter(imported=self.imported, table=table.name, row__in=recorded.own)
        changed = images.count()
        recorded.changed += changed
        recorded.new += len(recorded.own) - changed
        recorded.same -= len(recorded.own)

    def _keep_traces(self, recorded: Recorded, progress: float) -> None:
        name = _RECORD[self.kind][0].name if self.kind in _RECORD else "customer"
        BeforeImage.objects.bulk_create(
            [
                BeforeImage(imported=self.imported, table=name, row=row, values=values)
                for row, values in recorded.before
            ],
            ignore_conflicts=True,
            batch_size=500,
        )
        last = get_last_number()
        self.imported.first_seq = self.imported.first_seq or 1
        self.imported.last_seq = last
        self.imported.progress = progress
        self.imported.counts = self.counts.to_json()
        self.imported.lease_until = self.now() + LEASE
        self.imported.save(update_fields=["first_seq", "last_seq", "progress", "counts", "lease_until"])


def _reject_of(bad: BadRow) -> Reject:
    cells = tuple(bad.cells)
    return Reject(line=bad.line, field="", value="", code=bad.code, params=dict(bad.params), cells=cells)
