"""When customers leave: the chance of leaving in each period of the time as a customer, given that one was still there.

Each customer is a row a period in which they could have left; a penalised logistic regression over them, with a spline
in the period, is the discrete-time hazard (D. R. Cox 1972; P. D. Allison 1982). Rows that are alike are one cell with
its counts, so that a million customers are some thousand cells. The share that outlasts a period is the product of the
shares that stayed in each.

Periods are whole numbers from 0 on, of whatever length the caller counts in. Past the longest seen the hazard stays
as it was there: such answers are beyond what the data tell.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from vafa.lab.design import Columns, Design, Feature, learn_design
from vafa.lab.errors import FeatureMissing, LabelsAllAlike
from vafa.lab.logistic import Logistic, fit_logistic

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Document = dict[str, Any]

PERIOD = "time_as_customer"
PENALTY = 1.0
# Numbers count as the mean of their tenth, or rows would never be alike.
GROUPS = 10


@dataclass(frozen=True)
class Cells:
    """Customers alike in a period: `at_risk` were there, `left` of them left in it. A column a feature, and PERIOD."""

    columns: dict[str, npt.NDArray[Any]]
    at_risk: Floats
    left: Floats


@dataclass(frozen=True)
class HazardModel:
    """A fitted hazard; `longest` is the last period in which anybody was at risk."""

    design: Design
    model: Logistic
    longest: int
    customers: int
    leavers: int

    def hazards(self, columns: Columns, periods: int, starts: npt.ArrayLike = 0) -> Floats:
        """The chance of leaving in each of so many periods from the customer's own on (`starts`): (n, periods)."""
        n = _count_rows(columns, self.design.features)
        begun = np.broadcast_to(np.asarray(starts, dtype=np.int64), (n,))
        # The features of a customer stay; only the period moves, and its columns come first.
        still = self.model.log_odds(self.design.build_matrix({**columns, PERIOD: begun.astype(np.float64)}))
        steps = np.arange(int(begun.max(initial=0)) + periods + 1, dtype=np.float64)
        span = self.design.spans[PERIOD]
        moving = self.design.parts[0].build_columns(steps) @ self.model.coefficients[span]
        at = begun[:, None] + np.arange(periods)
        odds = np.asarray(still[:, None] - moving[begun][:, None] + moving[at], dtype=np.float64)
        told: Floats = expit(odds)
        return told

    def survival(self, columns: Columns, periods: int, starts: npt.ArrayLike = 0) -> Floats:
        """The share that outlasts each of so many periods, of those there at their own `starts`: (n, periods)."""
        told: Floats = np.cumprod(1 - self.hazards(columns, periods, starts), axis=1, dtype=np.float64)
        return told

    def chances(self, columns: Columns, starts: npt.ArrayLike, periods: int) -> Floats:
        """The chance of leaving within so many periods."""
        told: Floats = 1 - self.survival(columns, periods, starts)[:, -1]
        return told

    def to_document(self) -> Document:
        """As JSON takes it."""
        return {
            "design": self.design.to_document(),
            "model": self.model.to_document(),
            "longest": self.longest,
            "customers": self.customers,
            "leavers": self.leavers,
        }

    @classmethod
    def from_document(cls, document: Document) -> Self:
        """What `to_document` has written."""
        return cls(
            Design.from_document(document["design"]),
            Logistic.from_document(document["model"]),
            document["longest"],
            document["customers"],
            document["leavers"],
        )


def build_cells(
    features: Sequence[Feature],
    columns: Columns,
    lasts: npt.ArrayLike,
    has_left: npt.ArrayLike,
    firsts: npt.ArrayLike = 0,
) -> Cells:
    """Each customer is at risk in the periods `firsts`..`lasts`, and left in the last where `has_left`.

    Nobody counts whose last period is before the first (who was there for no whole period yet).
    """
    last, left = np.asarray(lasts, dtype=np.int64), np.asarray(has_left, dtype=np.bool_)
    first = np.broadcast_to(np.asarray(firsts, dtype=np.int64), last.shape)
    counted = last >= first
    own = {feature.name: _group(feature, columns)[counted] for feature in features}
    last, first, left = last[counted], first[counted], left[counted]
    if not len(last):
        empty = np.empty(0)
        return Cells({name: values[:0] for name, values in own.items()} | {PERIOD: empty}, empty, empty)
    kinds, kind_of = _find_kinds(list(own.values()), len(last))
    periods = int(last.max()) + 1
    shape = (len(kinds), periods + 1)
    # Who comes in a period is at risk from there on, until after the last.
    moves = np.zeros(shape)
    np.add.at(moves, (kind_of, first), 1)
    np.add.at(moves, (kind_of, last + 1), -1)
    at_risk = moves.cumsum(axis=1)[:, :periods]
    gone = np.zeros((len(kinds), periods))
    np.add.at(gone, (kind_of[left], last[left]), 1)
    row, period = np.nonzero(at_risk)
    cells = {name: values[kinds[row]] for name, values in own.items()}
    return Cells(cells | {PERIOD: period.astype(np.float64)}, at_risk[row, period], gone[row, period])


