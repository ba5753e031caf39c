from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.kit.locale.bidi import strip_direction_marks
from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.locale.formats import (
    format_compact,
    format_interval,
    format_number,
    format_percent,
    format_percent_points,
    format_signed,
)
from vafa.kit.locale.tests.styles import ALL, CHINA, ENGLISH, IRAN, MOROCCO, SAUDI


@pytest.mark.parametrize(
    ("style", "text"),
    [
        (IRAN, "۱٬۲۳۴٬۵۶۷٫۵"),
        (SAUDI, "١٬٢٣٤٬٥٦٧٫٥"),
        (MOROCCO, "1.234.567,5"),
        (CHINA, "1,234,567.5"),
        (ENGLISH, "1,234,567.5"),
    ],
)
def test_a_number_in_each_language(style, text):
    assert format_number(1234567.5, style) == text


@pytest.mark.parametrize("style", ALL)
@pytest.mark.parametrize("unknown", [None, float("nan"), float("inf")])
def test_unknown_is_a_dash(style, unknown):
    assert format_number(unknown, style) == "—"
    assert format_percent(unknown, style) == "—"
    assert format_compact(unknown, style) == "—"
    assert format_percent_points(unknown, style) == "—"


def test_numbers_round_half_up_as_they_read():
    assert format_number(2.345, ENGLISH, 2) == "2.35"
    assert format_number(0.1 + 0.2, ENGLISH) == "0.3"
    assert format_number(Decimal(1000), ENGLISH, 2) == "1,000.00"


def test_there_is_no_minus_zero():
    assert format_number(-0.04, ENGLISH, 1) == "0.0"
    assert format_percent(-0.0001, ENGLISH) == "0.0%"
    assert format_signed(0.04, ENGLISH, 1) == "0.0"


def test_the_minus_sign_stays_left_of_digits_in_right_to_left_text():
    assert format_number(-12, IRAN) == "\u2066−۱۲\u2069"
    # The unit's word is outside the isolate: inside, the minus would land beside the word.
    assert format_compact(-2.5e9, SAUDI) == "\u2066−٢٫٥\u2069\u00a0مليار"


@pytest.mark.parametrize(
    ("value", "fa", "ar", "zh", "en"),
    [
        (9999, "۹٬۹۹۹", "٩٬٩٩٩", "9,999", "9,999"),
        (12345, "۱۲٫۳ هزار", "١٢٫٣ ألف", "1.2万", "12.3K"),
        (12345678, "۱۲٫۳ میلیون", "١٢٫٣ مليون", "1234.6万", "12.3M"),
        (3_000_000, "۳ میلیون", "٣ ملايين", "300万", "3M"),
        (999_960, "۱ میلیون", "١ مليون", "100万", "1M"),
        (99_999_999, "۱۰۰ میلیون", "١٠٠ مليون", "1亿", "100M"),
        (1.5e13, "۱۵ هزار میلیارد", "١٥ تريليون", "15万亿", "15T"),
    ],
)
def test_large_numbers_in_the_languages_own_units(value, fa, ar, zh, en):
    told = [format_compact(value, style).replace("\u00a0", " ") for style in (IRAN, SAUDI, CHINA, ENGLISH)]
    assert told == [fa, ar, zh, en]


def test_percentages():
    assert format_percent(0.8, IRAN, 0) == "۸۰\u200f٪"
    assert format_percent(-0.12345, IRAN) == "\u2066−۱۲٫۳\u2069\u200f٪"
    assert format_percent(-0.12345, MOROCCO) == "\u2066−12,3%\u2069"
    assert format_percent(Decimal("0.26537"), ENGLISH, 2) == "26.54%"


def test_percentage_points_have_a_sign_and_the_arabic_plural():
    assert format_percent_points(0.012, ENGLISH) == "+1.2\u00a0pp"
    assert strip_direction_marks(format_percent_points(-0.05, SAUDI, 0)) == "−٥\u00a0نقاط مئوية"


def test_an_interval_keeps_its_low_end_left():
    assert format_interval(0.721, 0.803, ENGLISH) == "72.1%–80.3%"
    text = format_interval(0.721, 0.803, SAUDI)
    assert text == "\u2066\u2067٧٢٫١\u200f٪\u2069–\u2067٨٠٫٣\u200f٪\u2069\u2069"
    assert strip_direction_marks(text) == "٧٢٫١٪–٨٠٫٣٪"
    assert format_interval(None, 0.5, IRAN) == "—"


@given(st.integers(-(10**15), 10**15), st.sampled_from(ALL))
def test_a_written_integer_reads_back(value, style):
    text = to_latin_digits(strip_direction_marks(format_number(value, style)))
    digits = "".join(letter for letter in text if letter.isdigit())
    assert int(digits) == abs(value)
    assert ("−" in text) == (value < 0)


@given(st.integers(10_000, 10**14))
def test_a_compact_number_is_within_its_rounding(value):
    text = format_compact(value, CHINA)
    unit = next(
        (size for word, size in (("万亿", 10**12), ("亿", 10**8), ("万", 10**4)) if text.endswith(word)), 1
    )
    shown = Decimal("".join(letter for letter in text if letter.isdigit() or letter == "."))
    assert abs(shown * unit - value) <= Decimal("0.05") * unit
