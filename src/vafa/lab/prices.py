"""Real terms: amounts of different days in the money of one month, by an index of prices.

An index tells for each month how dear the same basket was: 100 in one month and 250 in another mean that an amount of
the first buys as much as 2.5 times as much of the second. It steps by month: nobody knows how prices moved inside one.
A day outside the months that are told has no index, and an amount of it no real value: it is never guessed.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from vafa.lab.currencies import UNIT
from vafa.lab.errors import PriceIndexEmpty, PriceIndexNotPositive, PriceMonthsOverlap

NOMINAL = 0
"""The month under which money is kept that isn't deflated."""

UNPRICED = -1
"""The month under which money of days without an index is kept."""


@dataclass(frozen=True, order=True)
class PriceMonth:
    """The index of a month, which begins on `start` and ends before `end` (ordinals)."""

    start: int
    end: int
    value: Fraction


class PriceIndex:
    """An index by month, in the money of a base month: the latest one unless another is asked for.

    Raises PriceIndexEmpty without a month, PriceIndexNotPositive for a month that isn't above 0, PriceMonthsOverlap
    where two of them hold the same day. Gaps between months are days without an index.
    """

    def __init__(self, months: Iterable[PriceMonth], base_day: int | None = None) -> None:
        self.months = tuple(sorted(months))
        if not self.months:
            raise PriceIndexEmpty
        for month in self.months:
            if month.value <= 0:
                raise PriceIndexNotPositive(start=month.start)
        for before, after in zip(self.months, self.months[1:], strict=False):
            if after.start < before.end:
                raise PriceMonthsOverlap(first=before.start, second=after.start)
        self._starts = [month.start for month in self.months]
        base = self.months[-1] if base_day is None else self.find_month(base_day)
        if base is None:
            raise PriceIndexEmpty(base=base_day or 0)
        self.base = base

    def find_month(self, day: int) -> PriceMonth | None:
        """The month that holds the day; None where it isn't told."""
        place = bisect_right(self._starts, day) - 1
        month = self.months[place] if place >= 0 else None
        return month if month is not None and day < month.end else None

    def find_key(self, day: int) -> int:
        """The first day of the month that holds the day, or UNPRICED: the key under which `Money` keeps it."""
        month = self.find_month(day)
        return UNPRICED if month is None else month.start

    def list_pieces(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """[start, end) cut where a month of the index begins or ends: (from, until, its `find_key`)."""
        ends = {day for month in self.months for day in (month.start, month.end)}
        cuts = [start, *sorted(day for day in ends if start < day < end), end]
        return [(first, until, self.find_key(first)) for first, until in pairwise(cuts) if first < until]

    def find_factor(self, day: int) -> Fraction | None:
        """By what an amount of that day is multiplied: base index / index of the day; None where it isn't told."""
        month = self.find_month(day)
        return None if month is None else self.base.value / month.value

    def deflate(self, amount: Fraction, day: int) -> Fraction | None:
        """An amount of a day in the money of the base month; None where the day has no index."""
        factor = self.find_factor(day)
        return None if factor is None else amount * factor


@dataclass(frozen=True)
class Money:
    """A sum of money, kept exactly by month of the index, so that sums of parts add up to the sum of the whole.

    `units` is month's first day (NOMINAL where nothing is deflated, UNPRICED where no index is known) -> `UNIT`s.
    Parts of a unit are there where an amount is spread over days.
    """

    units: Mapping[int, Fraction | int] = field(default_factory=dict)

    def __add__(self, other: "Money") -> "Money":
        if not self.units or not other.units:
            return self if self.units else other
        found = dict(self.units)
        for month, units in other.units.items():
            found[month] = found.get(month, 0) + units
        return Money(found)

    def __sub__(self, other: "Money") -> "Money":
        return self + Money({month: -units for month, units in other.units.items()})

    def tell(self, index: PriceIndex | None = None) -> Fraction | None:
        """The sum in the currency, in the money of the index's base month where there is an index.

        None where some of it is of days without an index, however little: parts that cancel out in nominal money
        need not do so in real terms.
        """
        if index is None:
            return Fraction(sum(self.units.values())) * UNIT
        total = Fraction(0)
        for month, units in self.units.items():
            if month == NOMINAL:
                total += units * UNIT
                continue
            factor = None if month == UNPRICED else index.find_factor(month)
            if factor is None:
                return None
            total += units * UNIT * factor
        return total


def naive_deflate(amount: Fraction, day: int, months: Iterable[PriceMonth]) -> Fraction | None:
    """The slow twin, to the latest month: all months are read for the day's and for the last one."""
    told = list(months)
    own = [month for month in told if month.start <= day < month.end]
    last = max(told, key=lambda month: month.start)
    return amount * last.value / own[0].value if own else None
