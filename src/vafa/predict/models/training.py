"""From tables of features with what became of customers to a model that tells chances."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from vafa.lab.design import UNKNOWN, Design, Feature, learn_design
from vafa.lab.logistic import Logistic, fit_logistic
from vafa.lab.penalty import choose_penalty

ModelName = Literal["base", "logistic"]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Columns = Mapping[str, npt.NDArray[Any]]
Document = dict[str, Any]

REFITS = 5
AGREE = 0.8
# So many rows a fit: more take longer and move nothing that could be seen.
MOST_ROWS = 60_000
BLOCK = 65_536


@dataclass(frozen=True)
class Rows:
    """Rows to learn from: the customer's id, the columns, and whether the customer left."""

    ids: npt.NDArray[np.int64]
    columns: Columns
    labels: Bools

    def take(self, chosen: npt.NDArray[Any]) -> "Rows":
        """Some of the rows, by place or mask."""
        return Rows(
            self.ids[chosen],
            {name: values[chosen] for name, values in self.columns.items()},
            self.labels[chosen],
        )


@dataclass(frozen=True)
class Regression:
    """A logistic regression with the features that it takes; `stable` tells of each of its groups of reasons whether
    refits over drawn customers agree with it on who is pushed which way."""

    design: Design
    model: Logistic
    stable: dict[str, bool]

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups of reasons, each once, in the order of the features."""
        return tuple(dict.fromkeys(tell_group(feature) for feature in self.design.features))

    def chances(self, columns: Columns) -> Floats:
        """The chance of leaving of each row."""
        return self._tell(columns, with_contributions=False)[0]

    def contributions(self, columns: Columns) -> Floats:
        """(rows, groups): what each group adds to the log-odds against the average row of training."""
        return self.tell(columns)[1]

    def tell(self, columns: Columns) -> tuple[Floats, Floats]:
        """Chances and contributions at once."""
        return self._tell(columns, with_contributions=True)

    def _tell(self, columns: Columns, *, with_contributions: bool) -> tuple[Floats, Floats]:
        whole = complete_columns(columns, self.design)
        size, groups = len(next(iter(whole.values()))) if whole else 0, self.groups
        chances = np.empty(size)
        pushes = np.empty((size if with_contributions else 0, len(groups)))
        # The matrix of a million customers would take half a gigabyte.
        for start in range(0, size, BLOCK):
            rows = slice(start, start + BLOCK)
            matrix = self.design.build_matrix({name: values[rows] for name, values in whole.items()})
            chances[rows] = self.model.chances(matrix)
            if with_contributions:
                pushes[rows] = _sum_by_group(self.design, self.model, matrix, groups)
        return chances, pushes

    def to_document(self) -> Document:
        """As JSON takes it."""
        return {
            "design": self.design.to_document(),
            "model": self.model.to_document(),
            "stable": self.stable,
        }

    @classmethod
    def from_document(cls, document: Document) -> Self:
        """What `to_document` has written."""
        return cls(
            Design.from_document(document["design"]),
            Logistic.from_document(document["model"]),
            dict(document["stable"]),
        )


def tell_group(feature: Feature) -> str:
    """Under which reason people are told of a feature: what the purchase model sees is rhythm."""
    return "rhythm" if feature.group == "purchase_model" else feature.group


def join_rows(parts: Sequence[Rows]) -> Rows:
    """The rows of several days below each other, with the columns of the last; what an earlier day doesn't have, since
    there were no such facts yet, is unknown there."""
    columns = {}
    for name, last in parts[-1].columns.items():
        blank = UNKNOWN if last.dtype.kind in "US" else np.nan
        columns[name] = np.concatenate(
            [part.columns[name] if name in part.columns else np.full(len(part.ids), blank) for part in parts]
        )
    return Rows(
        np.concatenate([part.ids for part in parts]), columns, np.concatenate([part.labels for part in parts])
    )


def complete_columns(columns: Columns, design: Design) -> Columns:
    """The columns that a design asks for; unknown throughout where the facts tell of none any more."""
    size = len(next(iter(columns.values()))) if columns else 0
    missing = {
        feature.name: np.full(size, UNKNOWN if feature.kind == "choice" else np.nan)
        for feature in design.features
        if feature.name not in columns
    }
    return {**columns, **missing}


def thin_rows(rows: Rows, seed: int, most: int = MOST_ROWS) -> Rows:
    """At most so many of them, drawn by chance."""
    if len(rows.ids) <= most:
        return rows
    return rows.take(np.sort(np.random.default_rng(seed).permutation(len(rows.ids))[:most]))


def fit_regression(
    features: Sequence[Feature], rows: Rows, seed: int, *, with_stability: bool = False
) -> Regression:
    """The regression over these features. Raises LabelsAllAlike where everybody left, or nobody did."""
    kept = thin_rows(rows, seed)
    design = learn_design(features, kept.columns)
    matrix = design.build_matrix(kept.columns)
    model = fit_logistic(matrix, kept.labels, choose_penalty(matrix, kept.labels, kept.ids, seed))
    found = Regression(design, model, {})
    if not with_stability:
        return found
    return Regression(design, model, _find_stable(found, matrix, kept, seed))


def _find_stable(found: Regression, matrix: Floats, rows: Rows, seed: int) -> dict[str, bool]:
    """Refits over customers drawn with repeats; a group is stable if each refit pushes at least AGREE of those whom it
    pushes hardest in the same direction."""
    random = np.random.default_rng(seed)
    _, unit = np.unique(rows.ids, return_inverse=True)
    customers = int(unit.max()) + 1
    told = _sum_by_group(found.design, found.model, matrix, found.groups)
    hardest = [np.abs(column) >= np.median(np.abs(column)) for column in told.T]
    agreed = dict.fromkeys(found.groups, True)
    for _ in range(REFITS):
        drawn = np.bincount(random.integers(0, customers, customers), minlength=customers)[unit]
        own = rows.labels[drawn > 0]
        if own.all() or not own.any():
            return dict.fromkeys(found.groups, False)
        again = fit_logistic(matrix, rows.labels, found.model.penalty, drawn)
        other = _sum_by_group(found.design, again, matrix, found.groups)
        for place, group in enumerate(found.groups):
            same = np.sign(other[hardest[place], place]) == np.sign(told[hardest[place], place])
            agreed[group] = agreed[group] and bool(same.mean() >= AGREE)
    return agreed


def _sum_by_group(design: Design, model: Logistic, matrix: Floats, groups: Sequence[str]) -> Floats:
    single = model.contributions(matrix, design.spans)
    told = np.zeros((len(matrix), len(groups)))
    for place, feature in enumerate(design.features):
        told[:, groups.index(tell_group(feature))] += single[:, place]
    return told


def tell_base_chances(rows_or_columns: Columns, base: str) -> Floats:
    """The base model's own chances, whose log-odds are a column."""
    told: Floats = expit(np.asarray(rows_or_columns[base], dtype=np.float64))
    return told
