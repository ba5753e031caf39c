"""Numbers as people write them -> exact Decimals. Pure but for the wording of problems."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from .problems import ValueProblem
from .text import drop_marks, fold_digits, trim

DecimalMark = Literal[".", ","]

_PLAIN = re.compile(r"-?\d{1,15}(?:\.\d{1,12})?", re.ASCII)
_SIGNS = "$€£¥￥₹₺﷼₽₩₪₴₫฿元圆圓块"
_WORDS = re.compile(
    r"(?:ریال|ريال|تومان|تومن|درهم|دینار|دينار|جنيه|جنیه|ليرة|لیره|دولار|دلار|یورو|يورو|人民币|美元|欧元"
    r"|\b(?:rials?|tomans?|usd|eur|gbp|cny|rmb|irr|irt|irhr|irht|aed|sar|qar|kwd|bhd|omr|egp|iqd|jod|lbp|syp|sdg|yer"
    r"|mad|dzd|tnd|lyd|try|inr|pkr|afn|rub|jpy|krw|chf|cad|aud|nzd|sek|nok|dkk|hkd|twd|sgd|tl|dh|sr|rs)\b\.?)",
    re.IGNORECASE,
)
_SCALES = (
    ("میلیارد", 9),
    ("مليار", 9),
    ("میلیون", 6),
    ("مليون", 6),
    ("هزار", 3),
    ("ألف", 3),
    ("亿", 8),
    ("万", 4),
    ("千", 3),
)
_SCIENTIFIC = re.compile(r"([+-]?)(\d+)(?:[.,](\d*))?([eE])([+-]?)(\d{1,3})")
_GROUPED = re.compile(r"\d{1,3}(?:[ '’]\d{3})+")
_THREES = re.compile(r"\d{1,3}(?:,\d{3})+")
_LAKH = re.compile(r"\d{1,2}(?:,\d{2})*,\d{3}")
LARGEST_DIGITS = 21


def is_scientific(text: str) -> bool:
    """Whether the text is written like 9.12E+09."""
    return _SCIENTIFIC.fullmatch(fold_digits(trim(text)).replace("٫", ".")) is not None


def _exact_scientific(match: re.Match[str], text: str) -> Decimal:
    """A spreadsheet writes E+09 (capital, sign, two digits) and drops what its format has no room for; a program
    writes every digit it has. So the first is exact only where the digits reach down to the units."""
    sign, whole, fraction, letter, plus, power = match.groups()
    fraction = fraction or ""
    exponent = int(power)
    spreadsheet = letter == "E" and plus == "+" and len(power) == 2
    if spreadsheet and exponent > len(fraction):
        raise ValueProblem("scientific", value=text)
    if plus != "-" and exponent + len(whole) > LARGEST_DIGITS:
        raise ValueProblem("number_too_large", value=text)
    return Decimal(f"{sign}{whole}.{fraction or 0}E{plus}{power}")


def _take_scale(body: str) -> tuple[str, int]:
    for word, power in _SCALES:
        if word in body:
            return body.replace(word, "", 1), power
    return body, 0


def _settle_marks(body: str, mark: DecimalMark | None, text: str) -> str:
    """Digits with at most one `.`: what groups thousands and what marks decimals, told by their places."""
    dots, commas = body.count("."), body.count(",")
    if dots and commas:
        last = "." if body.rfind(".") > body.rfind(",") else ","
        if body.count(last) > 1:
            raise ValueProblem("not_a_number", value=text)
        whole, _, fraction = body.rpartition(last)
        whole = _ungroup(whole.replace(".", ",") if last == "," else whole, text)
        return f"{whole}.{fraction}"
    if commas:
        if mark == "," and commas == 1:
            return body.replace(",", ".")
        if mark is None and commas == 1 and not (_THREES.fullmatch(body) and not body.startswith("0")):
            return body.replace(",", ".")
        return _ungroup(body, text)
    if dots > 1 or (dots == 1 and mark == "," and _THREES.fullmatch(body.replace(".", ","))):
        return _ungroup(body.replace(".", ","), text)
    return body


def _ungroup(whole: str, text: str) -> str:
    if "," not in whole:
        return whole
    if _THREES.fullmatch(whole) or _LAKH.fullmatch(whole):
        return whole.replace(",", "")
    raise ValueProblem("not_a_number", value=text)


def _bare(text: str) -> tuple[str, bool]:
    """The digits and their marks alone, and whether the number is negative."""
    body = (
        drop_marks(fold_digits(trim(text)))
        .replace("\u200c", " ")
        .replace("\u00a0", " ")
        .replace("\u202f", " ")
    )
    body = (
        body.replace("\u2009", " ")
        .replace("\u066c", ",")
        .replace("،", ",")
        .replace("\u066b", ".")
        .replace("\uff0c", ",")
    )
    body = body.replace("\u2212", "-").replace("\u2013", "-").replace("\ufe63", "-").replace("\uff0d", "-")
    body = _WORDS.sub("", body.translate({ord(sign): None for sign in _SIGNS})).strip()
    negative = False
    if body.startswith("(") and body.endswith(")"):
        body, negative = body[1:-1].strip(), True
    if body.endswith("-"):
        body, negative = body[:-1].strip(), not negative
    elif body.startswith("-"):
        body, negative = body[1:].strip(), not negative
    elif body.startswith("+"):
        body = body[1:].strip()
    return body, negative


def parse_number(text: str, mark: DecimalMark | None = None) -> Decimal:
    """The number that the text writes, exactly.

    Knows Persian and Arabic digits, every usual separator (1,234.56, 1.234,56, 1 234, 12,34,567, ٬ and ٫),
    currency signs and words, parentheses and trailing minus, and thousand/million words. `mark` is the column's
    decimal mark where it is known: it settles 1.234 (else 1.234) and 1,234 (else 1234).
    Raises ValueProblem `not_a_number`, `percent`, `scientific` (cut by a spreadsheet) or `number_too_large`.
    """
    if mark is None and _PLAIN.fullmatch(text):
        return Decimal(text)
    body, negative = _bare(text)
    if "%" in body or "٪" in body or "％" in body:
        raise ValueProblem("percent", value=text)
    scientific = _SCIENTIFIC.fullmatch(body)
    if scientific is not None:
        value = _exact_scientific(scientific, text)
        return -value if negative else value
    body, power = _take_scale(body)
    body = body.strip()
    if " " in body or "'" in body or "’" in body:
        body = _GROUPED.sub(lambda m: re.sub(r"[ '’]", "", m.group()), body)
    if not body or body.strip("0123456789.,") or not body.strip(".,"):
        raise ValueProblem("not_a_number", value=text)
    digits = _settle_marks(body, mark, text)
    if len(digits.partition(".")[0]) + power > LARGEST_DIGITS or len(digits) > 3 * LARGEST_DIGITS:
        raise ValueProblem("number_too_large", value=text)
    value = Decimal(digits) * 10**power if power else Decimal(digits)
    return -value if negative else value


def parse_integer(text: str) -> int:
    """A whole number (12, ۱۲, 1,200, 12.0). Raises ValueProblem, `not_whole` for 1.5."""
    value = parse_number(text)
    if value != value.to_integral_value():
        raise ValueProblem("not_whole", value=text)
    return int(value)


def parse_quantity(text: str, mark: DecimalMark | None = None) -> Decimal:
    """A quantity, whole or not, of either sign (2, -1, 0.5, `2 pcs`, `۳ عدد`, `2x`)."""
    bare = _UNITS.sub("", text).strip()
    return parse_number(bare or text, mark)


_UNITS = re.compile(
    r"(?i)(?<=[\d\s.])\s*(?:pcs?|pieces?|units?|x|عدد|دانه|بسته|قطعة|قطعه|حبة|件|个|個|只|kg|كيلو|کیلو)\.?$"
)


def decide_decimal_mark(samples: Iterable[str]) -> DecimalMark | None:
    """The decimal mark that a column's values agree on, or None where none of them tells.

    `1.234,56`, `12,5` and `1.234.567` tell of a comma; `1,234.56`, `12.5` and `1,234,567` of a dot.
    """
    comma = dot = 0
    for sample in samples:
        body, _ = _bare(sample)
        body = body.strip()
        if not body or body.strip("0123456789.,"):
            continue
        dots, commas = body.count("."), body.count(",")
        if dots and commas:
            comma, dot = (
                comma + (body.rfind(",") > body.rfind(".")),
                dot + (body.rfind(".") > body.rfind(",")),
            )
        elif commas > 1 or (dots == 1 and not _THREES.fullmatch(body.replace(".", ","))):
            dot += 1
        elif dots > 1 or (commas == 1 and not _THREES.fullmatch(body)):
            comma += 1
    if comma > dot:
        return ","
    return "." if dot else None
