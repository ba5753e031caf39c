"""How hard a regression is to be held back: by what it tells of customers whom it hasn't learned from.

Rows of one customer at several days are nearly the same row several times, so that a penalty which suits their number
is far too weak. Here whole customers are kept out in turn, and the penalty is taken that costs the least log-loss over
those kept out (cross-validation; M. Stone 1974, by groups).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from vafa.lab.errors import LabelsAllAlike
from vafa.lab.judging import build_log_losses
from vafa.lab.logistic import fit_logistic

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

PENALTIES = (3.0, 10.0, 30.0, 100.0, 300.0)
FOLDS = 4
# So many rows suffice to tell penalties apart.
MOST_ROWS = 8_000


def choose_penalty(
    matrix: Floats,
    labels: Bools,
    customers: npt.ArrayLike,
    seed: int,
    penalties: Sequence[float] = PENALTIES,
    folds: int = FOLDS,
) -> float:
    """The one of the penalties that suits best; the greatest where too few left, or too few stayed, to try it."""
    _, unit = np.unique(np.asarray(customers), return_inverse=True)
    fold = _deal(unit, folds, seed)
    losses = dict.fromkeys(sorted(penalties, reverse=True), 0.0)
    for number in range(folds):
        kept, out = (fold >= 0) & (fold != number), fold == number
        if not out.any():
            continue
        for penalty in losses:
            try:
                model = fit_logistic(matrix[kept], labels[kept], penalty)
            except LabelsAllAlike:
                return max(penalties)
            losses[penalty] += float(build_log_losses(model.chances(matrix[out]), labels[out]).sum())
    return min(losses, key=lambda penalty: losses[penalty])


def _deal(unit: npt.NDArray[np.int64], folds: int, seed: int) -> npt.NDArray[np.int64]:
    """The fold of each row, the same for all rows of a customer; -1 for rows of customers who aren't asked."""
    count = int(unit.max(initial=-1)) + 1
    random = np.random.default_rng(seed)
    order = random.permutation(count)
    own = np.empty(count, dtype=np.int64)
    own[order] = np.arange(count) % folds
    if len(unit) > MOST_ROWS:
        own[order[int(count * MOST_ROWS / len(unit)) :]] = -1
    return own[unit]
