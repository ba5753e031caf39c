"""Rows that come without a file, from the API, a webhook or a shop: read by the same parsers, told apart by the same
keys and kept by the same doors as an import's.

What comes is a list of *things*: an order with its lines, or one row of another kind. Each goes in whole or not at
all, and one that can't go in holds no other back.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from vafa.data.business.queries import get_business
from vafa.data.consent.queries import Barred
from vafa.data.customers.actions import CustomerFinder, apply_exclusions
from vafa.data.customers.queries import find_last_id, list_changed_since
from vafa.data.intake.barring import blame_erased
from vafa.data.intake.contact_rows import CustomerRows, InteractionRows
from vafa.data.intake.messages import build_message
from vafa.data.intake.order_rows import OrderRows, ReturnRows
from vafa.data.intake.parsing import Parsers
from vafa.data.intake.permission import Permission
from vafa.data.intake.reading.cells import clean_cell
from vafa.data.intake.reading.tables import Batch
from vafa.data.intake.subscription_rows import SubscriptionRows
from vafa.data.intake.tally import Tally
from vafa.data.intake.typed_rows import TypedBatch, build_typed_batch
from vafa.data.intake.types import Arrival, ImportOptions, Kind, Outcome, Plan, RowProblem
from vafa.data.interactions.actions import INTERACTIONS, record_interactions
from vafa.data.log.actions import Told as ToldHappening
from vafa.data.log.actions import add_live_happenings, get_or_add_source, mark_received
from vafa.data.log.queries import get_last_number
from vafa.data.log.recording import FactRow, find_facts, remove_facts
from vafa.data.log.types import FactTable
from vafa.data.orders.actions import ORDER_LINES, RETURN_LINES, record_order_lines, record_return_lines
from vafa.data.orders.queries import list_line_keys
from vafa.data.subscriptions.actions import SUBSCRIPTIONS, record_subscriptions

# The most things that one transaction takes.
MOST = 1_000

_RECORD: dict[str, tuple[FactTable, Any]] = {
    "orders": (ORDER_LINES, record_order_lines),
    "returns": (RETURN_LINES, record_return_lines),
    "subscriptions": (SUBSCRIPTIONS, record_subscriptions),
    "interactions": (INTERACTIONS, record_interactions),
}
# How the log calls one of them.
HAPPENING = {
    "customers": "customer", "orders": "order", "returns": "return", "subscriptions": "subscription",
    "interactions": "interaction",
}  # fmt: skip
NUMBERS = {
    "customers": "customer", "orders": "order", "returns": "return", "subscriptions": "subscription",
    "interactions": "interaction",
}  # fmt: skip
DAY_COLUMNS = {"orders": "day", "returns": "day", "interactions": "day", "subscriptions": "started_on"}


def take_things(arrival: Arrival, *, by: Any, now: datetime) -> list[Outcome]:
    """Take things of one kind from one source; what became of each, in their order.

    The same thing again is "same"; one with the number of a known one corrects it. Of an order, lines that are told no
    more go. Live are those that happened at most three days ago, if the way they came is.
    """
    outcomes: list[Outcome | None] = [None] * len(arrival.things)
    for some in _cut(arrival):
        with transaction.atomic():
            _Taking(arrival, some, by=by, now=now).go(outcomes)
    return [outcome for outcome in outcomes if outcome is not None]


def _cut(arrival: Arrival) -> Iterator[list[int]]:
    """Pieces of at most a thousand things, by place; of two with one number the later comes in a later piece."""
    name = NUMBERS[arrival.kind]
    piece: list[int] = []
    met: set[str] = set()
    for place, thing in enumerate(arrival.things):
        number = _clean(thing.rows[0].get(name, "")) if thing.rows else ""
        if len(piece) >= MOST or (number and number in met):
            yield piece
            piece, met = [], set()
        piece.append(place)
        met.add(number)
    if piece:
        yield piece


@dataclass
class _Read:
    """Things as typed rows; `thing_of` says which thing each row belongs to."""

    batch: TypedBatch
    thing_of: list[int]
    row_of: list[int]
    rows: list[FactRow] = field(default_factory=list)


class _Taking:
    """A piece of things on their way in, inside one transaction."""

    def __init__(self, arrival: Arrival, places: list[int], *, by: Any, now: datetime) -> None:
        self.arrival, self.places, self.by, self.now = arrival, places, by, now
        self.business = get_business()
        self.barred = Barred()
        self.source = get_or_add_source(_clean(arrival.source) or "api")

    def go(self, outcomes: list[Outcome | None]) -> None:
        good = [place for place in self.places if self.arrival.things[place].rows]
        for place in set(self.places) - set(good):
            outcomes[place] = Outcome("rejected", problems=[_build_problem(0, "", "nothing_told", {})])
        while good:
            finder = CustomerFinder(self.source.pk, None, language=self.business.language)
            first_new, before = find_last_id() + 1, get_last_number()
            with transaction.atomic():
                read, builder = self._read(good, finder)
                if read.batch.bad:
                    # Take back what the good rows among them have added, and begin again without the bad things.
                    transaction.set_rollback(True)
            if not read.batch.bad:
                self._keep(read, builder, outcomes, first_new, before)
                break
            bad = self._blame(read, outcomes)
            good = [place for place in good if place not in bad]
        mark_received(self.source, self.arrival.kind, now=self.now)

    def _read(self, places: list[int], finder: CustomerFinder) -> tuple[_Read, Any]:
        things = self.arrival.things
        rows = [(place, n, row) for place in places for n, row in enumerate(things[place].rows)]
        customs = sorted({name for place in places for name in things[place].custom})
        fields = list(dict.fromkeys(name for _place, _n, row in rows for name in row))
        columns = [[_clean(row.get(name, "")) for _place, _n, row in rows] for name in fields]
        columns += [
            [_clean(things[place].custom.get(name, "")) for place, _n, _row in rows] for name in customs
        ]
        plan = build_arrival_plan(self.arrival, fields, customs, self.business.currency)
        batch = Batch(list(range(1, len(rows) + 1)), columns, [], 1.0)
        parsers = Parsers(plan, self.business.zone, self.business.phone_region)
        typed = build_typed_batch(batch, plan, parsers)
        typed.drop_unreadable()
        if self.barred:
            blame_erased(typed, typed.told(), self.barred, self.source.pk)
        read = _Read(typed, [place for place, _n, _row in rows], [n for _place, n, _row in rows])
        builder = _choose_builder(self.arrival.kind, finder, self.barred)
        if isinstance(builder, CustomerRows):
            builder.record(typed, self.now)
        else:
            read.rows = builder.build(typed)
        return read, builder

    def _blame(self, read: _Read, outcomes: list[Outcome | None]) -> set[int]:
        """Tell of each bad row; the things that they belong to."""
        bad: set[int] = set()
        for row, (name, problem) in sorted(read.batch.bad.items()):
            place = read.thing_of[row]
            value = read.batch.texts[name][row] if name in read.batch.texts else ""
            told = _build_problem(
                read.row_of[row], name, problem.code, {"field": name, "value": value} | problem.params
            )
            outcome = outcomes[place]
            if outcome is None:
                outcomes[place] = outcome = Outcome("rejected")
            outcome.problems.append(told)
            bad.add(place)
        return bad

    def _keep(
        self, read: _Read, builder: Any, outcomes: list[Outcome | None], first_new: int, before: int
    ) -> None:
        if isinstance(builder, CustomerRows):
            customers = self._tell_customers(read, builder, outcomes, first_new, before)
        else:
            customers = self._record(read, outcomes, first_new)
        new = [customer for customer in customers if customer >= first_new]
        if new and self.business.exclusions:
            apply_exclusions(self.business.exclusions, by=self.by, now=self.now, among=sorted(set(new)))

    def _tell_customers(
        self, read: _Read, builder: CustomerRows, outcomes: list[Outcome | None], first_new: int, before: int
    ) -> list[int]:
        ids = [customer or 0 for customer in builder.last_ids]
        changed = list_changed_since(ids, before)
        told: list[ToldHappening] = []
        seen: set[int] = set()
        for place, customer in zip(read.thing_of, ids, strict=True):
            state = "same"
            if customer not in seen and customer in changed:
                state = "new" if customer >= first_new else "changed"
                told.append(ToldHappening(f"customer_{state}", customer, self.now, {"customer": customer}))
            seen.add(customer)
            outcomes[place] = Outcome(state, customer, customer)
        self._tell(told)
        return ids

    def _record(self, read: _Read, outcomes: list[Outcome | None], first_new: int) -> list[int]:
        kind = self.arrival.kind
        table, record = _RECORD[kind]
        keys = [row[0] for row in read.rows]
        known = find_facts(table, self.source.pk, keys)
        record(read.rows, source_id=self.source.pk, import_id=None, fresh=False)
        gone = self._remove_lines(read) if kind == "orders" else set()
        after = find_facts(table, self.source.pk, keys)
        customer_at = 1 + table.columns.index("customer_id")
        day_at = 1 + table.columns.index(DAY_COLUMNS[kind])
        at_at = 1 + table.columns.index("at") if "at" in table.columns else None
        told: dict[int, ToldHappening] = {}
        for place, row in zip(read.thing_of, read.rows, strict=True):
            key, customer = row[0], row[customer_at]
            state = "new" if key not in known else "same" if known[key][2] == after[key][2] else "changed"
            outcome = outcomes[place]
            if outcome is None:
                outcome = outcomes[place] = Outcome(state, after[key][0], customer)
            elif outcome.state != state:
                outcome.state = "changed"
            if outcome.state == "same" and place in gone:
                outcome.state = "changed"
            if outcome.state != "same":
                at = _read_moment(row[at_at] if at_at is not None else None, row[day_at])
                details = {"customer": customer, "source": self.source.pk}
                told[place] = ToldHappening(f"{HAPPENING[kind]}_{outcome.state}", outcome.row, at, details)
        self._tell(told.values())
        return [row[customer_at] for row in read.rows if row[customer_at] is not None]

    def _remove_lines(self, read: _Read) -> set[int]:
        """Take away the lines of these orders that are told no more; whose they were, by place."""
        keys = {row[0] for row in read.rows}
        place_of = {row[1]: place for place, row in zip(read.thing_of, read.rows, strict=True)}
        gone = [line for line in list_line_keys(self.source.pk, list(place_of)) if line.key not in keys]
        remove_facts(ORDER_LINES, [line.row for line in gone])
        return {place_of[line.order] for line in gone}

    def _tell(self, told: Iterable[ToldHappening]) -> None:
        if self.arrival.live:
            add_live_happenings(list(told), now=self.now)


def _clean(text: str) -> str:
    """A text as cells of files are cleaned; what no database can keep is taken out."""
    return clean_cell(text.replace("\0", "").encode("utf-8", "replace").decode()) if text else ""


def build_arrival_plan(
    arrival: Arrival, fields: Sequence[str], customs: Sequence[str], currency: str
) -> Plan:
    """How rows are read that name their fields: ISO days, a point in amounts, the business's currency."""
    return Plan(
        options=ImportOptions(arrival.kind, arrival.source),
        columns=(*fields, *customs),
        mapping={name: name for name in fields},
        date_orders={},
        unit=currency,
        interval="",
        decimal_mark=".",
        statuses=dict(arrival.statuses),
        status_counts={},
        kept_columns=tuple(customs),
        card_columns=(),
        left_out_columns=(),
        missing=(),
        questions=(),
        found={},
    )


def _choose_builder(kind: Kind, finder: CustomerFinder, barred: Barred) -> Any:
    tally = Tally()
    if kind == "orders":
        return OrderRows(finder, tally)
    if kind == "returns":
        return ReturnRows(finder, tally)
    if kind == "subscriptions":
        return SubscriptionRows(finder, tally, last_day_included=False)
    if kind == "interactions":
        return InteractionRows(finder, tally)
    return CustomerRows(finder, tally, Permission.of(ImportOptions(kind)), barred)


def _build_problem(row: int, name: str, code: str, params: dict[str, Any]) -> RowProblem:
    reason, remedy = build_message(code, params)
    return RowProblem(row, name, code, reason, remedy)


def _read_moment(at: str | None, day: str) -> datetime:
    """The moment of a fact; of one of which only the day is known, that day's end, so that today's is not old."""
    if at:
        return datetime.fromisoformat(at).replace(tzinfo=UTC)
    return datetime.combine(date.fromisoformat(day), datetime.max.time(), UTC)
