"""Logistic regression with a squared penalty: chances that tell where they come from.

Minimised is  sum of w * -log(chance of what happened)  +  penalty / 2 * sum of squared coefficients;  the intercept is
free. By Newton's steps, each halved until it helps: the sum is convex, so the answer is the only one and needs no
seed. No weights by class: those would make the chances wrong.

The log-odds are a sum, so what each feature adds against the average training row is exact.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve
from scipy.special import expit

from vafa.lab.errors import LabelsAllAlike, PenaltyNotPositive

Floats = npt.NDArray[np.float64]
Document = dict[str, Any]

MOST_STEPS = 100
MOST_HALVINGS = 40
# The steps end where the gradient of the mean loss is below this.
TOLERANCE = 1e-9
# So many rows at once, to spare memory.
BLOCK = 65_536


@dataclass(frozen=True)
class Logistic:
    """A fitted regression: `means` are the columns' over the training rows, in their weights."""

    intercept: float
    coefficients: Floats
    means: Floats
    penalty: float
    rows: int

    @property
    def base(self) -> float:
        """The log-odds of the average training row, from which contributions count."""
        return self.intercept + float(self.means @ self.coefficients)

    def log_odds(self, matrix: Floats) -> Floats:
        """One number a row."""
        told: Floats = matrix @ self.coefficients + self.intercept
        return told

    def chances(self, matrix: Floats) -> Floats:
        """The chance of each row, within 0..1."""
        told: Floats = expit(self.log_odds(matrix))
        return told

    def contributions(self, matrix: Floats, spans: Mapping[str, slice]) -> Floats:
        """What each feature (in the order of `spans`) adds to the log-odds against the average training row.

        Row by row they add up to `log_odds - base`, where the spans cover all columns.
        """
        told = np.zeros((len(matrix), len(spans)))
        for place, span in enumerate(spans.values()):
            told[:, place] = (matrix[:, span] - self.means[span]) @ self.coefficients[span]
        return told

    def to_document(self) -> Document:
        """As JSON takes it."""
        return {
            "intercept": self.intercept,
            "coefficients": self.coefficients.tolist(),
            "means": self.means.tolist(),
            "penalty": self.penalty,
            "rows": self.rows,
        }

    @classmethod
    def from_document(cls, document: Document) -> Self:
        """What `to_document` has written."""
        return cls(
            document["intercept"],
            np.asarray(document["coefficients"], dtype=np.float64),
            np.asarray(document["means"], dtype=np.float64),
            document["penalty"],
            document["rows"],
        )


def fit_logistic(
    matrix: Floats, labels: npt.ArrayLike, penalty: float, weights: npt.ArrayLike | None = None
) -> Logistic:
    """The regression of labels (true or false, or a share within 0..1) on the matrix; a weight counts rows.

    Raises LabelsAllAlike where all labels are the same, and PenaltyNotPositive.
    """
    if not penalty > 0:
        raise PenaltyNotPositive(penalty=penalty)
    happened = np.asarray(labels, dtype=np.float64)
    counts = np.ones(len(happened)) if weights is None else np.asarray(weights, dtype=np.float64)
    total = float(counts.sum())
    share = float(counts @ happened) / total if total > 0 else 0.0
    if not 0 < share < 1:
        raise LabelsAllAlike(rows=len(happened))
    loss = _Loss(matrix, happened, counts, penalty)
    start = np.zeros(matrix.shape[1] + 1)
    start[0] = math.log(share / (1 - share))
    found = _minimise(loss, start, TOLERANCE * total)
    means = (counts @ matrix) / total
    return Logistic(float(found[0]), found[1:], means, float(penalty), len(happened))


@dataclass(frozen=True)
class _Loss:
    """The penalised sum and its slopes, at an intercept and the coefficients after it."""

    matrix: Floats
    labels: Floats
    counts: Floats
    penalty: float

    def value(self, at: Floats) -> float:
        told = self.matrix @ at[1:] + at[0]
        # log(1 + e^t) - y t, without an overflow.
        losses = np.logaddexp(0.0, told) - self.labels * told
        return float(self.counts @ losses + self.penalty / 2 * at[1:] @ at[1:])

    def gradient(self, at: Floats) -> Floats:
        missed = self.counts * (expit(self.matrix @ at[1:] + at[0]) - self.labels)
        return np.concatenate(([missed.sum()], self.matrix.T @ missed + self.penalty * at[1:]))

    def curvature(self, at: Floats) -> Floats:
        chances = expit(self.matrix @ at[1:] + at[0])
        spread = self.counts * chances * (1 - chances)
        width = len(at)
        told = np.zeros((width, width))
        for start in range(0, len(self.matrix), BLOCK):
            block, own = self.matrix[start : start + BLOCK], spread[start : start + BLOCK]
            scaled = block * own[:, None]
            told[1:, 1:] += block.T @ scaled
            told[0, 1:] += scaled.sum(axis=0)
        told[1:, 0] = told[0, 1:]
        told[0, 0] = spread.sum()
        told[np.arange(1, width), np.arange(1, width)] += self.penalty
        return told


def _minimise(loss: _Loss, start: Floats, tolerance: float) -> Floats:
    at, value = start, loss.value(start)
    for _ in range(MOST_STEPS):
        slope = loss.gradient(at)
        if np.abs(slope).max() <= tolerance:
            break
        step = cho_solve(cho_factor(loss.curvature(at)), slope)
        for halving in range(MOST_HALVINGS):
            further = at - step / 2**halving
            reached = loss.value(further)
            if reached < value:
                break
        else:
            # As near as numbers of this width can tell.
            break
        at, value = further, reached
    return at


def naive_chance(intercept: float, coefficients: Sequence[float], row: Sequence[float]) -> float:
    """The slow twin of a chance: the logistic function of the sum."""
    told = intercept + sum(own * value for own, value in zip(coefficients, row, strict=True))
    return 1 / (1 + math.exp(-told)) if told >= 0 else math.exp(told) / (1 + math.exp(told))


def naive_loss(
    at: Sequence[float],
    rows: Sequence[Sequence[float]],
    labels: Sequence[float],
    penalty: float,
    weights: Sequence[float] | None = None,
) -> float:
    """The slow twin of what is minimised, at an intercept and the coefficients after it."""
    told = penalty / 2 * sum(own * own for own in at[1:])
    for place, (row, label) in enumerate(zip(rows, labels, strict=True)):
        chance = naive_chance(at[0], at[1:], row)
        lost = -(label * math.log(chance) + (1 - label) * math.log(1 - chance))
        told += lost * (1.0 if weights is None else weights[place])
    return told
