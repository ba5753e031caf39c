"""Dates and moments as people write them -> days and UTC moments, in three calendars. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Literal

import jdatetime
from hijridate import Hijri

from .dateparts import Calendar, Clock, fold_date, split_date
from .problems import ValueProblem

DateOrder = Literal["iso", "dmy", "mdy", "ymd", "jalali", "hijri"]
DateValue = tuple[date, datetime | None]
DateParser = Callable[[str], DateValue]

_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[t ]?(\d{2})(\d{2})(\d{2}))?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{13}|\d{16}")
_ISO = re.compile(
    r"(?:1[89]|20|21)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)?)?", re.ASCII
)
_EXCEL_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 (a local day; its zone is put on when it is settled)
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
OTHER_CALENDAR_YEARS = range(1250, 1500)
# Two-digit Gregorian years: 70..99 are 1970..1999, as in POSIX;
# two-digit Jalali years: 30..99 are 13xx, 00..29 are 14xx.
_PIVOT = {"gregorian": (70, 1900, 2000), "jalali": (30, 1300, 1400), "hijri": (60, 1300, 1400)}


def build_date_parser(order: DateOrder, zone: tzinfo) -> DateParser:
    """A parser of one column's texts: -> (business-local day, aware UTC moment or None where no time is written).

    A text with an offset or Z is put on the day it has in `zone`; one without is a time of `zone` (skipped by a
    clock change: as if the change had not come; doubled: the earlier one). ISO dates, months by name, Excel serials
    and epoch seconds are read under every order. The parser raises ValueProblem `not_a_date`, `no_such_day`,
    `date_order`, `date_calendar` or `date_range`.
    """

    def parse(text: str) -> DateValue:
        if _ISO.fullmatch(text):
            return _parse_iso(text, zone)
        return _parse_any(text, order, zone)

    return parse


def _parse_iso(text: str, zone: tzinfo) -> DateValue:
    try:
        if len(text) == 10:
            return _in_range(date.fromisoformat(text), text), None
        return _settle(datetime.fromisoformat(text), zone, text)
    except ValueError as error:
        # Either there is no such day, or the day stands and its time is at fault: 24:00 is good, 25:00 is not.
        _build_day("gregorian", int(text[:4]), int(text[5:7]), int(text[8:10]), text)
        folded = _parse_any(text, "iso", zone)
        if folded[1] is None:
            raise ValueProblem("not_a_date", value=text) from error
        return folded


def _settle(moment: datetime, zone: tzinfo, text: str) -> DateValue:
    if moment.tzinfo is None:
        _in_range(moment.date(), text)
        return moment.date(), moment.replace(tzinfo=zone).astimezone(UTC)
    at = moment.astimezone(UTC)
    return _in_range(at.astimezone(zone).date(), text), at


def _in_range(day: date, text: str) -> date:
    if not EARLIEST <= day <= LATEST:
        raise ValueProblem("date_range", value=text)
    return day


def _parse_any(text: str, order: DateOrder, zone: tzinfo) -> DateValue:
    folded = fold_date(text)
    if folded.replace(".", "", 1).isdigit():
        return _parse_digits(folded, text, order, zone)
    parts = split_date(folded)
    if parts is None:
        raise ValueProblem("not_a_date", value=text)
    if parts.named is not None:
        calendar, month, (first, second) = parts.named
        year, day = (first, second) if len(first) > 2 else (second, first)
        return _join(
            _build_day(calendar, _full_year(year, calendar), month, int(day), text), parts.clock, zone, text
        )
    assert parts.numbers is not None
    return _join(_order_day(parts.numbers, order, text), parts.clock, zone, text)


def _join(day: date, clock: Clock | None, zone: tzinfo, text: str) -> DateValue:
    _in_range(day, text)
    if clock is None:
        return day, None
    moment = datetime.combine(day, clock.at, tzinfo=clock.zone) + timedelta(days=clock.days)
    return _settle(moment, zone, text)


def _parse_digits(digits: str, text: str, order: DateOrder, zone: tzinfo) -> DateValue:
    compact = _COMPACT.fullmatch(digits)
    if compact is not None and (1900 <= int(compact[1]) <= 2199 or int(compact[1]) in OTHER_CALENDAR_YEARS):
        day = _order_day((compact[1], compact[2], compact[3]), order, text)
        if compact[4] is None:
            return day, None
        try:
            at = time(int(compact[4]), int(compact[5]), int(compact[6]))
        except ValueError as error:
            raise ValueProblem("not_a_date", value=text) from error
        return _join(day, Clock(at, 0, None), zone, text)
    if _SERIAL.fullmatch(digits) and "10000" <= digits[:5] <= "80000":
        return _parse_serial(digits, zone, text)
    if len(digits) == 6 and order not in ("iso", "hijri"):
        return _order_day((digits[:2], digits[2:4], digits[4:]), order, text), None
    if _EPOCH.fullmatch(digits):
        scale = {13: 1_000, 16: 1_000_000}.get(len(digits), 1)
        at_utc = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
            microseconds=round(float(digits) * 1_000_000 / scale)
        )
        return _settle(at_utc, zone, text)
    raise ValueProblem("not_a_date", value=text)


def _parse_serial(digits: str, zone: tzinfo, text: str) -> DateValue:
    """A spreadsheet's day number (45000 or 45000.5). Its fraction has a second's precision at most."""
    whole, point, fraction = digits.partition(".")
    day = _EXCEL_DAY_ZERO + timedelta(days=int(whole))
    if not point or not int(fraction or 0):
        return _in_range(day.date(), text), None
    return _settle(day + timedelta(seconds=round(float("0." + fraction) * 86_400)), zone, text)


def _order_day(numbers: tuple[str, str, str], order: DateOrder, text: str) -> date:
    a, b, c = numbers
    if len(a) == 4 or (len(c) != 4 and order in ("ymd", "jalali", "hijri")):
        year, month, day = a, b, c
    elif len(a) > 2 or len(b) > 2 or len(c) not in (2, 4):
        raise ValueProblem("not_a_date", value=text)
    elif order == "mdy":
        month, day, year = a, b, c
    elif order == "dmy" or (len(c) == 4 and order in ("jalali", "hijri")):
        day, month, year = a, b, c
    elif len(c) == 4 and (int(a) > 12) != (int(b) > 12):
        day, month, year = (a, b, c) if int(a) > 12 else (b, a, c)
    else:
        raise ValueProblem("date_order", value=text)
    if len(month) > 2 or len(day) > 2:
        raise ValueProblem("not_a_date", value=text)
    calendar = _calendar_of(year, order, text)
    return _build_day(calendar, _full_year(year, calendar), int(month), int(day), text)


def _calendar_of(year: str, order: DateOrder, text: str) -> Calendar:
    chosen: Calendar = "jalali" if order == "jalali" else "hijri" if order == "hijri" else "gregorian"
    if len(year) <= 2:
        return chosen
    if int(year) in OTHER_CALENDAR_YEARS:
        if chosen == "gregorian":
            raise ValueProblem("date_calendar", value=text)
        return chosen
    return "gregorian"


def _full_year(year: str, calendar: Calendar) -> int:
    number = int(year)
    if len(year) > 2:
        return number
    pivot, old, new = _PIVOT[calendar]
    return number + (old if number >= pivot else new)


def _build_day(calendar: Calendar, year: int, month: int, day: int, text: str) -> date:
    try:
        return to_gregorian(calendar, year, month, day)
    except (ValueError, OverflowError) as error:
        raise ValueProblem("no_such_day", value=text) from error


@lru_cache(maxsize=50_000)
def to_gregorian(calendar: Calendar, year: int, month: int, day: int) -> date:
    """The Gregorian date of a day in a calendar (Hijri: Umm al-Qura). Raises ValueError where there is none."""
    if calendar == "jalali":
        found: date = jdatetime.date(year, month, day).togregorian()
        return found
    if calendar == "hijri":
        return date(*Hijri(year, month, day).to_gregorian().datetuple())
    return date(year, month, day)
