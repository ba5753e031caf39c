"""Numbers of customers as two whole numbers, numerator over denominator (ten-thousandths over one, mostly), so that a
comparison is exact; where the denominator is 0 the customer has no such number."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np
import numpy.typing as npt

from vafa.kit.fields import SCALE
from vafa.measure.segments.money import to_scaled

Numbers = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]

_LARGEST = 2**62
_COMPARISONS: dict[str, Callable[[Any, Any], Flags]] = {
    "at_least": operator.ge,
    "at_most": operator.le,
    "more_than": operator.gt,
    "less_than": operator.lt,
}


@dataclass(frozen=True)
class Ratios:
    """By customer's number: `numerator / denominator` units, of which `scale` make 1; none where the denominator is
    0. Without an array of denominators everybody has the number itself."""

    numerator: Numbers
    denominator: Numbers | None = None
    scale: int = SCALE

    @property
    def known(self) -> Flags | None:
        """Who has the number; None for everybody."""
        return None if self.denominator is None else self.denominator != 0

    def find_top(self, percent: Decimal) -> Flags:
        """Who has a number above zero than which fewer than so many percent of all such numbers are larger, by
        their first four places."""
        whole = self._floor()
        ranked = np.sort(whole[whole > 0])
        if not len(ranked):
            return np.zeros(len(whole), dtype=np.bool_)
        # So many may stand above; the number at that place from the top is the least that belongs.
        above = ceil(percent * len(ranked) / 100) - 1
        least = ranked[len(ranked) - 1 - above]
        top: Flags = whole >= max(least, 1)
        return top

    def _floor(self) -> Numbers:
        """The numbers in whole ten-thousandths, 0 where there is none."""
        scaled: Numbers = self.numerator.astype(np.int64) * (SCALE // self.scale)
        if self.denominator is None:
            return scaled
        known = self.denominator != 0
        floors: Numbers = np.where(known, scaled // np.where(known, self.denominator, 1), 0)
        return floors

    def compare(self, op: str, value: Decimal, upper: Decimal | None = None) -> Flags:
        """Who has a number that compares so, exactly to four places."""
        if op == "between":
            return self.compare("at_least", value) & self.compare("at_most", upper or Decimal(0))
        # n/d/scale compares with v as n * (SCALE / scale) does with (v * SCALE) * d; d is never negative.
        factor, least = SCALE // self.scale, to_scaled(value)
        if self.denominator is None:
            return _compare_whole(op, self.numerator, Fraction(least, factor))
        if abs(least) * int(self.denominator.max(initial=0)) > _LARGEST:
            return self._compare_by_parts(op, least)
        fits = _COMPARISONS[op](
            self.numerator.astype(np.int64) * factor, least * self.denominator.astype(np.int64)
        )
        known: Flags = self.denominator != 0
        return fits & known

    def _compare_by_parts(self, op: str, value: int) -> Flags:
        """The same without products that could overflow: a quotient is at least v where its whole part is, and above
        v where that is larger, or equal with something left."""
        assert self.denominator is not None
        known = self.denominator != 0
        scaled = self.numerator.astype(np.int64) * (SCALE // self.scale)
        whole, rest = np.divmod(scaled, np.where(known, self.denominator, 1))
        above = (whole > value) | ((whole == value) & (rest > 0))
        fits: Flags = {
            "at_least": whole >= value,
            "less_than": whole < value,
            "more_than": above,
            "at_most": ~above,
        }[op]
        both: Flags = fits & known
        return both


def _compare_whole(op: str, numbers: Numbers, value: Fraction) -> Flags:
    """Whole numbers compared with a number that need not be whole."""
    if op in ("at_least", "less_than"):
        return _COMPARISONS[op](numbers, ceil(value))
    return _COMPARISONS[op](numbers, floor(value))
