"""Lengths of time as help desks write them -> seconds: 1:30:00, 2d 3h, ۲ ساعت و ۵ دقیقه, 90 (minutes). Pure."""

from __future__ import annotations

import re
from decimal import Decimal

from .problems import ValueProblem
from .text import drop_marks, fold_digits, fold_label, trim
from .values import parse_number

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_WORDS = {
    "second": "s sec secs second seconds ثانیه ثواني ثانية ثوان 秒 秒钟",
    "minute": "m min mins minute minutes دقیقه دقايق دقائق دقيقة 分 分钟",
    "hour": "h hr hrs hour hours ساعت ساعه ساعة ساعات 小时 时 个小时",
    "day": "d day days روز يوم أيام ايام 天 日",
}
_UNIT_OF = {fold_label(word): unit for unit, words in _WORDS.items() for word in words.split()}
_CLOCK = re.compile(r"(-?)(?:(\d+)\s*(?:days?|d|روز|天)?[ ,]+)?(\d+):(\d\d)(?::(\d\d)(?:\.\d+)?)?")
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*([^\W\d_]+)")
_MOST_SECONDS = 100 * 366 * 86_400


def find_unit(column: str) -> str | None:
    """The unit that a column's name tells: `First reply time in minutes`, `مدت پاسخ (ساعت)`; None where none."""
    words = fold_label(column).split()
    # The last one named: "first response time in hours" also holds "time", and a "second" may be an ordinal.
    for word in reversed(words):
        if word in _UNIT_OF and len(word) > 1:
            return _UNIT_OF[word]
    return next(
        (unit for word, unit in _UNIT_OF.items() if len(word) == 2 and not word.isascii() and word in column),
        None,
    )


def parse_span(text: str, unit: str | None) -> int:
    """The length in whole seconds; a bare number is in `unit`. Negative lengths are read: they are for others to judge.

    Raises ValueProblem `not_a_span`, or `span_unit` for a bare number without a unit.
    """
    plain = trim(drop_marks(fold_digits(text))).replace("٫", ".").replace("−", "-")
    if match := _CLOCK.fullmatch(plain):
        sign, days, hours, minutes, rest = match.groups()
        seconds = int(days or 0) * 86_400 + int(hours) * 3600 + int(minutes) * 60 + int(rest or 0)
        return _check(-seconds if sign else seconds, text)
    try:
        number = parse_number(plain)
    except ValueProblem:
        return _check(_parse_words(plain, text), text)
    if unit is None:
        raise ValueProblem("span_unit", value=text)
    return _check(round(number * _SECONDS[unit]), text)


def _parse_words(plain: str, text: str) -> int:
    """Numbers each with its unit, and nothing between them but "and"."""
    parts = _PART.findall(plain)
    rest = fold_label(_PART.sub(" ", plain))
    units = [_UNIT_OF.get(fold_label(word).removesuffix("و").strip()) for _number, word in parts]
    if not parts or None in units or rest not in ("", "و", "and", "و و"):
        raise ValueProblem("not_a_span", value=text)
    return round(
        sum(
            Decimal(number) * _SECONDS[unit]
            for (number, _word), unit in zip(parts, units, strict=True)
            if unit
        )
    )


def _check(seconds: int, text: str) -> int:
    if abs(seconds) > _MOST_SECONDS:
        raise ValueProblem("not_a_span", value=text)
    return seconds
