from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from vafa.kit.locale.bidi import isolate, strip_direction_marks
from vafa.kit.locale.formats import (
    Style,
    format_ago_days,
    format_day,
    format_day_range,
    format_days,
    format_list_of,
    format_moment,
    format_period,
)
from vafa.kit.locale.tests.styles import ALL, CHINA, ENGLISH, IRAN, MOROCCO, SAUDI

NOWRUZ = date(2026, 3, 21)


def test_a_day_in_each_language_and_calendar():
    assert format_day(NOWRUZ, IRAN) == "۱ فروردین ۱۴۰۵"
    assert format_day(NOWRUZ, SAUDI) == "٢١ مارس ٢٠٢٦"
    assert format_day(NOWRUZ, CHINA) == "2026年3月21日"
    assert format_day(NOWRUZ, ENGLISH, "short") == "21 Mar 2026"
    assert format_day(NOWRUZ, ENGLISH.with_calendar("jalali")) == "1 Farvardin 1405"
    assert format_day(NOWRUZ, SAUDI.with_calendar("hijri")) == "٢ شوال ١٤٤٧"
    assert format_day(NOWRUZ, CHINA.with_calendar("jalali")) == "1405年法尔瓦丁月1日"


def test_forms_of_a_day():
    assert format_day(NOWRUZ, IRAN, "full") == "شنبه ۱ فروردین ۱۴۰۵"
    assert format_day(NOWRUZ, CHINA, "full") == "2026年3月21日星期六"
    assert format_day(NOWRUZ, ENGLISH, "day_month") == "21 March"
    assert format_day(NOWRUZ, IRAN, "month") == "فروردین ۱۴۰۵"
    assert format_day(NOWRUZ, IRAN, "numeric") == isolate("۱۴۰۵/۰۱/۰۱")
    assert format_day(NOWRUZ, ENGLISH, "numeric") == "2026-03-21"


@pytest.mark.parametrize(
    ("country", "month"),
    [("SA", "أغسطس"), ("IQ", "آب"), ("DZ", "أوت"), ("MA", "غشت"), ("", "أغسطس"), ("IR", "أغسطس")],
)
def test_arabic_months_follow_the_country(country, month):
    style = Style("ar", "latn", country=country)
    assert format_day(date(2026, 8, 1), style, "month") == f"{month} 2026"


def test_a_persian_month_without_a_year_has_no_ezafe():
    assert format_day(date(2026, 2, 27), IRAN.with_calendar("gregorian"), "day_month") == "۲۷ فوریه"


@pytest.mark.parametrize("style", ALL)
def test_unknown_days_are_dashes(style):
    assert format_day(None, style) == "—"
    assert format_moment(None, UTC, style) == "—"
    assert format_ago_days(None, style) == "—"
    assert format_days(None, style) == "—"


def test_a_day_before_the_hijri_tables_is_gregorian():
    assert format_day(date(1900, 1, 2), ENGLISH.with_calendar("hijri")) == "2 January 1900"


def test_periods_by_their_names():
    def told(start, end, every):
        return [format_period(start, end, every, style) for style in (IRAN, SAUDI, CHINA, ENGLISH)]

    assert told(date(2026, 3, 1), date(2026, 4, 1), "month")[1:] == ["مارس ٢٠٢٦", "2026年3月", "March 2026"]
    assert told(date(2026, 1, 1), date(2026, 4, 1), "quarter")[1:] == [
        "الربع الأول ٢٠٢٦",
        "2026年第一季度",
        "Q1 2026",
    ]
    assert told(date(2026, 7, 1), date(2027, 1, 1), "half")[1:] == [
        "النصف الثاني ٢٠٢٦",
        "2026年下半年",
        "H2 2026",
    ]
    assert told(date(2026, 1, 1), date(2027, 1, 1), "year")[1:] == ["٢٠٢٦", "2026年", "2026"]
    assert format_period(date(2025, 3, 21), date(2025, 4, 21), "month", IRAN) == "فروردین ۱۴۰۴"
    assert format_period(date(2025, 3, 21), date(2025, 6, 22), "quarter", IRAN) == "بهار ۱۴۰۴"
    assert format_period(date(2025, 3, 21), date(2026, 3, 21), "year", IRAN) == "۱۴۰۴"


