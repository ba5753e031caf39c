"""Rows of the files whose rows must belong to a customer: interactions, and customers themselves."""

from datetime import datetime
from itertools import repeat

from vafa.data.consent.actions import record_told
from vafa.data.consent.queries import Barred
from vafa.data.customers.actions import CustomerFinder, record_customers
from vafa.data.customers.types import CustomerTold, Told
from vafa.data.intake.barring import blame_erased
from vafa.data.intake.occurrences import Occurrences
from vafa.data.intake.order_rows import blame_missing
from vafa.data.intake.own_fields import OwnFields
from vafa.data.intake.parsing import CellProblem
from vafa.data.intake.permission import Permission
from vafa.data.intake.reading.values import parse_integer
from vafa.data.intake.tally import Tally
from vafa.data.intake.typed_rows import TypedBatch
from vafa.data.log.recording import FactRow
from vafa.data.log.types import Recorded

# A key has room for its head and the count behind it.
LONGEST_HEAD = 280


class InteractionRows:
    """Turns batches of an interactions file into rows for `interactions.actions.record_interactions`."""

    def __init__(self, finder: CustomerFinder, tally: Tally) -> None:
        self.finder, self.tally = finder, tally
        self.occurrences = Occurrences()

    def build(self, batch: TypedBatch) -> list[FactRow]:
        """The good rows of a batch."""
        moments = batch.column("at")
        blame_missing(batch, "at", moments)
        told = batch.told()
        blame_nobody(batch, told)
        kinds = [kind or "contact" for kind in batch.texts_of("kind")]
        numbers = batch.texts_of("interaction")
        heads = [
            number
            or f"{person.key or person.email or person.phone}@{moment and (moment[1] or moment[0])}@{kind}"
            for number, person, moment, kind in zip(numbers, told, moments, kinds, strict=True)
        ]
        keys = count_repeats(batch, heads, numbers, self.occurrences)
        good = batch.list_good()
        customers = self.finder.find(told[place] for place in good)
        subjects, texts = batch.texts_of("subject"), batch.texts_of("text")
        staff, outcomes, custom = batch.texts_of("staff"), batch.texts_of("outcome"), batch.custom()
        minutes = [_minutes(text) for text in batch.texts_of("duration")]
        rows = [
            (
                keys[n], customers[told[n]], kinds[n], moments[n][1], moments[n][0], subjects[n][:300], texts[n],
                staff[n][:150], outcomes[n][:200], minutes[n], custom[n],
            )
            for n in good
        ]  # fmt: skip
        self.tally.add_facts([row[4] for row in rows])
        return rows


class CustomerRows:
    """Records batches of a customers file, with the permission that it brings."""

    def __init__(self, finder: CustomerFinder, tally: Tally, permission: Permission, barred: Barred) -> None:
        self.finder, self.tally, self.permission, self.barred = finder, tally, permission, barred
        self.occurrences, self.own_fields = Occurrences(), OwnFields()
        # Whose the rows of the last batch were.
        self.last_ids: list[int | None] = []

    def record(self, batch: TypedBatch, now: datetime) -> Recorded:
        """Record the good rows of a batch, in a transaction.

        A row that tells nothing but a name is a customer of its own, known in this source by that name and by which
        row of that name it is: never taken for somebody else of the same name.
        """
        told = batch.told()
        heads = [f"name:{person.name}" for person in told]
        for place, person in enumerate(told):
            if person.is_anonymous and person.name:
                told[place] = person._replace(
                    key=f"{heads[place][:190]}#{self.occurrences.next(heads[place])}"
                )
            elif person.is_anonymous:
                batch.blame(place, "customer", CellProblem("no_customer"))
        blame_erased(batch, told, self.barred, self.finder.source_id)
        customs = self.own_fields.read(batch, batch.custom_values())
        good = batch.list_good()
        joined = batch.column("joined_at")
        columns = {name: batch.texts_of(name) for name in ("title", "company", "location")}
        tags = batch.texts_of("tags")
        rows = [
            CustomerTold(
                told=told[n],
                title=columns["title"][n] or None,
                company=columns["company"][n][:300] or None,
                location=columns["location"][n] or None,
                joined_on=joined[n],
                tags=tuple(
                    part.strip()
                    for part in tags[n].replace("؛", ";").replace("،", ",").replace(";", ",").split(",")
                )
                if tags[n]
                else None,
                custom=customs[n],
            )
            for n in good
        ]
        recorded, ids, unchanged = record_customers(rows, self.finder)
        self.last_ids = ids
        words = self.permission.list_words(batch, good, ids)
        news = record_told(words, self.permission.proof, import_id=self.finder.import_id, now=now)
        changed = len(unchanged & news)
        recorded.changed += changed
        recorded.same -= changed
        return recorded


def count_repeats(
    batch: TypedBatch, heads: list[str], numbers: list[str], occurrences: Occurrences
) -> list[str]:
    """Keys of rows: their own number, or else what they tell; and which row of that number, or telling just that,
    they are. A number's first row has the bare number as its key. A mended row brings its count with it.

    A row with a number that repeats an earlier one cell for cell is the same fact told twice (exports that overlap):
    it is noted in `batch.repeated`. Without a number two equal rows are two facts."""
    keys = []
    brought = batch.brought_occurrences() or [0] * len(heads)
    prints = map(hash, zip(*batch.all_columns, strict=True)) if any(numbers) else repeat(0)
    for place, (head, number, said, told) in enumerate(zip(heads, numbers, brought, prints, strict=False)):
        if number and not said and occurrences.next(f"{head}\x1f{told}") > 1:
            batch.repeated.add(place)
            batch.occurrences.append(1)
            keys.append(head)
            continue
        count = occurrences.note(head, said) if said else occurrences.next(head)
        batch.occurrences.append(count)
        keys.append(head if number and count == 1 else f"{head[:LONGEST_HEAD]}#{count}")
    return keys


def blame_nobody(batch: TypedBatch, told: list[Told]) -> None:
    """Mark the rows that don't tell whose they are."""
    for place, person in enumerate(told):
        if person.is_anonymous:
            batch.blame(place, "customer", CellProblem("no_customer"))


def _minutes(text: str) -> int | None:
    """A length in minutes, from 12 or 00:12:30; None where it is something else."""
    parts = text.split(":")
    try:
        if len(parts) == 3:
            return int(parts[0]) * 60 + int(parts[1]) + (int(parts[2]) >= 30)
        return parse_integer(text) if text else None
    except ValueError:
        return None
