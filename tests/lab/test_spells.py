"""Spells say at every boundary what the definition says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lab.facts import (
    BOUNDARIES,
    CUSTOMERS,
    DAY_ZERO,
    PURCHASES,
    SUBSCRIPTIONS,
    Purchases,
    Subscriptions,
)
from vafa.lab.errors import SubscriptionEndsBeforeStart
from vafa.lab.spells import (
    OPEN_END,
    Spell,
    Spells,
    build_all_purchase_spells,
    build_all_subscription_spells,
    build_first_spells,
    build_first_starts,
    build_purchase_spells,
    build_subscription_spells,
    naive_is_active_by_purchases,
    naive_is_active_by_subscriptions,
)


def as_rows(spells: Spells) -> list[tuple[int, int, int]]:
    return list(zip(spells.customer_ix.tolist(), spells.start.tolist(), spells.end.tolist(), strict=True))


def own_purchases(purchases: Purchases, customer: int) -> list[int]:
    return [day for owner, day in purchases if owner == customer]


def own_subscriptions(subscriptions: Subscriptions, customer: int) -> list[tuple[int, int | None]]:
    return [(started, ended) for owner, started, ended in subscriptions if owner == customer]


@given(PURCHASES, st.integers(1, 12), BOUNDARIES)
def test_purchase_spells_follow_the_definition(purchases: Purchases, window: int, boundary: int) -> None:
    days = own_purchases(purchases, 0)
    told = any(spell.covers(boundary) for spell in build_purchase_spells(days, window))
    assert told == naive_is_active_by_purchases(days, window, boundary)


@given(SUBSCRIPTIONS, st.integers(0, 5), BOUNDARIES)
def test_subscription_spells_follow_the_definition(
    subscriptions: Subscriptions, grace: int, boundary: int
) -> None:
    own = own_subscriptions(subscriptions, 0)
    told = any(spell.covers(boundary) for spell in build_subscription_spells(own, grace))
    assert told == naive_is_active_by_subscriptions(own, grace, boundary)


@given(PURCHASES, st.integers(1, 12))
def test_purchase_spells_of_all_customers_agree_with_one_by_one(purchases: Purchases, window: int) -> None:
    spells = build_all_purchase_spells([ix for ix, _ in purchases], [day for _, day in purchases], window)
    expected = [
        (customer, *spell)
        for customer in range(CUSTOMERS)
        for spell in build_purchase_spells(own_purchases(purchases, customer), window)
    ]
    assert as_rows(spells) == expected


@given(SUBSCRIPTIONS, st.integers(0, 5))
def test_subscription_spells_of_all_customers_agree_with_one_by_one(
    subscriptions: Subscriptions, grace: int
) -> None:
    spells = build_all_subscription_spells(
        [ix for ix, _, _ in subscriptions],
        [started for _, started, _ in subscriptions],
        [OPEN_END if ended is None else ended for _, _, ended in subscriptions],
        grace,
    )
    expected = [
        (customer, *spell)
        for customer in range(CUSTOMERS)
        for spell in build_subscription_spells(own_subscriptions(subscriptions, customer), grace)
    ]
    assert as_rows(spells) == expected


def test_a_purchase_covers_exactly_its_window() -> None:
    (spell,) = build_purchase_spells([DAY_ZERO], 90)
    covered = [day for day in range(DAY_ZERO - 5, DAY_ZERO + 100) if spell.covers(day)]
    assert covered == list(range(DAY_ZERO + 1, DAY_ZERO + 91))


def test_purchases_are_one_spell_until_a_boundary_is_uncovered() -> None:
    assert build_purchase_spells([100, 110], 10) == [Spell(100, 121)]
    assert build_purchase_spells([100, 111], 10) == [Spell(100, 111), Spell(111, 122)]
    assert not any(spell.covers(111) for spell in build_purchase_spells([100, 111], 10))


def test_subscriptions_that_touch_are_one_spell() -> None:
    assert build_subscription_spells([(100, 110), (110, 120)]) == [Spell(100, 120)]
    assert build_subscription_spells([(100, 110), (111, 120)]) == [Spell(100, 110), Spell(111, 120)]
    assert build_subscription_spells([(100, 110), (117, 120)], grace=7) == [Spell(100, 127)]
    assert build_subscription_spells([(100, None), (105, 107)]) == [Spell(100, OPEN_END)]


def test_a_subscription_without_length_makes_no_spell() -> None:
    assert build_subscription_spells([(100, 100)], grace=7) == []
    assert len(build_all_subscription_spells([3], [100], [100], 7)) == 0


def test_an_end_before_its_start_is_refused() -> None:
    with pytest.raises(SubscriptionEndsBeforeStart) as refusal:
        build_subscription_spells([(100, 99)])
    assert refusal.value.params == {"started": 100, "ended": 99}
    with pytest.raises(SubscriptionEndsBeforeStart) as refusal:
        build_all_subscription_spells([1, 1], [90, 100], [95, 99])
    assert refusal.value.params == {"started": 100, "ended": 99}


def test_the_first_start_is_the_earlier_of_joining_and_the_first_spell() -> None:
    spells = build_all_purchase_spells([0, 0, 1, 2], [200, 100, 100, 100], 5)
    joined = np.array([OPEN_END, 50, 150, 70], dtype=np.int32)
    assert build_first_starts(spells, 4, joined).tolist() == [100, 50, 100, 70]
    assert build_first_starts(spells, 4).tolist() == [100, 100, 100, OPEN_END]


@given(PURCHASES, st.integers(1, 12))
def test_first_spells_are_the_first_of_each(purchases: Purchases, window: int) -> None:
    spells = build_all_purchase_spells([ix for ix, _ in purchases], [day for _, day in purchases], window)
    starts, ends = build_first_spells(spells, CUSTOMERS)
    for customer in range(CUSTOMERS):
        own = build_purchase_spells(own_purchases(purchases, customer), window)
        expected = own[0] if own else (OPEN_END, OPEN_END)
        assert (int(starts[customer]), int(ends[customer])) == tuple(expected)
