"""Occasions: dated days that move business (Nowruz, Ramadan, Ashura, Spring Festival).

Lunar dates are announced and differ between countries, so an occasion is dated data; only those fixed in a
calendar can be worked out here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from vafa.lab.calendars import CalendarName, build_date
from vafa.lab.errors import PeriodEmpty
from vafa.lab.periods import Period


@dataclass(frozen=True)
class Occasion:
    """One occurrence, [start, end). On a solemn one no cheerful or sales message goes out.

    `calendar` is the one that fixes its date, or None where it is announced or follows another one.
    """

    key: str
    start: date
    end: date
    solemn: bool = False
    calendar: CalendarName | None = None

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise PeriodEmpty(start=self.start.isoformat(), end=self.end.isoformat())

    def holds(self, day: date) -> bool:
        """Whether the day is one of the occasion's."""
        return self.start <= day < self.end


def build_yearly_occasion(
    key: str,
    years: Iterable[int],
    month: int,
    day: int,
    calendar: CalendarName,
    days: int = 1,
    solemn: bool = False,
) -> list[Occasion]:
    """An occasion fixed in a calendar, in each of these years of that calendar.

    Raises CalendarDateInvalid or CalendarRangeExceeded if it has no such day in one of the years.
    """
    starts = [build_date(year, month, day, calendar) for year in years]
    return [Occasion(key, start, start + timedelta(days=days), solemn, calendar) for start in starts]


def list_occasions_on(occasions: Iterable[Occasion], day: date) -> list[Occasion]:
    """The occasions of a day, in the order given."""
    return [occasion for occasion in occasions if occasion.holds(day)]


def list_occasions_in(occasions: Iterable[Occasion], period: Period) -> list[Occasion]:
    """The occasions that share a day with the period, in the order given."""
    return [occasion for occasion in occasions if occasion.start < period.end and period.start < occasion.end]


def is_solemn(occasions: Iterable[Occasion], day: date) -> bool:
    """Whether any occasion of the day is solemn."""
    return any(occasion.solemn for occasion in list_occasions_on(occasions, day))


def find_previous_occurrence(occasions: Sequence[Occasion], occasion: Occasion) -> Occasion | None:
    """The last earlier occurrence of the same occasion, with which to compare it; None if none is known."""
    earlier = [other for other in occasions if other.key == occasion.key and other.start < occasion.start]
    return max(earlier, key=lambda other: other.start, default=None)
