"""Days that come back every year: birthdays, and days of joining, in the calendar that somebody keeps.

A day that a year lacks (29 February, 30 Esfand, the 30th of a short lunar month) is kept on the last day of its month;
a birthday in a Chinese leap month in the ordinary month of the same number, as most families do, unless the year has
that leap month too: then still in the ordinary one, which comes first.
"""

from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple, get_args

from vafa.lab.calendars import CalendarName, build_date, get_month_length, split_date
from vafa.lab.chinese import build_chinese_date, get_chinese_month_length, split_chinese
from vafa.lab.errors import CalendarDateInvalid, CalendarRangeExceeded

YearCalendar = Literal["gregorian", "jalali", "hijri", "chinese"]
YEAR_CALENDARS: tuple[YearCalendar, ...] = get_args(YearCalendar)
MOST_YEARS = 130
_LONGEST_MONTH = 31


class Anniversary(NamedTuple):
    """The day on which it is kept, and how many years have passed then, in the years of its calendar."""

    day: date
    years: int


class _Kept(NamedTuple):
    year: int
    month: int
    day: int


def _split(day: date, calendar: YearCalendar) -> _Kept:
    if calendar == "chinese":
        told = split_chinese(day)
        return _Kept(told.year, told.month, told.day)
    return _Kept(*split_date(day, calendar))


def _get_length(year: int, month: int, calendar: YearCalendar) -> int:
    if calendar == "chinese":
        return get_chinese_month_length(year, month) or 0
    return get_month_length(year, month, calendar)


def _build(year: int, month: int, day: int, calendar: YearCalendar) -> date:
    if calendar == "chinese":
        return build_chinese_date(year, month, day)
    return build_date(year, month, day, calendar)


def find_next_anniversary(first: date, calendar: YearCalendar, on: date) -> Anniversary | None:
    """When a day comes back for the first time on or after `on`; None where the calendar isn't known so far, or the
    day itself is still to come. The day itself is no anniversary."""
    try:
        told = _split(first, calendar)
        year = max(_split(on, calendar).year, told.year + 1)
        while True:
            day = min(told.day, _get_length(year, told.month, calendar))
            kept = _build(year, told.month, day, calendar)
            if kept >= on:
                return Anniversary(kept, year - told.year) if first <= on else None
            year += 1
    except CalendarRangeExceeded:
        return None


@lru_cache(maxsize=64)
def list_first_days(start: date, end: date, calendar: YearCalendar) -> frozenset[date]:
    """Every day of the last 130 years that comes back in [start, end): so that they can be looked up where they are
    kept, instead of looking at everybody."""
    found: set[date] = set()
    for ahead in range((end - start).days):
        found |= _list_kept_on(start + timedelta(days=ahead), calendar)
    return frozenset(found)


def _list_kept_on(day: date, calendar: YearCalendar) -> set[date]:
    try:
        told = _split(day, calendar)
    except CalendarRangeExceeded:
        return set()
    if calendar == "chinese" and split_chinese(day).is_leap:
        return set()
    is_last = told.day == _get_length(told.year, told.month, calendar)
    days = range(told.day, _LONGEST_MONTH + 1) if is_last else (told.day,)
    found: set[date] = set()
    for year in range(told.year - MOST_YEARS, told.year):
        for own in days:
            found |= _list_days_called(year, told.month, own, calendar)
    return found


def _list_days_called(year: int, month: int, day: int, calendar: YearCalendar) -> set[date]:
    found = set()
    with suppress(CalendarDateInvalid, CalendarRangeExceeded):  # no such day that year, or before the table
        found.add(_build(year, month, day, calendar))
    if calendar == "chinese":
        with suppress(CalendarDateInvalid, CalendarRangeExceeded):  # most years have no such leap month
            found.add(build_chinese_date(year, month, day, is_leap=True))
    return found


def is_calendar_known(name: str) -> bool:
    """Whether a text names a calendar in which days can come back."""
    return name in YEAR_CALENDARS


def naive_comes_back_in(first: date, calendar: CalendarName, start: date, end: date) -> bool:
    """The slow twin of `list_first_days`, for calendars whose months all have one number: day by day."""
    told = split_date(first, calendar)
    day = start
    while day < end:
        here = split_date(day, calendar)
        is_last = split_date(day + timedelta(days=1), calendar).day == 1
        same = here.month == told.month and (here.day == told.day or (is_last and here.day < told.day))
        if same and 0 < here.year - told.year <= MOST_YEARS:
            return True
        day += timedelta(days=1)
    return False


def find_year(day: date, calendar: YearCalendar) -> int:
    """The year of a calendar in which a day lies: an anniversary is kept once in each. Raises CalendarRangeExceeded."""
    return _split(day, calendar).year
