"""Differences of arms: published examples, the slow twins, and what repeated trials with a known truth show."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from vafa.lab.compare import naive_newcombe_interval
from vafa.lab.trial_effects import (
    Sample,
    Share,
    adjust_means,
    build_sample,
    compare_means,
    compare_shares,
    find_p,
    naive_adjusted,
    naive_welch,
)

SHARES = st.integers(1, 400).flatmap(lambda n: st.builds(Share, st.integers(0, n), st.just(n)))
NUMBERS = st.lists(st.integers(-1_000, 1_000).map(float), min_size=2, max_size=30)


@pytest.mark.parametrize(
    ("arm", "control", "low", "high"),
    [
        # R. G. Newcombe 1998, Statistics in Medicine 17, table II, method 10.
        (Share(56, 70), Share(48, 80), 0.0524, 0.3339),
        (Share(9, 10), Share(3, 10), 0.1705, 0.8090),
        (Share(6, 7), Share(2, 7), 0.0582, 0.8062),
        (Share(5, 56), Share(0, 29), -0.0381, 0.1926),
        (Share(0, 10), Share(0, 20), -0.1611, 0.2775),
        (Share(0, 10), Share(0, 10), -0.2775, 0.2775),
        (Share(10, 10), Share(0, 20), 0.6791, 1.0000),
        (Share(10, 10), Share(0, 10), 0.6075, 1.0000),
        # K. Hillstrom's e-mail trial of 2008: who visited of 21,307 mailed (men's goods), 21,387 (women's), 21,306 not.
        (Share(3894, 21307), Share(2262, 21306), 0.06995, 0.08323),
        (Share(3238, 21387), Share(2262, 21306), 0.0389, 0.0516),
    ],
)
def test_published_differences_of_shares(arm, control, low, high):
    effect = compare_shares(arm, control)
    assert effect.value == pytest.approx(arm.value - control.value)
    assert (effect.low, effect.high) == pytest.approx((low, high), abs=6e-5)


@given(SHARES, SHARES)
def test_shares_are_compared_as_the_definition_says(arm, control):
    effect = compare_shares(arm, control)
    naive = naive_newcombe_interval(control.hits, control.n, arm.hits, arm.n)
    assert (effect.low, effect.high) == pytest.approx(naive, abs=1e-9)
    assert -1 <= effect.low <= effect.value <= effect.high <= 1
    turned = compare_shares(control, arm)
    assert (turned.low, turned.high) == pytest.approx((-effect.high, -effect.low))


def test_welch_as_in_the_textbooks():
    """Means 20.8 and 23.0 of 15 each, variances 7.9 and 3.8: the published degrees of freedom are 24.9."""
    effect = compare_means(Sample(15, 20.8, 7.9), Sample(15, 23.0, 3.8))
    half = stats.t.ppf(0.975, 24.9) * math.sqrt(7.9 / 15 + 3.8 / 15)
    assert effect.value == pytest.approx(-2.2)
    assert effect.high - effect.value == pytest.approx(half, rel=2e-3)


@pytest.mark.filterwarnings("ignore:Precision loss")
@given(NUMBERS, NUMBERS)
def test_means_are_compared_as_the_twin_and_scipy_do(arm, control):
    effect = compare_means(build_sample(arm), build_sample(control))
    assert (effect.low, effect.high) == pytest.approx(naive_welch(arm, control), rel=1e-6, abs=1e-6)
    if effect.variance:
        known = stats.ttest_ind(arm, control, equal_var=False).confidence_interval(0.95)
        assert (effect.low, effect.high) == pytest.approx((known.low, known.high), rel=1e-6, abs=1e-6)


def test_one_customer_alone_has_no_interval():
    effect = compare_means(build_sample([3.0]), build_sample([1.0, 2.0]))
    assert (effect.value, effect.low, effect.high, effect.is_clear, find_p(effect)) == (
        1.5,
        None,
        None,
        None,
        None,
    )


@given(st.integers(0, 10_000))
def test_adjusting_is_the_whole_regression_with_its_sandwich(seed):
    draw = np.random.default_rng(seed)
    n = int(draw.integers(24, 60))
    scores, in_arm = draw.random(n), np.arange(n) % 2 == 0
    outcomes = (draw.random(n) < scores).astype(float)
    effect = adjust_means(outcomes, in_arm, scores)
    assert (effect.value, effect.variance) == pytest.approx(
        naive_adjusted(list(outcomes), list(in_arm), list(scores)), rel=1e-8
    )


def test_a_score_that_tells_nothing_is_not_adjusted_by():
    in_arm = np.arange(40) % 2 == 0
    assert adjust_means(np.ones(40), in_arm, np.full(40, 0.3)) is None
    assert adjust_means(np.ones(40), in_arm, np.full(40, np.nan)) is None
    assert adjust_means(np.ones(12), np.arange(12) < 9, np.arange(12.0)) is None


def test_an_unknown_score_counts_as_the_mean():
    draw = np.random.default_rng(1)
    scores, in_arm = draw.random(200), np.arange(200) % 2 == 0
    outcomes = (draw.random(200) < scores).astype(float)
    holes = scores.copy()
    holes[:50] = np.nan
    filled = np.where(np.isnan(holes), holes[50:].mean(), holes)
    assert adjust_means(outcomes, in_arm, holes) == adjust_means(outcomes, in_arm, filled)


def test_intervals_hold_the_truth_as_often_as_they_say():
    """2,000 trials of 400 and 600 customers with a known lift of 5 points, and a score that foretells."""
    draw, truth, held, narrower = np.random.default_rng(6), 0.05, np.zeros(3), 0.0
    for _trial in range(2_000):
        risk = draw.beta(2, 5, 1_000)
        in_arm = np.arange(1_000) < 400
        hits = draw.random(1_000) < risk * 0.8 + truth * in_arm
        arm, control = Share(int(hits[:400].sum()), 400), Share(int(hits[400:].sum()), 600)
        values = hits.astype(float)
        effects = (
            compare_shares(arm, control),
            compare_means(build_sample(values[:400]), build_sample(values[400:])),
            adjust_means(values, in_arm, risk),
        )
        held += [effect.low <= truth <= effect.high for effect in effects]
        narrower += 1 - effects[2].variance / effects[1].variance
    # 95% of 2,000, give or take three and a half standard deviations.
    assert np.abs(held / 2_000 - 0.95).max() < 0.017
    assert narrower / 2_000 > 0.05


def test_the_known_lift_is_found_and_nothing_is_found_in_nothing():
    draw = np.random.default_rng(7)
    wins = []
    for lift in (0.0, 0.05):
        arms = draw.binomial(2_000, 0.3 + lift, 1_000)
        controls = draw.binomial(2_000, 0.3, 1_000)
        effects = [
            compare_shares(Share(int(a), 2_000), Share(int(c), 2_000))
            for a, c in zip(arms, controls, strict=True)
        ]
        wins.append(sum(effect.low > 0 for effect in effects) / 1_000)
    assert wins[0] < 0.045  # one side of 5%: 2.5%, give or take four standard deviations
    assert wins[1] > 0.89  # a planner's figure says 92%
