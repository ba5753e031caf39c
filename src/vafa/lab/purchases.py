"""Buying habits inside a period: who buys again, how long between, and how much an order brings.

A purchase day is a day on which a customer bought, however often. Days are ordinals.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from vafa.lab.rates import Rate, build_proportion

_KEY_WIDTH = 1 << 32


@dataclass(frozen=True)
class PurchaseHabits:
    """Sums over customers of one period; the habits of two groups without a common customer add up.

    `gap_days` is the sum, and `gaps` the number, of the gaps between consecutive purchase days of a customer,
    both inside the period.
    """

    buyers: int
    repeat_buyers: int
    gap_days: int
    gaps: int

    def __add__(self, other: "PurchaseHabits") -> "PurchaseHabits":
        return PurchaseHabits(
            self.buyers + other.buyers,
            self.repeat_buyers + other.repeat_buyers,
            self.gap_days + other.gap_days,
            self.gaps + other.gaps,
        )

    @property
    def repeat_purchase_rate(self) -> Rate | None:
        """Of those who bought, the share with two or more purchase days; None where nobody bought."""
        return build_proportion(self.repeat_buyers, self.buyers)

    @property
    def mean_days_between_purchases(self) -> float | None:
        """Mean days from a purchase day to the customer's next one; None where nobody bought twice."""
        return self.gap_days / self.gaps if self.gaps else None


def _list_purchase_days(
    customer_ix: npt.ArrayLike, days: npt.ArrayLike
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Customers and days of the distinct purchase days, by customer and day."""
    keys = np.sort(np.asarray(customer_ix, dtype=np.int64) * _KEY_WIDTH + np.asarray(days, dtype=np.int64))
    distinct = np.ones(len(keys), dtype=np.bool_)
    distinct[1:] = keys[1:] != keys[:-1]
    keys = keys[distinct]
    return keys // _KEY_WIDTH, keys % _KEY_WIDTH


def build_purchase_habits(
    customer_ix: npt.ArrayLike, days: npt.ArrayLike, start: int, end: int
) -> PurchaseHabits:
    """The habits in the period [start, end) from purchases (customer, day) in any order, repeats allowed."""
    all_days = np.asarray(days, dtype=np.int64)
    inside = (all_days >= start) & (all_days < end)
    owners, bought = _list_purchase_days(np.asarray(customer_ix, dtype=np.int64)[inside], all_days[inside])
    if not len(owners):
        return PurchaseHabits(0, 0, 0, 0)
    same = owners[1:] == owners[:-1]
    _, counts = np.unique(owners, return_counts=True)
    return PurchaseHabits(
        buyers=len(counts),
        repeat_buyers=int((counts > 1).sum()),
        gap_days=int(np.diff(bought)[same].sum()),
        gaps=int(same.sum()),
    )


def build_gap_histogram(customer_ix: npt.ArrayLike, days: npt.ArrayLike) -> dict[int, int]:
    """Days between consecutive purchase days of a customer -> how many such gaps there are."""
    owners, bought = _list_purchase_days(customer_ix, days)
    gaps = np.diff(bought)[owners[1:] == owners[:-1]]
    found, counts = np.unique(gaps, return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))


def _group_days(purchases: Iterable[tuple[int, int]]) -> Mapping[int, list[int]]:
    """Each customer's distinct purchase days in order."""
    grouped: dict[int, set[int]] = {}
    for customer, day in purchases:
        grouped.setdefault(customer, set()).add(day)
    return {customer: sorted(days) for customer, days in grouped.items()}


def naive_purchase_habits(purchases: Iterable[tuple[int, int]], start: int, end: int) -> PurchaseHabits:
    """The slow twin, in plain Python: gap by gap instead of last day minus first."""
    grouped = _group_days((customer, day) for customer, day in purchases if start <= day < end)
    gaps = [days[at] - days[at - 1] for days in grouped.values() for at in range(1, len(days))]
    repeat_buyers = sum(len(days) >= 2 for days in grouped.values())
    return PurchaseHabits(len(grouped), repeat_buyers, sum(gaps), len(gaps))


def naive_gap_histogram(purchases: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The slow twin of the gap histogram."""
    histogram: Counter[int] = Counter()
    for days in _group_days(purchases).values():
        for at in range(1, len(days)):
            histogram[days[at] - days[at - 1]] += 1
    return dict(histogram)


def naive_average_order_value(orders: Iterable[tuple[int, Decimal]], start: int, end: int) -> Decimal | None:
    """Mean amount of the orders (day, amount) of one currency in [start, end); None if there are none."""
    amounts = [amount for day, amount in orders if start <= day < end]
    return sum(amounts, Decimal(0)) / len(amounts) if amounts else None
