"""Persian, Arabic and Latin digits, and the separators that go with each."""

from dataclasses import dataclass
from typing import Literal

DigitSet = Literal["fa", "arab", "latn"]

LATIN_DIGITS = "0123456789"
PERSIAN_DIGITS = "۰۱۲۳۴۵۶۷۸۹"
ARABIC_DIGITS = "٠١٢٣٤٥٦٧٨٩"
FULLWIDTH_DIGITS = "０１２３４５６７８９"

# Countries whose Arabic writes 1.234,5 with Latin digits (CLDR).
_COMMA_DECIMAL_COUNTRIES = frozenset({"DZ", "LY", "MA", "MR", "TN"})


@dataclass(frozen=True)
class Separators:
    """The marks between thousands and before decimals, and the percent sign."""

    group: str
    decimal: str
    percent: str


_LATIN_SEPARATORS = Separators(",", ".", "%")
_COMMA_SEPARATORS = Separators(".", ",", "%")
_EASTERN_SEPARATORS = Separators("٬", "٫", "٪")

_TO_LATIN = {
    ord(digit): LATIN_DIGITS[value]
    for digits in (PERSIAN_DIGITS, ARABIC_DIGITS, FULLWIDTH_DIGITS)
    for value, digit in enumerate(digits)
}
_FROM_LATIN: dict[DigitSet, dict[int, str]] = {
    "fa": {ord(latin): digit for latin, digit in zip(LATIN_DIGITS, PERSIAN_DIGITS, strict=True)},
    "arab": {ord(latin): digit for latin, digit in zip(LATIN_DIGITS, ARABIC_DIGITS, strict=True)},
    "latn": {},
}


def to_latin_digits(text: str) -> str:
    """The text with Persian, Arabic and full-width digits replaced by 0-9; all else stays as it is."""
    return text if text.isascii() else text.translate(_TO_LATIN)


def to_persian_digits(text: str) -> str:
    """The text with every digit written ۰-۹."""
    return write_digits(to_latin_digits(text), "fa")


def to_arabic_digits(text: str) -> str:
    """The text with every digit written ٠-٩."""
    return write_digits(to_latin_digits(text), "arab")


def write_digits(text: str, digits: DigitSet) -> str:
    """The text with its Latin digits written in a digit set."""
    return text if digits == "latn" else text.translate(_FROM_LATIN[digits])


def rewrite_digits(text: str, digits: DigitSet) -> str:
    """A sentence with all its digits, the translators' own too, and its percent signs written in a digit set."""
    latin = to_latin_digits(text)
    return latin.replace("٪", "%") if digits == "latn" else write_digits(latin, digits)


def get_separators(digits: DigitSet, language: str = "en", country: str = "") -> Separators:
    """The separators that go with a digit set; Latin digits in the Maghreb's Arabic take 1.234,5."""
    if digits != "latn":
        return _EASTERN_SEPARATORS
    if language == "ar" and country in _COMMA_DECIMAL_COUNTRIES:
        return _COMMA_SEPARATORS
    return _LATIN_SEPARATORS
