"""Half-open periods as text: «فروردین ۱۴۰۴», «بهار ۱۴۰۴», Q1 2026, 2026年3月, «از ۳ تا ۹ آبان ۱۴۰۴»."""

from datetime import date, timedelta

from vafa.kit.locale.dates import DayForm, format_day, name_parts, split_for_style
from vafa.kit.locale.digits import write_digits
from vafa.kit.locale.months import get_season_name
from vafa.kit.locale.style import UNKNOWN, Language, Style
from vafa.lab.calendars import CalendarDay, CalendarName

_MONTHS_IN = {"month": 1, "quarter": 3, "half": 6, "year": 12}

_YEAR: dict[Language, str] = {"fa": "%(year)s", "ar": "%(year)s", "zh-hans": "%(year)s年", "en": "%(year)s"}
_SEASON: dict[Language, str] = {
    "fa": "%(part)s %(year)s",
    "ar": "%(part)s %(year)s",
    "zh-hans": "%(year)s年%(part)s",
    "en": "%(part)s %(year)s",
}
_QUARTERS: dict[Language, tuple[str, ...]] = {
    "fa": ("سه‌ماههٔ اول", "سه‌ماههٔ دوم", "سه‌ماههٔ سوم", "سه‌ماههٔ چهارم"),
    "ar": ("الربع الأول", "الربع الثاني", "الربع الثالث", "الربع الرابع"),
    "zh-hans": ("第一季度", "第二季度", "第三季度", "第四季度"),
    "en": ("Q1", "Q2", "Q3", "Q4"),
}
_HALVES: dict[Language, tuple[str, ...]] = {
    "fa": ("نیمهٔ اول", "نیمهٔ دوم"),
    "ar": ("النصف الأول", "النصف الثاني"),
    "zh-hans": ("上半年", "下半年"),
    "en": ("H1", "H2"),
}
_RANGE: dict[Language, str] = {
    "fa": "از %(first)s تا %(last)s",
    "ar": "من %(first)s إلى %(last)s",
    "zh-hans": "%(first)s至%(last)s",
    "en": "%(first)s – %(last)s",
}
_SAME_MONTH: dict[Language, str] = {
    "fa": "از %(first)s تا %(day)s %(month)s %(year)s",
    "ar": "من %(first)s إلى %(day)s %(month)s %(year)s",
    "zh-hans": "%(year)s年%(month)s%(first)s日至%(day)s日",
    "en": "%(first)s–%(day)s %(month)s %(year)s",
}
_ZH_SAME_YEAR = "%(year)s年%(first)s至%(last)s"


def format_period(
    start: date, end: date | None, every: str, style: Style, calendar: CalendarName | None = None
) -> str:
    """A half-open period [start, end) by its name if it is a whole one of its kind, else by its days.

    `every` is day, week, month, quarter, half, year, or anything else for an own period. `calendar` is the
    one in which the period was cut (the style's, if not given). A year, half or quarter that begins with
    another month than the calendar's is told by its first and last month. Without an end only the first day
    is known.
    """
    if end is None:
        return _RANGE[style.language] % {"first": format_day(start, style), "last": UNKNOWN}
    last = end - timedelta(days=1)
    if last <= start:
        return format_day(start, style)
    own_style = style if calendar is None else style.with_calendar(calendar)
    months = _MONTHS_IN.get(every)
    if months is not None:
        first, kind = split_for_style(start, own_style.calendar)
        after, kind_after = split_for_style(end, own_style.calendar)
        if kind == kind_after and _is_whole(first, after, months):
            return _name_whole(start, last, first, every, own_style, kind)
    return format_day_range(start, last, own_style)


def format_day_range(first: date, last: date, style: Style) -> str:
    """A range of days, both included, without saying the same month or year twice."""
    if first == last:
        return format_day(first, style)
    a, calendar = split_for_style(first, style.calendar)
    b, calendar_b = split_for_style(last, style.calendar)
    if calendar == calendar_b and a.year == b.year:
        names = name_parts(b, style, calendar)
        if a.month == b.month:
            return _SAME_MONTH[style.language] % {**names, "first": write_digits(str(a.day), style.digits)}
        if style.language == "zh-hans":
            ends = {
                "first": format_day(first, style, "day_month"),
                "last": format_day(last, style, "day_month"),
            }
            return _ZH_SAME_YEAR % {**ends, "year": names["year"]}
        return _join(first, last, "day_month", style)
    return _join(first, last, "long", style)


def _join(first: date, last: date, first_form: DayForm, style: Style) -> str:
    ends = {"first": format_day(first, style, first_form), "last": format_day(last, style)}
    return _RANGE[style.language] % ends


def _is_whole(first: CalendarDay, after: CalendarDay, months: int) -> bool:
    ahead = (after.year - first.year) * 12 + after.month - first.month
    return first.day == 1 and after.day == 1 and ahead == months


def _name_whole(
    start: date, last: date, first: CalendarDay, every: str, style: Style, calendar: CalendarName
) -> str:
    if every == "month":
        return format_day(start, style, "month")
    if (first.month - 1) % _MONTHS_IN[every]:
        ends = {"first": format_day(start, style, "month"), "last": format_day(last, style, "month")}
        return _RANGE[style.language] % ends
    year = write_digits(str(first.year), style.digits)
    if every == "year":
        return _YEAR[style.language] % {"year": year}
    part = _name_part(first.month, every, style.language, calendar)
    return _SEASON[style.language] % {"part": part, "year": year}


def _name_part(month: int, every: str, language: Language, calendar: CalendarName) -> str:
    if every == "half":
        return _HALVES[language][(month - 1) // 6]
    quarter = (month - 1) // 3 + 1
    return get_season_name(quarter, language) if calendar == "jalali" else _QUARTERS[language][quarter - 1]
