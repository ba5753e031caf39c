"""Folding of letters, so that what people see as the same text compares as the same.

Folding is for finding and matching only; what people typed is kept as typed. Ids are never folded.
"""

import re
import unicodedata
from functools import lru_cache

from vafa.kit.locale.digits import to_latin_digits

_CACHE_SIZE = 65_536

# Letters that look or sound alike and are typed for one another; each stands for the one on the right.
_SAME_LETTERS = {
    "ي": "ی", "ى": "ی", "ے": "ی", "ې": "ی", "ێ": "ی",
    "ك": "ک", "ڪ": "ک", "ګ": "گ",
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا",
    "ة": "ه", "ۀ": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ۃ": "ه",
    "ؤ": "و", "ۆ": "و", "ئ": "ی",
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th",
}  # fmt: skip
_DROPPED = (
    [chr(code) for code in range(0x0300, 0x0370)]  # accents
    + [
        chr(code)
        for start, end in ((0x0610, 0x061B), (0x064B, 0x0660), (0x06D6, 0x06EE))
        for code in range(start, end)
    ]
    + ["\u0670", "\u0640"]  # small alef, kashida
    + list("\u200d\u00ad\ufeff\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)
_TABLE: dict[int, str | None] = {
    **{ord(letter): same for letter, same in _SAME_LETTERS.items()},
    **{ord(mark): None for mark in _DROPPED},
    ord("\u200c"): " ",  # the half-space
    # the hamza of names such as علاء and رضاء is left out as often as it is typed
    ord("ء"): None,
}
_NOT_LETTER_OR_DIGIT = re.compile(r"[\W_]+")


@lru_cache(maxsize=_CACHE_SIZE)
def fold(text: str) -> str:
    """The text for searching: one case, one form of each letter and digit, no marks, single spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_TABLE)
    # Back together, so that Korean and Japanese letters, which NFKD takes apart, are whole again.
    return " ".join(to_latin_digits(unicodedata.normalize("NFC", plain)).split())


@lru_cache(maxsize=_CACHE_SIZE)
def fold_key(text: str) -> str:
    """The folded text's letters and digits alone: header names, list words. Not for ids (A-1 isn't A1)."""
    return _NOT_LETTER_OR_DIGIT.sub("", fold(text))


@lru_cache(maxsize=_CACHE_SIZE)
def fold_name(name: str) -> str:
    """A person's name for matching: titles off, letters alone; علی‌رضا, علی رضا and علیرضا agree."""
    return fold_key(strip_titles(name)[1])


_LEADING_TITLES = frozenset(
    fold(word)
    for word in (
        "آقا", "آقای", "خانم", "جناب", "سرکار", "مهندس", "دکتر", "استاد", "پروفسور", "دوشیزه", "بانو",
        "الأستاذ", "الأستاذة", "أستاذ", "أستاذة", "الدكتور", "الدكتورة", "دكتور", "دكتورة", "المهندس",
        "المهندسة", "مهندسة", "السيدة", "الآنسة", "الأخ", "الأخت", "أ", "د", "م",
        "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "eng", "sir", "madam",
    )
)  # fmt: skip
# Words that are a title only when a slash or a dot follows: السيد is also a given name.
_TITLES_BEFORE_A_MARK = frozenset(fold(word) for word in ("السيد", "الشيخ", "سيد"))
# One letter is a title only with its dot or slash (د. أحمد), not as the initial of a name.
_SHORT_TITLES = frozenset(fold(word) for word in ("أ", "د", "م"))
# Longer ones first: 总经理 ends with another.
_CHINESE_TITLES = (
    "总经理", "先生", "女士", "小姐", "太太", "夫人", "老师", "教授", "博士", "医生",
    "经理", "总监", "主任", "同学", "师傅", "律师", "总",
)  # fmt: skip
_FIRST_WORD = re.compile(r"\s*([^\s./\u200c]+)([\s./\u200c]+)(?=\S)")


@lru_cache(maxsize=_CACHE_SIZE)
def strip_titles(name: str) -> tuple[str, str]:
    """(title, rest) of a name as typed: آقای دکتر | رضایی, Mrs | Smith, 女士 | 王.

    The title is empty if there is none. A name that is nothing but a title is left whole.
    """
    rest = name.strip()
    for title in _CHINESE_TITLES if rest and _is_han(rest[-1]) else ():
        # 总 is a title after a family name alone (王总), not at the end of a longer name.
        fits = len(title) < len(rest) and (title != "总" or len(rest) <= 3)
        if fits and rest.endswith(title) and _is_han(rest[-len(title) - 1]):
            return title, rest[: -len(title)].strip()
    end = 0
    while (match := _FIRST_WORD.match(rest, end)) and _is_title(match[1], match[2]):
        end = match.end()
    return rest[:end].strip(" \t./\u200c"), rest[end:]


def _is_title(word: str, mark: str) -> bool:
    folded = fold(word)
    marked = "." in mark or "/" in mark
    if folded in _SHORT_TITLES or folded in _TITLES_BEFORE_A_MARK:
        return marked
    return folded in _LEADING_TITLES


def _is_han(letter: str) -> bool:
    return "\u4e00" <= letter <= "\u9fff" or "\u3400" <= letter <= "\u4dbf"
