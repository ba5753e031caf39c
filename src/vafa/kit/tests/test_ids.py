"""Ids as texts."""

import pytest

from vafa.kit.ids import read_id


@pytest.mark.parametrize(("text", "number"), [("12", 12), ("0", 0), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_digits_are_a_number(text, number):
    assert read_id(text) == number


@pytest.mark.parametrize(
    "text", ["", " 1", "1 ", "-1", "+1", "1.0", "1e3", "۱۲", "²", "0x1", "1_0", "9" * 19, "9" * 5000]
)
def test_nothing_else_is(text):
    assert read_id(text) is None
