"""What a figure's own past lets one expect of its next value, and whether a new value is out of that range.

The past is split into its season (where it holds at least two whole ones) and a straight line through what is left:
the line is Theil's and Sen's (the median of all slopes between two points, P. K. Sen 1968), which a few strange periods
don't bend. The range is the line's next value plus and minus `WIDTH` standard deviations; these come from the median
absolute deviation around the line, and from the sampling error of the new value, so that a figure of few customers
isn't alarmed on. Medians on purpose: one bad month in the past must not widen the range for a year.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean, median
from typing import Literal

import numpy as np
import numpy.typing as npt

LEAST_PERIODS = 8
"""With fewer known periods nothing is expected."""

MOST_PERIODS = 24
"""So many periods back the line looks: what was years ago says little of next month."""

WIDTH = 3.5
"""Standard deviations to each side. With so few periods the deviation itself is uncertain, hence more than 3."""

_MAD_TO_SD = 1.4826

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Expectation:
    """The range in which the next value is expected. `periods` of the past are behind it."""

    value: float
    low: float
    high: float
    basis: Literal["seasonal", "recent"]
    periods: int

    def holds(self, value: float) -> bool:
        """Whether a value is as expected."""
        return self.low <= value <= self.high


def expect(history: Sequence[float | None], season: int, noise: float = 0.0) -> Expectation | None:
    """What is expected of the period after `history` (values of consecutive periods, oldest first, None unknown).

    `season` is the number of periods in a year, `noise` the standard deviation of the new value's sampling. None where
    too little of the past is known.
    """
    values = np.array([math.nan if value is None else value for value in history], dtype=np.float64)
    known = np.flatnonzero(~np.isnan(values))
    if len(known) < LEAST_PERIODS:
        return None
    effects = _find_effects(values, season)
    seasonal = effects is not None
    if effects is None:
        effects = np.zeros(season)
    # Phases are counted back from the next period, which has phase 0.
    phases = (len(values) - np.arange(len(values))) % season
    adjusted = values - effects[phases]
    places = known[-MOST_PERIODS:]
    level, slope = _fit_line(places.astype(np.float64), adjusted[places])
    residuals = adjusted[places] - (level + slope * places)
    spread = float(np.median(np.abs(residuals))) * _MAD_TO_SD
    expected = level + slope * len(values) + float(effects[0])
    half = WIDTH * math.hypot(
        spread * _widen(len(places), len(values) // season if seasonal else None), noise
    )
    return Expectation(
        expected, expected - half, expected + half, "seasonal" if seasonal else "recent", len(places)
    )


def _find_effects(values: Floats, season: int) -> Floats | None:
    """How much each phase lies above its year's median; None without two whole years of known values.

    Phase p is the period p steps before the next one. Years are counted back from the end.
    """
    years = len(values) // season
    if season < 2 or years < 2:
        return None
    recent = values[len(values) - years * season :]
    if np.isnan(recent).any():
        return None
    # The slope between periods a year apart knows no season (R. M. Hirsch and J. R. Slack 1984). Without it, what a
    # trend adds within a year would be taken for season.
    slope = float(np.median(recent[season:] - recent[:-season])) / season
    blocks = (recent - slope * np.arange(len(recent))).reshape(years, season)
    # Means, not medians: the median of three years is one of them, and would leave no noise to be seen in it.
    above = np.mean(blocks - np.median(blocks, axis=1, keepdims=True), axis=0)
    effects = np.zeros(season)
    effects[(season - np.arange(season)) % season] = above
    return effects


def _widen(points: int, years: int | None) -> float:
    """What the deviation around the line is to be multiplied with for the deviation of the next value.

    The line's end is uncertain (its variance is near 4 / points). Effects that are means of few years are too
    (1 / years), and have swallowed as much of the deviation.
    """
    if years is None:
        return math.sqrt(1 + 4 / points)
    return math.sqrt((1 + 4 / points + 1 / years) * years / (years - 1))


def _fit_line(places: Floats, values: Floats) -> tuple[float, float]:
    """Theil's and Sen's line: its value at place 0 and its slope."""
    first, second = np.triu_indices(len(places), k=1)
    slope = float(np.median((values[second] - values[first]) / (places[second] - places[first])))
    return float(np.median(values - slope * places)), slope


def find_sampling_noise(unit: str, expected: float, n: int | None) -> float:
    """The standard deviation that chance alone gives a value of this unit made of n observations; 0 where unknown.

    A share of n customers: binomial. A count: Poisson.
    """
    if unit == "share" and n:
        share = min(max(expected, 0.0), 1.0)
        return math.sqrt(max(share * (1 - share), 0.25 / (n + 1)) / n)
    if unit == "customers":
        return math.sqrt(max(expected, 1.0))
    return 0.0


def naive_expect(history: Sequence[float | None], season: int, noise: float = 0.0) -> Expectation | None:
    """The slow twin, in plain Python, phase by phase and pair by pair."""
    known = [place for place, value in enumerate(history) if value is not None]
    if len(known) < LEAST_PERIODS:
        return None
    years = len(history) // season
    recent = history[len(history) - years * season :] if years else []
    whole = [value for value in recent if value is not None]
    seasonal = season >= 2 and years >= 2 and len(whole) == len(recent)
    effects = [0.0] * season
    if seasonal:
        above: list[list[float]] = [[] for _phase in range(season)]
        yearly = median(later - earlier for earlier, later in zip(whole, whole[season:], strict=False))
        level_ground = [value - yearly / season * place for place, value in enumerate(whole)]
        for year in range(years):
            block = level_ground[year * season : (year + 1) * season]
            for place, value in enumerate(block):
                above[(season - place) % season].append(value - median(block))
        effects = [fmean(found) for found in above]
    points = [
        (float(place), known_value - effects[(len(history) - place) % season])
        for place in known[-MOST_PERIODS:]
        if (known_value := history[place]) is not None
    ]
    slope = median((two[1] - one[1]) / (two[0] - one[0]) for one, two in combinations(points, 2))
    level = median(value - slope * place for place, value in points)
    deviation = median(abs(value - level - slope * place) for place, value in points)
    variance = (deviation * _MAD_TO_SD) ** 2 * (1 + 4 / len(points) + (1 / years if seasonal else 0))
    if seasonal:
        variance *= years / (years - 1)
    half = WIDTH * math.sqrt(variance + noise**2)
    expected = level + slope * len(history) + effects[0]
    return Expectation(
        expected, expected - half, expected + half, "seasonal" if seasonal else "recent", len(points)
    )
