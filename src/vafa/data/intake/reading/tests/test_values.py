"""Numbers, phones, e-mails, cards, money units, statuses and intervals."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.data.intake.reading.caches import Cached
from vafa.data.intake.reading.cards import is_card_column
from vafa.data.intake.reading.emails import parse_email
from vafa.data.intake.reading.intervals import parse_interval
from vafa.data.intake.reading.money import IN_RIALS, decide_unit, factor_between, unit_named
from vafa.data.intake.reading.phones import parse_phone
from vafa.data.intake.reading.problems import VALUE_REASONS, ValueProblem
from vafa.data.intake.reading.status import guess_status
from vafa.data.intake.reading.values import decide_decimal_mark, parse_integer, parse_number, parse_quantity


def code_of(parse: object, *args: object) -> str:
    with pytest.raises(ValueProblem) as problem:
        parse(*args)
    assert problem.value.code in VALUE_REASONS
    assert str(args[0]) in problem.value.message or not args[0]
    return problem.value.code


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234.5", "1234.5"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1 234,50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("۱٬۲۳۴٫۵۶", "1234.56"),
        ("٣٫٥", "3.5"),
        ("12,34,567.5", "1234567.5"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("(1,234)", "-1234"),
        ("1,234-", "-1234"),
        ("−5", "-5"),
        ("+7", "7"),
        ("$ 5.00", "5.00"),
        ("USD 5", "5"),
        ("12,5", "12.5"),
        ("۱۲٬۰۰۰ تومان", "12000"),
        ("۱۲ هزار تومان", "12000"),
        ("¥1,200", "1200"),
        ("0,125", "0.125"),
        ("1e-5", "0.00001"),
        ("1.5e3", "1500"),
        ("1.25E+02", "125"),
        (".5", "0.5"),
        ("-0", "0"),
        ("１２", "12"),
        ("﷼ 1,000", "1000"),
        ("1\u00a0000", "1000"),
    ],
)
def test_numbers(text: str, number: str) -> None:
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("5%", "percent"),
        ("۵٪", "percent"),
        ("9.12E+09", "scientific"),
        ("1.23457E+11", "scientific"),
        ("abc", "not_a_number"),
        ("1,23,45", "not_a_number"),
        ("12 34", "not_a_number"),
        ("1.2.3,4,5", "not_a_number"),
        ("-", "not_a_number"),
        ("1" * 40, "number_too_large"),
        ("1e99", "number_too_large"),
        ("2026-01-02", "not_a_number"),
        ("5 or 6", "not_a_number"),
    ],
)
def test_what_is_no_number_is_refused_by_name(text: str, code: str) -> None:
    assert code_of(parse_number, text) == code


@given(
    st.decimals(-(10**12), 10**12, places=2, allow_nan=False), st.sampled_from([",.", ".,", " ,", "٬٫", "'."])
)
def test_a_number_survives_every_way_of_writing(number: Decimal, marks: str) -> None:
    group, point = marks[0], marks[1]
    plain = format(number, ",.2f").replace(",", "\x01").replace(".", "\x02")
    written = plain.replace("\x01", group).replace("\x02", point)
    assert parse_number(written) == number
    assert parse_number(written.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))) == number


def test_a_columns_mark_settles_what_a_cell_cannot() -> None:
    assert decide_decimal_mark(["1.234", "12,5"]) == ","
    assert decide_decimal_mark(["1,234", "12.5"]) == "."
    assert decide_decimal_mark(["1,234", "500"]) is None
    numbers = [parse_number("1.234", ","), parse_number("1.234", "."), parse_number("1,234", ",")]
    assert numbers == [Decimal(1234), Decimal("1.234"), Decimal("1.234")]


def test_integers_and_quantities() -> None:
    assert [parse_integer("۱٬۲۰۰"), parse_integer("12.0")] == [1200, 12]
    assert [parse_quantity("3 عدد"), parse_quantity("-2 pcs")] == [Decimal(3), Decimal(-2)]
    assert code_of(parse_integer, "1.5") == "not_whole"


def test_a_cache_parses_once_hands_problems_on_and_stays_small() -> None:
    calls: list[str] = []

    def parse(text: str) -> Decimal:
        calls.append(text)
        return parse_number(text)

    cached = Cached(parse, most=3)
    values = cached.column(["1", "", "1", "x", "x", "2", "3", "4"])
    assert [value for value in values if not isinstance(value, ValueProblem)] == [1, None, 1, 2, 3, 4]
    assert calls == ["1", "x", "2", "3", "4"]
    assert len(cached) <= 3


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("09123456789", "IR", "+989123456789"),
        ("9123456789", "IR", "+989123456789"),
        ("+98 912 345 6789", "IR", "+989123456789"),
        ("00989123456789", "IR", "+989123456789"),
        ("989123456789", "IR", "+989123456789"),
        ("۰۹۱۲۳۴۵۶۷۸۹", "IR", "+989123456789"),
        ("9123456789.0", "IR", "+989123456789"),
        ("'09123456789", "IR", "+989123456789"),
        ("0912 345 6789 / 021 88 12 34 56", "IR", "+989123456789"),
        ("0501234567", "SA", "+966501234567"),
        ("501234567", "SA", "+966501234567"),
        ("01001234567", "EG", "+201001234567"),
        ("13812345678", "CN", "+8613812345678"),
        ("8613812345678", "CN", "+8613812345678"),
        ("+44 20 7946 0958", "IR", "+442079460958"),
    ],
)
def test_phones(text: str, region: str, number: str) -> None:
    assert parse_phone(text, region) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [("9.12E+09", "scientific"), ("۹٫۱۲E+۰۹", "scientific"), ("12", "not_a_phone"), ("none", "not_a_phone")],
)
def test_phones_that_are_lost(text: str, code: str) -> None:
    assert code_of(parse_phone, text, "IR") == code


def test_emails() -> None:
    assert parse_email(" Ali.Rezaei+shop@Example.COM\u200e") == "ali.rezaei+shop@example.com"
    assert parse_email("Ali <ali@example.ir>") == "ali@example.ir"
    assert parse_email("mailto:a@b.co") == "a@b.co"
    for text in ("ali@", "@b.com", "a b@c.com", "a@b", "a..b@c.com", "-", "x@y@z.com"):
        assert code_of(parse_email, text) == "not_an_email"


def test_cards_are_told_by_their_check_digit() -> None:
    cards = ["4111 1111 1111 1111", "5500-0000-0000-0004", "6037991234567893", "۶۰۳۷۹۹۱۲۳۴۵۶۷۸۹۳"]
    assert is_card_column(cards)
    assert is_card_column([*cards, "", "none"])
    assert not is_card_column(
        ["1700000000000", "1700000001000", "1700000002000", "1700000003000", "1700000004000"]
    )
    assert not is_card_column(["4111111111111112", "4111111111111113"])
    assert not is_card_column([])


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("مبلغ (ریال)", "IRR"),
        ("Amount (Toman)", "IRT"),
        ("مبلغ به هزار تومان", "IRHT"),
        ("هزار ريال", "IRHR"),
        ("IRHT", "IRHT"),
        ("thousand-toman", "IRHT"),
        ("amount_irt", "IRT"),
        ("﷼", "IRR"),
        ("مبلغ", None),
        ("تومان/ریال", None),
        ("serial", None),
    ],
)
def test_units_by_their_words(text: str, unit: str | None) -> None:
    assert unit_named(text) == unit


def test_a_unit_that_nothing_names_is_asked() -> None:
    verdict = decide_unit("مبلغ", ["1500000", "2300000"], "IRR")
    assert (verdict.unit, verdict.ambiguous, verdict.hint) == (None, True, "IRR")
    assert decide_unit("مبلغ", ["۱۲۰۰ تومان", "۳۰۰ تومان"], "IRR").unit == "IRT"
    assert decide_unit("مبلغ", ["۱۲۰۰ تومان", "۳۰۰ ریال"], "IRR").ambiguous
    assert not decide_unit("amount", ["12.50"], "USD").ambiguous
    assert decide_unit("amount", ["12"], "IRT").unit == "IRT"
    assert [factor_between(unit, "IRR") for unit in IN_RIALS] == list(map(Decimal, IN_RIALS.values()))
    assert factor_between("IRR", "IRT") == Decimal("0.1")


@pytest.mark.parametrize(
    ("word", "counts"),
    [
        ("Paid", "counts"),
        ("wc-completed", "counts"),
        ("تکمیل شده", "counts"),
        ("تكميل شده", "counts"),
        ("مدفوعة", "counts"),
        ("已完成", "counts"),
        ("partially_refunded", "counts"),
        ("Canceled", "not"),
        ("pending payment", "not"),
        ("لغو شده", "not"),
        ("غير مدفوع", "not"),
        ("已取消", "not"),
        ("unpaid", "not"),
        ("refunded", "not"),
        ("Zorbed", None),
        ("", None),
    ],
)
def test_statuses(word: str, counts: str | None) -> None:
    assert guess_status(word) == counts


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("monthly", ("month", 1)),
        ("Month-to-month", ("month", 1)),
        ("ماهانه", ("month", 1)),
        ("سنوي", ("year", 1)),
        ("按月", ("month", 1)),
        ("quarter", ("month", 3)),
        ("سه ماهه", ("month", 3)),
        ("3 months", ("month", 3)),
        ("every 2 weeks", ("week", 2)),
        ("۶ ماهه", ("month", 6)),
        ("每3个月", ("month", 3)),
        ("One year", ("year", 1)),
        ("Two year", ("year", 2)),
        ("يومي", ("day", 1)),
        ("半年", ("month", 6)),
        ("90 days", ("day", 90)),
        ("۱۲ماه", ("month", 12)),
        ("weekly", ("week", 1)),
        ("yearly", ("year", 1)),
    ],
)
def test_intervals(text: str, interval: tuple[str, int]) -> None:
    assert parse_interval(text) == interval


@pytest.mark.parametrize("text", ["often", "0 months", "99999 days", "مدت", "12"])
def test_intervals_that_are_not_known(text: str) -> None:
    assert code_of(parse_interval, text) == "unknown_interval"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("۰۹۱۲ ۳۴۵ ۶۷۸۹", "09123456789"),
        ("(415) 765-4321 / 2", "4157654321"),
        ("00989123456789", "+989123456789"),
    ],
)
def test_without_a_country_a_number_of_no_country_is_kept_as_its_digits(text: str, number: str) -> None:
    assert parse_phone(text, "") == number


@pytest.mark.parametrize("text", ["12345", "call me", "+0000000000", "9.12E+09", "1234567890123456"])
def test_without_a_country_what_is_no_number_is_still_refused(text: str) -> None:
    assert code_of(parse_phone, text, "") in {"not_a_phone", "scientific"}
