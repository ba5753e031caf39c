"""The slow twin's calendar: days are labelled one by one, and a period is a run of days with one label."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

import jdatetime
from hijridate import Gregorian

ONE_DAY = timedelta(days=1)
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
# date.weekday() of the day on which a week begins.
WEEKDAYS = {"mon": 0, "sat": 5, "sun": 6}


@cache
def naive_label(day: date, every: str, calendar: str, week_start: str, first_month: int) -> object:
    """What the days of one period have in common."""
    if every == "day":
        return day
    if every == "week":
        return day - timedelta(days=(day.weekday() - WEEKDAYS[week_start]) % 7)
    if calendar == "gregorian":
        year, month = day.year, day.month
    elif calendar == "jalali":
        jalali = jdatetime.date.fromgregorian(date=day)
        year, month = jalali.year, jalali.month
    else:
        year, month, _day = Gregorian(day.year, day.month, day.day).to_hijri().datetuple()
    return (year * 12 + month - first_month) // MONTHS[every]


def naive_periods(
    start: date, end: date, every: str, calendar: str, week_start: str, first_month: int
) -> list[tuple[date, date]]:
    """The whole periods that overlap [start, end), as (first day, first day after)."""

    def label(day: date) -> object:
        return naive_label(day, every, calendar, week_start, first_month)

    def runs() -> Iterator[tuple[date, date]]:
        day = start
        while label(day - ONE_DAY) == label(start):
            day -= ONE_DAY
        while day < end:
            after = day + ONE_DAY
            while label(after) == label(day):
                after += ONE_DAY
            yield day, after
            day = after

    return list(runs())
