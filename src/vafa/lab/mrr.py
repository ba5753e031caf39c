"""Monthly recurring revenue (MRR) of one subscription: its price, brought to a month.

MRR is counted in whole `MRR_UNIT`s, of which a ten-thousandth of money has 72: a price for 1, 2, 3, 4, 6, 8, 9, 12, 18,
24, 36 or 72 months is a whole number of them a month, and sums are exact. What days and weeks make is rounded to
one, half up. A month is 365.25 / 12 days where days and months meet.
"""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from vafa.lab.spells import OPEN_END, Ints

Wide = npt.NDArray[np.int64]

PARTS = 72
MRR_UNIT = Fraction(1, 10_000 * PARTS)
MONTH_DAYS = Fraction(36_525, 1_200)
UNPRICED = -1
"""The MRR of a subscription whose price, or how often it is paid, nobody told."""

_MONTHS = {"day": 1 / MONTH_DAYS, "week": 7 / MONTH_DAYS, "month": Fraction(1), "year": Fraction(12)}
_MOST = np.iinfo(np.int64).max // 4


def parse_months(interval: str) -> Fraction | None:
    """How many months a price is for, from an interval as the records keep it ("3 month", "2 week"); None where it
    names none."""
    count, _, unit = interval.partition(" ")
    if unit not in _MONTHS or not count.isdecimal() or not int(count):
        return None
    return int(count) * _MONTHS[unit]


def scale_exactly(values: Wide, factor: Fraction) -> Wide:
    """Values times a factor (none of them below 0), each rounded to a whole number, half up."""
    top, bottom = factor.numerator, factor.denominator
    if bottom == 1 and top == 1:
        return values
    if len(values) and int(values.max()) * top < _MOST and bottom < _MOST:
        quotient, rest = np.divmod(values * top, bottom)
        return quotient + (2 * rest >= bottom)
    exact = [(2 * int(value) * top + bottom) // (2 * bottom) for value in values]
    return np.array(exact, dtype=np.int64)


def build_all_mrr(
    amounts: Wide,
    interval_codes: npt.NDArray[np.int64],
    intervals: Mapping[int, str],
    started: Ints,
    term_ended: Ints,
    priced: npt.NDArray[np.bool_],
) -> Wide:
    """The MRR of many subscriptions, in MRR_UNITs; UNPRICED where it can't be known.

    `amounts` are ten-thousandths, `interval_codes` say by `intervals` how often each is paid. Where that names no
    interval, the price is for the whole term from `started` to `term_ended`, and unknown where the term is
    open (OPEN_END) or empty. A price that isn't told, or is below 0, is unknown.
    """
    found = np.full(len(amounts), UNPRICED, dtype=np.int64)
    usable = priced & (amounts >= 0)
    for code, text in intervals.items():
        rows = usable & (interval_codes == code)
        months = parse_months(text)
        if months is None:
            rows &= (term_ended != OPEN_END) & (term_ended > started)
            found[rows] = _spread_over_terms(amounts[rows], started[rows], term_ended[rows])
        else:
            found[rows] = scale_exactly(amounts[rows], PARTS / months)
    return found


def _spread_over_terms(amounts: Wide, started: Ints, ended: Ints) -> Wide:
    """amount / (days / MONTH_DAYS), in MRR_UNITs: there are few lengths of term, and each is one factor."""
    days = ended.astype(np.int64) - started
    found = np.zeros(len(amounts), dtype=np.int64)
    lengths, places = np.unique(days, return_inverse=True)
    order = np.argsort(places, kind="stable")
    cuts = np.searchsorted(places[order], np.arange(len(lengths) + 1))
    for number, length in enumerate(lengths):
        rows = order[cuts[number] : cuts[number + 1]]
        found[rows] = scale_exactly(amounts[rows], PARTS * MONTH_DAYS / int(length))
    return found


def naive_mrr(
    amount: int | None, interval: str, started: int, ended: int | None, unit: Fraction = MRR_UNIT
) -> Fraction | None:
    """The definition: the price over the months that it is for, in money, to the nearest `unit`."""
    if amount is None or amount < 0:
        return None
    words = interval.split()
    months: Fraction | None = None
    if len(words) == 2 and words[0].isdecimal() and int(words[0]) > 0:
        length = int(words[0])
        if words[1] == "month":
            months = Fraction(length)
        elif words[1] == "year":
            months = Fraction(12 * length)
        elif words[1] in ("day", "week"):
            days = length * (7 if words[1] == "week" else 1)
            months = Fraction(days) * 12 * 100 / 36525
    if months is None:
        if ended is None or ended <= started:
            return None
        months = Fraction(ended - started) * 12 * 100 / 36525
    exact = Fraction(amount, 10_000) / months
    return (exact / unit + Fraction(1, 2)).__floor__() * unit
