"""What a figure's past lets one expect: the twin, a golden value, and alarms on figures whose truth is known."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.expected import LEAST_PERIODS, WIDTH, expect, find_sampling_noise, naive_expect

values = st.one_of(st.none(), st.floats(-1000, 1000, allow_nan=False).map(lambda value: round(value, 3)))


@given(st.lists(values, max_size=45), st.sampled_from([1, 4, 12]), st.floats(0, 10))
def test_the_slow_twin_agrees(history, season, noise):
    fast, slow = expect(history, season, noise), naive_expect(history, season, noise)
    if slow is None or fast is None:
        assert fast is slow
        return
    assert (fast.basis, fast.periods) == (slow.basis, slow.periods)
    assert (fast.value, fast.low, fast.high) == pytest.approx((slow.value, slow.low, slow.high), abs=1e-6)


def test_a_straight_line_is_drawn_out():
    told = expect([10.0, 12.0, 14.0, 16.0, 18.0, 20.0, 22.0, 24.0], 12)
    assert told.basis == "recent"
    assert (told.value, told.low, told.high) == pytest.approx((26, 26, 26))


def test_a_golden_value():
    # Line: slope 0, level 0.8; the absolute deviations are 0.01 six times and 0.02 twice, their median 0.01.
    told = expect([0.81, 0.79, 0.81, 0.79, 0.82, 0.78, 0.79, 0.81], 12)
    assert told.value == pytest.approx(0.8, abs=0.01)
    half = WIDTH * 0.01 * 1.4826 * math.sqrt(1 + 4 / 8)
    assert told.high - told.value == pytest.approx(half, rel=0.25)


def test_too_short_a_past_lets_expect_nothing():
    assert expect([0.8] * (LEAST_PERIODS - 1), 12) is None
    assert expect([None] * 40, 12) is None


def test_one_bad_month_does_not_widen_the_range():
    calm = [0.80, 0.81, 0.79, 0.80, 0.82, 0.79, 0.80, 0.81, 0.79, 0.80, 0.81, 0.80]
    upset = [*calm[:5], 0.40, *calm[6:]]
    one, other = expect(calm, 12), expect(upset, 12)
    assert other.high - other.low < 2 * (one.high - one.low)


def make_series(rng, kind, season, length):
    steps = np.arange(length)
    series = 0.8 + rng.normal(0, 0.02, length)
    if kind == "trend":
        series = series + 0.004 * steps
    if kind == "seasonal":
        series = series + 0.05 * np.sin(2 * np.pi * steps / season)
    return series


@pytest.mark.parametrize("kind", ["flat", "trend", "seasonal"])
@pytest.mark.parametrize(("season", "periods"), [(12, 24), (12, 36), (4, 12), (52, 104)])
def test_alarms_are_rarely_false_and_find_what_is_wrong(kind, season, periods):
    rng = np.random.default_rng(4)
    false = found = 0
    for _run in range(300):
        series = make_series(rng, kind, season, periods + 1)
        told = expect(list(series[:periods]), season)
        false += not told.holds(series[periods])
        found += not told.holds(series[periods] - 0.2)
    assert false / 300 < 0.05
    assert found / 300 > 0.9


def test_a_yearly_peak_is_no_alarm_once_it_is_known():
    year = [100.0] * 11 + [300.0]
    rng = np.random.default_rng(5)
    history = [value + rng.normal(0, 4) for value in (year * 3)[:-1]]
    assert expect(history, 12).holds(300)
    assert not expect(history, 12).holds(100)


def test_few_customers_raise_no_alarm():
    history = [0.9, 0.91, 0.89, 0.9, 0.9, 0.91, 0.89, 0.9, 0.9]
    # 7 of 10 stayed: by chance alone that is nothing unusual. 700 of 1,000 is.
    few = expect(history, 12, find_sampling_noise("share", 0.9, 10))
    many = expect(history, 12, find_sampling_noise("share", 0.9, 1000))
    assert few.holds(0.7)
    assert not many.holds(0.7)
    assert find_sampling_noise("customers", 100, None) == 10
    assert find_sampling_noise("money", 100, None) == 0
    assert find_sampling_noise("share", 1.0, 10) > 0
