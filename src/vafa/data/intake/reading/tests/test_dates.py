"""Dates and moments: three calendars, every order, zones and clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hijridate import Gregorian
from hypothesis import given
from hypothesis import strategies as st
from jdatetime import date as jdate

from vafa.data.intake.reading.dates import DateOrder, build_date_parser, decide_dates
from vafa.data.intake.reading.problems import ValueProblem

TEHRAN = ZoneInfo("Asia/Tehran")
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("order", "text", "day", "time"),
    [
        ("iso", "2026-03-21", "2026-03-21", None),
        ("iso", "2026-03-20T22:00:00Z", "2026-03-21", "2026-03-20T22:00"),
        ("iso", "2026-03-21 01:00:00 +0530", "2026-03-20", "2026-03-20T19:30"),
        ("iso", "2010-12-01 08:26", "2010-12-01", "2010-12-01T04:56"),
        ("iso", "2026/3/5 24:00", "2026-03-06", "2026-03-05T20:30"),
        ("dmy", "21/03/2026 3:05 PM", "2026-03-21", "2026-03-21T11:35"),
        ("dmy", "01.12.2010 8:26", "2010-12-01", "2010-12-01T04:56"),
        ("mdy", "3/21/26", "2026-03-21", None),
        ("mdy", "12/31/97", "1997-12-31", None),
        ("ymd", "26/03/21", "2026-03-21", None),
        ("iso", "20260321", "2026-03-21", None),
        ("iso", "13/02/2026", "2026-02-13", None),
        ("jalali", "1404/08/30", "2025-11-21", None),
        ("jalali", "04/08/30", "2025-11-21", None),
        ("jalali", "14040830", "2025-11-21", None),
        ("jalali", "30-08-1404", "2025-11-21", None),
        ("jalali", "۱۴۰۴/۸/۳ ۵:۲۰ ب.ظ", "2025-10-25", "2025-10-25T13:50"),
        ("iso", "جمعه ۳۰ آبان ۱۴۰۴ ساعت ۱۲:۳۰", "2025-11-21", "2025-11-21T09:00"),
        ("iso", "15 آذر 1404", "2025-12-06", None),
        ("iso", "15 آذار 2026", "2026-03-15", None),
        ("iso", "21 كانون الأول 2025 10:30 م", "2025-12-21", "2025-12-21T19:00"),
        ("iso", "21 ديسمبر 2025", "2025-12-21", None),
        ("iso", "5 جويلية 2025", "2025-07-05", None),
        ("iso", "2026年3月21日 下午3:05", "2026-03-21", "2026-03-21T11:35"),
        ("iso", "2026年3月21日", "2026-03-21", None),
        ("iso", "Mar 21, 2026", "2026-03-21", None),
        ("iso", "21-Mar-26", "2026-03-21", None),
        ("iso", "March 21st, 2026 at 5:00 pm", "2026-03-21", "2026-03-21T13:30"),
        ("hijri", "1447/05/01", "2025-10-23", None),
        ("iso", "1 رمضان 1447", "2026-02-18", None),
        ("iso", "45000", "2023-03-15", None),
        ("iso", "45000.5", "2023-03-15", "2023-03-15T08:30"),
        ("iso", "1700000000", "2023-11-15", "2023-11-14T22:13:20"),
        ("iso", "1700000000000", "2023-11-15", "2023-11-14T22:13:20"),
    ],
)
def test_dates(order: DateOrder, text: str, day: str, time: str | None) -> None:
    found, at = build_date_parser(order, TEHRAN)(text)
    assert found == date.fromisoformat(day)
    assert at == (datetime.fromisoformat(time).replace(tzinfo=UTC) if time else None)


@pytest.mark.parametrize(
    ("order", "text", "code"),
    [
        ("iso", "03/02/2026", "date_order"),
        ("iso", "1404/08/30", "date_calendar"),
        ("iso", "2026-02-30", "no_such_day"),
        ("dmy", "02/13/2026", "no_such_day"),
        ("jalali", "1404/12/30", "no_such_day"),
        ("iso", "hello", "not_a_date"),
        ("iso", "12", "not_a_date"),
        ("iso", "2026-03-21 25:00", "not_a_date"),
        ("iso", "1850-01-01", "date_range"),
        ("iso", "9.12E+09", "not_a_date"),
    ],
)
def test_what_is_no_date_is_refused_by_name(order: DateOrder, text: str, code: str) -> None:
    with pytest.raises(ValueProblem) as problem:
        build_date_parser(order, TEHRAN)(text)
    assert problem.value.code == code
    assert problem.value.remedy


def test_times_that_a_clock_change_skips_or_doubles() -> None:
    parse = build_date_parser("iso", ZoneInfo("Europe/London"))
    assert parse("2026-03-29 01:30:00")[1] == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert parse("2026-10-25 01:30:00")[1] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    tehran = build_date_parser("iso", TEHRAN)
    assert tehran("2022-03-22 00:30")[1] == datetime(2022, 3, 21, 21, 0, tzinfo=UTC)


_DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))


@given(_DAYS)
def test_a_day_survives_every_calendar_and_order(day: date) -> None:
    jalali, hijri = jdate.fromgregorian(date=day), Gregorian(day.year, day.month, day.day).to_hijri()
    written: dict[DateOrder, list[str]] = {
        "iso": [
            day.isoformat(),
            f"{day:%Y%m%d}",
            f"{day:%d %B %Y}",
            f"{day:%Y.%m.%d}",
            str((day - date(1899, 12, 30)).days),
        ],
        "dmy": [f"{day:%d/%m/%Y}", f"{day:%d.%m.%y}"],
        "mdy": [f"{day:%m/%d/%Y}", f"{day:%m-%d-%y}"],
        "ymd": [f"{day:%y/%m/%d}"],
        "jalali": [
            f"{jalali.year}/{jalali.month:02}/{jalali.day:02}",
            f"{jalali.year}{jalali.month:02}{jalali.day:02}",
            f"{jalali.day}-{jalali.month}-{jalali.year}",
        ],
        "hijri": [f"{hijri.year}/{hijri.month}/{hijri.day}"],
    }
    for order, texts in written.items():
        parse = build_date_parser(order, TEHRAN)
        assert [parse(text) for text in texts] == [(day, None)] * len(texts)


@given(st.datetimes(datetime(2001, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(microsecond=0)))  # noqa: DTZ001
def test_a_moment_with_an_offset_lands_on_the_business_day(at: datetime) -> None:
    moment = at.replace(tzinfo=UTC)
    expected = (moment.astimezone(TEHRAN).date(), moment)
    parse = build_date_parser("iso", TEHRAN)
    shifted = (at + timedelta(hours=5)).isoformat() + "+05:00"
    assert [parse(text) for text in (at.isoformat() + "Z", shifted, str(int(moment.timestamp())))] == [
        expected
    ] * 3


@pytest.mark.parametrize(
    ("samples", "order"),
    [
        (["2026-03-21", "2026-04-01"], "iso"),
        (["13/02/2026", "04/05/2026"], "dmy"),
        (["02/13/2026", "04/05/2026"], "mdy"),
        (["1404/08/30", "1403/01/01"], "jalali"),
        (["14040830"], "jalali"),
        (["04/08/30", "03/01/15"], "jalali"),
        (["1365/05/01", "1340/02/03"], "jalali"),
        (["1447/05/01", "1448/02/30"], "hijri"),
        (["19970101", "19970118"], "iso"),
        (["12/31/97", "1/2/98"], "mdy"),
        (["Mar 21 2026"], "iso"),
        (["45000", "45001.5"], "iso"),
        (["۱۴۰۵/۰۱/۳۱"], "jalali"),
        ([f"04/{month:02}/{day:02}" for month in range(1, 7) for day in range(1, 32)], "jalali"),
    ],
)
def test_the_order_is_told_where_it_can_be(samples: list[str], order: str) -> None:
    verdict = decide_dates(samples, TODAY)
    assert (verdict.order, verdict.ambiguous) == (order, False)


def test_the_order_is_asked_where_it_cannot_be_told() -> None:
    verdict = decide_dates(["03/02/2026", "04/05/2026", ""], TODAY)
    assert (verdict.order, verdict.ambiguous, verdict.choices, verdict.example) == (
        None,
        True,
        ("dmy", "mdy"),
        "03/02/2026",
    )
    assert decide_dates(["03/04/25"], TODAY).ambiguous


def test_an_impossible_day_tells_nothing_of_the_others() -> None:
    assert decide_dates(["1404/06/12", "1404/07/15", "1404/13/45"], TODAY).order == "jalali"
    assert decide_dates(["25/02/2026", "04/05/2026", "45/13/2026"], TODAY).order == "dmy"


def test_what_are_no_dates() -> None:
    for samples in (["hello", "x"], ["1", "2", "3"], [], ["09123456789"], ["12.50", "3.00"]):
        assert not decide_dates(samples, TODAY).is_date_column
