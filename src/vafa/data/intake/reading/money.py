"""Rial, toman and their thousands: a wrong choice is a factor of 10 to 10,000, so what can't be told is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Literal

from .problems import ValueProblem
from .text import fold_digits, fold_label
from .values import parse_number

CurrencyUnit = Literal["IRR", "IRT", "IRHR", "IRHT"]

IN_RIALS: dict[CurrencyUnit, int] = {"IRR": 1, "IRT": 10, "IRHR": 1_000, "IRHT": 10_000}
OPTION_NAMES: dict[str, CurrencyUnit] = {
    "rial": "IRR", "toman": "IRT", "thousand-rial": "IRHR", "thousand-toman": "IRHT",
    "irr": "IRR", "irt": "IRT", "irhr": "IRHR", "irht": "IRHT",
}  # fmt: skip

_RIAL = re.compile(r"(?<![^\W\d_])(?:ریال|rials?|irr)(?![^\W\d_])|﷼")
_TOMAN = re.compile(r"(?<![^\W\d_])(?:تومان|تومن|tomans?|irt)(?![^\W\d_])")
_THOUSAND = re.compile(r"هزار|thousand|(?<![^\W\d_])1?000(?!\d)")
_CODES = re.compile(r"(?<![^\W\d_])(irhr|irht|irr|irt)(?![^\W\d_])")


@dataclass(frozen=True)
class UnitVerdict:
    """The unit of a column's amounts; `ambiguous` with None where neither header nor cells tell (ask then).

    `currency` is the ISO code to keep the money in where the column is not in rials at all. `hint` is the unit
    that the sizes of the amounts speak for: something to preselect on a page, never to act on.
    """

    unit: CurrencyUnit | None
    ambiguous: bool
    currency: str
    hint: CurrencyUnit | None = None
    median: Decimal | None = None


def unit_named(text: str) -> CurrencyUnit | None:
    """The unit that a header, a currency cell or an option names, or None."""
    option = OPTION_NAMES.get(text.strip().casefold())
    if option is not None:
        return option
    words = fold_label(text)
    code = _CODES.search(words)
    if code is not None:
        return OPTION_NAMES[code[1]]
    rial, toman = _RIAL.search(text if "﷼" in text else words), _TOMAN.search(words)
    if bool(rial) == bool(toman):
        return None
    thousand = _THOUSAND.search(words) is not None
    if toman:
        return "IRHT" if thousand else "IRT"
    return "IRHR" if thousand else "IRR"


def decide_unit(header: str, samples: Iterable[str], currency: str) -> UnitVerdict:
    """The unit of an amounts' column by its header and cells. `currency` is the business's ISO code, or the
    file's own where it has a column of it; any but IRR, IRT and their thousands needs no unit and never is ambiguous.

    A thousand-word inside a cell multiplies that cell (`۱۲ هزار تومان` is read as 12,000), so it names no unit.
    """
    named_currency = currency.strip().upper()
    if named_currency not in ("IRR", "IRT", "IRHR", "IRHT"):
        return UnitVerdict(None, False, named_currency)
    if named_currency != "IRR":
        return UnitVerdict(OPTION_NAMES[named_currency.lower()], False, "IRR")
    texts = [text for text in samples if text]
    by_header = unit_named(header)
    if by_header is not None:
        return UnitVerdict(by_header, False, "IRR", None, _median(texts))
    units = {_unit_in_cell(text) for text in texts}
    if len(units) == 1 and None not in units:
        return UnitVerdict(units.pop(), False, "IRR", None, _median(texts))
    return UnitVerdict(None, True, "IRR", _hint(texts), _median(texts))


def _unit_in_cell(text: str) -> CurrencyUnit | None:
    words = fold_label(text)
    if "﷼" in text or _RIAL.search(words):
        return None if _TOMAN.search(words) else "IRR"
    return "IRT" if _TOMAN.search(words) else None


def _median(texts: list[str]) -> Decimal | None:
    sizes = []
    for text in texts:
        try:
            sizes.append(abs(parse_number(text)))
        except ValueProblem:
            continue
    return median([size for size in sizes if size] or [Decimal(0)]) or None


def _hint(texts: list[str]) -> CurrencyUnit | None:
    """Rial amounts are mostly millions and end in a zero that toman amounts lack; thousands are small numbers."""
    size = _median(texts)
    if size is None:
        return None
    digits = [re.sub(r"\D", "", fold_digits(text)) for text in texts]
    tens = sum(1 for digit in digits if digit.endswith("0000")) / max(1, len(digits))
    if size >= 1_000_000 and tens > 0.9:
        return "IRR"
    return "IRT" if size >= 5_000 else "IRHT"


def factor_between(unit: CurrencyUnit, business: CurrencyUnit) -> Decimal:
    """What an amount in `unit` is multiplied by to be in the business's unit (toman in rials: 10)."""
    return Decimal(IN_RIALS[unit]) / Decimal(IN_RIALS[business])
