"""Before a trial starts: the smallest difference that a list of this size can be relied on to show.

Found with probability `POWER` by a two-sided test at 95%, from the normal approximation with each arm's own variance
(J. L. Fleiss 1981): (z_confidence + z_power)^2 (variance of one control / n + variance of one treated / n) =
difference^2.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

from vafa.lab.rates import CONFIDENCE

POWER = 0.8


@dataclass(frozen=True)
class Sizes:
    """How many customers each arm gets."""

    control: int
    treated: int


def find_smallest_share(
    base: float,
    sizes: Sizes,
    explained: float = 0.0,
    power: float = POWER,
    confidence: float = CONFIDENCE,
) -> float | None:
    """The smallest rise above the control's share `base` that would be found; None if even a rise to 1 would not.

    `explained` is the part of the variance (0..1) that a score frozen before tells: adjusting by it is as good as
    having 1 / (1 - explained) times as many customers.
    """
    if sizes.control < 1 or sizes.treated < 1:
        return None
    z = _find_z(power, confidence) ** 2 * (1 - explained)
    square, linear = 1 + z / sizes.treated, z * (1 - 2 * base) / sizes.treated
    constant = z * base * (1 - base) * (1 / sizes.control + 1 / sizes.treated)
    rise = (linear + math.sqrt(linear**2 + 4 * square * constant)) / (2 * square)
    return rise if 0 < rise <= 1 - base else None


def find_smallest_mean(
    variance: float,
    sizes: Sizes,
    explained: float = 0.0,
    power: float = POWER,
    confidence: float = CONFIDENCE,
) -> float | None:
    """The smallest difference of means that would be found, for values of this variance in both arms; None of
    nobody."""
    if sizes.control < 1 or sizes.treated < 1:
        return None
    of_difference = variance * (1 - explained) * (1 / sizes.control + 1 / sizes.treated)
    return _find_z(power, confidence) * math.sqrt(of_difference)


def count_needed(
    base: float, rise: float, control_share: float = 0.5, power: float = POWER, confidence: float = CONFIDENCE
) -> int:
    """How many customers in both arms together show this rise above `base`, with `control_share` of them in the
    control."""
    other = base + rise
    spread = base * (1 - base) / control_share + other * (1 - other) / (1 - control_share)
    return math.ceil(_find_z(power, confidence) ** 2 * spread / rise**2)


def _find_z(power: float, confidence: float) -> float:
    return NormalDist().inv_cdf(0.5 + confidence / 2) + NormalDist().inv_cdf(power)


def naive_smallest_share(base: float, sizes: Sizes) -> float | None:
    """The slow twin: the rises are tried by halving, each by the probability that it would be found."""

    def is_found(rise: float) -> bool:
        other = base + rise
        error = math.sqrt(base * (1 - base) / sizes.control + other * (1 - other) / sizes.treated)
        return error == 0 or NormalDist().cdf(rise / error - NormalDist().inv_cdf(0.975)) >= POWER

    low, high = 0.0, 1 - base
    if not is_found(high):
        return None
    for _step in range(100):
        middle = (low + high) / 2
        low, high = (low, middle) if is_found(middle) else (middle, high)
    return high
