"""Buying habits agree with a count by hand, and add up over customers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lab.facts import BOUNDARIES, DAY_ZERO, PURCHASES, Purchases
from vafa.lab.purchases import (
    PurchaseHabits,
    build_gap_histogram,
    build_purchase_habits,
    naive_average_order_value,
    naive_gap_histogram,
    naive_purchase_habits,
)


def habits(purchases: Purchases, start: int, end: int) -> PurchaseHabits:
    return build_purchase_habits([ix for ix, _ in purchases], [day for _, day in purchases], start, end)


@given(PURCHASES, BOUNDARIES, st.integers(1, 30))
def test_habits_are_what_a_count_by_hand_finds(purchases: Purchases, start: int, length: int) -> None:
    assert habits(purchases, start, start + length) == naive_purchase_habits(purchases, start, start + length)


@given(PURCHASES)
def test_gaps_are_what_a_count_by_hand_finds(purchases: Purchases) -> None:
    found = build_gap_histogram([ix for ix, _ in purchases], [day for _, day in purchases])
    assert found == naive_gap_histogram(purchases)


@given(PURCHASES, st.integers(0, 6))
def test_customers_apart_add_up(purchases: Purchases, cut: int) -> None:
    start, end = DAY_ZERO + 2, DAY_ZERO + 20
    parts = [habits([p for p in purchases if (p[0] < cut) == side], start, end) for side in (True, False)]
    assert parts[0] + parts[1] == habits(purchases, start, end)


def test_gaps_lie_wholly_inside_the_period() -> None:
    """Customer 0 buys on days 1, 1, 4, 11; customer 1 on day 2; customer 2 on day 30, after the period."""
    purchases = [(0, 1), (0, 1), (0, 4), (0, 11), (1, 2), (2, 30)]
    told = habits(purchases, 1, 11)
    assert told == PurchaseHabits(buyers=2, repeat_buyers=1, gap_days=3, gaps=1)
    longer = habits(purchases, 1, 12)
    assert longer.mean_days_between_purchases == 5.0
    rate = longer.repeat_purchase_rate
    assert rate is not None
    assert (rate.value, rate.denominator) == (0.5, 2)


def test_twice_on_a_day_is_once() -> None:
    told = habits([(0, 5), (0, 5)], 0, 10)
    assert (told.buyers, told.repeat_buyers, told.mean_days_between_purchases) == (1, 0, None)


def test_without_buyers_nothing_is_known() -> None:
    told = habits([], 0, 10)
    assert told.repeat_purchase_rate is None
    assert told.mean_days_between_purchases is None
    assert naive_average_order_value([], 0, 10) is None


def test_average_order_value() -> None:
    orders = [(1, Decimal("10.00")), (9, Decimal("25.00")), (10, Decimal("1000.00"))]
    assert naive_average_order_value(orders, 1, 10) == pytest.approx(Decimal("17.5"))
