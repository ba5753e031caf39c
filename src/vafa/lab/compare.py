"""Two estimates beside each other: their difference with its interval, and which of many can't be ranked apart.

The interval of a difference is MOVER's (the "method of variance estimates recovery", G. Y. Zou and A. Donner
2008), which needs only each estimate's own interval. With Wilson's intervals it is Newcombe's method 10 for two
independent proportions (R. G. Newcombe 1998).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """A value and the ends of its 95% interval; `low` and `high` are None where no interval is known."""

    value: float
    low: float | None = None
    high: float | None = None

    @property
    def has_interval(self) -> bool:
        """Whether both ends are known."""
        return self.low is not None and self.high is not None


@dataclass(frozen=True)
class Difference:
    """Second minus first. `is_clear` is True where the interval leaves zero out, None where there is no interval."""

    value: float
    low: float | None
    high: float | None

    @property
    def is_clear(self) -> bool | None:
        """Whether chance alone is an unlikely reason for the difference."""
        if self.low is None or self.high is None:
            return None
        return self.low > 0 or self.high < 0


def build_difference(first: Estimate, second: Estimate) -> Difference:
    """How much the second is above the first, with MOVER's interval where both have one.

    The estimates must be independent: of groups without common members, or of different periods.
    """
    value = second.value - first.value
    if first.low is None or first.high is None or second.low is None or second.high is None:
        return Difference(value, None, None)
    low = value - math.hypot(second.value - second.low, first.high - first.value)
    high = value + math.hypot(second.high - second.value, first.value - first.low)
    return Difference(value, low, high)


def mark_unranked(estimates: Sequence[Estimate]) -> list[bool]:
    """For estimates in the order of their values: which can't be told apart from the one before or after.

    True where the interval of the difference to a neighbour holds zero: the order of these two may be chance. Estimates
    without an interval are exact counts or sums, and are marked only where they are equal to a neighbour.
    """
    marks = [False] * len(estimates)
    for place in range(1, len(estimates)):
        difference = build_difference(estimates[place - 1], estimates[place])
        apart = difference.is_clear if difference.is_clear is not None else difference.value != 0
        if not apart:
            marks[place - 1] = marks[place] = True
    return marks


def naive_newcombe_interval(
    first_hits: int, first_trials: int, second_hits: int, second_trials: int
) -> tuple[float, float]:
    """The slow twin for proportions: Newcombe's method 10 from the roots of |p - x/n| = z sqrt(p (1 - p) / n),
    found by halving. The difference is second minus first."""
    (l1, u1), (l2, u2) = _find_roots(first_hits, first_trials), _find_roots(second_hits, second_trials)
    p1, p2 = first_hits / first_trials, second_hits / second_trials
    low = p2 - p1 - ((p2 - l2) ** 2 + (u1 - p1) ** 2) ** 0.5
    high = p2 - p1 + ((u2 - p2) ** 2 + (p1 - l1) ** 2) ** 0.5
    return low, high


def _find_roots(hits: int, trials: int) -> tuple[float, float]:
    share, z = hits / trials, 1.959963984540054

    def halve(inside: float, outside: float) -> float:
        for _step in range(200):
            middle = (inside + outside) / 2
            if abs(middle - share) <= z * math.sqrt(middle * (1 - middle) / trials):
                inside = middle
            else:
                outside = middle
        return inside

    return halve(share, 0.0), halve(share, 1.0)
