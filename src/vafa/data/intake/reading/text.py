"""Folding of text that people typed: digits, invisible marks, letters with two code points. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC = "٠١٢٣٤٥٦٧٨٩"
_WIDE = "０１２３４５６７８９"
_TO_LATIN = {ord(c): str(i) for digits in (_PERSIAN, _ARABIC, _WIDE) for i, c in enumerate(digits)}

# Bidi marks and isolates, zero-width blanks and joiners, soft hyphen, byte order mark, NUL: no one sees or types them.
INVISIBLE = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2066\u2067\u2068\u2069\u061c\ufeff\u00ad\x00"
)
_INVISIBLE_INSIDE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\u061c\ufeff\x00]")
_EDGES = (
    INVISIBLE
    + " \t\r\n\x0b\x0c\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)

_LETTERS = str.maketrans(
    {
        "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا",
        "ؤ": "و", "ـ": None, "\u200c": " ", "\u200d": None, "\u00a0": " ", "\u3000": " ",
    }
)  # fmt: skip
_HARAKAT = re.compile("[\u064b-\u065f\u0670]")
_APART = re.compile(r"[\W_]+", re.UNICODE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def fold_digits(text: str) -> str:
    """The same text with Persian, Arabic and full-width digits written 0-9."""
    return text if text.isascii() else text.translate(_TO_LATIN)


def trim(text: str) -> str:
    """The text without blanks and invisible marks at its ends."""
    return text.strip(_EDGES)


def drop_marks(text: str) -> str:
    """The text without direction marks and zero-width blanks anywhere (half-spaces inside words stay)."""
    return text if text.isascii() and "\x00" not in text else _INVISIBLE_INSIDE.sub("", text)


@lru_cache(maxsize=20_000)
def fold_label(text: str) -> str:
    """A header name or status word as a key for look-ups: case, digits, ي/ك, half-spaces and punctuation folded.

    `CustomerID`, `customer_id` and `Customer ID` all become `customer id`; `شماره‌ی سفارش` becomes `شماره ی سفارش`.
    """
    text = unicodedata.normalize("NFKC", _CAMEL.sub(" ", drop_marks(text)))
    text = _HARAKAT.sub("", fold_digits(text).translate(_LETTERS)).casefold()
    return _APART.sub(" ", text.replace("#", " no ").replace("&", " and ")).strip()
