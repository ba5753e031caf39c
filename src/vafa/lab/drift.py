"""Whether customers are still like those that a model was trained on, and whether its chances still add up.

* Population stability index: sum of (now - then) * log(now / then) over groups, tenths of the training rows or the
  values of a choice. By the usual thumb above 0.1 is worth a look and above 0.25 the model is to be trained again;
  it is Jeffreys' divergence (H. Jeffreys 1946), not a test.
* Calibration in the large: by how many standard deviations more left than the chances had told
  (D. J. Spiegelhalter 1986, of the sums).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt

from vafa.lab.design import MOST_LEVELS, UNKNOWN, FeatureKind

Floats = npt.NDArray[np.float64]
Document = dict[str, Any]
DriftLevel = Literal["steady", "look", "alarm"]

GROUPS = 10
LOOK = 0.1
ALARM = 0.25
# So many rows more in each group, so that an empty one doesn't make the index infinite.
GRACE = 0.5
# Standard deviations: 1 of 370 windows is farther off by chance.
FAR = 3.0


@dataclass(frozen=True)
class Reference:
    """How the training rows were spread: numbers between `edges`, or `levels` and then others; the unknown last."""

    edges: tuple[float, ...]
    levels: tuple[str, ...]
    counts: tuple[int, ...]

    def to_document(self) -> Document:
        """As JSON takes it."""
        return {"edges": list(self.edges), "levels": list(self.levels), "counts": list(self.counts)}

    @classmethod
    def from_document(cls, document: Document) -> Self:
        """What `to_document` has written."""
        return cls(tuple(document["edges"]), tuple(document["levels"]), tuple(document["counts"]))


def learn_reference(kind: FeatureKind, values: npt.ArrayLike) -> Reference:
    """The groups by the training rows, with their counts."""
    if kind == "choice":
        told = np.asarray(values, dtype=np.str_)
        found, counts = np.unique(told[told != UNKNOWN], return_counts=True)
        common = np.sort(found[np.argsort(-counts, kind="stable")[:MOST_LEVELS]])
        bare = Reference((), tuple(str(level) for level in common), ())
    else:
        numbers = np.asarray(values, dtype=np.float64)
        known = numbers[np.isfinite(numbers)]
        edges = (
            np.unique(np.quantile(known, np.linspace(0, 1, GROUPS + 1)[1:-1])) if len(known) else np.empty(0)
        )
        bare = Reference(tuple(edges.tolist()), (), ())
    return Reference(bare.edges, bare.levels, tuple(count_groups(bare, values).tolist()))


def count_groups(reference: Reference, values: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """How many rows are in each group of the reference."""
    if np.asarray(values).dtype.kind in "UO":
        told = np.asarray(values, dtype=np.str_)
        levels = np.asarray(reference.levels, dtype=np.str_)
        place = np.searchsorted(levels, told)
        is_own = (
            levels[np.minimum(place, len(levels) - 1)] == told
            if len(levels)
            else np.zeros(len(told), np.bool_)
        )
        groups = np.where(told == UNKNOWN, len(levels) + 1, np.where(is_own, place, len(levels)))
        return np.bincount(groups, minlength=len(levels) + 2).astype(np.int64)
    numbers = np.asarray(values, dtype=np.float64)
    groups = np.searchsorted(np.asarray(reference.edges), numbers, side="right")
    groups[~np.isfinite(numbers)] = len(reference.edges) + 1
    return np.bincount(groups, minlength=len(reference.edges) + 2).astype(np.int64)


def find_psi(reference: Reference, values: npt.ArrayLike) -> float | None:
    """The index of these rows against the training's; None where there are none of either."""
    return compare_counts(reference.counts, count_groups(reference, values).tolist())


def compare_counts(then: Sequence[int], now: Sequence[int]) -> float | None:
    """The index of two spreads over the same groups; groups that both lack count for nothing."""
    both = [(one, other) for one, other in zip(then, now, strict=True) if one or other]
    was, are = sum(one for one, _ in both), sum(other for _, other in both)
    if not was or not are:
        return None
    grace = GRACE * len(both)
    told = 0.0
    for one, other in both:
        share, own = (one + GRACE) / (was + grace), (other + GRACE) / (are + grace)
        told += (own - share) * math.log(own / share)
    return told


def find_level(psi: float | None) -> DriftLevel:
    """What the thumb says; an unknown index is steady."""
    if psi is None or psi <= LOOK:
        return "steady"
    return "alarm" if psi > ALARM else "look"


def find_calibration_z(chances: npt.ArrayLike, labels: npt.ArrayLike) -> float | None:
    """(left - told) in standard deviations, if all chances were right; None where they leave nothing to chance."""
    told, left = np.asarray(chances, dtype=np.float64), np.asarray(labels, dtype=np.float64)
    variance = float((told * (1 - told)).sum())
    if variance <= 0:
        return None
    return float(left.sum() - told.sum()) / math.sqrt(variance)


def naive_psi(then: Sequence[object], now: Sequence[object]) -> float | None:
    """The slow twin, from the group of each row."""
    groups = sorted({*then, *now}, key=str)
    if not then or not now:
        return None
    told = 0.0
    for group in groups:
        share = (sum(own == group for own in then) + GRACE) / (len(then) + GRACE * len(groups))
        own = (sum(own == group for own in now) + GRACE) / (len(now) + GRACE * len(groups))
        told += own * math.log(own / share) + share * math.log(share / own)
    return told
