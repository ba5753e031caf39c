"""What a list can prove, runs told as one, and what a result is worth."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vafa.lab.trial_effects import Effect, Share, compare_shares
from vafa.lab.trial_planning import (
    Sizes,
    count_needed,
    find_smallest_mean,
    find_smallest_share,
    naive_smallest_share,
)
from vafa.lab.trial_pooling import UNKNOWN, Range, count_saved, divide_by_cost, naive_pool, pool

BASES = st.floats(0.01, 0.99)
SIZES = st.builds(Sizes, st.integers(1, 5_000), st.integers(1, 5_000))


@pytest.mark.parametrize(
    ("churn", "lower", "each"),
    [(0.10, 0.08, 3_210), (0.10, 0.07, 1_353), (0.20, 0.17, 2_626), (0.20, 0.15, 903), (0.27, 0.22, 1_158)],
)
def test_published_sizes_of_trials(churn, lower, each):
    """Customers an arm for a power of 80% (findings: predict, section 5, computed apart from this code)."""
    assert count_needed(1 - churn, churn - lower) / 2 == pytest.approx(each, abs=1)
    assert find_smallest_share(1 - churn, Sizes(each, each)) == pytest.approx(churn - lower, abs=2e-5)


@given(BASES, SIZES)
def test_the_smallest_rise_is_the_one_found_by_trying(base, sizes):
    rise, naive = find_smallest_share(base, sizes), naive_smallest_share(base, sizes)
    if rise is None or naive is None:
        # Only at the very edge may one see a rise to 1 where the other doesn't.
        assert (rise or naive or 1 - base) == pytest.approx(1 - base, abs=1e-6)
    else:
        assert rise == pytest.approx(naive, abs=1e-7)


@given(BASES, SIZES)
def test_a_score_that_foretells_makes_a_list_prove_more(base, sizes):
    plain, helped = find_smallest_share(base, sizes), find_smallest_share(base, sizes, explained=0.3)
    assume(plain is not None)
    assert helped < plain


def test_a_small_list_can_prove_nothing_where_nearly_all_stay():
    assert find_smallest_share(0.97, Sizes(50, 50)) is None
    assert find_smallest_share(0.5, Sizes(0, 50)) is None
    assert find_smallest_mean(4.0, Sizes(50, 0)) is None


def test_the_planned_power_is_what_trials_show():
    draw, sizes = np.random.default_rng(3), Sizes(500, 1_500)
    rise = find_smallest_share(0.3, sizes)
    hits = zip(draw.binomial(1_500, 0.3 + rise, 2_000), draw.binomial(500, 0.3, 2_000), strict=True)
    found = sum(compare_shares(Share(int(a), 1_500), Share(int(c), 500)).low > 0 for a, c in hits)
    assert found / 2_000 == pytest.approx(0.8, abs=0.04)


def test_the_smallest_difference_of_means():
    """Lehr's rule: 16 x variance / difference^2 customers an arm for 80%."""
    assert find_smallest_mean(1.0, Sizes(1_600, 1_600)) == pytest.approx(0.1, rel=0.02)


RUNS = st.lists(st.tuples(st.floats(-1, 1), st.floats(0.01, 2)), min_size=1, max_size=6)


@given(RUNS)
def test_runs_are_pooled_as_the_nearest_to_all(runs):
    values, variances = [value for value, _ in runs], [variance for _, variance in runs]
    pooled = pool([Effect(value, None, None, variance) for value, variance in runs])
    told = (pooled.effect.value, pooled.effect.low, pooled.effect.high)
    assert told == pytest.approx(naive_pool(values, variances), abs=1e-5)
    assert pooled.effect.variance <= min(variances) + 1e-12


def test_pooled_runs_of_one_truth_hold_it_and_those_of_two_disagree():
    draw = np.random.default_rng(4)

    def run(lifts):
        return pool(
            [
                compare_shares(
                    Share(int(draw.binomial(400, 0.3 + lift)), 400), Share(int(draw.binomial(400, 0.3)), 400)
                )
                for lift in lifts
            ]
        )

    same = [run([0.04] * 5) for _ in range(1_000)]
    assert np.mean([p.effect.low <= 0.04 <= p.effect.high for p in same]) == pytest.approx(0.95, abs=0.025)
    assert np.mean([p.disagreement_p < 0.05 for p in same]) < 0.08
    assert np.mean([run([-0.15, 0.15]).disagreement_p < 0.05 for _ in range(100)]) > 0.9


def test_nothing_known_is_nothing_pooled():
    assert pool([]) is None
    assert pool([Effect(0.1, None, None, None)]) is None
    assert pool([Effect(0.1, 0.0, 0.2, 0.01)]).disagreement_p is None


def test_customers_saved_for_a_million():
    saved = count_saved(Effect(0.05, 0.01, 0.09, 0.0004), 2_000)
    assert saved == Range(100.0, 20.0, 180.0)
    assert divide_by_cost(saved, 4_000_000, 1_000_000) == Range(25.0, 5.0, 45.0)
    assert divide_by_cost(saved, 0) == UNKNOWN
