"""Rows of the files of answers to surveys and of tickets. Either may belong to nobody who is known."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from vafa.data.customers.actions import CustomerFinder
from vafa.data.customers.types import Told as Person
from vafa.data.intake.contact_rows import count_repeats
from vafa.data.intake.occurrences import Occurrences
from vafa.data.intake.order_rows import blame_missing
from vafa.data.intake.parsing import CellProblem
from vafa.data.intake.reading.problems import ValueProblem
from vafa.data.intake.reading.scores import NPS_SCALE, Told, place_word
from vafa.data.intake.tally import Tally
from vafa.data.intake.typed_rows import TypedBatch
from vafa.data.intake.types import QuestionReading
from vafa.data.log.recording import FactRow
from vafa.kit.fields import to_fixed

Moment = tuple[str, str | None]
Scale = tuple[int, int]


class AnswerRows:
    """Turns batches of a file of answers into rows for `interactions.actions.record_answers`."""

    def __init__(self, finder: CustomerFinder, tally: Tally) -> None:
        self.finder, self.tally = finder, tally
        self.occurrences = Occurrences()

    def build(self, batch: TypedBatch) -> list[FactRow]:
        """The good rows of a batch."""
        kinds, scales, scores = settle_scores(batch)
        invited, answered = settle_days(batch, scores)
        told, surveys = batch.told(), batch.texts_of("survey")
        numbers = [
            number and f"{number}/{kind}"
            for number, kind in zip(batch.texts_of("answer"), kinds, strict=True)
        ]
        heads = [
            number or f"{_name(person)}@{_write(when or sent)}@{survey}/{kind}"
            for number, person, when, sent, survey, kind in zip(
                numbers, told, answered, invited, surveys, kinds, strict=True
            )
        ]
        keys = count_repeats(batch, heads, numbers, self.occurrences)
        good = batch.list_good()
        customers = self.finder.find(told[place] for place in good)
        channels, comments, custom = batch.texts_of("channel"), batch.texts_of("comment"), batch.custom()
        rows: list[FactRow] = []
        for n in good:
            reading = batch.plan.answers[kinds[n]]
            sent, when = invited[n] or (None, None), answered[n] or (None, None)
            rows.append(
                (
                    keys[n], customers[told[n]], surveys[n][:200], kinds[n], scores[n], *(scales[n] or (None, None)),
                    reading.direction, reading.method, channels[n][:60], comments[n], sent[1], sent[0], when[1],
                    when[0], when[0] or sent[0], custom[n],
                )
            )  # fmt: skip
        self.tally.add_answers(
            [kinds[n] for n in good if answered[n]],
            invitations=sum(answered[n] is None for n in good),
            nobodies=sum(customers[told[n]] is None for n in good),
        )
        self.tally.add_facts([row[15] for row in rows])
        return rows


def settle_scores(batch: TypedBatch) -> tuple[list[str], list[Scale | None], list[int | None]]:
    """The kind of question, the scale and the score (ten-thousandths) of each row; rows whose answer does not fit are
    blamed."""
    readings = batch.plan.answers
    only = next(iter(readings), "other")
    asked = batch.column("question") if batch.plan.options.question is None else [None] * len(batch.lines)
    if len(readings) > 1 or ("question" in batch.values and batch.plan.options.question is None):
        blame_missing(batch, "question", asked)
    kinds = [kind if isinstance(kind, str) and kind in readings else only for kind in asked]
    own = [scale if isinstance(scale, tuple) else None for scale in batch.column("scale")]
    told = batch.column("score")
    scales: list[Scale | None] = []
    scores: list[int | None] = []
    for place, (kind, scale, found) in enumerate(zip(kinds, own, told, strict=True)):
        settled = _choose_scale(readings.get(kind), scale)
        value = None
        if isinstance(found, Told):
            try:
                value = place_score(
                    found,
                    settled,
                    readings[kind].direction if kind in readings else "high",
                    whole=kind == "nps",
                )
            except ValueProblem as problem:
                text = batch.texts["score"][place]
                batch.blame(place, "score", CellProblem(problem.code, **{"value": text} | problem.params))
        scales.append(settled)
        scores.append(value)
    return kinds, scales, scores


def _choose_scale(reading: QuestionReading | None, own: Scale | None) -> Scale | None:
    if reading is not None and reading.question == "nps":
        return NPS_SCALE
    if own is not None or reading is None or reading.low is None or reading.high is None:
        return own
    return reading.low, reading.high


@lru_cache(maxsize=10_000)
def place_score(told: Told, scale: Scale | None, direction: str, *, whole: bool) -> int:
    """The score (ten-thousandths) that a cell tells, on its scale.

    Raises CellProblem `no_scale`, `outside_scale` or `word_of_no_scale`, or ValueProblem `not_whole`.
    """
    if scale is None and told.of is not None:
        scale = (0, told.of)
    if scale is None:
        raise CellProblem("no_scale")
    low, high = scale
    if told.points is None:
        point = place_word(told.word, low, high, direction)
        if point is None:
            raise CellProblem("word_of_no_scale", low=low, high=high)
        return to_fixed(Decimal(point))
    if not low <= told.points <= high or told.of not in (None, high):
        raise CellProblem("outside_scale", low=low, high=high)
    if whole and told.points != told.points.to_integral_value():
        raise ValueProblem("not_whole")
    return to_fixed(told.points)


def settle_days(
    batch: TypedBatch, scores: list[int | None]
) -> tuple[list[Moment | None], list[Moment | None]]:
    """The moments of invitation and answer of each row; where the answer's own is not told, the invitation's stands for
    it. Rows without an answer are invitations; rows that are neither are blamed."""
    invited: list[Any] = batch.column("invited_at")
    told: list[Any] = batch.column("answered_at")
    comments = batch.texts_of("comment")
    answered: list[Moment | None] = []
    for place, (sent, when, score) in enumerate(zip(invited, told, scores, strict=True)):
        has_answer = score is not None or bool(comments[place] and when)
        answered.append((when or sent) if has_answer else None)
        if place in batch.bad:
            continue
        if has_answer and not (when or sent):
            name = "answered_at" if "answered_at" in batch.values else "invited_at"
            batch.blame(place, name, CellProblem("missing_value", field=batch.plan.mapping[name]))
        elif not has_answer and not sent:
            batch.blame(place, "score", CellProblem("nothing_told"))
    return invited, answered


class TicketRows:
    """Turns batches of a file of tickets into rows for `interactions.actions.record_tickets`."""

    def __init__(self, finder: CustomerFinder, tally: Tally, zone: str) -> None:
        self.finder, self.tally, self.zone = finder, tally, ZoneInfo(zone)
        self.occurrences = Occurrences()

    def build(self, batch: TypedBatch) -> list[FactRow]:
        """The good rows of a batch. Impossible times go in as they are: the figures list them."""
        opened: list[Any] = batch.column("opened_at")
        blame_missing(batch, "opened_at", opened)
        responded = self._settle(batch, opened, "first_response_at", "first_response_after")
        solved = self._settle(batch, opened, "solved_at", "solved_after")
        closed: list[Any] = batch.column("closed_at")
        told, subjects, numbers = batch.told(), batch.texts_of("subject"), batch.texts_of("ticket")
        heads = [
            number or f"{_name(person)}@{_write(moment)}@{subject}"
            for number, person, moment, subject in zip(numbers, told, opened, subjects, strict=True)
        ]
        keys = count_repeats(batch, heads, numbers, self.occurrences)
        good = batch.list_good()
        customers = self.finder.find(told[place] for place in good)
        texts = {
            name: batch.texts_of(name)
            for name in ("category", "channel", "priority", "status", "agent", "satisfaction")
        }
        reopened, custom = batch.column("reopened"), batch.custom()
        rows: list[FactRow] = [
            (
                keys[n], customers[told[n]], subjects[n][:300], texts["category"][n][:200], texts["channel"][n][:60],
                texts["priority"][n][:40], texts["status"][n][:60], texts["agent"][n][:150], opened[n][1], opened[n][0],
                *_turn(responded[n]), *_turn(solved[n]), *_turn(closed[n]), reopened[n],
                texts["satisfaction"][n][:60], custom[n],
            )
            for n in good
        ]  # fmt: skip
        self.tally.nobodies += sum(customers[told[n]] is None for n in good)
        self.tally.add_facts([row[9] for row in rows])
        return rows

    def _settle(self, batch: TypedBatch, opened: list[Any], at: str, after: str) -> list[Moment | None]:
        """The moment of an event: as told, else so long after the opening."""
        moments: list[Any] = batch.column(at)
        if after not in batch.values:
            return moments
        settled: list[Moment | None] = list(moments)
        for place, (begun, span) in enumerate(zip(opened, batch.column(after), strict=True)):
            if settled[place] is not None or not isinstance(span, int) or not isinstance(begun, tuple):
                continue
            if begun[1] is None:
                batch.blame(place, after, CellProblem("span_without_time", value=batch.texts[after][place]))
            else:
                settled[place] = self._add(begun[1], span)
        return settled

    def _add(self, begun: str, seconds: int) -> Moment:
        at = datetime.fromisoformat(begun).replace(tzinfo=UTC) + timedelta(seconds=seconds)
        return at.astimezone(self.zone).date().isoformat(), f"{at:%Y-%m-%d %H:%M:%S}"


def _turn(moment: Moment | None) -> tuple[str | None, str | None]:
    """A moment as the columns keep it: (moment, day)."""
    return (None, None) if moment is None else (moment[1], moment[0])


def _name(person: Person) -> str:
    return person.key or person.email or person.phone


def _write(moment: Any) -> str:
    return str(moment[1] or moment[0]) if isinstance(moment, tuple) else ""