def fit_hazard(features: Sequence[Feature], cells: Cells, penalty: float = PENALTY) -> HazardModel:
    """The hazard over the period and these features; raises LabelsAllAlike where nobody left."""
    if not len(cells.at_risk) or not cells.left.any():
        raise LabelsAllAlike(rows=len(cells.at_risk))
    own = (Feature(PERIOD, "tenure", "number"), *features)
    # Knots where those at risk are, not where the cells are.
    drawn = np.repeat(np.arange(len(cells.at_risk)), _thin(cells.at_risk))
    design = learn_design(own, {name: values[drawn] for name, values in cells.columns.items()})
    matrix = design.build_matrix(cells.columns)
    model = fit_logistic(matrix, cells.left / cells.at_risk, penalty, cells.at_risk)
    period = cells.columns[PERIOD]
    starters = int(cells.at_risk[period == period.min()].sum())
    return HazardModel(design, model, int(period.max()), starters, int(cells.left.sum()))


def _count_rows(columns: Columns, features: Sequence[Feature]) -> int:
    names = [feature.name for feature in features if feature.name != PERIOD]
    for name in names:
        if name not in columns:
            raise FeatureMissing(name=name)
    return len(columns[names[0]]) if names else 1


def _group(feature: Feature, columns: Columns) -> npt.NDArray[Any]:
    if feature.name not in columns:
        raise FeatureMissing(name=feature.name)
    values = np.asarray(columns[feature.name])
    if feature.kind != "number":
        return values
    numbers: Floats = np.asarray(values, dtype=np.float64)
    known = np.isfinite(numbers)
    if len(np.unique(numbers[known])) <= GROUPS:
        return numbers
    edges = np.unique(np.quantile(numbers[known], np.linspace(0, 1, GROUPS + 1)[1:-1]))
    groups = np.searchsorted(edges, numbers[known], side="right")
    means = np.bincount(groups, numbers[known]).astype(np.float64) / np.maximum(np.bincount(groups), 1)
    told: Floats = numbers.copy()
    told[known] = means[groups]
    return told


def _find_kinds(columns: list[npt.NDArray[Any]], rows: int) -> tuple[Ints, Ints]:
    """A row of each kind of customers that are alike in all columns, and the kind of each row."""
    kind_of = np.zeros(rows, dtype=np.int64)
    for values in columns:
        found, own = np.unique(values, return_inverse=True)
        _, kind_of = np.unique(kind_of * len(found) + own, return_inverse=True)
    _, first = np.unique(kind_of, return_index=True)
    return first, kind_of


def _thin(at_risk: Floats, most: int = 200_000) -> Ints:
    """How often each cell stands for its customers, so that there are not too many; each at least once."""
    told: Ints = np.maximum(1, np.rint(at_risk * min(1.0, most / float(at_risk.sum())))).astype(np.int64)
    return told


def naive_cells(
    kinds: Sequence[Mapping[str, object]],
    lasts: Sequence[int],
    has_left: Sequence[bool],
    firsts: Sequence[int],
) -> dict[tuple[tuple[object, ...], int], tuple[int, int]]:
    """The slow twin of the cells, from choices and flags: customer by customer, period by period."""
    told: dict[tuple[tuple[object, ...], int], tuple[int, int]] = {}
    for kind, last, left, first in zip(kinds, lasts, has_left, firsts, strict=True):
        for period in range(first, last + 1):
            key = (tuple(kind.values()), period)
            at_risk, gone = told.get(key, (0, 0))
            told[key] = (at_risk + 1, gone + (left and period == last))
    return told


def naive_survival(hazards: Sequence[float]) -> list[float]:
    """The slow twin of the survival: who stayed in this period and in all before."""
    return [math.prod(1 - hazard for hazard in hazards[: place + 1]) for place in range(len(hazards))]
