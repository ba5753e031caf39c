"""What an arm of a trial changed against the control: differences of shares and of means, with their intervals.

Shares are compared by Newcombe's hybrid score interval (R. G. Newcombe 1998, method 10), means by Welch's (B. L. Welch
1947). Where a score was frozen before anything was done, the means are adjusted by it: one line through each arm, read
off at the mean score of all (W. Lin 2013), with variance HC2 (J. G. MacKinnon, H. White 1985) and what the mean score
itself may be off by (A. Negi, J. M. Wooldridge 2021). A score that tells nothing costs nothing; one that tells who
leaves anyway makes the interval as narrow as many more customers would.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from vafa.lab.compare import Estimate, build_difference
from vafa.lab.rates import CONFIDENCE, build_wilson_interval

Floats = npt.NDArray[np.float64]

# Below so many customers an arm has no mean worth a line through it.
LEAST_FOR_ADJUSTING = 10


@dataclass(frozen=True)
class Share:
    """How many of an arm did it."""

    hits: int
    n: int

    @property
    def value(self) -> float:
        """The share, 0..1."""
        return self.hits / self.n


@dataclass(frozen=True)
class Sample:
    """What a comparison of means needs of an arm; the variance is that of one customer (divisor n - 1), None for one
    alone."""

    n: int
    mean: float
    variance: float | None


@dataclass(frozen=True)
class Effect:
    """Arm minus control. `variance` is that of the difference; `low` and `high` end its 95% interval, None where there
    are too few to tell."""

    value: float
    low: float | None
    high: float | None
    variance: float | None

    @property
    def is_clear(self) -> bool | None:
        """Whether chance alone is an unlikely reason: the interval leaves zero out; None where there is no interval."""
        return None if self.low is None or self.high is None else self.low > 0 or self.high < 0


def build_sample(values: npt.ArrayLike) -> Sample:
    """The number, mean and variance of an arm's values; there must be one at least."""
    given = np.asarray(values, dtype=np.float64)
    variance = float(given.var(ddof=1)) if len(given) > 1 else None
    return Sample(len(given), float(given.mean()), variance)


def compare_shares(arm: Share, control: Share, confidence: float = CONFIDENCE) -> Effect:
    """By how much the arm's share is above the control's, with Newcombe's interval. Nobody may be missing in both.

    The variance is that of A. Agresti and B. Caffo (2000), with one more hit and one more miss in each arm: it is above
    zero where all or none did it, too.
    """
    estimates = []
    for group in (control, arm):
        low, high = build_wilson_interval(group.hits, group.n, confidence)
        estimates.append(Estimate(group.value, low, high))
    difference = build_difference(*estimates)
    return Effect(difference.value, difference.low, difference.high, build_variance(arm, control))


def build_variance(arm: Share, control: Share) -> float:
    """The variance of a difference of shares after Agresti and Caffo."""
    parts = (((group.hits + 1) / (group.n + 2), group.n + 2) for group in (arm, control))
    return math.fsum(share * (1 - share) / n for share, n in parts)


def compare_means(arm: Sample, control: Sample, confidence: float = CONFIDENCE) -> Effect:
    """By how much the arm's mean is above the control's, with Welch's interval; without one for fewer than two."""
    value = arm.mean - control.mean
    if arm.variance is None or control.variance is None:
        return Effect(value, None, None, None)
    parts = (arm.variance / arm.n, control.variance / control.n)
    variance = sum(parts)
    if variance == 0:
        return Effect(value, value, value, 0.0)
    freedom = variance**2 / (parts[0] ** 2 / (arm.n - 1) + parts[1] ** 2 / (control.n - 1))
    half = float(stdtrit(freedom, 0.5 + confidence / 2)) * math.sqrt(variance)
    return Effect(value, value - half, value + half, variance)


