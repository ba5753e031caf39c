"""The ceiling of growth is where the same period, again and again, leads to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from tests.lab.facts import CUSTOMERS, DAY_ZERO, SUBSCRIPTIONS, Subscriptions
from vafa.lab.growth import Pace, Returns, build_ceiling, build_returns, naive_ceiling
from vafa.lab.sets import SpellIndex, naive_lapsed
from vafa.lab.spells import (
    OPEN_END,
    build_all_subscription_spells,
    build_first_spells,
    build_subscription_spells,
)

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


@given(SUBSCRIPTIONS, st.integers(1, 20), st.none() | st.sets(st.integers(0, CUSTOMERS - 1)))
def test_who_had_gone_and_is_back(
    subscriptions: Subscriptions, length: int, members: set[int] | None
) -> None:
    spells = {
        who: build_subscription_spells([(start, end) for ix, start, end in subscriptions if ix == who])
        for who in range(CUSTOMERS)
        if members is None or who in members
    }
    start, end = DAY_ZERO + 12, DAY_ZERO + 12 + length
    lapsed, back = naive_lapsed(spells, start, end)
    ends = [OPEN_END if ended is None else ended for _, _, ended in subscriptions]
    everybody = build_all_subscription_spells(
        [ix for ix, _, _ in subscriptions], [started for _, started, _ in subscriptions], ends
    )
    starts, _first_ends = build_first_spells(everybody, CUSTOMERS)
    index = SpellIndex(everybody)
    told = build_returns(
        starts, index.active(start), index.active(end), start, None if members is None else BitMap(members)
    )
    assert told == Returns(len(lapsed), len(back))
    assert told + Returns() == told
