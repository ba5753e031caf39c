"""Who bought how often, by the sets of each day: the same as by counting."""

from hypothesis import given
from hypothesis import strategies as st

from vafa.warehouse.purchases import Purchases, serialise_days

BOUGHT = st.lists(st.tuples(st.integers(0, 9), st.integers(100, 130)), max_size=80)


@given(BOUGHT, st.integers(95, 130), st.integers(0, 40), st.integers(1, 4))
def test_frequent_buyers_are_those_with_so_many_days(bought, start, length, times):
    end = start + length
    purchases = Purchases(serialise_days([who for who, _ in bought], [day for _, day in bought]))
    days = {who: {day for one, day in bought if one == who and start <= day < end} for who, _ in bought}
    expected = {who for who, own in days.items() if len(own) >= times}
    assert set(purchases.find_frequent(start, end, times)) == expected
