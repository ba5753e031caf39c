"""Early churn: of those who came in a period, who has left within the first n periods of their own.

Each newcomer's clock begins with the first spell. Those whose n periods aren't over yet at the end of data
tell nothing yet and stay out, in the numerator and in the denominator alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vafa.lab.calendars import CalendarName, get_month_index, get_month_start
from vafa.lab.rates import Rate, build_proportion
from vafa.lab.tenure import add_months


@dataclass(frozen=True)
class Span:
    """A length of time: whole months of a calendar, or days."""

    months: int = 0
    days: int = 0

    def times(self, count: int) -> "Span":
        """So many of it."""
        return Span(self.months * count, self.days * count)

    @property
    def most_days(self) -> int:
        """No such span has more days."""
        return self.months * 31 + self.days


@dataclass(frozen=True)
class EarlyChurn:
    """Newcomers, those of them whose first periods are over, and those of these who left within them.

    What is counted of customers apart adds up.
    """

    newcomers: int = 0
    mature: int = 0
    left: int = 0

    def __add__(self, other: "EarlyChurn") -> "EarlyChurn":
        return EarlyChurn(
            self.newcomers + other.newcomers, self.mature + other.mature, self.left + other.left
        )

    @property
    def rate(self) -> Rate | None:
        """The share of the mature ones who left; None where there are none."""
        return build_proportion(self.left, self.mature)


def measure_span(start: int, end: int, calendar: CalendarName) -> Span:
    """How long the period [start, end) is: months where it is made of whole months of the calendar, else days.

    Raises CalendarRangeExceeded outside the calendar's known years.
    """
    first, after = get_month_index(start, calendar), get_month_index(end, calendar)
    whole = get_month_start(first, calendar) == start and get_month_start(after, calendar) == end
    return Span(months=after - first) if whole else Span(days=end - start)


def add_span(starts: npt.ArrayLike, span: Span, calendar: CalendarName) -> npt.NDArray[np.int64]:
    """The day on which the span is over, for each start."""
    begun = np.asarray(starts, dtype=np.int64)
    return add_months(begun, span.months, calendar) + span.days if span.months else begun + span.days


def build_early_churn(
    starts: npt.ArrayLike, ends: npt.ArrayLike, span: Span, calendar: CalendarName, data_until: int
) -> EarlyChurn:
    """From the first spells (start, end) of the newcomers of a period, and the first day that isn't known.

    Whoever's spell ends on the day on which the span is over, or before, has left within it.
    """
    due = add_span(starts, span, calendar)
    mature = due <= data_until
    left = mature & (np.asarray(ends, dtype=np.int64) <= due)
    return EarlyChurn(len(due), int(mature.sum()), int(left.sum()))


def naive_early_churn(
    spells: Iterable[tuple[int, int]], due: Iterable[int], data_until: int
) -> tuple[int, int, int]:
    """The slow twin, given each newcomer's last day: who is still there at every boundary up to it?

    Gives newcomers, mature ones and those who left.
    """
    newcomers = mature = left = 0
    for (start, end), last in zip(spells, due, strict=True):
        newcomers += 1
        if last > data_until:
            continue
        mature += 1
        left += not all(start < boundary < end for boundary in range(start + 1, last + 1))
    return newcomers, mature, left
