"""Features that count together: what one tells depends on the other, as calls to the service do on the price paid.

A regression over single features misses that. Each pair is asked by the score test (C. R. Rao 1948): would the products
of its columns explain what the fitted regression got wrong? It needs no second fit, so that all pairs can be asked.
Only pairs that pass after the number of questions is allowed for (Bonferroni) are taken, the clearest first: on most
businesses there is none, and the regression stays as it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve
from scipy.special import expit

from vafa.lab.design import Columns, Design, multiply
from vafa.lab.logistic import Logistic

Floats = npt.NDArray[np.float64]

LEVEL = 0.01
MOST_PAIRS = 20
# More columns than this tell more of chance than of customers.
MOST_COLUMNS = 60
# A column of products needs so many rows of the rarer kind (left, stayed).
LEAST_EVENTS = 5
# Of two numbers that are so much alike (minutes and their price) one is asked.
ALIKE = 0.98
MOST_ROWS = 20_000
_SAME = 1e-6


@dataclass(frozen=True)
class PairTest:
    """How clearly two features count together: the logarithm of the chance of such a score where they don't."""

    one: str
    other: str
    log_p: float


def ask_pairs(
    design: Design,
    model: Logistic,
    columns: Columns,
    labels: npt.ArrayLike,
    rows: npt.NDArray[Any] | None = None,
) -> tuple[PairTest, ...]:
    """All pairs that can be asked, the clearest first; `model` is fitted on the same rows by a design without pairs.

    Of more rows than MOST_ROWS, as many at equal steps are asked.
    """
    happened = np.asarray(labels, dtype=np.float64)
    places = np.arange(len(happened)) if rows is None else np.arange(len(happened))[rows]
    places = places[:: -(-len(places) // MOST_ROWS) or 1]
    own = {name: np.asarray(values)[places] for name, values in columns.items()}
    matrix, happened = design.build_matrix(own), happened[places]
    chances = expit(model.log_odds(matrix))
    score = _Score(matrix, chances, happened - chances, model.penalty)
    rarer = min(happened.sum(), len(happened) - happened.sum())
    spans = design.spans
    found = []
    for one, other in combinations(_find_asked(design, own), 2):
        products = multiply(matrix[:, spans[one]], matrix[:, spans[other]])
        width = products.shape[1]
        if width <= min(MOST_COLUMNS, rarer / LEAST_EVENTS):
            found.append(PairTest(one, other, score.test(products)))
    return tuple(sorted(found, key=lambda test: test.log_p))


def add_pairs(
    design: Design,
    model: Logistic,
    columns: Columns,
    labels: npt.ArrayLike,
    rows: npt.NDArray[Any] | None = None,
    most: int = MOST_PAIRS,
) -> Design:
    """The design with the pairs that pass; the same one where none does. The regression must then be fitted again."""
    tests = ask_pairs(design, model, columns, labels, rows)
    passed = [(own.one, own.other) for own in tests if own.log_p < np.log(LEVEL / len(tests))]
    return replace(design, pairs=tuple(passed[:most]))


def build_contributions(design: Design, model: Logistic, matrix: Floats) -> Floats:
    """What each feature adds to the log-odds against the average training row; a pair's part goes half to each.

    One column a feature, in the design's order; row by row they add up to `log_odds - base`.
    """
    names = [feature.name for feature in design.features]
    told = model.contributions(matrix, design.spans)
    pairs = design.pair_spans
    if pairs:
        halves = (
            model.contributions(matrix, {f"{one}*{other}": span for (one, other), span in pairs.items()}) / 2
        )
        for place, pair in enumerate(pairs):
            for name in pair:
                told[:, names.index(name)] += halves[:, place]
    return told


def _find_asked(design: Design, columns: Columns) -> Iterator[str]:
    """The features that vary, without numbers that are copies of an earlier one."""
    numbers: list[Floats] = []
    for part in design.parts:
        if not part.means:
            continue
        if part.feature.kind == "number":
            values = np.asarray(columns[part.feature.name], dtype=np.float64)
            if any(_are_alike(values, earlier) for earlier in numbers):
                continue
            numbers.append(values)
        yield part.feature.name


def _are_alike(one: Floats, other: Floats) -> bool:
    both = np.isfinite(one) & np.isfinite(other)
    if both.sum() < 2:
        return False
    one, other = one[both] - one[both].mean(), other[both] - other[both].mean()
    size = float(np.sqrt((one @ one) * (other @ other)))
    return size > 0 and abs(float(one @ other)) > ALIKE * size


class _Score:
    """The score test of further columns in a fitted regression."""

    def __init__(self, matrix: Floats, chances: Floats, missed: Floats, penalty: float) -> None:
        self._spread = chances * (1 - chances)
        self._missed = missed
        self._matrix = np.column_stack((np.ones(len(matrix)), matrix))
        bends = self._matrix.T @ (self._matrix * self._spread[:, None])
        bends[np.arange(1, len(bends)), np.arange(1, len(bends))] += penalty
        self._solved = cho_factor(bends)

    def test(self, products: Floats) -> float:
        """The logarithm of the chance of a score at least so large, where the products tell nothing."""
        weighed = products * self._spread[:, None]
        across = self._matrix.T @ weighed
        variance = products.T @ weighed - across.T @ cho_solve(self._solved, across)
        sizes, ways = np.linalg.eigh(variance)
        # Products that are sums of others, or of the columns, tell nothing of their own.
        own = sizes > _SAME * max(float(sizes.max(initial=0.0)), _SAME)
        if not own.any():
            return 0.0
        score = float((((products.T @ self._missed) @ ways[:, own]) ** 2 / sizes[own]).sum())
        from scipy.stats import chi2  # takes half a second, which most commands needn't wait

        return float(chi2.logsf(score, int(own.sum())))
