"""The regression finds the one minimum, and tells exactly what each feature adds."""

import json

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime

from vafa.lab.errors import LabelsAllAlike, PenaltyNotPositive
from vafa.lab.logistic import Logistic, _Loss, fit_logistic, naive_chance, naive_loss

Floats = npt.NDArray[np.float64]

SEEDS = st.integers(0, 10_000)
PENALTIES = st.sampled_from([0.01, 1.0, 30.0])


def draw(seed: int, rows: int = 40, width: int = 3) -> tuple[Floats, Floats, Floats]:
    random = np.random.default_rng(seed)
    matrix = random.normal(0, 2, (rows, width))
    labels = (random.random(rows) < 1 / (1 + np.exp(-matrix[:, 0]))).astype(np.float64)
    labels[:2] = 0, 1
    return matrix, labels, random.integers(1, 4, rows).astype(np.float64)


@settings(max_examples=25)
@given(SEEDS, PENALTIES)
def test_the_loss_its_slopes_and_bends_agree_with_the_definition(seed: int, penalty: float) -> None:
    matrix, labels, counts = draw(seed)
    at = np.random.default_rng(seed).normal(0, 0.5, 4)
    loss = _Loss(matrix, labels, counts, penalty)
    slow = lambda place: naive_loss(list(place), matrix.tolist(), labels.tolist(), penalty, counts.tolist())  # noqa: E731
    assert loss.value(at) == pytest.approx(slow(at))
    assert loss.gradient(at) == pytest.approx(approx_fprime(at, slow, 1e-7), rel=1e-3, abs=1e-2)
    far = 1e-6
    for place, own in enumerate(loss.curvature(at)):
        aside = far * (np.arange(4) == place)
        assert own == pytest.approx(
            (loss.gradient(at + aside) - loss.gradient(at - aside)) / (2 * far), rel=1e-3, abs=1e-2
        )


@settings(max_examples=25)
@given(SEEDS, PENALTIES)
def test_no_neighbour_is_better_than_what_is_found(seed: int, penalty: float) -> None:
    matrix, labels, counts = draw(seed)
    found = fit_logistic(matrix, labels, penalty, counts)
    at = np.concatenate(([found.intercept], found.coefficients))
    loss = _Loss(matrix, labels, counts, penalty)
    assert np.abs(loss.gradient(at)).max() < 1e-5
    for step in np.random.default_rng(seed).normal(0, 0.05, (5, 4)):
        assert loss.value(at + step) >= loss.value(at)


@settings(max_examples=25)
@given(SEEDS)
def test_contributions_and_the_base_are_the_log_odds(seed: int) -> None:
    matrix, labels, counts = draw(seed)
    found = fit_logistic(matrix, labels, 1.0, counts)
    spans = {"first": slice(0, 1), "nothing": slice(1, 1), "rest": slice(1, 3)}
    told = found.contributions(matrix, spans)
    assert told.sum(axis=1) + found.base == pytest.approx(found.log_odds(matrix))
    # Against the average of the training rows, each feature adds nothing on average.
    assert counts @ told == pytest.approx(np.zeros(3), abs=1e-9)
    for row, chance in zip(matrix.tolist(), found.chances(matrix).tolist(), strict=True):
        assert chance == pytest.approx(naive_chance(found.intercept, found.coefficients.tolist(), row))


def test_a_weight_is_so_many_rows() -> None:
    matrix, labels, counts = draw(17)
    times = counts.astype(int)
    weighed = fit_logistic(matrix, labels, 2.0, counts)
    repeated = fit_logistic(np.repeat(matrix, times, axis=0), np.repeat(labels, times), 2.0)
    assert weighed.coefficients == pytest.approx(repeated.coefficients)
    assert weighed.means == pytest.approx(repeated.means)


def test_golden_hours_of_study() -> None:
    """The worked example of textbooks (20 students, hours of study, passed or not): -4.0777 and 1.5046."""
    hours = [
        0.5,
        0.75,
        1,
        1.25,
        1.5,
        1.75,
        1.75,
        2,
        2.25,
        2.5,
        2.75,
        3,
        3.25,
        3.5,
        4,
        4.25,
        4.5,
        4.75,
        5,
        5.5,
    ]
    passed = [0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1]
    found = fit_logistic(np.asarray(hours)[:, None], passed, 1e-9)
    assert found.intercept == pytest.approx(-4.0777, abs=1e-4)
    assert found.coefficients == pytest.approx([1.5046], abs=1e-4)
    assert found.chances(np.asarray([[2.0]])) == pytest.approx([0.2557], abs=1e-4)


def test_a_column_that_knows_the_answer_stays_finite() -> None:
    labels = np.arange(200.0) % 2
    found = fit_logistic(labels[:, None] * 1000.0, labels, 1.0)
    assert np.isfinite(found.coefficients).all()
    assert found.chances(np.asarray([[0.0], [1000.0]])) == pytest.approx([0, 1], abs=0.05)


def test_it_survives_json_to_the_last_digit() -> None:
    matrix, labels, _ = draw(3)
    found = fit_logistic(matrix, labels, 1.0)
    back = Logistic.from_document(json.loads(json.dumps(found.to_document())))
    assert (back.chances(matrix) == found.chances(matrix)).all()
    assert (back.base, back.penalty, back.rows) == (found.base, 1.0, 40)


def test_what_can_not_be_learned_from_is_refused() -> None:
    matrix = np.ones((3, 1))
    for labels in ([0, 0, 0], [1, 1, 1]):
        with pytest.raises(LabelsAllAlike):
            fit_logistic(matrix, labels, 1.0)
    with pytest.raises(LabelsAllAlike):
        fit_logistic(matrix[:0], [], 1.0)
    with pytest.raises(PenaltyNotPositive):
        fit_logistic(matrix, [0, 1, 0], 0.0)
