"""Movements add up, and sets agree with a count by hand."""

from dataclasses import fields
from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from tests.lab.facts import (
    BOUNDARIES,
    CUSTOMERS,
    DAY_ZERO,
    JOINED,
    PURCHASES,
    SUBSCRIPTIONS,
    Purchases,
    Subscriptions,
)
from vafa.lab.periods import list_periods
from vafa.lab.sets import Movement, PurchaseDays, SpellIndex, naive_active, naive_movement
from vafa.lab.spells import (
    OPEN_END,
    Ints,
    Spell,
    build_all_purchase_spells,
    build_all_subscription_spells,
    build_first_starts,
    build_purchase_spells,
    build_subscription_spells,
)

LENGTHS = st.integers(1, 20)


def list_joined(joined: dict[int, int]) -> list[int]:
    return [joined.get(customer, OPEN_END) for customer in range(CUSTOMERS)]


def index_purchases(purchases: Purchases, window: int, joined: dict[int, int]) -> tuple[SpellIndex, Ints]:
    spells = build_all_purchase_spells([ix for ix, _ in purchases], [day for _, day in purchases], window)
    return SpellIndex(spells), build_first_starts(spells, CUSTOMERS, list_joined(joined))


def index_subscriptions(
    subscriptions: Subscriptions, grace: int, joined: dict[int, int]
) -> tuple[SpellIndex, Ints]:
    ends = [OPEN_END if ended is None else ended for _, _, ended in subscriptions]
    spells = build_all_subscription_spells(
        [ix for ix, _, _ in subscriptions], [started for _, started, _ in subscriptions], ends, grace
    )
    return SpellIndex(spells), build_first_starts(spells, CUSTOMERS, list_joined(joined))


def spells_by_purchases(purchases: Purchases, window: int) -> dict[int, list[Spell]]:
    return {
        customer: build_purchase_spells([day for ix, day in purchases if ix == customer], window)
        for customer in range(CUSTOMERS)
    }


def spells_by_subscriptions(subscriptions: Subscriptions, grace: int) -> dict[int, list[Spell]]:
    return {
        customer: build_subscription_spells([(s, e) for ix, s, e in subscriptions if ix == customer], grace)
        for customer in range(CUSTOMERS)
    }


def as_sets(movement: Movement) -> dict[str, set[int]]:
    return {field.name: set(getattr(movement, field.name)) for field in fields(movement)}


def assert_identities(movement: Movement) -> None:
    assert movement.kept | movement.lost == movement.start
    assert movement.kept | movement.new | movement.reactivated == movement.end
    assert len(movement.kept) + len(movement.lost) == len(movement.start)
    assert len(movement.kept) + len(movement.new) + len(movement.reactivated) == len(movement.end)
    passing = movement.joined_and_left | movement.returned_and_left
    assert not movement.joined_and_left & movement.returned_and_left
    assert not passing & (movement.start | movement.end)
    assert movement.start | movement.end <= movement.ever


@given(PURCHASES, JOINED, st.integers(1, 12), BOUNDARIES, LENGTHS)
def test_a_movement_by_purchases_is_what_a_count_by_hand_finds(
    purchases: Purchases, joined: dict[int, int], window: int, start: int, length: int
) -> None:
    index, firsts = index_purchases(purchases, window, joined)
    movement = index.movement(start, start + length, firsts)
    assert_identities(movement)
    by_hand = naive_movement(spells_by_purchases(purchases, window), joined, start, start + length)
    assert as_sets(movement) == by_hand


@given(SUBSCRIPTIONS, JOINED, st.integers(0, 5), BOUNDARIES, LENGTHS)
def test_a_movement_by_subscriptions_is_what_a_count_by_hand_finds(
    subscriptions: Subscriptions, joined: dict[int, int], grace: int, start: int, length: int
) -> None:
    index, firsts = index_subscriptions(subscriptions, grace, joined)
    movement = index.movement(start, start + length, firsts)
    assert_identities(movement)
    by_hand = naive_movement(spells_by_subscriptions(subscriptions, grace), joined, start, start + length)
    assert as_sets(movement) == by_hand


@given(PURCHASES, JOINED, st.integers(1, 12), BOUNDARIES, LENGTHS)
def test_days_of_purchase_and_spells_give_the_same_movement(
    purchases: Purchases, joined: dict[int, int], window: int, start: int, length: int
) -> None:
    index, firsts = index_purchases(purchases, window, joined)
    days = PurchaseDays.from_purchases([ix for ix, _ in purchases], [day for _, day in purchases])
    assert days.movement(start, start + length, window, firsts) == index.movement(
        start, start + length, firsts
    )


@given(SUBSCRIPTIONS, st.integers(0, 5), BOUNDARIES, st.integers(-2, 20))
def test_active_between_is_the_union_of_its_boundaries(
    subscriptions: Subscriptions, grace: int, first: int, length: int
) -> None:
    index, _ = index_subscriptions(subscriptions, grace, {})
    spells = spells_by_subscriptions(subscriptions, grace)
    expected: set[int] = set()
    for boundary in range(first, first + length + 1):
        expected |= naive_active(spells, boundary)
        assert set(index.active(boundary)) == naive_active(spells, boundary)
    assert set(index.active_between(first, first + length)) == expected


