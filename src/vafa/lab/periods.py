"""Periods of time, half-open: [start, end).

A period is a day, a week, a month, quarter, half or year of a calendar, a number of days, or an interval that
the business names itself. A quarter is three months, so Jalali quarters are the seasons.
"""

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal, get_args

from vafa.lab.calendars import CalendarName, get_month_index, get_month_start, list_month_starts
from vafa.lab.errors import CalendarRangeExceeded, PeriodEmpty, PeriodLengthUnknown

Every = Literal["day", "week", "month", "quarter", "half", "year"]
WeekStart = Literal["sat", "sun", "mon"]
EVERY: tuple[Every, ...] = get_args(Every)
WEEK_STARTS: tuple[WeekStart, ...] = get_args(WeekStart)

_MONTHS: dict[Every, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
# Ordinal 1 (1 January of year 1) is a Monday, so a week from Monday begins where (ordinal - 1) % 7 == 0.
_WEEK_OFFSETS: dict[WeekStart, int] = {"mon": 1, "sun": 0, "sat": 6}
_MOST_DAYS = 36_525
_LENGTH_IN_DAYS = re.compile(r"([0-9]{1,6})d")


@dataclass(frozen=True, order=True)
class Period:
    """The days from `start` up to, not including, `end`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise PeriodEmpty(start=self.start.isoformat(), end=self.end.isoformat())

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.end - self.start).days

    def holds(self, day: date) -> bool:
        """Whether the day is in the period."""
        return self.start <= day < self.end


@dataclass(frozen=True)
class NamedPeriod:
    """A period that the business names itself, such as a club's season or a school's term."""

    name: str
    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise PeriodEmpty(start=self.start.isoformat(), end=self.end.isoformat())

    @property
    def period(self) -> Period:
        """The bare period."""
        return Period(self.start, self.end)


def parse_every(text: str) -> Every | int:
    """The length that "month" or "30d" names; a number of days is an int.

    Raises PeriodLengthUnknown for anything else, and for 0 days or more than a century.
    """
    for every in EVERY:
        if text == every:
            return every
    found = _LENGTH_IN_DAYS.fullmatch(text)
    if found is None or not 1 <= int(found[1]) <= _MOST_DAYS:
        raise PeriodLengthUnknown(text=text)
    return int(found[1])


def _build(start: int, end: int) -> Period:
    """A period from ordinals; the year 10000 has no dates."""
    try:
        return Period(date.fromordinal(start), date.fromordinal(end))
    except (ValueError, OverflowError) as error:
        if isinstance(error, PeriodEmpty):
            raise
        raise CalendarRangeExceeded(calendar="gregorian") from error


def _find_month_block(day: int, months: int, calendar: CalendarName, first_month: int) -> int:
    """The index of the first month of the block of months that holds the day."""
    offset = first_month - 1
    return (get_month_index(day, calendar) - offset) // months * months + offset


def build_period(
    day: date,
    every: Every,
    calendar: CalendarName = "gregorian",
    week_start: WeekStart = "mon",
    first_month: int = 1,
) -> Period:
    """The period of that length that holds the day.

    `first_month` (1..12) is the month with which the business's year begins; it moves quarters, halves
    and years. Raises CalendarRangeExceeded where the calendar isn't known.
    """
    ordinal = day.toordinal()
    if every == "day":
        return _build(ordinal, ordinal + 1)
    if every == "week":
        start = ordinal - (ordinal - _WEEK_OFFSETS[week_start]) % 7
        return _build(start, start + 7)
    months = _MONTHS[every]
    index = _find_month_block(ordinal, months, calendar, first_month)
    return _build(get_month_start(index, calendar), get_month_start(index + months, calendar))


def shift_period(
    period: Period,
    count: int,
    every: Every | int,
    calendar: CalendarName = "gregorian",
    week_start: WeekStart = "mon",
    first_month: int = 1,
) -> Period:
    """The period `count` steps later (earlier if negative) on the same grid.

    With a number of days for `every` the period itself moves by so many days a step.
    """
    if isinstance(every, int):
        return _build(period.start.toordinal() + count * every, period.end.toordinal() + count * every)
    start = build_period(period.start, every, calendar, week_start, first_month).start.toordinal()
    if every in ("day", "week"):
        length = 1 if every == "day" else 7
        return _build(start + count * length, start + (count + 1) * length)
    months = _MONTHS[every]
    index = get_month_index(start, calendar) + count * months
    return _build(get_month_start(index, calendar), get_month_start(index + months, calendar))


def list_periods(
    start: date,
    end: date,
    every: Every | int,
    calendar: CalendarName = "gregorian",
    week_start: WeekStart = "mon",
    first_month: int = 1,
) -> list[Period]:
    """All whole periods that overlap [start, end), in order and without gaps; none if end <= start.

    Calendar periods may begin before `start`; periods of a number of days are counted from `start`.
    The last may end after `end`.
    """
    if end <= start:
        return []
    if isinstance(every, int):
        days = range(start.toordinal(), end.toordinal(), every)
        return [_build(day, day + every) for day in days]
    first = build_period(start, every, calendar, week_start, first_month)
    if every in _MONTHS:
        return [first, *_list_month_blocks(first.end, end, _MONTHS[every], calendar)]
    periods = [first]
    while periods[-1].end < end:
        periods.append(shift_period(periods[-1], 1, every, calendar, week_start, first_month))
    return periods


def _list_month_blocks(start: date, end: date, months: int, calendar: CalendarName) -> list[Period]:
    """The blocks of so many months that follow each other from `start`, the first day of one, until `end` is in."""
    if end <= start:
        return []
    index = get_month_index(start.toordinal(), calendar)
    last = get_month_index(end.toordinal() - 1, calendar)
    blocks = range(index, last + 1, months)
    starts = list_month_starts([*blocks, blocks[-1] + months], calendar).tolist()
    return [_build(first, after) for first, after in pairwise(starts)]


def find_last_complete_period(
    data_until: date,
    every: Every | int,
    calendar: CalendarName = "gregorian",
    week_start: WeekStart = "mon",
    first_month: int = 1,
) -> Period:
    """The last period that is over at `data_until` (the first day that isn't known any more)."""
    if isinstance(every, int):
        return _build(data_until.toordinal() - every, data_until.toordinal())
    # The period that holds data_until isn't over, even if it begins just then: the one before it is.
    holding = build_period(data_until, every, calendar, week_start, first_month)
    return shift_period(holding, -1, every, calendar, week_start, first_month)
