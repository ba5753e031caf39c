"""Numbers are read back as they were written, in every language's marks."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.kit.locale.formats import build_default_style, format_number, format_percent
from vafa.kit.locale.reading import NumberUnreadable, read_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", None),
        ("  ", None),
        ("1200", "1200"),
        ("1,200", "1200"),
        ("۱٬۲۰۰٫۵", "1200.5"),
        ("١٢٫٥٪", "12.5"),
        ("12,5", "12.5"),
        ("1.234,5", "1234.5"),
        ("1.234.567", "1234567"),
        ("−3", "-3"),
        ("5 %", "5"),
        ("\u2066+7\u2069", "7"),
    ],
)
def test_numbers_as_people_type_them(text, number):
    assert read_number(text) == (None if number is None else Decimal(number))


@pytest.mark.parametrize("text", ["abc", "1e9", "1,2,3", "--5", "12.", "1.2.3", "9" * 30])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(NumberUnreadable):
        read_number(text)


@given(st.decimals(-(10**12), 10**12, places=2), st.sampled_from(["en", "fa", "ar", "zh-hans"]))
def test_what_was_written_is_read_back(number, language):
    style = build_default_style(language)
    assert read_number(format_number(number, style, 2)) == number
    assert read_number(format_percent(number, style, 2)) == number * 100
