"""Runs of text that keep their own direction inside a page of the other direction (Unicode isolates)."""

import unicodedata

LTR_ISOLATE = "\u2066"
AUTO_ISOLATE = "\u2068"
END_ISOLATE = "\u2069"
RTL_ISOLATE = "\u2067"
RTL_MARK = "\u200f"

_CONTROLS = {
    ord(mark): None for mark in "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
}


def isolate(text: str) -> str:
    """The text as a left-to-right run: formulas, phone numbers, codes, addresses, date ranges."""
    return f"{LTR_ISOLATE}{text}{END_ISOLATE}"


def isolate_rtl(text: str) -> str:
    """The text as a right-to-left run."""
    return f"{RTL_ISOLATE}{text}{END_ISOLATE}"


def isolate_auto(text: str) -> str:
    """The text as a run whose direction is that of its first strong letter: names, anything people typed."""
    return f"{AUTO_ISOLATE}{text}{END_ISOLATE}"


def strip_direction_marks(text: str) -> str:
    """The text without invisible direction marks, for comparing and for files."""
    return text.translate(_CONTROLS)


def guess_direction(text: str) -> str:
    """In which direction most of a text's letters are written: "rtl" or "ltr". A Persian text may begin with a Latin
    name, by which browsers' own guess goes."""
    kinds = [unicodedata.bidirectional(char) for char in text]
    right = sum(kind in ("R", "AL") for kind in kinds)
    return "rtl" if right > kinds.count("L") else "ltr"
