"""Exact histograms: how often each whole number was met. Two of them add up, and nothing is lost by it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Self

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

# Counting is faster than sorting where numbers lie so close that this many times their number spans them.
_DENSE = 4


def _none() -> Ints:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Histogram:
    """`values` in rising order, each once, and how often each was met (at least once)."""

    values: Ints = field(default_factory=_none)
    counts: Ints = field(default_factory=_none)

    def __add__(self, other: "Histogram") -> "Histogram":
        if not len(self.values) or not len(other.values):
            return other if len(other.values) else self
        return build_histogram(
            np.concatenate((self.values, other.values)), np.concatenate((self.counts, other.counts))
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Histogram) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash(tuple(self.to_dict().items()))

    @classmethod
    def from_counts(cls, counts: Mapping[int, int]) -> Self:
        """Of value -> how often; zeros are left out."""
        met = sorted((value, count) for value, count in counts.items() if count)
        pairs = np.array(met, dtype=np.int64).reshape(-1, 2)
        return cls(pairs[:, 0].copy(), pairs[:, 1].copy())

    def to_dict(self) -> dict[int, int]:
        """Value -> how often, in rising order."""
        return dict(zip(self.values.tolist(), self.counts.tolist(), strict=True))

    @property
    def n(self) -> int:
        """How many numbers were met in all."""
        return int(self.counts.sum())

    @property
    def total(self) -> int:
        """Their sum, exactly."""
        return sum(value * count for value, count in self.to_dict().items())

    @property
    def mean(self) -> float | None:
        """Their mean; None of none."""
        return self.total / self.n if self.n else None

    @property
    def median(self) -> float | None:
        """The one in the middle, or the mean of the two in the middle; None of none."""
        n = self.n
        return (self._find((n - 1) // 2) + self._find(n // 2)) / 2 if n else None

    def find_quantile(self, share: float) -> int | None:
        """The smallest number met that at least this share (0 < share <= 1) does not pass; None of none.

        The nearest-rank definition (Hyndman & Fan 1996, type 1): always a number that was really met.
        """
        return self._find(max(ceil(share * self.n), 1) - 1) if self.n else None

    def _find(self, place: int) -> int:
        """The number at a place (from 0) of all in rising order."""
        return int(self.values[np.searchsorted(np.cumsum(self.counts), place, side="right")])


def build_histogram(values: npt.ArrayLike, counts: npt.ArrayLike | None = None) -> Histogram:
    """The histogram of whole numbers in any order; `counts` says how often each stands for itself (once)."""
    numbers = np.asarray(values, dtype=np.int64)
    if counts is None:
        if len(numbers) and int(numbers.max()) - (least := int(numbers.min())) <= _DENSE * len(numbers):
            return build_counted(np.bincount(numbers - least), least)
        found, often = np.unique(numbers, return_counts=True)
        return Histogram(found, often.astype(np.int64))
    found, places = np.unique(numbers, return_inverse=True)
    often = np.zeros(len(found), dtype=np.int64)
    np.add.at(often, places, np.asarray(counts, dtype=np.int64))
    return Histogram(found[often > 0], often[often > 0])


def build_counted(counts: npt.ArrayLike, least: int = 0) -> Histogram:
    """The histogram in which the numbers `least`, `least + 1` ... were met so often."""
    often = np.asarray(counts, dtype=np.int64)
    met = np.flatnonzero(often)
    return Histogram(met + least, often[met])


def naive_histogram(values: Iterable[int]) -> dict[int, int]:
    """The slow twin: one by one."""
    return dict(sorted(Counter(values).items()))


def naive_median(values: Iterable[int]) -> float | None:
    """The slow twin of the median."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if not ordered:
        return None
    return float(ordered[middle]) if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def naive_quantile(values: Iterable[int], share: float) -> int | None:
    """The slow twin of the quantile: the first in rising order that enough others don't pass."""
    ordered = sorted(values)
    for value in ordered:
        if sum(other <= value for other in ordered) >= share * len(ordered):
            return value
    return None
