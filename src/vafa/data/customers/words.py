"""The words by which a name or a company is found: folded, in every spelling that people type."""

import re
from collections.abc import Iterator

from vafa.kit.locale.letters import fold, fold_key, strip_titles
from vafa.kit.locale.pinyin import is_han, list_readings, list_search_keys, split_runs

LONGEST_WORD = 40
_MOST_WORDS = 24
# Inside a word of an alphabet, fewer letters than these are found everywhere and tell nothing.
LEAST_INSIDE = 3
_BETWEEN = re.compile(r"[\s/,،、·._\-–—()\[\]]+")
_HALF_SPACE = "\u200c"


def list_words(name: str, company: str = "") -> list[str]:
    """The words of a customer that are kept in the index, each once, in their order.

    علی‌رضا gives علی, رضا and علیرضا; 王小明 gives itself, its pinyin and its initials.
    """
    found: dict[str, None] = {}
    for text in (strip_titles(name)[1], company):
        for word in _cut(text):
            found[word[:LONGEST_WORD]] = None
    return list(found)[:_MOST_WORDS]


def _cut(text: str) -> Iterator[str]:
    for typed in _BETWEEN.split(text):
        parts = [key for part in typed.split(_HALF_SPACE) if (key := fold_key(part))]
        yield from parts
        if len(parts) > 1:
            yield "".join(parts)
        for run in split_runs(typed):
            if is_han(run[0]) and any(list_readings(run)):
                yield run
                yield from list_search_keys(run)


def list_asked_words(text: str) -> list[str]:
    """The words of a question: those a person typed, folded, without a title."""
    rest = strip_titles(text)[1]
    return list(dict.fromkeys(key for word in _BETWEEN.split(fold(rest)) if (key := fold_key(word))))


def list_inner_parts(word: str) -> list[str]:
    """The ends of a word that begin inside it: who types the middle of a word types the beginning of one of these."""
    least = 1 if is_han(word[0]) else LEAST_INSIDE
    return [word[start:] for start in range(1, len(word) - least + 1)]
