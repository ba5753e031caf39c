"""Rates as fractions, with the interval that the sample size allows.

A rate without a denominator is None: unknown, never 0 and never 100%.
"""

import math
from dataclasses import astuple, dataclass
from functools import cache
from statistics import NormalDist
from typing import Literal, get_args

from pyroaring import BitMap

from vafa.lab.errors import RateOutOfBounds
from vafa.lab.periods import Every
from vafa.lab.sets import Movement

Denominator = Literal["start", "average", "ever"]
DENOMINATORS: tuple[Denominator, ...] = get_args(Denominator)

CONFIDENCE = 0.95
DAYS_A_YEAR = 365.2425
_PERIODS_A_YEAR: dict[Every, float] = {
    "day": DAYS_A_YEAR,
    "week": DAYS_A_YEAR / 7,
    "month": 12.0,
    "quarter": 4.0,
    "half": 2.0,
    "year": 1.0,
}


@dataclass(frozen=True)
class MovementCounts:
    """The sizes of a movement's sets; those of disjoint sets of customers add up.

    `ever` were active at any boundary of the period.
    """

    start: int = 0
    end: int = 0
    kept: int = 0
    lost: int = 0
    new: int = 0
    reactivated: int = 0
    joined_and_left: int = 0
    ever: int = 0

    def __add__(self, other: "MovementCounts") -> "MovementCounts":
        return MovementCounts(*map(sum, zip(astuple(self), astuple(other), strict=True)))


def count_movement(movement: Movement | MovementCounts) -> MovementCounts:
    """How many customers moved how."""
    if isinstance(movement, MovementCounts):
        return movement
    return MovementCounts(
        start=len(movement.start),
        end=len(movement.end),
        kept=len(movement.kept),
        lost=len(movement.lost),
        new=len(movement.new),
        reactivated=len(movement.reactivated),
        joined_and_left=len(movement.joined_and_left),
        ever=len(movement.ever),
    )


def count_moves(
    active_start: BitMap, active_end: BitMap, new: int, joined_and_left: int = 0, ever: int = 0
) -> MovementCounts:
    """What `count_movement` counts, without making the sets of the movement.

    `new` are those in the end whose first-ever start is inside the period, `joined_and_left` those who started inside
    for the first time and were active only strictly inside. `ever` is 0 where nobody asks.
    """
    start, end = len(active_start), len(active_end)
    kept = active_start.intersection_cardinality(active_end)
    return MovementCounts(start, end, kept, start - kept, new, end - kept - new, joined_and_left, ever)


@dataclass(frozen=True)
class Rate:
    """A fraction and what it is made of; `low` and `high` are None where no interval makes sense."""

    value: float
    low: float | None
    high: float | None
    numerator: float
    denominator: float


@cache
def _find_quantile(confidence: float) -> float:
    """How many standard deviations to both sides hold this share of a normal distribution."""
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def build_wilson_interval(successes: int, trials: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The Wilson score interval of a proportion (E. B. Wilson 1927), without continuity correction.

    `trials` must be above 0. The ends are exactly 0 or 1 where none or all succeeded.
    """
    z = _find_quantile(confidence)
    share = successes / trials
    shrink = 1 + z * z / trials
    centre = (share + z * z / (2 * trials)) / shrink
    half = z / shrink * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == trials else min(1.0, centre + half)
    return low, high


def build_proportion(numerator: int, denominator: int, confidence: float = CONFIDENCE) -> Rate | None:
    """The share that `numerator` of `denominator` customers are, with its Wilson interval; None of nobody."""
    if denominator == 0:
        return None
    low, high = build_wilson_interval(numerator, denominator, confidence)
    return Rate(numerator / denominator, low, high, numerator, denominator)


def build_ratio(numerator: float, denominator: float) -> Rate | None:
    """A quotient that is no share of a group (it may pass 1, or be negative), so without an interval."""
    if denominator == 0:
        return None
    return Rate(numerator / denominator, None, None, numerator, denominator)


def build_crr(movement: Movement | MovementCounts) -> Rate | None:
    """Customer retention rate: kept / start."""
    counts = count_movement(movement)
    return build_proportion(counts.kept, counts.start)


def build_churn_rate(movement: Movement | MovementCounts, denominator: Denominator = "start") -> Rate | None:
    """Customers lost, over those of the start, over the mean of start and end, or over all ever active in it.

    Lost are always those of the start who aren't there at the end; only over the start is it 1 - CRR.
    """
    counts = count_movement(movement)
    if denominator == "start":
        return build_proportion(counts.lost, counts.start)
    if denominator == "ever":
        return build_proportion(counts.lost, counts.ever)
    return build_ratio(counts.lost, (counts.start + counts.end) / 2)


def build_net_change_rate(movement: Movement | MovementCounts) -> Rate | None:
    """(end - start) / start."""
    counts = count_movement(movement)
    return build_ratio(counts.end - counts.start, counts.start)


def build_growth_rate(movement: Movement | MovementCounts) -> Rate | None:
    """(new + reactivated) / start."""
    counts = count_movement(movement)
    return build_ratio(counts.new + counts.reactivated, counts.start)


def find_article_value(movement: Movement | MovementCounts) -> float | None:
    """The articles' (E - N) / S, where N is everybody who joined in the period, even if gone again by its end."""
    counts = count_movement(movement)
    if not counts.start:
        return None
    return (counts.end - counts.new - counts.joined_and_left) / counts.start


def build_quick_ratio(new: int, reactivated: int, lost: int) -> Rate | None:
    """(new + reactivated) / lost: how many come for each who leaves; None where nobody leaves."""
    return build_ratio(new + reactivated, lost)


def build_win_back_rate(lapsed: int, won_back: int) -> Rate | None:
    """Of those who were inactive at the start but had been customers, the share active at the end."""
    return build_proportion(won_back, lapsed)


@dataclass(frozen=True)
class ArticleRate:
    """The articles' (E - N) / S beside the exact rate, and the customers who make the difference.

    `counted_too_much` came back and stand in E as if kept; `counted_too_little` joined and left inside, so
    they stand in N but not in E.
    """

    value: float | None
    exact: Rate | None
    counted_too_much: BitMap
    counted_too_little: BitMap

    @property
    def differs(self) -> bool:
        """Whether the two rates aren't the same."""
        return len(self.counted_too_much) != len(self.counted_too_little)


def build_article_rate(movement: Movement) -> ArticleRate:
    """(E - N) / S, where N is everybody who joined in the period, even if gone again by its end."""
    return ArticleRate(
        value=find_article_value(movement),
        exact=build_crr(movement),
        counted_too_much=movement.reactivated,
        counted_too_little=movement.joined_and_left,
    )


def get_periods_a_year(every: Every | int) -> float:
    """How many such periods a year has; an int is a number of days, and a year 365.2425 of them."""
    return DAYS_A_YEAR / every if isinstance(every, int) else _PERIODS_A_YEAR[every]


def annualise_retention(crr: float, periods_a_year: float) -> float:
    """The yearly retention if every period went like this one: crr ** k. An extrapolation."""
    if not 0 <= crr <= 1 or periods_a_year <= 0:
        raise RateOutOfBounds(rate=crr, periods_a_year=periods_a_year)
    return float(crr**periods_a_year)


def annualise_churn(churn_rate: float, periods_a_year: float) -> float:
    """The yearly churn if every period went like this one: 1 - (1 - c) ** k. An extrapolation."""
    return 1 - annualise_retention(1 - churn_rate, periods_a_year)