@given(SUBSCRIPTIONS, JOINED, st.sets(st.integers(0, CUSTOMERS - 1)), BOUNDARIES, LENGTHS)
def test_groups_of_customers_add_up(
    subscriptions: Subscriptions, joined: dict[int, int], group: set[int], start: int, length: int
) -> None:
    index, firsts = index_subscriptions(subscriptions, 0, joined)
    movement = index.movement(start, start + length, firsts)
    inside = movement.within(BitMap(group))
    outside = movement.within(BitMap(set(range(CUSTOMERS)) - group))
    assert_identities(inside)
    for field in fields(Movement):
        assert getattr(inside, field.name) | getattr(outside, field.name) == getattr(movement, field.name)


def test_facts_on_the_boundaries() -> None:
    """Whoever joins on the first day is new inside; whoever ends on it was lost before."""
    april, may, june = (date(2025, month, 1).toordinal() for month in (4, 5, 6))
    subscriptions: Subscriptions = [(0, may, None), (1, april, may), (2, april, june), (3, may + 3, may + 9)]
    index, firsts = index_subscriptions(subscriptions, 0, {})
    movement = as_sets(index.movement(may, june, firsts))
    assert movement["start"] == {2}
    assert movement["lost"] == {2}
    assert movement["new"] == {0}
    assert movement["joined_and_left"] == {3}
    assert as_sets(index.movement(april, may, firsts))["joined_and_left"] == {1}


def test_ninety_days_after_31_january_reach_a_fourth_boundary() -> None:
    """31 January + 90 days covers 1 May in a common year: four month boundaries, not three."""
    index, _ = index_purchases([(0, date(2025, 1, 31).toordinal())], 90, {})
    months = list_periods(date(2025, 1, 1), date(2025, 8, 1), "month")
    active = [month.start for month in months if 0 in index.active(month.start.toordinal())]
    assert active == [date(2025, month, 1) for month in (2, 3, 4, 5)]
    leap, _ = index_purchases([(0, date(2024, 1, 31).toordinal())], 90, {})
    assert 0 not in leap.active(date(2024, 5, 1).toordinal())


def test_an_earlier_day_of_joining_makes_a_returner() -> None:
    day = DAY_ZERO
    index, firsts = index_purchases([(0, day + 12)], 5, {0: day - 400})
    assert set(index.movement(day + 10, day + 15, firsts).reactivated) == {0}
    index, firsts = index_purchases([(0, day + 12)], 5, {0: day + 11})
    assert set(index.movement(day + 10, day + 15, firsts).new) == {0}


@given(PURCHASES, st.integers(1, 12), BOUNDARIES, st.integers(-2, 20))
def test_buyers_active_between_are_the_union_of_its_boundaries(
    purchases: Purchases, window: int, first: int, length: int
) -> None:
    days = PurchaseDays.from_purchases([ix for ix, _ in purchases], [day for _, day in purchases])
    expected = BitMap()
    for boundary in range(first, first + length + 1):
        expected |= days.active(boundary, window)
    assert days.active_between(first, first + length, window) == expected


def test_a_purchase_reaches_from_the_next_boundary_to_the_last_of_its_window() -> None:
    days = PurchaseDays.from_purchases([0], [100])
    active = [day for day in range(95, 115) if days.active_between(day, day, 5)]
    assert active == [101, 102, 103, 104, 105]
    index, _ = index_purchases([(0, 100)], 5, {})
    assert [day for day in range(95, 115) if index.active_between(day, day)] == active


def test_a_single_day_is_active_at_no_boundary() -> None:
    index, firsts = index_subscriptions([(0, 100, 101), (1, 100, 102)], 0, {})
    assert set(index.active_between(90, 110)) == {1}
    assert set(index.movement(90, 110, firsts).joined_and_left) == {1}
    assert set(index.movement(90, 110, firsts).ever) == {1}


@given(PURCHASES, JOINED, st.integers(1, 12), st.sets(BOUNDARIES, min_size=2, max_size=6))
def test_movements_in_a_row_are_the_movements_one_by_one(
    purchases: Purchases, joined: dict[int, int], window: int, cuts: set[int]
) -> None:
    boundaries = sorted(cuts)
    index, firsts = index_purchases(purchases, window, joined)
    days = PurchaseDays.from_purchases([ix for ix, _ in purchases], [day for _, day in purchases])
    one_by_one = [index.movement(start, end, firsts) for start, end in pairwise(boundaries)]
    assert index.movements(boundaries, firsts) == one_by_one
    assert days.movements(boundaries, window, firsts) == one_by_one


def test_nobody_is_a_fine_set() -> None:
    index, firsts = index_purchases([], 5, {})
    assert_identities(index.movement(DAY_ZERO, DAY_ZERO + 5, firsts))
    assert PurchaseDays.from_purchases([], []).active(DAY_ZERO, 90) == BitMap()
