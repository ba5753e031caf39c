"""Months as people and statistical offices write them."""

from datetime import date

import pytest

from vafa.data.intake.reading.columns import guess_columns
from vafa.data.intake.reading.months import decide_month_order, parse_month
from vafa.data.intake.reading.problems import ValueProblem

FARVARDIN = (date(2024, 3, 20), date(2024, 4, 20))
MARCH = (date(2024, 3, 1), date(2024, 4, 1))
TODAY = date(2026, 1, 15)


@pytest.mark.parametrize(
    "text",
    [
        "1403/01", "1403/1", "۱۴۰۳/۰۱", "۱۴۰۳-۱", "01/1403", "140301", "فروردین ۱۴۰۳", "۱۴۰۳ فروردين", "1403 1",
        "1403/01/15", "فروردین‌ماه ۱۴۰۳", "فروردینماه 1403", "فروردین ماه سال ۱۴۰۳",
    ],
)  # fmt: skip
def test_jalali_months(text: str) -> None:
    assert parse_month(text, "jalali") == FARVARDIN


@pytest.mark.parametrize(
    "text",
    [
        "2024-03", "2024/3", "03/2024", "202403", "2024M03", "2024-M03", "Mar 2024", "March 2024", "2024年3月",
        "2024-03-01", "مارس 2024",
    ],
)  # fmt: skip
def test_gregorian_months_are_known_under_every_order(text: str) -> None:
    assert parse_month(text, "iso") == MARCH
    assert parse_month(text, "jalali") == MARCH


def test_hijri_months() -> None:
    assert parse_month("1445/09", "hijri") == (date(2024, 3, 11), date(2024, 4, 10))
    assert parse_month("رمضان 1445", "iso") == (date(2024, 3, 11), date(2024, 4, 10))


@pytest.mark.parametrize(
    "text", ["", "1403", "1403/13", "2024-00", "صفر", "total", "12", "2024-03-41", "3000/01"]
)
def test_what_is_no_month_is_told(text: str) -> None:
    with pytest.raises(ValueProblem) as told:
        parse_month(text, "jalali")
    assert told.value.code == "not_a_month"


def test_a_year_of_another_calendar_without_a_calendar_is_told() -> None:
    with pytest.raises(ValueProblem) as told:
        parse_month("1403/01", "iso")
    assert told.value.code == "date_calendar"


@pytest.mark.parametrize(
    ("texts", "own", "order"),
    [
        (["1403/01", "1404/10"], "gregorian", "jalali"),
        (["1446/01"], "gregorian", "hijri"),
        (["1403/01"], "hijri", "hijri"),
        (["1446/01"], "jalali", "jalali"),
        (["2024-03"], "jalali", "iso"),
        ([], "jalali", "iso"),
    ],
)
def test_the_calendar_of_a_column(texts: list[str], own, order: str) -> None:
    assert decide_month_order(texts, own, TODAY) == order


PRICES = {
    "ماه|شاخص کل": (["1403/01", "215.3"], "month index"),
    "DATE|CPIAUCSL": (["2024-03-01", "312.2"], "month index"),
    "سال|ماه|شاخص": (["1403", "فروردین", "215.3"], "year month index"),
    "月份|居民消费价格指数": (["2024年3月", "100.1"], "month index"),
    "الشهر|الرقم القياسي": (["2024-03", "100"], "month index"),
    "column 1|column 2": (["1403/01", "5"], "month index"),
}
SPEND = {
    "Reporting starts|Reporting ends|Campaign name|Amount spent (USD)": (
        ["2024-03-01", "2024-03-31", "Spring", "12.5"], "started_at ended_at channel amount",
    ),
    "ماه|کانال|هزینه": (["1403/01", "گوگل", "5"], "month channel amount"),
    "日期|渠道|花费": (["2024-03-01", "抖音", "5"], "at channel amount"),
    "الشهر|القناة|التكلفة": (["2024-03", "x", "5"], "month channel amount"),
    "Day|Platform|City|Cost": (["2024-03-01", "x", "Rome", "5"], "at channel location amount"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "header", "cells", "fields"),
    [("prices", header, *rest) for header, rest in PRICES.items()]
    + [("spend", header, *rest) for header, rest in SPEND.items()],
)
def test_columns_are_known_in_four_languages(kind, header: str, cells: list[str], fields: str) -> None:
    columns = header.split("|")
    found = guess_columns(kind, columns, [[cell] for cell in cells]).mapping
    assert found == dict(zip(fields.split(), columns, strict=True))
