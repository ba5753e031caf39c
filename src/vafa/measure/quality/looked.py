"""What a check looks at: the state of the data, and whose customers."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Protocol, TypeVar

import numpy.typing as npt
from pyroaring import BitMap

from vafa.data.business.queries import Business
from vafa.kit.fields import from_fixed
from vafa.measure.quality.types import CheckEntry, Finding, Result
from vafa.warehouse.queries import Query, Snapshot

T = TypeVar("T")


@dataclass(frozen=True)
class Looked:
    """A state of the data as somebody may see it. `visible` None: everybody and the anonymous sales."""

    snapshot: Snapshot
    business: Business
    today: date
    owner_id: int | None = None
    visible: BitMap | None = None

    def ask(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a question; `{mine}` in it becomes the condition on the fact `f` that keeps to whom the
        asker may see."""
        return self.snapshot.run(self._build(sql, params))

    def ask_columns(self, sql: str, params: Sequence[Any] = ()) -> dict[str, npt.NDArray[Any]]:
        """As `ask`, as one array a column."""
        return self.snapshot.run_columns(self._build(sql, params))

    def _build(self, sql: str, params: Sequence[Any]) -> Query:
        mine = "true" if self.visible is None else "f.customer_ix IN (SELECT ix FROM members)"
        return Query(sql.replace("{mine}", mine), tuple(params), self.visible)

    def ask_number(self, sql: str, params: Sequence[Any] = ()) -> int:
        """The one whole number that a question gives."""
        return int(self.ask(sql, params)[0][0] or 0)

    def keep(self, key: Hashable, build: Callable[[], T]) -> T:
        """A value made once for this state of the data and this asker."""
        business = self.business
        settings = (business.currency, business.country, self.today)
        whose = (self.owner_id, None if self.visible is None else self.visible.serialize())
        return self.snapshot.cached(("quality", key, whose, settings), build)

    def count_lines(self) -> int:
        """How many order lines the asker may see."""
        return self.keep("lines", lambda: self.ask_number("SELECT count(*) FROM facts AS f WHERE {mine}"))

    def count_customers(self) -> int:
        """How many customers the asker may see."""
        return self.snapshot.customer_count if self.visible is None else len(self.visible)

    def list_ids(self, numbers: Sequence[int | None]) -> list[int | None]:
        """The customers' ids for their numbers in the warehouse; None stays None."""
        known = [number for number in numbers if number is not None]
        ids = iter(self.snapshot.list_ids(known).tolist() if known else [])
        return [None if number is None else next(ids) for number in numbers]


class Check(Protocol):
    """One thing that is looked for."""

    name: ClassVar[str]
    whole_only: ClassVar[bool]

    def describe(self) -> CheckEntry:
        """What it is, in the active language."""

    def count(self, looked: Looked) -> Result:
        """How much was found, of how much."""

    def list_findings(self, looked: Looked, offset: int, limit: int) -> list[Finding]:
        """The rows behind the count from one place on, always in the same order."""


def read_day(number: int | None) -> date | None:
    """A day from its ordinal; None where there is none."""
    return date.fromordinal(int(number)) if number else None


def read_amount(fixed: int | None) -> Decimal | None:
    """An amount from its ten-thousandths."""
    return None if fixed is None else from_fixed(int(fixed))


def list_in_pieces(check: Check, looked: Looked, size: int = 1000) -> Iterator[Finding]:
    """All rows of a check, read in pieces, so that their number costs no memory."""
    offset = 0
    while piece := check.list_findings(looked, offset, size):
        yield from piece
        offset += size
