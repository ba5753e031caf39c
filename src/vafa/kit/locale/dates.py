"""Days, moments and ages as text, in the reader's calendar. None is always written as an em dash."""

from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Literal

from babel.dates import format_timedelta

from vafa.kit.locale.bidi import isolate
from vafa.kit.locale.digits import write_digits
from vafa.kit.locale.months import get_weekday_name, list_month_names
from vafa.kit.locale.style import UNKNOWN, Language, Style
from vafa.lab.calendars import CalendarDay, CalendarName, split_date
from vafa.lab.errors import CalendarRangeExceeded

DayForm = Literal["full", "long", "short", "day_month", "month", "numeric"]

_LONG: dict[Language, str] = {
    "fa": "%(day)s %(month)s %(year)s",
    "ar": "%(day)s %(month)s %(year)s",
    "zh-hans": "%(year)s年%(month)s%(day)s日",
    "en": "%(day)s %(month)s %(year)s",
}
_FULL: dict[Language, str] = {
    "fa": "%(weekday)s %(date)s",
    "ar": "%(weekday)s، %(date)s",
    "zh-hans": "%(date)s%(weekday)s",
    "en": "%(weekday)s, %(date)s",
}
_DAY_MONTH: dict[Language, str] = {
    "fa": "%(day)s %(month)s",
    "ar": "%(day)s %(month)s",
    "zh-hans": "%(month)s%(day)s日",
    "en": "%(day)s %(month)s",
}
_MONTH: dict[Language, str] = {
    "fa": "%(month)s %(year)s",
    "ar": "%(month)s %(year)s",
    "zh-hans": "%(year)s年%(month)s",
    "en": "%(month)s %(year)s",
}
_MOMENT: dict[Language, str] = {
    "fa": "%(date)s، ساعت %(time)s",
    "ar": "%(date)s، الساعة %(time)s",
    "zh-hans": "%(date)s %(time)s",
    "en": "%(date)s, %(time)s",
}
_NEAR_DAYS: dict[Language, dict[int, str]] = {
    "fa": {0: "امروز", 1: "دیروز", -1: "فردا"},
    "ar": {0: "اليوم", 1: "أمس", -1: "غدًا"},
    "zh-hans": {0: "今天", 1: "昨天", -1: "明天"},
    "en": {0: "today", 1: "yesterday", -1: "tomorrow"},
}
_SLASHED: frozenset[Language] = frozenset({"fa", "ar"})
_DAYS_A_MONTH = 365.2425 / 12
_MONTHS_FROM_DAYS = 60
_YEARS_FROM_DAYS = 730


def format_day(day: date | None, style: Style, form: DayForm = "long") -> str:
    """A date in the style's calendar, language and digits.

    Forms: `full` (with weekday), `long`, `short` (abbreviated English months, otherwise long), `day_month`
    (without year), `month` (month and year), `numeric` (year/month/day, a left-to-right run in fa and ar).
    A day outside the Hijri tables is written in the Gregorian calendar.
    """
    if day is None:
        return UNKNOWN
    parts, calendar = split_for_style(day, style.calendar)
    if form == "numeric":
        return _format_numeric(parts, style)
    names = name_parts(parts, style, calendar, abbreviated=form == "short")
    if form == "day_month":
        return _DAY_MONTH[style.language] % names
    if form == "month":
        return _MONTH[style.language] % names
    text = _LONG[style.language] % names
    if form != "full":
        return text
    return _FULL[style.language] % {"weekday": get_weekday_name(day, style.language), "date": text}


def format_moment(moment: datetime | None, zone: tzinfo, style: Style, form: DayForm = "long") -> str:
    """An aware moment as date and time (24 hours) in a time zone."""
    if moment is None:
        return UNKNOWN
    local = moment.astimezone(zone)
    time = write_digits(f"{local:%H:%M}", style.digits)
    words = {"date": format_day(local.date(), style, form), "time": isolate(time) if style.is_rtl else time}
    return _MOMENT[style.language] % words


def format_ago_days(days: int | None, style: Style) -> str:
    """How long ago a day was: today, yesterday, 3 days ago, 4 months ago; a negative number is in the future.

    From 60 days on whole months are told, from two years on whole years, never rounded up.
    """
    if days is None:
        return UNKNOWN
    if days in _NEAR_DAYS[style.language]:
        return _NEAR_DAYS[style.language][days]
    return _format_span(-days, style, directed=True)


def format_days(days: int | None, style: Style) -> str:
    """A number of days with its unit: 1 day, 45 days, ٣ أيام."""
    if days is None:
        return UNKNOWN
    span = format_timedelta(timedelta(days=days), "day", threshold=10**9, locale=style.babel_language)
    return _tidy_span(span, style)


def split_for_style(day: date, calendar: CalendarName) -> tuple[CalendarDay, CalendarName]:
    """The day's parts in a calendar, and that calendar; Gregorian where the calendar has no table for it."""
    try:
        return _split(day, calendar), calendar
    except CalendarRangeExceeded:
        return CalendarDay(day.year, day.month, day.day), "gregorian"


def name_parts(
    parts: CalendarDay, style: Style, calendar: CalendarName, *, abbreviated: bool = False
) -> dict[str, str]:
    """The year, month and day of a date as words and digits, for a pattern."""
    return {
        "year": write_digits(str(parts.year), style.digits),
        "month": name_month(parts.month, style, calendar, abbreviated=abbreviated),
        "day": write_digits(str(parts.day), style.digits),
    }


def name_month(month: int, style: Style, calendar: CalendarName, *, abbreviated: bool = False) -> str:
    """A month's name as it stands inside a date (3月 in Chinese)."""
    if style.language == "zh-hans" and calendar == "gregorian":
        return f"{month}月"
    return list_month_names(calendar, style.language, style.country, abbreviated=abbreviated)[month - 1]


@lru_cache(maxsize=8192)
def _split(day: date, calendar: CalendarName) -> CalendarDay:
    return split_date(day, calendar)


def _format_numeric(parts: CalendarDay, style: Style) -> str:
    mark = "/" if style.language in _SLASHED else "-"
    text = write_digits(f"{parts.year:04}{mark}{parts.month:02}{mark}{parts.day:02}", style.digits)
    return isolate(text) if style.is_rtl else text


def _format_span(days: int, style: Style, *, directed: bool) -> str:
    size = abs(days)
    unit: Literal["day", "month", "year"] = "day"
    told = timedelta(days=size)
    if size >= _YEARS_FROM_DAYS:
        unit, told = "year", timedelta(days=365 * int(size / 365.2425))
    elif size >= _MONTHS_FROM_DAYS:
        unit, told = "month", timedelta(days=30 * int(size / _DAYS_A_MONTH))
    signed = told if days > 0 else -told
    span = format_timedelta(
        signed, unit, threshold=10**9, add_direction=directed, locale=style.babel_language
    )
    return _tidy_span(span, style)


def _tidy_span(span: str, style: Style) -> str:
    return write_digits(span, style.digits)
