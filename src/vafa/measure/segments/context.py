"""What a definition is evaluated against: one state of the data, one boundary, one rule."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar, cast

from pyroaring import BitMap

from vafa.lab.calendars import CalendarName
from vafa.lab.periods import WeekStart
from vafa.lab.rules import ActivityRule
from vafa.measure.segments.money import Rates
from vafa.measure.segments.rules import resolve_span
from vafa.measure.segments.types import Cutting, Span
from vafa.warehouse.queries import Snapshot

if TYPE_CHECKING:
    from vafa.data.business.models import Business

T = TypeVar("T")

FindSegment = Callable[[str, date], BitMap]
"""The members of another segment, by its slug, as of a day."""


@dataclass(frozen=True)
class Context:
    """One evaluation. `rule` has its days settled."""

    snapshot: Snapshot
    business: "Business"
    as_of: date
    rule: ActivityRule
    find_segment: FindSegment
    rates: Rates

    @property
    def boundary(self) -> int:
        """The boundary as an ordinal."""
        return self.as_of.toordinal()

    @property
    def cutting(self) -> Cutting:
        """How the business cuts time."""
        return get_cutting(self.business)

    def resolve(self, span: Span) -> tuple[int, int]:
        """The days [first, end) that a span means here."""
        return resolve_span(span, self.as_of, self.cutting)


def get_cutting(business: "Business") -> Cutting:
    """How this business cuts time."""
    return Cutting(
        cast("CalendarName", business.calendar),
        cast("WeekStart", business.week_start),
        business.fiscal_first_month,
    )


# Of more customers than this share, their arrays are made of all, and kept for the next who asks.
FEW_SHARE = 0.2


def choose_among(context: Context, key: Hashable, among: BitMap | None) -> BitMap | None:
    """The customers that an array under this key is made of: only those asked about, where these are few and the
    array of all (None) isn't there already."""
    if among is None or context.snapshot.has_cached(key):
        return None
    return among if len(among) < FEW_SHARE * len(context.snapshot.everyone()) else None


def keep(context: Context, key: Hashable, among: BitMap | None, build: Callable[[BitMap | None], T]) -> T:
    """An array of all customers, kept; or of a few, made for this once."""
    few = choose_among(context, key, among)
    return context.snapshot.cached(key, lambda: build(None)) if few is None else build(few)
