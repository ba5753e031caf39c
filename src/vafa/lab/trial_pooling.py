"""Repeated runs of one thing told as one result, and what a result is worth: customers saved, and for which money."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from scipy.special import chdtrc

from vafa.lab.rates import CONFIDENCE
from vafa.lab.trial_effects import Effect


@dataclass(frozen=True)
class Pooled:
    """One effect out of several runs. `disagreement_p` tells how often runs of one and the same effect would lie as far
    apart (W. G. Cochran's Q, 1954); None of one run."""

    effect: Effect
    runs: int
    disagreement_p: float | None


@dataclass(frozen=True)
class Range:
    """A value with the ends of its 95% interval; all None where unknown."""

    value: float | None
    low: float | None
    high: float | None


UNKNOWN = Range(None, None, None)


def pool(effects: Sequence[Effect], confidence: float = CONFIDENCE) -> Pooled | None:
    """The runs' effects as one, each weighed by how exactly it is known (fixed effect: inverse variances).

    Runs without a variance tell nothing and are left out; None if none is left.
    """
    told = [(effect.value, effect.variance) for effect in effects if effect.variance]
    if not told:
        return None
    weights = [1 / variance for _value, variance in told if variance]
    values = [value for value, _variance in told]
    weight = math.fsum(weights)
    value = math.fsum(w * v for w, v in zip(weights, values, strict=True)) / weight
    half = NormalDist().inv_cdf(0.5 + confidence / 2) / math.sqrt(weight)
    apart = math.fsum(w * (v - value) ** 2 for w, v in zip(weights, values, strict=True))
    disagreement = float(chdtrc(len(told) - 1, apart)) if len(told) > 1 else None
    return Pooled(Effect(value, value - half, value + half, 1 / weight), len(told), disagreement)


def count_saved(effect: Effect, treated: int) -> Range:
    """How many more customers did it than would have without: the difference of shares times those treated."""
    return _scale(effect, treated)


def divide_by_cost(saved: Range, cost: float, unit: float = 1.0) -> Range:
    """Customers saved for each `unit` of money spent (a million, say); unknown where nothing was spent."""
    if cost <= 0 or saved.value is None:
        return UNKNOWN
    return Range(
        *(None if end is None else end * unit / cost for end in (saved.value, saved.low, saved.high))
    )


def _scale(effect: Effect, factor: float) -> Range:
    return Range(*(None if end is None else end * factor for end in (effect.value, effect.low, effect.high)))


def naive_pool(values: Sequence[float], variances: Sequence[float]) -> tuple[float, float, float]:
    """The slow twin: the value that is nearest to all runs in units of their errors, searched for by thirds, and how
    far to both sides the squared distance rises by that of 95%."""

    def distance(middle: float) -> float:
        return sum(
            (value - middle) ** 2 / variance for value, variance in zip(values, variances, strict=True)
        )

    low, high = min(values), max(values)
    for _step in range(300):
        first, second = low + (high - low) / 3, high - (high - low) / 3
        low, high = (low, second) if distance(first) < distance(second) else (first, high)
    best = (low + high) / 2
    rise = NormalDist().inv_cdf(0.975) ** 2
    near, far = 0.0, 1e3
    for _step in range(200):
        middle = (near + far) / 2
        near, far = (middle, far) if distance(best + middle) - distance(best) < rise else (near, middle)
    return best, best - near, best + near
