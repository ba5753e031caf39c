"""What customers will bring: the expected orders of coming months, at their expected size, discounted by the month.

Customer lifetime value over a fixed time (S. Gupta, D. R. Lehmann 2003): what comes in the k-th month counts as at its
end, so it is divided by (1 + rate) ** k.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MONTH_DAYS = 30.436875
"""A twelfth of the Gregorian calendar's mean year."""


def build_worth(
    expected_until: Callable[[float], Floats],
    size: npt.ArrayLike,
    months: int,
    monthly_rate: float,
    month_days: float = MONTH_DAYS,
) -> Floats:
    """What each customer brings within so many months. `expected_until(days)` tells how many orders (or months paid)
    each is expected to make within so many days; `size` is what one of them brings."""
    told = np.zeros(np.shape(size))
    before = np.zeros(np.shape(size))
    for month in range(1, months + 1):
        until = expected_until(month * month_days)
        told = told + (until - before) / (1 + monthly_rate) ** month
        before = until
    worth: Floats = told * np.asarray(size, dtype=np.float64)
    return worth


def naive_worth(orders_by_month: Sequence[float], size: float, monthly_rate: float) -> float:
    """The slow twin, of one customer: the orders of each month."""
    total = 0.0
    for month, orders in enumerate(orders_by_month, start=1):
        total += orders * size / (1 + monthly_rate) ** month
    return total


@dataclass(frozen=True)
class Decile:
    """Customers with neighbouring expectations: how many, what was expected of all of them together, and what came."""

    customers: int
    expected: float
    happened: float


def build_deciles(expected: npt.ArrayLike, happened: npt.ArrayLike, groups: int = 10) -> tuple[Decile, ...]:
    """Groups of as many customers each (give or take one), those of whom the most is expected first; customers of equal
    expectation in the order given. Customers of whom one of both is unknown (NaN) are left out."""
    told, came = np.asarray(expected, dtype=np.float64), np.asarray(happened, dtype=np.float64)
    known = np.isfinite(told) & np.isfinite(came)
    told, came = told[known], came[known]
    return tuple(
        Decile(len(part), float(told[part].sum()), float(came[part].sum()))
        for part in list_tenths(told, groups)
    )


def list_tenths(expected: Floats, groups: int = 10) -> list[npt.NDArray[np.int64]]:
    """The places of the customers of each group, of whom the most is expected first; see `build_deciles`."""
    order = np.argsort(-expected, kind="stable")
    return np.array_split(order, min(groups, len(order))) if len(order) else []


def naive_deciles(pairs: Sequence[tuple[float, float]], groups: int = 10) -> list[tuple[int, float, float]]:
    """The slow twin: take from the sorted customers, the first groups one more where it doesn't come out even."""
    ordered = sorted(pairs, key=lambda pair: -pair[0])
    groups = min(groups, len(ordered))
    found = []
    for place in range(groups):
        size = len(pairs) // groups + (1 if place < len(pairs) % groups else 0)
        part, ordered = ordered[:size], ordered[size:]
        found.append((len(part), sum(one for one, _ in part), sum(other for _, other in part)))
    return found
