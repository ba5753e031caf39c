"""Looking while a trial runs: peeking is safe, and arms that aren't what they were meant to be are seen."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vafa.lab.errors import SharesUnfit
from vafa.lab.trial_effects import Sample, Share, compare_shares
from vafa.lab.trial_looks import (
    MISMATCH_P,
    find_ratio_p,
    find_stretch,
    naive_sample_ratio,
    naive_stretch,
    plan_share_information,
    tell_share_information,
    watch_means,
    watch_shares,
)
from vafa.lab.trials import HALVES, arms_of

TRIALS, LOOKS = 4_000, 20
COUNTS = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 3_000), min_size=2)


@settings(max_examples=5)
@given(st.floats(0.02, 3))
def test_the_stretch_is_where_the_mixture_of_likelihoods_passes_twenty(information):
    assert float(find_stretch(information, 1.0)) == pytest.approx(naive_stretch(information, 1.0), rel=1e-4)


@given(st.floats(0.05, 20))
def test_the_interval_is_narrowest_at_the_planned_end(planned):
    assert find_stretch(1.0, 1.0) <= find_stretch(1.0, planned) + 1e-12
    assert find_stretch(1.0, 1.0) == pytest.approx(3.035, abs=0.001)


def look(hits, n, planned):
    """Which of these trials (rows) are called a difference at which of their looks (columns)."""
    (a, b), (m, k) = hits, n
    shares = [((x + 1) / (size + 2), size + 2) for x, size in ((a, m), (b, k))]
    error = np.sqrt(sum(share * (1 - share) / size for share, size in shares))
    total, people = a + b + 2, m + k + 4
    stretch = find_stretch(people * total / (people - total), planned)
    return np.abs(a / m - b / k) > stretch * error


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5, 0.9])
def test_peeking_is_safe_while_customers_arrive(share):
    """4,000 trials of nothing against nothing, looked at 20 times: false alarms under 5%."""
    draw = np.random.default_rng(int(share * 100))
    hits = [draw.binomial(100, share, (TRIALS, LOOKS)).cumsum(axis=1) for _arm in range(2)]
    n = np.arange(1, LOOKS + 1) * 100
    alarms = look(hits, (n, n), plan_share_information(share, 4_000)).any(axis=1).mean()
    assert 0 < alarms < 0.05
    z = (hits[0] - hits[1]) / n / np.sqrt(2 * share * (1 - share) / n)
    assert (np.abs(z) > 1.96).any(axis=1).mean() > 0.2  # what naive peeking would have called


@pytest.mark.parametrize(("share", "sizes"), [(0.15, (1_000, 1_000)), (0.6, (300, 2_700)), (0.9, (500, 500))])
def test_peeking_is_safe_while_outcomes_come_in(share, sizes):
    """All customers are there from the first day; whoever orders does so on some day before one of the looks."""
    draw = np.random.default_rng(8)
    parts = [share / LOOKS] * LOOKS + [1 - share]
    hits = [draw.multinomial(size, parts, TRIALS)[:, :LOOKS].cumsum(axis=1) for size in sizes]
    alarms = look(hits, sizes, plan_share_information(share, sum(sizes))).any(axis=1).mean()
    assert alarms < 0.05


def test_peeking_at_money_is_safe():
    """Skewed spending, one tenth of customers at all, most of them more than once."""
    draw = np.random.default_rng(9)
    n, alarms = 400, 0
    for _trial in range(500):
        buyers = draw.random((2, n)) < 0.3
        spent = (draw.lognormal(3, 1, (LOOKS, 2, n)) * (draw.random((LOOKS, 2, n)) < 0.2) * buyers).cumsum(
            axis=0
        )
        means, variances = spent.mean(axis=2), spent.var(axis=2, ddof=1)
        for mean, variance in zip(means, variances, strict=True):
            effect = watch_means(
                Sample(n, mean[0], variance[0]), Sample(n, mean[1], variance[1]), 2 * n, 4_000.0
            )
            if effect.is_clear:
                alarms += 1
                break
    assert alarms / 500 < 0.05


def test_a_real_lift_is_found_before_the_end_and_held_at_every_look():
    draw, truth = np.random.default_rng(10), 0.08
    n, planned = np.arange(1, LOOKS + 1) * 200, plan_share_information(0.3, 8_000)
    a = draw.binomial(200, 0.3 + truth, (400, LOOKS)).cumsum(axis=1)
    b = draw.binomial(200, 0.3, (400, LOOKS)).cumsum(axis=1)
    found = held = 0
    for first, second in zip(a.tolist(), b.tolist(), strict=True):
        effects = [
            watch_shares(Share(x, int(m)), Share(y, int(m)), planned)
            for x, y, m in zip(first, second, n, strict=True)
        ]
        held += all(effect.low <= truth <= effect.high for effect in effects)
        found += any(effect.low > 0 for effect in effects[:-1])
    assert held / 400 > 0.95
    assert found / 400 > 0.9


@given(st.integers(1, 500), st.integers(1, 500), st.integers(0, 500), st.integers(0, 500))
def test_the_interval_for_all_looks_is_never_narrower_than_that_of_one(m, k, x, y):
    arm, control = Share(min(x, m), m), Share(min(y, k), k)
    planned = tell_share_information(arm, control)
    watched, fixed = watch_shares(arm, control, planned), compare_shares(arm, control)
    assert watched.value == fixed.value
    assert watched.low <= fixed.low
    assert watched.high >= fixed.high


def test_sample_ratio_of_the_published_trial():
    """Hillstrom's three arms of 64,000: p = .90."""
    counts = {"mens": 21_307, "womens": 21_387, "none": 21_306}
    assert find_ratio_p(counts, dict.fromkeys(counts, 1)) == pytest.approx(0.9037, abs=1e-4)


@given(COUNTS)
def test_the_sample_ratio_is_the_tail_of_its_density(counts):
    shares = dict.fromkeys(counts, 1 / len(counts))
    assert find_ratio_p(counts, shares) == pytest.approx(naive_sample_ratio(counts, shares), abs=1e-6)


def test_arms_dealt_by_the_hash_pass_and_a_leak_is_seen():
    arms = arms_of(np.arange(20_000), "campaign:7", HALVES)
    counts = {name: int((arms == name).sum()) for name in HALVES}
    assert find_ratio_p(counts, HALVES) > MISMATCH_P
    counts["control"] -= 600  # some of the control got the message and were counted there
    counts["treated"] += 600
    assert find_ratio_p(counts, HALVES) < MISMATCH_P


def test_sample_ratio_of_what_has_none():
    assert find_ratio_p({}, HALVES) is None
    assert find_ratio_p({"a": 5}, {"a": 1}) is None
    with pytest.raises(SharesUnfit):
        find_ratio_p({"other": 1}, HALVES)