def adjust_means(
    outcomes: npt.ArrayLike,
    in_arm: npt.ArrayLike,
    scores: npt.ArrayLike,
    confidence: float = CONFIDENCE,
) -> Effect | None:
    """The difference of means, freed of what the frozen score foretold. One row a customer, of the arm and the control
    only.

    `in_arm` is True for the arm and False for the control; a score that is unknown (NaN) counts as the mean of the
    known. None where there is nothing to adjust by: fewer than 10 customers in an arm, or scores that don't differ in
    one.
    """
    values, treated = np.asarray(outcomes, dtype=np.float64), np.asarray(in_arm, dtype=np.bool_)
    known = np.array(scores, dtype=np.float64)
    unknown = np.isnan(known)
    if unknown.all() or min(treated.sum(), (~treated).sum()) < LEAST_FOR_ADJUSTING:
        return None
    known[unknown] = known[~unknown].mean()
    centre = float(known.mean())
    line = _draw_line(values[treated], known[treated], centre)
    other = _draw_line(values[~treated], known[~treated], centre)
    if line is None or other is None:
        return None
    (level, slope, spread), (other_level, other_slope, other_spread) = line, other
    value = level - other_level
    variance = spread + other_spread + (slope - other_slope) ** 2 * float(known.var(ddof=1)) / len(known)
    half = NormalDist().inv_cdf(0.5 + confidence / 2) * math.sqrt(variance)
    return Effect(value, value - half, value + half, variance)


def _draw_line(values: Floats, scores: Floats, centre: float) -> tuple[float, float, float] | None:
    """The height of the least-squares line at `centre`, its slope, and the height's variance (HC2); None if upright."""
    away = scores - scores.mean()
    squares = float(away @ away)
    if squares <= 1e-12 * max(1.0, float(scores @ scores)):
        return None
    slope = float(away @ values) / squares
    residuals = values - values.mean() - slope * away
    at = centre - float(scores.mean())
    weights = 1 / len(values) + at * away / squares
    leverage = 1 / len(values) + away**2 / squares
    if leverage.max() > 1 - 1e-9:
        return None
    variance = float(np.sum(weights**2 * residuals**2 / (1 - leverage)))
    return float(values.mean()) + slope * at, slope, variance


def find_p(effect: Effect) -> float | None:
    """How often chance alone would give a difference as great (both sides, normal); None without a variance."""
    if not effect.variance:
        return None
    return 2 * NormalDist().cdf(-abs(effect.value) / math.sqrt(effect.variance))


def naive_welch(
    arm: Sequence[float], control: Sequence[float], confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """The slow twin: sums in plain Python, and the t quantile by halving, from the distribution of scipy."""

    def tell(values: Sequence[float]) -> tuple[float, float]:
        mean = sum(values) / len(values)
        return mean, sum((value - mean) ** 2 for value in values) / (len(values) - 1) / len(values)

    (first, a), (second, b) = tell(arm), tell(control)
    if a + b == 0:
        return first - second, first - second
    freedom = (a + b) ** 2 / (a * a / (len(arm) - 1) + b * b / (len(control) - 1))
    low, high = 0.0, 1e9
    for _step in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if stdtr(freedom, middle) < 0.5 + confidence / 2 else (low, middle)
    half = low * (a + b) ** 0.5
    return first - second - half, first - second + half


def naive_adjusted(
    outcomes: Sequence[float], in_arm: Sequence[bool], scores: Sequence[float]
) -> tuple[float, float]:
    """The slow twin: value and variance from the whole regression on 1, arm, score and arm x score, and its
    sandwich."""
    centre = sum(scores) / len(scores)
    rows = [
        [1.0, float(arm), score - centre, float(arm) * (score - centre)]
        for arm, score in zip(in_arm, scores, strict=True)
    ]
    design, values = np.array(rows), np.array(outcomes, dtype=float)
    bread = np.linalg.inv(design.T @ design)
    coefficients = bread @ design.T @ values
    meat = np.zeros((4, 4))
    for row, value in zip(design, values, strict=True):
        residual = value - row @ coefficients
        meat += np.outer(row, row) * residual**2 / (1 - row @ bread @ row)
    variance = (bread @ meat @ bread)[1, 1]
    spread = sum((score - centre) ** 2 for score in scores) / (len(scores) - 1)
    return float(coefficients[1]), float(variance + coefficients[3] ** 2 * spread / len(scores))
