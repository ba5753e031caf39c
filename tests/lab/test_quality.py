"""What looks wrong in the data is found, and what only looks unusual is left alone."""

import math
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.quality import (
    FEWEST_AMOUNTS,
    NEIGHBOUR_WEEKS,
    Person,
    build_fence,
    decide_likeness,
    find_gaps,
    find_step,
    find_unit_factor,
    is_far_out,
    naive_fence,
)

AMOUNTS = st.lists(st.floats(0.01, 1e12), min_size=0, max_size=200)
MONDAY = date(2025, 1, 6).toordinal()


@given(AMOUNTS)
def test_the_fence_agrees_with_its_twin(amounts):
    ours, theirs = build_fence(Counter(map(find_step, amounts))), naive_fence(amounts)
    assert (ours is None) == (theirs is None) == (len(amounts) < FEWEST_AMOUNTS)
    if ours and theirs:
        for name in ("usual", "lowest", "highest", "count"):
            assert getattr(ours, name) == pytest.approx(getattr(theirs, name))


@given(AMOUNTS, AMOUNTS)
def test_the_histograms_of_two_parts_add_up(one, other):
    whole = build_fence(Counter(map(find_step, one + other)))
    assert build_fence(Counter(map(find_step, one)) + Counter(map(find_step, other))) == whole


@given(st.lists(st.floats(50, 200), min_size=20, max_size=60), st.sampled_from([10.0, 100.0, 0.1, 0.01]))
def test_a_fence_does_not_move_by_one_wild_amount(amounts, factor):
    before = build_fence(Counter(map(find_step, amounts)))
    after = build_fence(Counter(map(find_step, [*amounts, 100 * factor * 1e6])))
    assert before
    assert after
    assert after.usual == pytest.approx(before.usual, rel=1.0)
    assert is_far_out(100 * 1e8, before)


def test_rial_among_toman_is_found_and_a_bulk_order_is_not():
    prices = [100_000] * 30 + [110_000] * 10
    fence = build_fence(Counter(map(find_step, prices)))
    assert fence
    assert find_unit_factor(1_000_000, fence) == 10
    assert find_unit_factor(10_000, fence) == 0.1
    assert find_unit_factor(100_000_000, fence) == 1000
    assert find_unit_factor(250_000, fence) is None
    assert find_unit_factor(4_000_000, fence) is None
    assert not is_far_out(250_000, fence)


def test_where_prices_range_widely_ten_times_the_usual_is_nothing():
    prices = [math.exp(x / 10) for x in range(40, 160)]
    fence = build_fence(Counter(map(find_step, prices)))
    assert fence
    assert find_unit_factor(fence.usual * 10, fence) is None


def fill(weeks: int, pattern: list[int]) -> dict[int, int]:
    """Orders by weekday from a Monday on, for so many weeks."""
    return {MONDAY + day: pattern[day % 7] for day in range(7 * weeks) if pattern[day % 7]}


def test_a_day_without_sales_in_a_busy_shop_is_a_gap_and_its_weekly_rest_is_not():
    orders = fill(30, [20, 20, 20, 20, 20, 5, 0])
    last = MONDAY + 7 * 30 - 1
    assert find_gaps(orders, MONDAY, last) == []
    missing = MONDAY + 7 * 10 + 2
    del orders[missing]
    (gap,) = find_gaps(orders, MONDAY, last)
    assert (gap.start, gap.end, gap.expected) == (missing, missing + 1, 20)


def test_a_holiday_is_no_gap():
    orders = fill(30, [20] * 7)
    holiday = MONDAY + 100
    del orders[holiday]
    assert len(find_gaps(orders, MONDAY, MONDAY + 209)) == 1
    assert find_gaps(orders, MONDAY, MONDAY + 209, [holiday]) == []


def test_in_a_small_shop_one_quiet_day_is_chance_and_two_weeks_are_not():
    orders = fill(40, [1] * 7)
    del orders[MONDAY + 50]
    assert find_gaps(orders, MONDAY, MONDAY + 279) == []
    for day in range(MONDAY + 140, MONDAY + 154):
        del orders[day]
    (gap,) = find_gaps(orders, MONDAY, MONDAY + 279)
    assert (gap.start, gap.end) == (MONDAY + 140, MONDAY + 154)


def test_a_gap_begins_and_ends_on_days_on_which_something_was_usual():
    orders = fill(30, [20, 20, 20, 20, 20, 0, 0])
    del orders[MONDAY + 70]  # a Monday; the weekend before it is no part of the gap
    (gap,) = find_gaps(orders, MONDAY, MONDAY + 209)
    assert (gap.start, gap.end) == (MONDAY + 70, MONDAY + 71)


@given(
    st.dictionaries(st.integers(0, 300), st.integers(1, 50), max_size=300),
    st.sets(st.integers(0, 300), max_size=20),
)
def test_gaps_are_empty_stretches_apart_from_each_other(orders, off):
    gaps = find_gaps(orders, 0, 300, off)
    for gap in gaps:
        assert not any(orders.get(day) for day in range(gap.start, gap.end))
        assert gap.start not in off
        assert math.exp(-gap.expected) * 301 < 0.5
    for before, after in pairwise(gaps):
        assert any(orders.get(day) for day in range(before.end, after.start))


def test_an_outage_as_long_as_the_neighbourhood_still_shows():
    orders = fill(80, [10] * 7)
    for day in range(MONDAY + 210, MONDAY + 210 + 7 * (NEIGHBOUR_WEEKS - 1)):
        del orders[day]
    (gap,) = find_gaps(orders, MONDAY, MONDAY + 559)
    assert gap.end - gap.start == 7 * (NEIGHBOUR_WEEKS - 1)


def person(name: str = "", birthday: str = "", place: str = "") -> Person:
    return Person(1, name, birthday, place)


@pytest.mark.parametrize(
    ("people", "share_point", "verdict"),
    [
        ([person("رضاکریمی"), person("رضاکریمی")], True, "likely"),
        ([person("کریمی"), person("رضاکریمی"), person()], True, "likely"),
        ([person("رضاکریمی"), person("مریمکریمی")], True, "possible"),
        ([person("a", "1990-01-01"), person("a", "1991-01-01")], True, "possible"),
        ([person("a", "1990-01-01"), person("a", "1990-01-01")], False, "likely"),
        ([person("a", "1990-01-01"), person("a", "1991-01-01")], False, None),
        ([person("a", place="Bonn"), person("a", place="Bonn")], False, "possible"),
        ([person("a", place="Bonn"), person("a", place="Ulm")], False, None),
        ([person("a"), person("a")], False, None),
    ],
)
def test_who_is_likely_one_person(people, share_point, verdict):
    assert decide_likeness(people, share_point=share_point) == verdict
