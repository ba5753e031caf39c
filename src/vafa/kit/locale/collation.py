"""Sort keys: the order of a language's own dictionary as plain text that any database sorts bytewise.

A key holds only 0-9 and a-z, so that every collation of a database (C, SQLite's BINARY, a country's own)
sorts it alike. For each letter it holds the letter's script and then its place in that script: a word comes
before longer words, numbers (by their size) before letters, the language's own script before the others.

* Persian: آ ا ب پ ت ث ج چ ... ز ژ ... ک گ ... ن و ه ی (by code point پ چ ژ گ would come last).
* Arabic: ه before و, all forms of alef as one, and the article ال at the beginning of a word left out.
* Chinese: by pinyin, then tone, then character; a family name by its own reading (单 Shàn, 曾 Zēng, 解 Xiè).
* Latin letters without accents and case; other scripts by code point.
"""

import re
import string
import unicodedata
from functools import lru_cache
from typing import Literal

from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.locale.pinyin import is_han, list_readings, split_runs
from vafa.kit.locale.style import Language

_MAX_LETTERS = 64
_SYMBOLS = string.digits + string.ascii_lowercase

_WORD_END = "0"
_NUMBER_SIGN = "1"
Script = Literal["arabic", "latin", "han", "other"]
_SCRIPT_ORDER: dict[Language, tuple[Script, ...]] = {
    "fa": ("arabic", "latin", "han", "other"),
    "ar": ("arabic", "latin", "han", "other"),
    "zh-hans": ("han", "latin", "arabic", "other"),
    "en": ("latin", "arabic", "han", "other"),
}
_SCRIPT_SIGNS = "abcd"

_PERSIAN_ALPHABET = "ءآابپتټثجچحخدډذرزژسشصضطظعغفقکگلمنوهی"
_ARABIC_ALPHABET = "ءابپتټثجچحخدډذرزژسشصضطظعغفقکگلمنهوی"
_LETTER_FORMS = str.maketrans({
    "أ": "ا", "إ": "ا", "ٱ": "ا", "ي": "ی", "ى": "ی", "ئ": "ی", "ے": "ی", "ێ": "ی", "ې": "ی",
    "ك": "ک", "ڪ": "ک", "ګ": "گ", "ة": "ه", "ۀ": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ۃ": "ه",
    "ؤ": "و", "ۆ": "و",
    "ٹ": "ټ", "ڈ": "ډ", "ڑ": "ر", "ڕ": "ر", "ں": "ن", "ڵ": "ل", "ڤ": "ف", "ڭ": "گ", "ـ": "",
})  # fmt: skip
_LATIN_FORMS = str.maketrans({
    "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th", "ħ": "h", "ŋ": "n",
})  # fmt: skip
_HAN_OR_DIGIT = re.compile("[0-9\u3400-\u9fff\U00020000-\U0003ffff]")
_NUMBER = re.compile("([0-9]+)")
_ACCENTS = re.compile("[\u0300-\u036f]")
_SEPARATOR = re.compile(r"[\s\-–—/,،、·._]+")

_ARABIC_ARTICLE = "ال"
_MIN_LETTERS_AFTER_ARTICLE = 3
# Names whose alef and lam belong to the word (إلهام is mostly typed الهام), and God's.
_NO_ARTICLE = frozenset({
    "الله", "الهام", "الیاس", "الاء", "الطاف", "الفت", "الیسا", "الکسندر", "البرت", "الهه", "الناز",
    "الیزابت", "الفرید",
})  # fmt: skip


@lru_cache(maxsize=65_536)
def sort_key(text: str, language: Language) -> str:
    """The key by which texts are listed in a language; empty for a text without letters or digits.

    Two texts with the same key differ only in accents, case or marks: order those by the text or an id.
    Only about the first 64 letters count.
    """
    prepared = _prepare(text[:_MAX_LETTERS], language)
    words = (_write_word(word, language) for word in _SEPARATOR.split(prepared) if word)
    return _WORD_END.join(filter(None, words))


def _prepare(text: str, language: Language) -> str:
    if text.isascii():
        return text.lower()
    composed = unicodedata.normalize("NFKC", text).casefold()
    plain = to_latin_digits(composed).translate(_LETTER_FORMS)
    return plain if language == "fa" else plain.replace("آ", "ا")


def _write_word(word: str, language: Language) -> str:
    table = _get_table(language)
    if language == "ar" and word.startswith(_ARABIC_ARTICLE):
        word = _drop_article(word)
    if _HAN_OR_DIGIT.search(word) is None:
        return word.translate(table)
    return "".join(_write_run(run, table) for run in split_runs(word))


def _write_run(run: str, table: "_Units") -> str:
    if is_han(run[0]):
        # The character itself keeps homophones apart, so that all of one family stand together.
        sign = table.signs["han"]
        units = zip(run, list_readings(run), strict=True)
        return "".join(f"{sign}{reading}{ord(letter):05x}" for letter, reading in units)
    return "".join(
        _write_number(part) if part[0] in string.digits else part.translate(table)
        for part in _NUMBER.split(run)
        if part
    )


def _write_number(digits: str) -> str:
    # Its length first, so that 9 comes before 10.
    size = digits.lstrip("0") or "0"
    return f"{_NUMBER_SIGN}{_write_two(min(len(size), _MAX_LETTERS))}{size}"


def _drop_article(word: str) -> str:
    rest = word.removeprefix(_ARABIC_ARTICLE)
    return word if len(rest) < _MIN_LETTERS_AFTER_ARTICLE or word in _NO_ARTICLE else rest


def _write_two(place: int) -> str:
    return _SYMBOLS[place // len(_SYMBOLS)] + _SYMBOLS[place % len(_SYMBOLS)]


class _Units(dict[int, str]):
    """What each letter becomes in the key, for str.translate; made once a letter is met."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self.signs = dict(zip(_SCRIPT_ORDER[language], _SCRIPT_SIGNS, strict=True))
        alphabet = _ARABIC_ALPHABET if language == "ar" else _PERSIAN_ALPHABET
        for place, letter in enumerate(alphabet):
            self[ord(letter)] = self.signs["arabic"] + _write_two(place)
        for letter in string.ascii_lowercase:
            self[ord(letter)] = self.signs["latin"] + letter

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", letter)).translate(_LATIN_FORMS)
        if bare != letter:
            unit = bare.translate(self)
        else:
            unit = f"{self.signs['other']}{code:06x}" if letter.isalnum() else ""
        self[code] = unit
        return unit


@lru_cache(maxsize=4)
def _get_table(language: Language) -> _Units:
    return _Units(language)
