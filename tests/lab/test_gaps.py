"""Gaps from the days of purchase, whole and by group."""

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from tests.lab.facts import CUSTOMERS, PURCHASES, Purchases
from vafa.lab.gaps import build_gaps, build_gaps_by_group
from vafa.lab.purchases import build_gap_histogram, naive_gap_histogram

GROUPS = st.lists(st.integers(-1, 1), min_size=CUSTOMERS, max_size=CUSTOMERS)


def by_day(purchases: Purchases) -> list[tuple[int, BitMap]]:
    days = sorted({day for _, day in purchases})
    return [(day, BitMap([who for who, on in purchases if on == day])) for day in days]


@given(PURCHASES)
def test_gaps_are_what_a_count_by_hand_finds(purchases: Purchases) -> None:
    told = build_gaps(by_day(purchases), CUSTOMERS, 25)
    assert told.to_dict() == naive_gap_histogram(purchases)
    whole = build_gap_histogram([who for who, _ in purchases], [day for _, day in purchases])
    assert told.to_dict() == whole


@given(PURCHASES, GROUPS)
def test_the_gaps_of_groups_of_customers_are_theirs(purchases: Purchases, group_of: list[int]) -> None:
    told = build_gaps_by_group(by_day(purchases), group_of, 2, 25)
    for group in (0, 1):
        own = [(who, day) for who, day in purchases if group_of[who] == group]
        assert told[group].to_dict() == naive_gap_histogram(own)
    if -1 not in group_of:
        assert told[0] + told[1] == build_gaps(by_day(purchases), CUSTOMERS, 25)
