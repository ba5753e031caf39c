"""What comes again and again: every so many days, weeks, months or years of a calendar, from a first day on.

Months and years keep the day of the month on which they began. In a month that has no such day (31; 30 Esfand of a
common year; 29 February) it is the last day of that month, and the month after it is on its own day again: the first
day is always counted from, so that a series from the 31st doesn't end up on the 28th.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from vafa.lab.calendars import (
    MONTHS_A_YEAR,
    CalendarName,
    get_month_index,
    get_month_length,
    get_month_start,
    split_date,
)
from vafa.lab.errors import RepeatOutOfBounds

RepeatUnit = Literal["day", "week", "month", "year"]
REPEAT_UNITS: tuple[RepeatUnit, ...] = get_args(RepeatUnit)
MOST_EVERY = 999
_WEEK = 7


@dataclass(frozen=True)
class Repeat:
    """Every so many days, weeks, months or years. Raises RepeatOutOfBounds for less than 1 or more than 999."""

    unit: RepeatUnit
    every: int

    def __post_init__(self) -> None:
        if not 1 <= self.every <= MOST_EVERY:
            raise RepeatOutOfBounds(every=self.every)


def find_next_day(first: date, repeat: Repeat, calendar: CalendarName, after: date) -> date:
    """The first day of the series that is later than `after`; the first of all where that is later.

    Raises CalendarRangeExceeded where the calendar isn't known so far.
    """
    if after < first:
        return first
    if repeat.unit in ("day", "week"):
        step = repeat.every * (_WEEK if repeat.unit == "week" else 1)
        return first + timedelta(days=((after - first).days // step + 1) * step)
    step = repeat.every * (MONTHS_A_YEAR if repeat.unit == "year" else 1)
    begun = get_month_index(first.toordinal(), calendar)
    # The month that holds `after` may still have its day to come, so begin with the last step up to it.
    steps = (get_month_index(after.toordinal(), calendar) - begun) // step
    own_day = split_date(first, calendar).day
    found = _find_in_month(begun + steps * step, own_day, calendar)
    return found if found > after else _find_in_month(begun + (steps + 1) * step, own_day, calendar)


def _find_in_month(index: int, own_day: int, calendar: CalendarName) -> date:
    length = get_month_length(index // MONTHS_A_YEAR, index % MONTHS_A_YEAR + 1, calendar)
    return date.fromordinal(get_month_start(index, calendar) + min(own_day, length) - 1)


def naive_next_day(first: date, repeat: Repeat, calendar: CalendarName, after: date) -> date:
    """The slow twin: day by day from the first one, by what each day is called."""
    if after < first:
        return first
    told = split_date(first, calendar)
    day = after + timedelta(days=1)
    while not _is_due(day, first, repeat, calendar, told.year * MONTHS_A_YEAR + told.month, told.day):
        day += timedelta(days=1)
    return day


def _is_due(day: date, first: date, repeat: Repeat, calendar: CalendarName, begun: int, own_day: int) -> bool:
    passed = (day - first).days
    if repeat.unit == "day":
        return passed % repeat.every == 0
    if repeat.unit == "week":
        return passed % _WEEK == 0 and passed // _WEEK % repeat.every == 0
    told = split_date(day, calendar)
    months = told.year * MONTHS_A_YEAR + told.month - begun
    if months % (repeat.every * (MONTHS_A_YEAR if repeat.unit == "year" else 1)):
        return False
    is_last = split_date(day + timedelta(days=1), calendar).day == 1
    return told.day == own_day or (told.day < own_day and is_last)
