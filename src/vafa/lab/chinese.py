"""The Chinese lunar calendar (农历), for birthdays and other days that people keep by it.

A year has twelve months of 29 or 30 days, and in seven of nineteen years a leap month that repeats the number of the
one before it. Which months are long follows from new moons at Beijing's time (GB/T 33661-2017), so the years 1900 to
2100 are a table: for each year, from the lowest bit, whether each of its twelve months has 30 days, whether the leap
month has, and the number of the month that is repeated (0: none). The calendar of 1900 begins on 31 January 1900.
Five published tables were compared day by day: where old ones differ (1933, 2057, 2089, 2097), the standard decides.
"""

from bisect import bisect_right
from datetime import date, timedelta
from itertools import accumulate
from typing import NamedTuple

from vafa.lab.errors import CalendarDateInvalid, CalendarRangeExceeded

FIRST_YEAR = 1900
_FIRST_DAY = date(1900, 1, 31).toordinal()
_MONTHS = 12
_LEAP_IS_LONG, _LEAP_MONTH = 12, 13
_SHORT = 29
_YEARS = (
    "10bd2 00752 00ea5 0ab2a 0064b 00a9b 09aa6 0056a 00b59 04baa 00752 0cda5 00b25 00a4b 0ba4b 002ad "
    "0056b 045b5 00da9 0fe92 00e92 00d25 0ad2d 00a56 002b6 09ad5 006d4 00ea9 04f4a 00e92 0c6a6 0052b "
    "00a57 0b956 00b5a 006d4 07761 00749 0fb13 00a93 0052b 0d51b 00aad 0056a 09da5 00ba4 00b49 04d4b "
    "00a95 0eaad 00536 00aad 0baca 005b2 00da5 07ea2 00d4a 10595 00a97 00556 0c575 00ad5 006d2 08755 "
    "00ea5 0064a 0664f 00a9b 0eada 0056a 00b69 0abb2 00b52 00b25 08b2b 00a4b 10aab 002ad 0056d 0d5a9 "
    "00da9 00d92 08e95 00d25 14e4d 00a56 002b6 0c2f5 006d5 00ea9 0af52 00e92 00d26 0652e 00a57 10ad6 "
    "0035a 006d5 0ab69 00749 00693 08a9b 0052b 00a5b 04aae 0056a 0edd5 00ba4 00b49 0ad53 00a95 0052d "
    "0855d 00ab5 12baa 005d2 00da5 0de8a 00d4a 00c95 08a9e 00556 00ab5 04ada 006d2 0c765 00725 0064b "
    "0a657 00cab 0055a 0656e 00b69 16f52 00b52 00b25 0dd0b 00a4b 004ab 0a2bb 005ad 00b6a 04daa 00d92 "
    "0eea5 00d25 00a55 0ba4d 004b6 005b5 076d2 00ec9 10f92 00e92 00d26 0d516 00a57 004d6 09365 00755 "
    "00749 0674b 00693 0eaab 0052b 00a5b 0aaba 0056a 00b65 08baa 00b4a 10d95 00a95 0052d 0c56d 00ab5 "
    "005aa 085d5 00da5 00d4a 06e4d 00c96 0ecce 00556 00ab5 0bad2 006d2 00ea5 0872a 0068b 10697 004ab "
    "0055b 0d556 00b6a 00752 08b95 00b45 00a8b 04a4f 004ab"
)


class ChineseDay(NamedTuple):
    """A year, month (1..12), whether it is the leap month of that number, and the day of the month."""

    year: int
    month: int
    is_leap: bool
    day: int


class _Month(NamedTuple):
    year: int
    month: int
    is_leap: bool
    length: int


def _list_months() -> list[_Month]:
    months = []
    for year, text in enumerate(_YEARS.split(), FIRST_YEAR):
        code = int(text, 16)
        for month in range(1, _MONTHS + 1):
            months.append(_Month(year, month, False, _SHORT + (code >> (month - 1) & 1)))
            if code >> _LEAP_MONTH == month:
                months.append(_Month(year, month, True, _SHORT + (code >> _LEAP_IS_LONG & 1)))
    return months


_TABLE = _list_months()
_STARTS = list(accumulate((month.length for month in _TABLE), initial=_FIRST_DAY))
_PLACES = {(month.year, month.month, month.is_leap): place for place, month in enumerate(_TABLE)}


def split_chinese(day: date) -> ChineseDay:
    """The date in the Chinese calendar. Raises CalendarRangeExceeded outside its table."""
    ordinal = day.toordinal()
    if not _STARTS[0] <= ordinal < _STARTS[-1]:
        raise CalendarRangeExceeded(calendar="chinese")
    place = bisect_right(_STARTS, ordinal) - 1
    month = _TABLE[place]
    return ChineseDay(month.year, month.month, month.is_leap, ordinal - _STARTS[place] + 1)


def get_chinese_month_length(year: int, month: int, *, is_leap: bool = False) -> int | None:
    """The number of days of a month; None where that year has no such leap month.

    Raises CalendarDateInvalid for a month that isn't 1..12, CalendarRangeExceeded outside the table.
    """
    if not 1 <= month <= _MONTHS:
        raise CalendarDateInvalid(calendar="chinese", year=year, month=month)
    if (year, 1, False) not in _PLACES:
        raise CalendarRangeExceeded(calendar="chinese")
    place = _PLACES.get((year, month, is_leap))
    return None if place is None else _TABLE[place].length


def build_chinese_date(year: int, month: int, day: int, *, is_leap: bool = False) -> date:
    """The Gregorian date of a Chinese one. Raises CalendarDateInvalid where there is no such day, and
    CalendarRangeExceeded outside the table."""
    length = get_chinese_month_length(year, month, is_leap=is_leap)
    if length is None or not 1 <= day <= length:
        raise CalendarDateInvalid(calendar="chinese", year=year, month=month, day=day)
    return date.fromordinal(_STARTS[_PLACES[year, month, is_leap]]) + timedelta(days=day - 1)
