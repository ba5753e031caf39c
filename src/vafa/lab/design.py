"""From what is known of customers to the columns of a regression.

A number becomes a cubic B-spline between quantiles of the training rows (P. H. C. Eilers, B. D. Marx 1996, for the
basis), so that its effect may bend, and stays level outside of what was seen in training. A choice becomes one column a
value, rare values in one column together. A flag is a column. What is unknown never counts as zero: it has a column of
its own where the training rows had such, and tells nothing where they had none; nor does a value never seen.

All columns are centred on the training rows, so that zero is their average. Those of splines and values lie within 0..1
before and aren't stretched: a rare value gets no weaker penalty than a common one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt

from vafa.lab.errors import FeatureMissing

FeatureKind = Literal["number", "choice", "flag"]
Floats = npt.NDArray[np.float64]
Columns = Mapping[str, npt.NDArray[Any]]
Document = dict[str, Any]

UNKNOWN = ""
DEGREE = 3
# Splines between so many quantiles, the smallest and the greatest value among them.
KNOTS = 5
# A value of a choice has a column of its own if so many, and such a share, of the training rows hold it.
LEAST_ROWS = 10
LEAST_SHARE = 0.005
MOST_LEVELS = 40
# Products of columns within 0..1 are small, and would be held down more than the columns; so the penalty of a product
# is a tenth.
PAIR_SCALE = 10**0.5


@dataclass(frozen=True)
class Feature:
    """What is known of customers under one name; `group` is the group of reasons that it belongs to."""

    name: str
    group: str
    kind: FeatureKind


@dataclass(frozen=True)
class Part:
    """The columns of one feature, as learned from the training rows.

    `knots` of a number (one: a straight column over its scale; none: it never varied), `levels` of a choice. `means`
    are those of the columns over the rows in which it was known, and last, where `has_unknown`, the share unknown.
    """

    feature: Feature
    knots: tuple[float, ...] = ()
    levels: tuple[str, ...] = ()
    has_rare: bool = False
    has_unknown: bool = False
    means: tuple[float, ...] = ()

    def build_columns(self, values: npt.NDArray[Any]) -> Floats:
        """The centred columns; all zero, or the mark of the unknown alone, where nothing is known."""
        known, raw = self._build_raw(values)
        width = len(self.means) - self.has_unknown
        built = np.zeros((len(values), len(self.means)))
        built[known, :width] = raw - np.asarray(self.means[:width])
        if self.has_unknown:
            built[:, width] = _find_unknown(self.feature.kind, values) - self.means[width]
        return built

    def _build_raw(self, values: npt.NDArray[Any]) -> tuple[npt.NDArray[np.bool_], Floats]:
        """Which rows are known, and what their columns are before they are centred."""
        if self.feature.kind == "choice":
            return self._build_levels(np.asarray(values, dtype=np.str_))
        numbers = np.asarray(values, dtype=np.float64)
        known = np.isfinite(numbers)
        if not self.knots:
            return known, np.empty((int(known.sum()), 0))
        return known, _build_spline(numbers[known], self.knots)

    def _build_levels(self, values: npt.NDArray[np.str_]) -> tuple[npt.NDArray[np.bool_], Floats]:
        levels = np.asarray(self.levels, dtype=np.str_)
        columns = values[:, None] == levels
        told = values != UNKNOWN
        if self.has_rare:
            columns = np.column_stack((columns, told & ~columns.any(axis=1)))
        known = told & columns.any(axis=1)
        return known, columns[known].astype(np.float64)

    def to_document(self) -> Document:
        """As JSON takes it."""
        own = self.feature
        return {
            "name": own.name,
            "group": own.group,
            "kind": own.kind,
            "knots": list(self.knots),
            "levels": list(self.levels),
            "has_rare": self.has_rare,
            "has_unknown": self.has_unknown,
            "means": list(self.means),
        }

    @classmethod
    def from_document(cls, document: Document) -> Self:
        """What `to_document` has written."""
        return cls(
            Feature(document["name"], document["group"], document["kind"]),
            tuple(document["knots"]),
            tuple(document["levels"]),
            document["has_rare"],
            document["has_unknown"],
            tuple(document["means"]),
        )


@dataclass(frozen=True)
class Design:
    """How rows become a matrix: the same for training and for every later day.

    The columns of the features come first, then those of `pairs`: each column of one feature times each of the other
    (`lab.pairs` finds them).
    """

    parts: tuple[Part, ...]
    pairs: tuple[tuple[str, str], ...] = ()

    @property
    def features(self) -> tuple[Feature, ...]:
        """The features in the order of their columns."""
        return tuple(part.feature for part in self.parts)

    @property
    def width(self) -> int:
        """How many columns the matrix has."""
        spans = (*self.spans.values(), *self.pair_spans.values())
        return max((span.stop for span in spans), default=0)

    @property
    def spans(self) -> dict[str, slice]:
        """The columns of each feature by its name; empty for one that never varied in training."""
        spans, start = {}, 0
        for part in self.parts:
            spans[part.feature.name] = slice(start, start + len(part.means))
            start += len(part.means)
        return spans

    @property
    def pair_spans(self) -> dict[tuple[str, str], slice]:
        """The columns of each pair."""
        own = self.spans
        start = max((span.stop for span in own.values()), default=0)
        spans = {}
        for one, other in self.pairs:
            width = (own[one].stop - own[one].start) * (own[other].stop - own[other].start)
            spans[one, other] = slice(start, start + width)
            start += width
        return spans

    def build_matrix(self, columns: Columns) -> Floats:
        """One row a customer; raises FeatureMissing where a feature has no column."""
        built = {
            part.feature.name: part.build_columns(_get_column(columns, part.feature.name))
            for part in self.parts
        }
        products = [multiply(built[one], built[other]) for one, other in self.pairs]
        return np.concatenate([*built.values(), *products], axis=1)

    def to_document(self) -> Document:
        """As JSON takes it."""
        return {
            "parts": [part.to_document() for part in self.parts],
            "pairs": [list(pair) for pair in self.pairs],
        }

    @classmethod
    def from_document(cls, document: Document) -> Self:
        """What `to_document` has written."""
        parts = tuple(Part.from_document(part) for part in document["parts"])
        return cls(parts, tuple((one, other) for one, other in document["pairs"]))


def multiply(one: Floats, other: Floats) -> Floats:
    """Each column of one times each of the other, stretched by PAIR_SCALE."""
    products = one[:, :, None] * other[:, None, :] * PAIR_SCALE
    return products.reshape(len(one), one.shape[1] * other.shape[1])


def learn_design(
    features: Sequence[Feature], columns: Columns, rows: npt.NDArray[Any] | None = None, knots: int = KNOTS
) -> Design:
    """The design by the training rows (`rows`: indices or a mask; all by default).

    Raises FeatureMissing where a feature has no column.
    """
    parts = []
    for feature in features:
        values = np.asarray(_get_column(columns, feature.name))
        parts.append(_learn_part(feature, values if rows is None else values[rows], knots))
    return Design(tuple(parts))


def _get_column(columns: Columns, name: str) -> npt.NDArray[Any]:
    if name not in columns:
        raise FeatureMissing(name=name)
    return columns[name]


def _find_unknown(kind: FeatureKind, values: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    if kind == "choice":
        blank: npt.NDArray[np.bool_] = np.asarray(values, dtype=np.str_) == UNKNOWN
        return blank
    return ~np.isfinite(np.asarray(values, dtype=np.float64))


def _learn_part(feature: Feature, values: npt.NDArray[Any], knots: int) -> Part:
    unknown = _find_unknown(feature.kind, values)
    share = float(unknown.mean()) if len(values) else 0.0
    has_unknown = 0 < share < 1
    if feature.kind == "choice":
        levels, has_rare = _find_levels(np.asarray(values, dtype=np.str_)[~unknown])
        bare = Part(feature, levels=levels, has_rare=has_rare)
    else:
        numbers = np.asarray(values, dtype=np.float64)[~unknown]
        bare = Part(feature, knots=_find_knots(numbers, 2 if feature.kind == "flag" else knots))
    _, raw = bare._build_raw(values)
    means = tuple(float(mean) for mean in raw.mean(axis=0)) if len(raw) else (0.0,) * raw.shape[1]
    return Part(
        feature,
        bare.knots,
        bare.levels,
        bare.has_rare,
        has_unknown,
        (*means, share) if has_unknown else means,
    )


def _find_levels(values: npt.NDArray[np.str_]) -> tuple[tuple[str, ...], bool]:
    """The values that have a column of their own, by name, and whether there are others beside them.

    None where all rows hold the same value: that tells nothing.
    """
    found, counts = np.unique(values, return_counts=True)
    if len(found) < 2:
        return (), False
    least = max(LEAST_ROWS, LEAST_SHARE * len(values))
    # The most common first; of equally common ones, the first by name.
    order = np.lexsort((np.arange(len(found)), -counts))[:MOST_LEVELS]
    own = sorted(order[counts[order] >= least].tolist())
    if not own:
        return (), False
    return tuple(str(found[place]) for place in own), len(own) < len(found)


def _find_knots(numbers: Floats, knots: int) -> tuple[float, ...]:
    """Distinct quantiles from the smallest to the greatest value; none where it never varied."""
    if not len(numbers):
        return ()
    distinct = np.unique(numbers)
    if len(distinct) < 2:
        return ()
    if len(distinct) <= knots:
        found = distinct
    else:
        # Of the distinct values where most rows hold one of them, as of counts that are mostly 0.
        found = np.unique(np.quantile(numbers, np.linspace(0, 1, knots)))
        if len(found) < knots:
            found = np.unique(np.concatenate((found, np.quantile(distinct, np.linspace(0, 1, knots)))))
    return tuple(float(knot) for knot in found)


def _build_spline(numbers: Floats, knots: tuple[float, ...]) -> Floats:
    """The B-spline basis without its first column (they add up to 1); of two knots, the straight line from 0 to 1.

    Numbers beyond the knots count as the nearest one.
    """
    low, high = knots[0], knots[-1]
    clipped = np.clip(numbers, low, high)
    if len(knots) == 2:
        straight: Floats = ((clipped - low) / (high - low))[:, None]
        return straight
    full = np.concatenate(([low] * DEGREE, knots, [high] * DEGREE))
    if not len(clipped):
        return np.empty((0, len(full) - DEGREE - 2))
    from scipy.interpolate import BSpline  # takes a third of a second, which most commands needn't wait

    basis: Floats = BSpline.design_matrix(clipped, full, DEGREE).toarray()
    return basis[:, 1:]


def naive_spline(number: float, knots: Sequence[float]) -> list[float]:
    """The slow twin of a number's columns before they are centred: the recursion of M. G. Cox and C. de Boor (1972)."""
    low, high = knots[0], knots[-1]
    at = min(max(number, low), high)
    if len(knots) == 2:
        return [(at - low) / (high - low)]
    full = [low] * DEGREE + list(knots) + [high] * DEGREE

    def weigh(place: int, degree: int) -> float:
        if degree == 0:
            is_last = full[place + 1] == high and full[place] < high
            return float(full[place] <= at < full[place + 1] or (is_last and at == high))
        told = 0.0
        if full[place + degree] > full[place]:
            told += (at - full[place]) / (full[place + degree] - full[place]) * weigh(place, degree - 1)
        if full[place + degree + 1] > full[place + 1]:
            rest = (full[place + degree + 1] - at) / (full[place + degree + 1] - full[place + 1])
            told += rest * weigh(place + 1, degree - 1)
        return told

    return [weigh(place, DEGREE) for place in range(1, len(full) - DEGREE - 1)]
