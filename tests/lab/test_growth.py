"""The ceiling of growth is where the same period, again and again, leads to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.growth import Pace, build_ceiling, naive_ceiling

PACES = st.builds(
    Pace, st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.integers(0, 300)
).filter(lambda pace: pace.lost <= pace.start)


@given(PACES)
def test_the_ceiling_is_where_the_pace_leads(pace: Pace) -> None:
    told, slow = build_ceiling(pace), naive_ceiling(pace.new, pace.start, pace.lost)
    if slow is None:
        assert told is None
        return
    assert told is not None
    assert told.value == pytest.approx(slow, rel=1e-6)
    assert told.with_reactivated == pytest.approx(
        naive_ceiling(pace.new + pace.reactivated, pace.start, pace.lost), rel=1e-6
    )
    assert told.low <= told.value
    assert told.high is None or told.value <= told.high


@given(PACES, PACES)
def test_customers_apart_add_up(one: Pace, other: Pace) -> None:
    both = one + other
    assert (both.start, both.lost) == (one.start + other.start, one.lost + other.lost)
    assert (both.new, both.reactivated) == (one.new + other.new, one.reactivated + other.reactivated)


def test_a_hundred_new_a_month_at_five_percent_is_two_thousand() -> None:
    ceiling = build_ceiling(Pace(start=1000, new=100, reactivated=20, lost=50))
    assert ceiling is not None
    assert (ceiling.value, ceiling.with_reactivated) == (2000, 2400)
    assert build_ceiling(Pace(start=10, new=5, lost=0)) is None
    assert build_ceiling(Pace(start=0, new=5)) is None
