"""Pairs of features are found where they count together, and not where they don't."""

import json

import numpy as np
import numpy.typing as npt
import pytest

from vafa.lab.design import Design, Feature, learn_design, multiply
from vafa.lab.logistic import fit_logistic
from vafa.lab.pairs import add_pairs, ask_pairs, build_contributions

FEATURES = (
    Feature("calls", "complaints", "number"),
    Feature("price", "price", "number"),
    Feature("dollars", "price", "number"),
    Feature("plan", "contract", "choice"),
)
Columns = dict[str, npt.NDArray[np.generic]]


def draw(seed: int, rows: int = 2_000) -> Columns:
    random = np.random.default_rng(seed)
    price = random.normal(0, 1, rows)
    return {
        "calls": random.normal(0, 1, rows),
        "price": price,
        "dollars": price * 0.17 + 3,
        "plan": random.choice(["a", "b"], rows),
    }


def happen(columns: Columns, together: float, seed: int) -> npt.NDArray[np.bool_]:
    calls, price = columns["calls"].astype(float), columns["price"].astype(float)
    odds = -1 + 0.5 * calls + together * calls * price
    return np.random.default_rng(seed).random(len(odds)) < 1 / (1 + np.exp(-odds))


def learn(columns: Columns, labels: npt.NDArray[np.bool_]) -> Design:
    design = learn_design(FEATURES, columns)
    return add_pairs(design, fit_logistic(design.build_matrix(columns), labels, 1.0), columns, labels)


def test_two_numbers_that_count_together_are_found_once_though_one_is_there_twice() -> None:
    columns = draw(1)
    assert learn(columns, happen(columns, 1.0, 2)).pairs == (("calls", "price"),)


def test_where_nothing_counts_together_the_design_stays_in_all_but_few() -> None:
    """At a level of 1% over all pairs; ten businesses, of which one may be unlucky."""
    found = 0
    for seed in range(10):
        columns = draw(seed)
        found += bool(learn(columns, happen(columns, 0.0, seed + 100)).pairs)
    assert found <= 1


def test_few_leavers_are_asked_nothing() -> None:
    columns = draw(4, 150)
    labels = np.arange(150) < 12
    design = learn_design(FEATURES, columns)
    assert ask_pairs(design, fit_logistic(design.build_matrix(columns), labels, 1.0), columns, labels) == ()
    assert learn(columns, labels) == design


def test_contributions_with_pairs_add_up_to_the_log_odds() -> None:
    columns = draw(7)
    labels = happen(columns, 1.0, 8)
    design = learn(columns, labels)
    assert design.pairs
    matrix = design.build_matrix(columns)
    assert matrix.shape[1] == design.width
    model = fit_logistic(matrix, labels, 1.0)
    told = build_contributions(design, model, matrix)
    assert told.shape == (2_000, len(FEATURES))
    assert told.sum(axis=1) + model.base == pytest.approx(model.log_odds(matrix))
    back = Design.from_document(json.loads(json.dumps(design.to_document())))
    assert (back.build_matrix(columns) == matrix).all()


def test_products_are_each_column_times_each() -> None:
    one, other = np.asarray([[1.0, 2.0], [3.0, 4.0]]), np.asarray([[5.0, 6.0, 7.0], [8.0, 9.0, 10.0]])
    told = multiply(one, other) / multiply(np.ones((2, 1)), np.ones((2, 1)))
    assert told.tolist() == [
        [pytest.approx(a * b) for a in first for b in second]
        for first, second in zip(one.tolist(), other.tolist(), strict=True)
    ]
