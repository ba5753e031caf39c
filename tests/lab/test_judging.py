"""Judgements of chances agree with their definitions, pair by pair, and with an independent library."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from vafa.lab.judging import (
    MOST_UNITS,
    Judgement,
    build_brier_losses,
    build_calibration_curve,
    find_auc,
    find_lift,
    fit_calibration_line,
    judge,
    naive_auc,
    naive_brier,
    naive_lift,
    naive_log_loss,
    paired_interval,
)

Told = list[tuple[float, bool]]
# Few distinct chances, so that many are equal, and the ends.
TOLD: st.SearchStrategy[Told] = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.1 + 1e-9, 0.25, 0.5, 0.9, 1.0]), st.booleans()), max_size=40
)


@given(TOLD)
def test_a_judgement_is_what_its_definitions_say(told: Told) -> None:
    chances, labels = [chance for chance, _ in told], [label for _, label in told]
    found = judge(chances, labels)
    assert (found.n, found.positives) == (len(told), sum(labels))
    assert found.auc == (None if (slow := naive_auc(chances, labels)) is None else pytest.approx(slow))
    assert found.lift == (None if (slow := naive_lift(chances, labels)) is None else pytest.approx(slow))
    if told:
        assert found.brier == pytest.approx(naive_brier(chances, labels))
        assert found.log_loss == pytest.approx(naive_log_loss(chances, labels))


@given(TOLD)
def test_the_curve_counts_everybody_once_and_never_parts_equals(told: Told) -> None:
    chances = np.asarray([chance for chance, _ in told])
    labels = np.asarray([label for _, label in told], dtype=np.bool_)
    curve = build_calibration_curve(chances, labels) if told else ()
    assert sum(own.happened.denominator for own in curve) == len(told)
    assert sum(own.happened.numerator for own in curve) == labels.sum()
    for own, following in pairwise(curve):
        assert own.high < following.low
    assert all(own.low - 1e-12 <= own.told <= own.high + 1e-12 for own in curve)


def test_the_auc_is_the_statistic_of_mann_and_whitney() -> None:
    random = np.random.default_rng(5)
    scores, labels = random.integers(0, 30, 300), random.random(300) < 0.3
    other = mannwhitneyu(scores[labels], scores[~labels]).statistic / (labels.sum() * (~labels).sum())
    assert find_auc(scores, labels) == pytest.approx(other)


def test_golden_values() -> None:
    """Worked by hand: of the four pairs three are in the right order."""
    found = judge([0.9, 0.6, 0.7, 0.2], [True, True, False, False])
    assert found.auc == 0.75
    assert found.brier == pytest.approx((0.01 + 0.16 + 0.49 + 0.04) / 4)
    assert found.skill == pytest.approx(1 - 0.175 / 0.25)
    assert found.lift == 2


def test_nobody_and_nobody_who_left_are_unknown() -> None:
    assert judge([], []) == Judgement(0, 0, None, None, None, (), None, None)
    stayed = judge([0.2, 0.4], [False, False])
    assert (stayed.auc, stayed.slope, stayed.intercept, stayed.lift, stayed.skill) == (None,) * 5
    assert stayed.brier == pytest.approx(0.1)


def test_chances_that_are_right_have_slope_1_and_intercept_0_and_too_extreme_ones_less() -> None:
    random = np.random.default_rng(11)
    odds = random.normal(-1, 1, 40_000)
    labels = random.random(40_000) < 1 / (1 + np.exp(-odds))
    right = judge(1 / (1 + np.exp(-odds)), labels)
    assert right.slope == pytest.approx(1, abs=0.05)
    assert right.slope_low is not None
    assert right.slope_high is not None
    assert right.slope_low < 1 < right.slope_high
    assert right.intercept == pytest.approx(0, abs=0.05)
    extreme = judge(1 / (1 + np.exp(-2 * odds)), labels)
    assert extreme.slope == pytest.approx(0.5, abs=0.03)
    low = judge(1 / (1 + np.exp(1 - odds)), labels)
    assert low.intercept == pytest.approx(1, abs=0.05)


def test_the_calibration_line_is_unknown_where_chances_part_those_who_left() -> None:
    labels = np.asarray([False, False, True, True])
    assert fit_calibration_line(np.asarray([0.1, 0.2, 0.8, 0.9]), labels) is None
    assert fit_calibration_line(np.full(4, 0.5), labels) is None


def test_labels_at_random_have_an_auc_of_a_half_and_no_lift() -> None:
    random = np.random.default_rng(3)
    scores, labels = random.random(20_000), random.random(20_000) < 0.2
    assert find_auc(scores, labels) == pytest.approx(0.5, abs=0.02)
    assert find_lift(scores, labels) == pytest.approx(1, abs=0.1)


def test_the_paired_interval_holds_the_difference_and_repeats_itself() -> None:
    random = np.random.default_rng(8)
    chances = random.random(2_000)
    labels = random.random(2_000) < chances
    good, bad = build_brier_losses(chances, labels), build_brier_losses(np.full(2_000, 0.5), labels)
    told = paired_interval(good, bad, seed=1)
    assert told is not None
    assert told[0] < (good - bad).mean() < told[1] < 0
    assert told == paired_interval(good, bad, seed=1)
    assert paired_interval(bad, bad, seed=1) == (0, 0)
    assert paired_interval(good[:0], bad[:0], seed=1) is None


def test_the_paired_interval_draws_customers_and_not_their_rows() -> None:
    """Rows that are copies of one another tell no more than one of them."""
    gaps = np.random.default_rng(2).normal(0, 1, 200)
    once = paired_interval(gaps, np.zeros(200), seed=4)
    copies = paired_interval(
        np.repeat(gaps, 25), np.zeros(5_000), seed=4, customers=np.repeat(np.arange(200), 25)
    )
    assert once is not None
    assert copies == pytest.approx(once)


def test_the_paired_interval_of_many_customers_is_as_wide_as_theory_says() -> None:
    count = 3 * MOST_UNITS
    gaps = np.random.default_rng(6).normal(0, 1, count)
    told = paired_interval(gaps, np.zeros(count), seed=9, draws=400)
    assert told is not None
    assert told[1] - told[0] == pytest.approx(2 * 1.96 / count**0.5, rel=0.2)
