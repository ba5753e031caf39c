"""What a definition is evaluated against: one state of the data, one boundary, one rule."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

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
