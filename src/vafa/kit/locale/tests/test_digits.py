import pytest

from vafa.kit.locale.digits import (
    get_separators,
    rewrite_digits,
    to_arabic_digits,
    to_latin_digits,
    to_persian_digits,
)


@pytest.mark.parametrize("text", ["۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "0123456789"])
def test_every_digit_set_becomes_latin(text):
    assert to_latin_digits(f"x{text}y") == "x0123456789y"


def test_digits_are_written_whatever_they_were():
    assert to_persian_digits("1404/۰۸/٣٠") == "۱۴۰۴/۰۸/۳۰"
    assert to_arabic_digits("1404/۰۸/30") == "١٤٠٤/٠٨/٣٠"


def test_a_translators_digits_follow_the_choice_too():
    assert rewrite_digits("اطمینان ۹۵٪: 75.8%", "latn") == "اطمینان 95%: 75.8%"
    assert rewrite_digits("اطمینان 95٪: ٧٥٫٨٪", "fa") == "اطمینان ۹۵٪: ۷۵٫۸٪"


def test_separators_follow_digits_then_the_maghreb():
    assert get_separators("fa").decimal == "٫"
    assert get_separators("arab", "ar", "MA").group == "٬"
    assert (get_separators("latn", "ar", "MA").group, get_separators("latn", "ar", "MA").decimal) == (
        ".",
        ",",
    )
    assert get_separators("latn", "ar", "AE").decimal == "."
    assert get_separators("latn", "fa", "IR").percent == "%"