def test_a_week_is_told_by_its_first_and_last_day():
    start, end = date(2025, 10, 25), date(2025, 11, 1)
    assert format_period(start, end, "week", IRAN) == "از ۳ تا ۹ آبان ۱۴۰۴"
    assert format_period(start, end, "week", ENGLISH) == "25–31 October 2025"
    assert format_period(start, end, "week", CHINA) == "2025年10月25日至31日"
    assert format_period(start, end, "week", MOROCCO) == "من 25 إلى 31 أكتوبر 2025"


def test_a_period_that_is_not_whole_in_its_calendar_is_told_by_its_days():
    assert (
        format_period(date(2026, 3, 1), date(2026, 4, 1), "month", IRAN)
        == "از ۱۰ اسفند ۱۴۰۴ تا ۱۱ فروردین ۱۴۰۵"
    )
    told = format_period(date(2026, 3, 1), date(2026, 4, 1), "month", IRAN, calendar="gregorian")
    assert told == "مارس ۲۰۲۶"


def test_a_fiscal_year_is_told_by_its_months():
    assert format_period(date(2026, 4, 1), date(2027, 4, 1), "year", ENGLISH) == "April 2026 – March 2027"


def test_ranges_do_not_repeat_themselves():
    assert format_day_range(date(2026, 2, 27), date(2026, 3, 5), ENGLISH) == "27 February – 5 March 2026"
    assert format_day_range(date(2026, 2, 27), date(2026, 3, 5), CHINA) == "2026年2月27日至3月5日"
    assert (
        format_day_range(date(2025, 12, 29), date(2026, 1, 4), ENGLISH) == "29 December 2025 – 4 January 2026"
    )
    assert format_period(NOWRUZ, date(2026, 3, 22), "day", ENGLISH) == "21 March 2026"
    assert format_period(NOWRUZ, None, "own", ENGLISH) == "21 March 2026 – —"


def test_a_moment_is_local_to_the_zone():
    at = datetime(2026, 3, 20, 22, 0, tzinfo=UTC)
    assert format_moment(at, ZoneInfo("Asia/Tehran"), ENGLISH) == "21 March 2026, 01:30"
    assert (
        strip_direction_marks(format_moment(at, ZoneInfo("Asia/Tehran"), IRAN))
        == "۱ فروردین ۱۴۰۵، ساعت ۰۱:۳۰"
    )


@pytest.mark.parametrize(
    ("days", "fa", "ar", "zh", "en"),
    [
        (0, "امروز", "اليوم", "今天", "today"),
        (1, "دیروز", "أمس", "昨天", "yesterday"),
        (2, "۲ روز پیش", "قبل يومين", "2天前", "2 days ago"),
        (3, "۳ روز پیش", "قبل ٣ أيام", "3天前", "3 days ago"),
        (59, "۵۹ روز پیش", "قبل ٥٩ يومًا", "59天前", "59 days ago"),
        (100, "۳ ماه پیش", "قبل ٣ أشهر", "3个月前", "3 months ago"),
        (800, "۲ سال پیش", "قبل سنتين", "2年前", "2 years ago"),
        (-5, "۵ روز دیگر", "خلال ٥ أيام", "5天后", "in 5 days"),
    ],
)
def test_ages(days, fa, ar, zh, en):
    assert [format_ago_days(days, style) for style in (IRAN, SAUDI, CHINA, ENGLISH)] == [fa, ar, zh, en]


def test_years_ago_are_never_rounded_up():
    for days in range(730, 3000):
        shown = int(format_ago_days(days, ENGLISH).split()[0])
        assert shown * 365 <= days


def test_lengths_and_lists():
    assert format_days(3, SAUDI) == "٣ أيام"
    assert format_days(45, CHINA) == "45天"
    assert format_list_of(["a", "b", "c"], CHINA) == "a、b和c"
    assert format_list_of(["الف", "ب"], IRAN) == "الف و ب"
    assert format_list_of([], ENGLISH) == ""
