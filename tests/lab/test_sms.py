"""Lengths of text messages: laws against a twin that fills parts character by character, and published limits."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vafa.lab.sms import (
    GSM_BASIC,
    GSM_EXTENSION,
    SmsPrice,
    build_sms_outlook,
    find_beyond_gsm,
    measure_sms,
    naive_sms_parts,
)

ZWNJ = "\u200c"
TEXTS = st.one_of(
    st.text(GSM_BASIC + GSM_EXTENSION * 3, max_size=400),
    st.text(f"سلام مشتری{ZWNJ}\n۱۱😀🎁", max_size=400),
    st.text(max_size=20),
)
TOMAN = SmsPrice(Decimal(150), latin_factor=Decimal(2))


@given(TEXTS)
@example("۱" * 66 + "😀" + "۱" * 10)  # the emoji would lie across the end of the first part
@example("a" * 152 + "€" + "a" * 20)
def test_parts_are_those_that_fill_character_by_character(text: str) -> None:
    found, parts = measure_sms(text), naive_sms_parts(text)
    assert found.parts == len(parts)
    assert found.characters == len(text)
    # What is said to be left does fit, and one unit more doesn't.
    filler = "a" if found.alphabet == "gsm7" else "ا"
    assert measure_sms(text + filler * found.left).parts == max(found.parts, 1 if found.left else 0)
    more = measure_sms(text + filler * (found.left + 1))
    assert more.parts > found.parts


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "parts", "left"),
    [
        ("", "gsm7", 0, 0, 160),
        ("a" * 160, "gsm7", 160, 1, 0),
        ("a" * 161, "gsm7", 161, 2, 145),
        ("a" * 306, "gsm7", 306, 2, 0),
        ("a" * 307, "gsm7", 307, 3, 152),
        ("€" * 80, "gsm7", 160, 1, 0),
        ("€" * 81, "gsm7", 162, 2, 143),  # 76 of them fill 152 places; the 77th is not cut in two
        ("س" * 70, "ucs2", 70, 1, 0),
        ("س" * 71, "ucs2", 71, 2, 63),
        ("س" * 134, "ucs2", 134, 2, 0),
        ("س" * 135, "ucs2", 135, 3, 66),
        ("😀" * 35, "ucs2", 70, 1, 0),
        ("😀" * 36, "ucs2", 72, 2, 61),  # 33 of them fill 66 units
        (f"می{ZWNJ}شود\nلغو ۱۱", "ucs2", 13, 1, 57),
        ("a" * 71 + "’", "ucs2", 72, 2, 62),  # one typographic quote makes the whole of it UTF-16
        ("【万家超市】您好", "ucs2", 8, 1, 62),
    ],
)
def test_published_lengths(text: str, alphabet: str, units: int, parts: int, left: int) -> None:
    found = measure_sms(text)
    assert (found.alphabet, found.units, found.parts, found.left) == (alphabet, units, parts, left)


def test_a_latin_part_costs_by_its_factor() -> None:
    assert TOMAN.of(measure_sms("س" * 71)) == 300
    assert TOMAN.of(measure_sms("a" * 161)) == 600
    assert SmsPrice(Decimal("0.05")).of(measure_sms("a" * 161)) == Decimal("0.10")


def test_the_longest_is_the_one_of_most_parts_not_of_most_letters() -> None:
    latin, persian = "a" * 150, "س" * 75
    found = build_sms_outlook([latin, persian, "سلام"], TOMAN)
    assert (found.longest, found.parts, found.by_parts) == (persian, 4, {1: 2, 2: 1})
    assert found.amount == 300 + 300 + 150


@given(st.lists(st.text("aسلام 😀’–", max_size=90), max_size=6))
def test_an_outlook_is_the_sum_of_its_texts(texts: list[str]) -> None:
    found = build_sms_outlook(texts, TOMAN)
    assert found.parts == sum(len(naive_sms_parts(text)) for text in texts)
    assert found.amount == sum(TOMAN.of(measure_sms(text)) for text in texts)
    for text in texts:
        assert bool(find_beyond_gsm(text)) == (measure_sms(text).alphabet == "ucs2")
