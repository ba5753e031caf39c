"""A customer's latest spell before a boundary, against the spells one by one."""

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from tests.lab.facts import BOUNDARIES, CUSTOMERS, PURCHASES, Purchases
from vafa.lab.spells import (
    OPEN_END,
    build_all_purchase_spells,
    build_current_spells,
    build_purchase_spells,
)
from vafa.warehouse.purchases import Purchases as DayPurchases
from vafa.warehouse.purchases import serialise_days


@given(PURCHASES, st.integers(1, 12), BOUNDARIES)
def test_the_latest_spell_is_the_last_that_began_before(
    purchases: Purchases, window: int, boundary: int
) -> None:
    owners, days = [ix for ix, _ in purchases], [day for _, day in purchases]
    found = build_current_spells(build_all_purchase_spells(owners, days, window), boundary, CUSTOMERS)
    by_day = DayPurchases(serialise_days(owners, days)).find_current_spells(boundary, window, CUSTOMERS)
    for customer in range(CUSTOMERS):
        own = build_purchase_spells((day for ix, day in purchases if ix == customer), window)
        begun = [spell for spell in own if spell.start < boundary]
        told = tuple(int(part[customer]) for part in (found.first, found.start, found.end))
        if not begun:
            assert told == (OPEN_END,) * 3
        else:
            assert told == (begun[0].start, *begun[-1])
        # Day by day the end is that of what was bought before the boundary: it holds there just as well.
        assert told[:2] == (int(by_day.first[customer]), int(by_day.start[customer]))
        assert (told[2] > boundary) == (by_day.end[customer] > boundary)
        if told[2] <= boundary:
            assert told[2] == by_day.end[customer]


@given(PURCHASES, BOUNDARIES, st.integers(0, 30))
def test_purchase_days_are_counted_once_each(purchases: Purchases, start: int, length: int) -> None:
    kept = DayPurchases(serialise_days([ix for ix, _ in purchases], [day for _, day in purchases]))
    counts = kept.count_days(start, start + length, CUSTOMERS)
    for customer in range(CUSTOMERS):
        days = {day for ix, day in purchases if ix == customer and start <= day < start + length}
        assert counts[customer] == len(days)
    owners, bought = kept.build_arrays_of(BitMap([2, 3]), start)
    assert set(zip(owners.tolist(), bought.tolist(), strict=True)) == {
        (ix, day) for ix, day in purchases if ix in (2, 3) and day < start
    }
