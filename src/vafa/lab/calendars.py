"""Gregorian, Jalali (Solar Hijri) and Hijri (Umm al-Qura) dates.

Each calendar is one sorted table of the days on which its months begin, so a million days are placed by one
binary search. A month is known by its index: year * 12 + month - 1. Days are proleptic ordinals
(`date.toordinal()`).

* Jalali: the 33-year rule (as in ICU's Persian calendar), which equals the equinox of Tehran from 1178 to
  1501 AP (1799 to 2123); outside those years it is a convention.
* Hijri: Umm al-Qura, 1343 to 1500 AH (1 August 1924 to 16 November 2077), the years for which Saudi Arabia's
  tables are published. Other countries' sightings differ by a day: their occasions are dated data, not this.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from hijridate import Hijri
from hijridate.ummalqura import MONTH_STARTS

from vafa.lab.errors import CalendarDateInvalid, CalendarRangeExceeded

CalendarName = Literal["gregorian", "jalali", "hijri"]
CALENDARS: tuple[CalendarName, ...] = ("gregorian", "jalali", "hijri")

Days = npt.NDArray[np.int64]

MONTHS_A_YEAR = 12
_HIJRI_YEARS = (1343, 1500)
_JALALI_LAST_YEAR = 9377
_JALALI_DAY_ZERO = date(622, 3, 21).toordinal()
_JALALI_MONTH_OFFSETS = np.array([0, 31, 62, 93, 124, 155, 186, 216, 246, 276, 306, 336], dtype=np.int64)
_UNIX_DAY_ZERO = date(1970, 1, 1).toordinal()


class CalendarDay(NamedTuple):
    """A year, month (1..12) and day of one calendar."""

    year: int
    month: int
    day: int


@dataclass(frozen=True)
class _MonthTable:
    """The first days of consecutive months, and one more that ends the last month."""

    first_index: int
    starts: Days


def _build_gregorian_starts() -> Days:
    months = np.arange("0001-01", "10000-02", dtype="datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64) + _UNIX_DAY_ZERO


def _build_jalali_starts() -> Days:
    years = np.arange(1, _JALALI_LAST_YEAR + 2, dtype=np.int64)
    # Days before each year: 365 a year and 8 leap days in 33 years.
    year_starts = _JALALI_DAY_ZERO + 365 * (years - 1) + (8 * years + 21) // 33
    starts = (year_starts[:, None] + _JALALI_MONTH_OFFSETS[None, :]).ravel()
    return starts[: _JALALI_LAST_YEAR * MONTHS_A_YEAR + 1]


def _build_hijri_starts() -> Days:
    # The library's own table, whose every month is as far from the first as the days that it gives say: asking for
    # each of the 1,896 months takes a hundred times as long, in every process that starts.
    starts = np.array(MONTH_STARTS, dtype=np.int64)
    first: int = Hijri(_HIJRI_YEARS[0], 1, 1).to_gregorian().toordinal()
    days: Days = starts - starts[0] + first
    return days


@lru_cache(maxsize=len(CALENDARS))
def _get_table(calendar: CalendarName) -> _MonthTable:
    if calendar == "gregorian":
        return _MonthTable(MONTHS_A_YEAR, _build_gregorian_starts())
    if calendar == "jalali":
        return _MonthTable(MONTHS_A_YEAR, _build_jalali_starts())
    return _MonthTable(_HIJRI_YEARS[0] * MONTHS_A_YEAR, _build_hijri_starts())


def list_month_indexes(days: npt.ArrayLike, calendar: CalendarName) -> Days:
    """The month index (year * 12 + month - 1) of each day (ordinals).

    Raises CalendarRangeExceeded if any day is outside the calendar's known years.
    """
    table = _get_table(calendar)
    ordinals = np.asarray(days, dtype=np.int64)
    if ordinals.size and (ordinals.min() < table.starts[0] or ordinals.max() >= table.starts[-1]):
        raise CalendarRangeExceeded(calendar=calendar)
    return table.first_index + np.searchsorted(table.starts, ordinals, side="right") - 1


def list_month_starts(indexes: npt.ArrayLike, calendar: CalendarName) -> Days:
    """The first day (ordinal) of each month index; the month after the last known one is allowed.

    Raises CalendarRangeExceeded if a month is outside the calendar's known years.
    """
    table = _get_table(calendar)
    positions = np.asarray(indexes, dtype=np.int64) - table.first_index
    if positions.size and (positions.min() < 0 or positions.max() >= len(table.starts)):
        raise CalendarRangeExceeded(calendar=calendar)
    return table.starts[positions]


def get_first_day(calendar: CalendarName) -> int:
    """The first day (ordinal) that is known of the calendar."""
    return int(_get_table(calendar).starts[0])


def get_month_index(day: int, calendar: CalendarName) -> int:
    """The month index (year * 12 + month - 1) of one day (ordinal)."""
    return int(list_month_indexes([day], calendar)[0])


def get_month_start(index: int, calendar: CalendarName) -> int:
    """The first day (ordinal) of one month index."""
    return int(list_month_starts([index], calendar)[0])


def split_days(days: npt.ArrayLike, calendar: CalendarName) -> tuple[Days, Days, Days]:
    """Years, months (1..12) and days of the month of many days (ordinals)."""
    ordinals = np.asarray(days, dtype=np.int64)
    indexes = list_month_indexes(ordinals, calendar)
    first_days = list_month_starts(indexes, calendar)
    return indexes // MONTHS_A_YEAR, indexes % MONTHS_A_YEAR + 1, ordinals - first_days + 1


def split_date(day: date, calendar: CalendarName) -> CalendarDay:
    """The date in another calendar. Raises CalendarRangeExceeded outside the calendar's known years."""
    ordinal = day.toordinal()
    index = get_month_index(ordinal, calendar)
    start = get_month_start(index, calendar)
    return CalendarDay(index // MONTHS_A_YEAR, index % MONTHS_A_YEAR + 1, ordinal - start + 1)


def get_month_length(year: int, month: int, calendar: CalendarName) -> int:
    """The number of days of a month. Raises CalendarDateInvalid for a month that isn't 1..12."""
    if not 1 <= month <= MONTHS_A_YEAR:
        raise CalendarDateInvalid(calendar=calendar, year=year, month=month)
    starts = list_month_starts([year * MONTHS_A_YEAR + month - 1, year * MONTHS_A_YEAR + month], calendar)
    return int(starts[1] - starts[0])


def get_year_length(year: int, calendar: CalendarName) -> int:
    """The number of days of a year (354 or 355 in Hijri, else 365 or 366)."""
    starts = list_month_starts([year * MONTHS_A_YEAR, (year + 1) * MONTHS_A_YEAR], calendar)
    return int(starts[1] - starts[0])


def build_date(year: int, month: int, day: int, calendar: CalendarName) -> date:
    """The Gregorian date of a date in any calendar.

    Raises CalendarDateInvalid when there is no such day (30 Esfand of a common year), and
    CalendarRangeExceeded outside the calendar's known years.
    """
    if not 1 <= day <= get_month_length(year, month, calendar):
        raise CalendarDateInvalid(calendar=calendar, year=year, month=month, day=day)
    return date.fromordinal(get_month_start(year * MONTHS_A_YEAR + month - 1, calendar) + day - 1)
