"""RFM: when a customer bought last, how often, and for how much, each scored 1 to 5 against all who bought.

Recency is the last day of purchase, frequency the number of days of purchase, money what the orders brought,
all before a day; for each, more is better. The scores are fifths: of the limits that 20, 40, 60 and 80 percent of
the customers don't pass (the smallest such value), a customer's score is 1 and one more for each that is passed.
So equal values always have equal scores, and where many customers are alike some scores stay empty.

The limits come from exact histograms, which add up over customers cut apart; then each is scored alone.

The named groups divide the 5 x 5 squares of recency and the mean of frequency and money (A. M. Hughes,
"Strategic Database Marketing", for the scores; the groups' names and places are those in common use).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from vafa.lab.histograms import Histogram, build_histogram

RfmGroup = Literal[
    "champions", "loyal", "potential_loyalists", "new", "promising", "needs_attention", "about_to_sleep",
    "at_risk", "cant_lose", "hibernating", "lost",
]  # fmt: skip
RFM_GROUPS: tuple[RfmGroup, ...] = get_args(RfmGroup)

FIFTHS = 5
Scores = npt.NDArray[np.uint8]

# Row: recency from 1 (long ago) to 5 (lately). Column: frequency and money from 1 (little) to 5 (much).
_RULES: tuple[tuple[RfmGroup, ...], ...] = (
    ("lost", "lost", "at_risk", "cant_lose", "cant_lose"),
    ("hibernating", "hibernating", "at_risk", "at_risk", "cant_lose"),
    ("about_to_sleep", "about_to_sleep", "needs_attention", "loyal", "loyal"),
    ("promising", "potential_loyalists", "potential_loyalists", "loyal", "champions"),
    ("new", "potential_loyalists", "potential_loyalists", "champions", "champions"),
)


@dataclass(frozen=True)
class RfmHistograms:
    """What the limits come from: the values of all who bought. Those of customers apart add up."""

    recency: Histogram = field(default_factory=Histogram)
    frequency: Histogram = field(default_factory=Histogram)
    money: Histogram = field(default_factory=Histogram)

    def __add__(self, other: "RfmHistograms") -> "RfmHistograms":
        return RfmHistograms(
            self.recency + other.recency, self.frequency + other.frequency, self.money + other.money
        )

    @classmethod
    def of(cls, recency: npt.ArrayLike, frequency: npt.ArrayLike, money: npt.ArrayLike) -> "RfmHistograms":
        """The histograms of these customers."""
        return cls(build_histogram(recency), build_histogram(frequency), build_histogram(money))


@dataclass(frozen=True)
class RfmLimits:
    """The four values of each that part the fifths; empty where nobody bought."""

    recency: tuple[int, ...]
    frequency: tuple[int, ...]
    money: tuple[int, ...]


def build_limits(histograms: RfmHistograms) -> RfmLimits:
    """The limits of the fifths."""
    return RfmLimits(
        _list_limits(histograms.recency), _list_limits(histograms.frequency), _list_limits(histograms.money)
    )


def _list_limits(histogram: Histogram) -> tuple[int, ...]:
    total = histogram.n
    # The places (from 0) of the last customer of each fifth, rounded up, in rising order.
    places = [-(-k * total // FIFTHS) - 1 for k in range(1, FIFTHS)] if total else []
    found = np.searchsorted(np.cumsum(histogram.counts), places, side="right")
    return tuple(histogram.values[found].tolist())


def score(values: npt.ArrayLike, limits: Sequence[int]) -> Scores:
    """The scores (1..5) of values by these limits."""
    passed = np.searchsorted(
        np.asarray(limits, dtype=np.int64), np.asarray(values, dtype=np.int64), side="left"
    )
    return (passed + 1).astype(np.uint8)


def find_groups(recency: Scores, frequency: Scores, money: Scores) -> npt.NDArray[np.uint8]:
    """The place in RFM_GROUPS of each customer with these scores; half a point of the mean counts as one."""
    table = np.array([[RFM_GROUPS.index(name) for name in row] for row in _RULES], dtype=np.uint8)
    mean = (frequency.astype(np.int64) + money + 1) // 2
    found: npt.NDArray[np.uint8] = table[recency.astype(np.int64) - 1, mean - 1]
    return found


def naive_score(value: int, everybody: Iterable[int]) -> int:
    """The slow twin of a score: for each fifth, is the value above the least that so many don't pass?"""
    values = sorted(everybody)
    found = 1
    for k in range(1, FIFTHS):
        limit = next(
            one for one in values if sum(other <= one for other in values) * FIFTHS >= k * len(values)
        )
        found += value > limit
    return found


def naive_group(recency: int, frequency: int, money: int) -> RfmGroup:
    """The slow twin of the groups, rule by rule."""
    much = (frequency + money) / 2 + 0.5
    if recency >= 4:
        if much >= (5 if recency == 4 else 4):
            return "champions"
        if much >= 4:
            return "loyal"
        if much >= 2:
            return "potential_loyalists"
        return "new" if recency == 5 else "promising"
    if recency == 3:
        return "loyal" if much >= 4 else "needs_attention" if much >= 3 else "about_to_sleep"
    if much >= (5 if recency == 2 else 4):
        return "cant_lose"
    if much >= 3:
        return "at_risk"
    return "hibernating" if recency == 2 else "lost"
