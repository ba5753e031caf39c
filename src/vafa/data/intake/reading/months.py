"""Whole months as people and statistical offices write them -> the month's days, in three calendars. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date

from vafa.lab.calendars import CalendarName, build_date, get_month_index, get_month_start
from vafa.lab.errors import CalendarDateInvalid, CalendarRangeExceeded

from .dateparts import MONTHS, fold_date
from .moments import OTHER_CALENDAR_YEARS, DateOrder, build_date_parser
from .problems import ValueProblem

Month = tuple[date, date]
"""The first day of a month, and the first day after it."""

_YEAR_FIRST = re.compile(r"(\d{4})(?:\s*[-/.,،年m\s]\s*|\s*-\s*m)(\d{1,2})\s*月?")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[-/.,،\s]\s*(\d{4})")
_COMPACT = re.compile(r"(\d{4})(\d{2})")
_YEAR = re.compile(r"\d{4}")
_WORD_MONTH = re.compile(r"ماه(?![^\W\d_])")
_NAME = re.compile(
    r"(?<![^\W\d_])(" + "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True)) + r")(?![^\W\d_])"
)
# The Jalali year 1403 is 2024; the Hijri year of that number is 1983.
_JALALI_BEHIND = 621
_GREGORIAN_YEARS = range(1900, 2200)


def decide_month_order(samples: Iterable[str], own: CalendarName, today: date) -> DateOrder:
    """The calendar of a column's years that are no Gregorian ones: the business's own where it has such a one, else
    Jalali where those years have begun, else Hijri. "iso" where all are Gregorian."""
    years = [int(year) for text in samples for year in _YEAR.findall(fold_date(text)) if _is_other(int(year))]
    if not years:
        return "iso"
    if own == "jalali" or own == "hijri":
        return own
    return "jalali" if max(years) <= today.year - _JALALI_BEHIND + 1 else "hijri"


def parse_month(text: str, order: DateOrder) -> Month:
    """The month that is written: 1403/01, 2024-03, 03/2024, 202403, 2024M03, فروردین ۱۴۰۳, or any day of it.

    `order` names the calendar of years that are no Gregorian ones. Raises ValueProblem `not_a_month` or
    `date_calendar`.
    """
    # "Month of Tir" is written in one word as often as in two.
    folded = _WORD_MONTH.sub(" ", fold_date(text)).strip()
    for pattern, year_at, month_at in ((_YEAR_FIRST, 1, 2), (_YEAR_LAST, 2, 1), (_COMPACT, 1, 2)):
        match = pattern.fullmatch(folded)
        if match is not None:
            year = int(match[year_at])
            return _build(_choose_calendar(year, order, text), year, int(match[month_at]), text)
    named = _NAME.search(folded)
    rest = _YEAR.findall(folded)
    if named is not None and len(rest) == 1 and not _has_day(folded, named):
        calendar, month = MONTHS[named[1]]
        return _build(calendar, int(rest[0]), month, text)
    return _build_around(text, folded, order)


def _has_day(folded: str, named: re.Match[str]) -> bool:
    beside = folded[: named.start()] + " " + folded[named.end() :]
    return len(re.findall(r"\d+", beside)) > 1


def _is_other(year: int) -> bool:
    return year in OTHER_CALENDAR_YEARS


def _choose_calendar(year: int, order: DateOrder, text: str) -> CalendarName:
    if year in _GREGORIAN_YEARS:
        return "gregorian"
    if not _is_other(year):
        raise ValueProblem("not_a_month", value=text)
    if order == "jalali" or order == "hijri":
        return order
    raise ValueProblem("date_calendar", value=text)


def _build(calendar: CalendarName, year: int, month: int, text: str) -> Month:
    try:
        start = build_date(year, month, 1, calendar)
        return start, _find_end(start, calendar)
    except (CalendarDateInvalid, CalendarRangeExceeded, ValueError, OverflowError) as error:
        raise ValueProblem("not_a_month", value=text) from error


def _build_around(text: str, folded: str, order: DateOrder) -> Month:
    """The month that holds a written day, in the calendar in which the day is written."""
    years = [int(year) for year in _YEAR.findall(folded)]
    calendar = _choose_calendar(years[0], order, text) if len(years) == 1 else "gregorian"
    try:
        day, _at = build_date_parser(order, UTC)(text)
    except ValueProblem as problem:
        raise ValueProblem("not_a_month", value=text) from problem
    index = get_month_index(day.toordinal(), calendar)
    start = date.fromordinal(get_month_start(index, calendar))
    return start, _find_end(start, calendar)


def _find_end(start: date, calendar: CalendarName) -> date:
    return date.fromordinal(get_month_start(get_month_index(start.toordinal(), calendar) + 1, calendar))
