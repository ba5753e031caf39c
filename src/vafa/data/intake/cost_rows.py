"""Rows of the files of marketing spend and of the index of prices. They belong to no customer."""

from datetime import date, timedelta

from vafa.data.costs.queries import find_price_source, list_price_months
from vafa.data.intake.contact_rows import count_repeats
from vafa.data.intake.occurrences import Occurrences
from vafa.data.intake.order_rows import blame_missing
from vafa.data.intake.parsing import CellProblem
from vafa.data.intake.reading.problems import ValueProblem
from vafa.data.intake.tally import Tally
from vafa.data.intake.typed_rows import TypedBatch
from vafa.data.intake.types import Unsettled
from vafa.data.log.recording import FactRow

ONE_DAY = timedelta(days=1)
Span = tuple[str, str]


class SpendRows:
    """Turns batches of a file of marketing spend into rows for `costs.actions.record_spends`."""

    def __init__(self, tally: Tally, *, last_day_included: bool) -> None:
        self.tally, self.last_day_included = tally, last_day_included
        self.occurrences = Occurrences()

    def build(self, batch: TypedBatch) -> list[FactRow]:
        """The good rows of a batch."""
        spans = settle_spans(batch, last_day_included=self.last_day_included)
        amounts = batch.column("amount")
        blame_missing(batch, "amount", amounts)
        numbers, unit = batch.texts_of("spend_id"), batch.plan.unit
        channels, places = batch.texts_of("channel"), batch.texts_of("location")
        currencies = [currency or unit for currency in batch.column("currency")]
        heads = [
            number or f"{span and span[0]}@{span and span[1]}@{channel}@{place}@{currency}"
            for number, span, channel, place, currency in zip(
                numbers, spans, channels, places, currencies, strict=True
            )
        ]
        keys = count_repeats(batch, heads, numbers, self.occurrences)
        custom = batch.custom()
        rows: list[FactRow] = []
        for n in batch.list_good():
            span = spans[n]
            if span is not None:
                rows.append(
                    (keys[n], *span, amounts[n], currencies[n], channels[n][:200], places[n], custom[n])
                )
                self.tally.amounts[currencies[n]] += amounts[n]
        self.tally.add_facts([row[1] for row in rows])
        self.tally.add_facts([(date.fromisoformat(row[2]) - ONE_DAY).isoformat() for row in rows])
        return rows


def settle_spans(batch: TypedBatch, *, last_day_included: bool) -> list[Span | None]:
    """The days [start, end) of each row, from its month, its two days or its one day; rows that tell none, or end
    before they start, are blamed."""
    starts, ends = batch.column("started_at"), batch.column("ended_at")
    months, days = batch.column("month"), batch.column("at")
    spans: list[Span | None] = []
    for place, cells in enumerate(zip(starts, ends, months, days, strict=True)):
        span: Span | None = None
        if any(isinstance(cell, ValueProblem | Unsettled) for cell in cells):
            # In a preview: a cell that can't be read is blamed already, one whose order of parts is asked for is not.
            spans.append(None)
            continue
        start, end, month, day = cells
        if start is not None:
            last = end or start
            after = _next(last) if last_day_included or end is None else last
            span = (start, after)
        elif month is not None:
            span = month
        elif day is not None:
            span = (day[0], _next(day[0]))
        else:
            name = next(field for field in ("started_at", "month", "at") if field in batch.values)
            batch.blame(place, name, CellProblem("missing_value", field=batch.plan.mapping[name]))
        if span is not None and span[1] <= span[0]:
            code = "spend_without_days" if span[1] == span[0] else "spend_backwards"
            batch.blame(place, "ended_at", CellProblem(code, started=start, ended=end))
            span = None
        spans.append(span)
    return spans


class PriceRows:
    """Turns batches of a file of an index of prices into rows for `costs.actions.record_price_months`.

    Months that would make the index leap are blamed: those of another source, and those that overlap others.
    """

    def __init__(self, tally: Tally, source_name: str) -> None:
        self.tally = tally
        self.occurrences = Occurrences()
        self.source_name = source_name
        self.seen: set[str] = set()
        self.known: dict[str, str] = {}

    def build(self, batch: TypedBatch) -> list[FactRow]:
        """The good rows of a batch."""
        months, values = batch.column("month"), batch.column("index")
        blame_missing(batch, "month", months)
        blame_missing(batch, "index", values)
        other = find_price_source()
        stored = {row.started_on.isoformat(): row.ended_on.isoformat() for row in list_price_months()}
        self.known |= stored
        rows: list[FactRow] = []
        for place, (month, value) in enumerate(zip(months, values, strict=True)):
            if place in batch.bad:
                continue
            problem = self._find_problem(month, value, other)
            if problem is not None:
                batch.blame(place, *problem)
                continue
            start, end = month
            self.seen.add(start)
            self.known[start] = end
            rows.append((start, start, end, value))
        self.tally.add_facts([row[1] for row in rows])
        self.tally.add_facts([(date.fromisoformat(row[2]) - ONE_DAY).isoformat() for row in rows])
        return rows

    def _find_problem(self, month: Span, value: int, other: str | None) -> tuple[str, CellProblem] | None:
        """What is wrong with a month, and with which of its fields."""
        start, end = month
        if value <= 0:
            return "index", CellProblem("not_above_zero")
        if other is not None and other != self.source_name:
            return "month", CellProblem("other_price_index", source=other)
        if start in self.seen:
            return "month", CellProblem("month_twice")
        overlapping = (
            first for first, after in self.known.items() if first != start and first < end and after > start
        )
        if next(overlapping, None) is not None:
            return "month", CellProblem("months_overlap")
        return None


def _next(day: str) -> str:
    return (date.fromisoformat(day) + ONE_DAY).isoformat()
