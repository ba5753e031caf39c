from decimal import Decimal

import pytest

from vafa.kit.locale.bidi import strip_direction_marks
from vafa.kit.locale.formats import format_money, get_currency_decimals, get_currency_name, is_known_currency
from vafa.kit.locale.tests.styles import CHINA, ENGLISH, IRAN, SAUDI


@pytest.mark.parametrize(
    ("amount", "currency", "style", "text"),
    [
        ("1200", "IRT", IRAN, "۱٬۲۰۰ تومان"),
        ("7", "IRR", IRAN, "۷ ریال"),
        ("3", "IRHT", IRAN, "۳ هزار تومان"),
        ("12.5", "USD", IRAN, "۱۲٫۵۰ دلار"),
        ("1.5", "KWD", SAUDI, "١٫٥٠٠ د.ك."),
        ("10", "CNY", CHINA, "¥10.00"),
        ("1200", "IRT", CHINA, "1,200土曼"),
        ("1234.5", "USD", ENGLISH, "$1,234.50"),
        ("-1234.5", "USD", ENGLISH, "−$1,234.50"),
        ("5", "SAR", ENGLISH, "SAR 5.00"),
        ("250", "JPY", ENGLISH, "¥250"),
        ("3.1", "", ENGLISH, "3.10"),
    ],
)
def test_money(amount, currency, style, text):
    assert format_money(Decimal(amount), currency, style).replace("\u00a0", " ") == text


def test_compact_money():
    assert format_money(12345678, "IRT", IRAN, compact=True).replace("\u00a0", " ") == "۱۲٫۳ میلیون تومان"
    assert format_money(-12345678, "CNY", CHINA, compact=True) == "−¥1234.6万"
    assert format_money(950, "USD", ENGLISH, compact=True) == "$950.00"


def test_a_negative_amount_isolates_its_digits_alone():
    text = format_money(Decimal(-1200), "IRT", IRAN)
    assert text == "\u2066−۱٬۲۰۰\u2069\u00a0تومان"
    assert strip_direction_marks(text) == "−۱٬۲۰۰\u00a0تومان"


def test_unknown_money_is_a_dash_and_zero_is_not():
    assert format_money(None, "USD", ENGLISH) == "—"
    assert format_money(0, "USD", ENGLISH) == "$0.00"


def test_decimals_by_currency():
    told = {
        code: get_currency_decimals(code) for code in ("IRR", "IRT", "IQD", "KWD", "TND", "JPY", "USD", "")
    }
    assert told == {"IRR": 0, "IRT": 0, "IQD": 0, "KWD": 3, "TND": 3, "JPY": 0, "USD": 2, "": 2}


def test_names_and_codes():
    assert get_currency_name("IRT", "fa") == "تومان"
    assert get_currency_name("USD", "en") == "US Dollar"
    assert is_known_currency("IRHR")
    assert is_known_currency("EUR")
    assert not is_known_currency("XQZ")


def test_a_change_of_money_says_which_way() -> None:
    assert format_money(950, "USD", ENGLISH, signed=True) == "+$950.00"
    assert format_money(-950, "USD", ENGLISH, signed=True) == "−$950.00"
    assert format_money(0, "USD", ENGLISH, signed=True) == "$0.00"
    assert format_money(0.001, "USD", ENGLISH, signed=True) == "$0.00"
    assert "+۱٬۲۰۰" in format_money(1200, "IRT", IRAN, signed=True)
