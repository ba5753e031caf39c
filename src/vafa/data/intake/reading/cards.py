"""Payment card numbers, told so that they are never stored. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .text import fold_digits, trim

_BETWEEN = re.compile(r"[\s\-]")
_CARD = re.compile(r"[2-9]\d{12,18}")


def is_card_number(text: str) -> bool:
    """Whether the text is 13 to 19 digits (blanks and hyphens between) that pass the Luhn check of ISO/IEC 7812."""
    digits = _BETWEEN.sub("", fold_digits(trim(text)))
    if not _CARD.fullmatch(digits) or len(set(digits)) < 2:
        return False
    total = 0
    for place, char in enumerate(reversed(digits)):
        digit = int(char)
        if place % 2:
            digit = digit * 2 - 9 if digit > 4 else digit * 2
        total += digit
    return total % 10 == 0


def is_card_column(samples: Iterable[str]) -> bool:
    """Whether most of a column's values are card numbers. By chance one number of ten passes the check, so more
    than half of at least one value is proof enough only together with the length."""
    values = [value for value in samples if value]
    return bool(values) and sum(map(is_card_number, values)) > len(values) * 0.6
