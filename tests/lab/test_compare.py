"""Differences between estimates, and what can't be ranked apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.compare import Estimate, build_difference, mark_unranked, naive_newcombe_interval
from vafa.lab.rates import build_wilson_interval


def share(hits, trials):
    return Estimate(hits / trials, *build_wilson_interval(hits, trials))


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        # Newcombe 1998, table II, method 10: (a), (b), (c), (e).
        ((48, 80), (56, 70), 0.0524, 0.3339),
        ((3, 10), (9, 10), 0.1705, 0.8090),
        ((2, 7), (6, 7), 0.0582, 0.8062),
        ((0, 29), (5, 56), -0.0381, 0.1926),
    ],
)
def test_the_interval_is_newcombes(first, second, low, high):
    told = build_difference(share(*first), share(*second))
    assert told.low == pytest.approx(low, abs=5e-5)
    assert told.high == pytest.approx(high, abs=5e-5)


proportions = st.integers(1, 500).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials)))


@given(proportions, proportions)
def test_the_interval_agrees_with_its_slow_twin(first, second):
    told = build_difference(share(*first), share(*second))
    low, high = naive_newcombe_interval(*first, *second)
    assert told.low == pytest.approx(low, abs=1e-7)
    assert told.high == pytest.approx(high, abs=1e-7)
    assert low <= told.value <= high
    back = build_difference(share(*second), share(*first))
    assert (back.low, back.high) == pytest.approx((-high, -low), abs=1e-7)


def test_a_difference_without_intervals_is_exact():
    told = build_difference(Estimate(10), Estimate(12.5))
    assert (told.value, told.low, told.high, told.is_clear) == (2.5, None, None, None)


def test_neighbours_that_may_have_come_by_chance_are_marked():
    rows = [share(90, 100), share(88, 100), share(50, 100), share(1, 2)]
    assert mark_unranked(rows) == [True, True, True, True]
    assert mark_unranked([share(900, 1000), share(500, 1000), share(100, 1000)]) == [False] * 3
    assert mark_unranked([share(900, 1000), share(899, 1000), share(100, 1000)]) == [True, True, False]
    assert mark_unranked([Estimate(3), Estimate(3), Estimate(1)]) == [True, True, False]
    assert mark_unranked([]) == []
