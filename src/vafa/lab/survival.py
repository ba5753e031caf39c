"""How long customers stay: the Kaplan-Meier estimate over their first spells.

A customer is at risk from the first-ever start. The first spell's end ends the lifetime; whoever is in it still
when the data end has lived at least so long, and counts as at risk until then (censored). Ages are whole
numbers: days, or months and days (`tenure.build_ages`).

E. L. Kaplan, P. Meier 1958; variance by M. Greenwood 1926; the interval on the log(-log) scale, which never
leaves 0..1 (J. D. Kalbfleisch, R. L. Prentice 1980).
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from vafa.lab.histograms import Histogram, build_histogram
from vafa.lab.rates import CONFIDENCE

# A product of shares that is a half may come out a hair above it.
_ROUNDING = 1e-12
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Lifetimes:
    """How many first spells ended at each age, and how many were last seen running at each.

    The lifetimes of customers apart add up.
    """

    ended: Histogram = field(default_factory=Histogram)
    running: Histogram = field(default_factory=Histogram)

    def __add__(self, other: "Lifetimes") -> "Lifetimes":
        return Lifetimes(self.ended + other.ended, self.running + other.running)

    @property
    def customers(self) -> int:
        """How many lifetimes there are."""
        return self.ended.n + self.running.n

    @property
    def longest(self) -> int | None:
        """The greatest age that was seen; None of nobody."""
        ages = [int(part.values[-1]) for part in (self.ended, self.running) if len(part.values)]
        return max(ages, default=None)


@dataclass(frozen=True)
class Survival:
    """The share of first spells that outlast an age; bounds are None where no interval can be told.

    There is none while nobody has left, and none when nobody is left.
    """

    value: float
    low: float | None
    high: float | None
    at_risk: int


@dataclass(frozen=True)
class SurvivalCurve:
    """The estimate after each age at which somebody left, with its bounds (nan where there are none)."""

    ages: npt.NDArray[np.int64]
    at_risk: npt.NDArray[np.int64]
    value: Floats
    low: Floats
    high: Floats
    customers: int = 0
    longest: int | None = field(default=None)

    def at(self, age: int) -> Survival | None:
        """The share that outlasts an age; None where nobody was seen so long and somebody might have stayed."""
        if self.longest is None:
            return None
        place = int(np.searchsorted(self.ages, age, side="right")) - 1
        if place < 0:
            return Survival(1.0, None, None, self.customers) if age <= self.longest else None
        value = float(self.value[place])
        if age > self.longest and value > 0:
            return None
        bounds = (float(self.low[place]), float(self.high[place]))
        low, high = (None, None) if math.isnan(bounds[0]) else bounds
        return Survival(value, low, high, int(self.at_risk[place]))


def build_lifetimes(ages: npt.ArrayLike, has_ended: npt.ArrayLike) -> Lifetimes:
    """The lifetimes of customers, each with the age at which the first spell ended or was last seen running."""
    all_ages, ended = np.asarray(ages, dtype=np.int64), np.asarray(has_ended, dtype=np.bool_)
    return Lifetimes(build_histogram(all_ages[ended]), build_histogram(all_ages[~ended]))


def build_survival_curve(lifetimes: Lifetimes, confidence: float = CONFIDENCE) -> SurvivalCurve:
    """The Kaplan-Meier estimate with its Greenwood interval, log(-log) form."""
    ended = lifetimes.ended
    left = ended.counts
    # At risk at an age is who was seen at least so long.
    ended_before = ended.counts.cumsum() - ended.counts
    places = np.searchsorted(lifetimes.running.values, ended.values, side="left")
    gone = np.concatenate(([0], lifetimes.running.counts.cumsum()))[places]
    at_risk = lifetimes.customers - ended_before - gone
    value: Floats = np.cumprod(1 - left / at_risk, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(left / (at_risk * (at_risk - left)))
        z = NormalDist().inv_cdf(0.5 + confidence / 2)
        spread = z * np.sqrt(variance) / np.log(value)
        low, high = value ** np.exp(-spread), value ** np.exp(spread)
    nothing = value <= 0
    low[nothing] = high[nothing] = np.nan
    return SurvivalCurve(ended.values, at_risk, value, low, high, lifetimes.customers, lifetimes.longest)


@dataclass(frozen=True)
class MedianLifetime:
    """The age that half of the customers outlast; None where more than half do as far as is known.

    `low` and `high` are the ages at which the bounds of the curve reach a half (Brookmeyer, Crowley 1982).
    """

    value: int | None
    low: int | None
    high: int | None


def find_median_lifetime(curve: SurvivalCurve) -> MedianLifetime:
    """The first age at which the estimate is no more than a half."""
    return MedianLifetime(
        _find_half(curve.ages, curve.value),
        _find_half(curve.ages, curve.low),
        _find_half(curve.ages, curve.high),
    )


def _find_half(ages: npt.NDArray[np.int64], shares: Floats) -> int | None:
    reached = np.flatnonzero(shares <= 0.5 + _ROUNDING)
    return int(ages[reached[0]]) if len(reached) else None


def naive_survival(lifetimes: Iterable[tuple[int, bool]], age: int) -> Fraction | None:
    """The slow twin, from (age, ended) of each customer: at every age at which somebody left, all are asked
    whether they were still there. Exact; None where nobody was seen so long."""
    everybody = list(lifetimes)
    if not everybody:
        return None
    share = Fraction(1)
    for step in range(age + 1):
        at_risk = sum(own >= step for own, _ in everybody)
        left = sum(own == step and ended for own, ended in everybody)
        if at_risk:
            share *= Fraction(at_risk - left, at_risk)
    seen = any(own >= age for own, _ in everybody)
    return share if seen or share == 0 else None


def naive_greenwood(
    lifetimes: Iterable[tuple[int, bool]], age: int, confidence: float = CONFIDENCE
) -> tuple[float, float] | None:
    """The slow twin of the interval; None where there is none."""
    everybody = list(lifetimes)
    share = naive_survival(everybody, age)
    if share is None or share in (0, 1):
        return None
    variance = Fraction(0)
    for step in range(age + 1):
        at_risk = sum(own >= step for own, _ in everybody)
        left = sum(own == step and ended for own, ended in everybody)
        if left:
            variance += Fraction(left, at_risk * (at_risk - left))
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    centre = math.log(-math.log(share))
    half = z * math.sqrt(variance) / -math.log(share)
    back: Callable[[float], float] = lambda scaled: math.exp(-math.exp(scaled))  # noqa: E731
    return back(centre + half), back(centre - half)


def naive_median_lifetime(lifetimes: Iterable[tuple[int, bool]]) -> int | None:
    """The slow twin of the median: age after age until no more than half are left."""
    everybody = list(lifetimes)
    for age in range(max((own for own, _ in everybody), default=-1) + 1):
        share = naive_survival(everybody, age)
        if share is not None and share <= Fraction(1, 2):
            return age
    return None
