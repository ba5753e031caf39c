"""Rows of a subscriptions file: terms, prices, freezes and session packs."""

from dataclasses import dataclass
from datetime import date, timedelta

from vafa.data.customers.actions import CustomerFinder
from vafa.data.intake.contact_rows import blame_nobody, count_repeats
from vafa.data.intake.occurrences import Occurrences
from vafa.data.intake.order_rows import blame_missing
from vafa.data.intake.parsing import CellProblem
from vafa.data.intake.tally import Tally
from vafa.data.intake.typed_rows import TypedBatch
from vafa.data.log.recording import FactRow

ONE_DAY = timedelta(days=1)
Days = list[str | None]


class SubscriptionRows:
    """Turns batches of a subscriptions file into rows for `subscriptions.actions.record_subscriptions`."""

    def __init__(self, finder: CustomerFinder, tally: Tally, last_day_included: bool) -> None:
        self.finder, self.tally, self.last_day_included = finder, tally, last_day_included
        self.occurrences = Occurrences()

    def build(self, batch: TypedBatch) -> list[FactRow]:
        """The good rows of a batch."""
        terms = read_terms(batch, last_day_included=self.last_day_included)
        starts, ends = terms.starts, terms.ends
        frozen, thawed, visits, used = terms.frozen, terms.thawed, terms.visits, terms.used
        told = batch.told()
        blame_nobody(batch, told)
        plans = batch.texts_of("plan")
        numbers = batch.texts_of("subscription")
        heads = [
            number or f"{person.key or person.email or person.phone}@{start}@{plan}"
            for number, person, start, plan in zip(numbers, told, starts, plans, strict=True)
        ]
        keys = count_repeats(batch, heads, numbers, self.occurrences)
        good = batch.list_good()
        customers = self.finder.find(told[place] for place in good)
        amounts, currencies = batch.column("amount"), batch.column("currency")
        intervals = [interval or batch.plan.interval for interval in batch.texts_of("interval")]
        reasons, sessions, custom = batch.texts_of("cancel_reason"), batch.column("sessions"), batch.custom()
        rows = [
            (
                keys[n], customers[told[n]], plans[n], amounts[n], currencies[n] or batch.plan.unit, intervals[n],
                starts[n], ends[n], reasons[n][:300], frozen[n], thawed[n], sessions[n], used[n], visits[n], custom[n],
            )
            for n in good
        ]  # fmt: skip
        self.tally.add_prices([row[3:5] for row in rows])
        self.tally.add_facts([str(row[6]) for row in rows])
        return rows


@dataclass(frozen=True)
class Terms:
    """The days and sessions of a batch's subscriptions, one place a row."""

    starts: Days
    ends: Days
    frozen: Days
    thawed: Days
    visits: Days
    used: list[int | None]


def read_terms(batch: TypedBatch, *, last_day_included: bool) -> Terms:
    """When each subscription runs and rests; rows whose days or sessions contradict each other are blamed."""
    starts, frozen, visits = (
        batch.column("started_at"),
        batch.column("frozen_from"),
        batch.column("last_visit"),
    )
    ends, thawed = batch.column("ended_at"), batch.column("frozen_until")
    if last_day_included:
        ends, thawed = _list_days_after(ends), _list_days_after(thawed)
    blame_missing(batch, "started_at", starts)
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if start and end and end < start:
            problem = CellProblem("ended_before_start", started=start, ended=end)
            batch.blame(place, "ended_at", problem)
    _blame_freezes(batch, frozen, thawed)
    _blame_visits(batch, starts, visits)
    return Terms(starts, ends, frozen, thawed, visits, _count_used(batch))


def _list_days_after(days: Days) -> Days:
    """The first day without a subscription, or of the end of a freeze, where the file tells the last day."""
    return [(date.fromisoformat(day) + ONE_DAY).isoformat() if day else None for day in days]


def _blame_freezes(batch: TypedBatch, frozen: Days, thawed: Days) -> None:
    """Mark the rows whose freeze has an end alone, or ends before it starts."""
    if "frozen_until" not in batch.values:
        return
    for place, (first, end) in enumerate(zip(frozen, thawed, strict=True)):
        if end and not first:
            batch.blame(place, "frozen_until", CellProblem("freeze_without_start", ended=end))
        elif end and first and end < first:
            problem = CellProblem("freeze_ends_before_start", started=first, ended=end)
            batch.blame(place, "frozen_until", problem)


def _blame_visits(batch: TypedBatch, starts: Days, visits: Days) -> None:
    """Mark the rows whose last visit is before their start."""
    if "last_visit" not in batch.values:
        return
    for place, (start, visit) in enumerate(zip(starts, visits, strict=True)):
        if start and visit and visit < start:
            problem = CellProblem("visit_before_start", started=start, visited=visit)
            batch.blame(place, "last_visit", problem)


def _count_used(batch: TypedBatch) -> list[int | None]:
    """How many sessions are used: as told, or what was bought less what is left."""
    used: list[int | None] = batch.column("sessions_used")
    if "sessions_left" not in batch.values:
        return used
    counts = list(used)
    columns = (used, batch.column("sessions"), batch.column("sessions_left"))
    for place, (known, bought, left) in enumerate(zip(*columns, strict=True)):
        if known is not None or bought is None or left is None:
            continue
        if left > bought:
            problem = CellProblem("more_left_than_bought", left=left, bought=bought)
            batch.blame(place, "sessions_left", problem)
        else:
            counts[place] = bought - left
    return counts
