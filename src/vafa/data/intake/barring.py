"""Refusing the rows of people who were erased."""

from vafa.data.consent.queries import Barred
from vafa.data.customers.types import Told
from vafa.data.intake.parsing import CellProblem
from vafa.data.intake.typed_rows import ERASED_PERSON, TypedBatch


def blame_erased(batch: TypedBatch, told: list[Told], barred: Barred, source_id: int) -> None:
    """Mark the rows of people who were erased, so that they don't come back."""
    erased = barred.find(told, source_id) if barred else set()
    for place, person in enumerate(told) if erased else ():
        if person in erased:
            # Whatever else is wrong with the row, only this may be told of it.
            batch.bad[place] = ("customer", CellProblem(ERASED_PERSON))
