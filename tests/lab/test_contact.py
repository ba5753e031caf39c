"""Days since the last contact agree with a count by hand, customer by customer."""

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from tests.lab.facts import BOUNDARIES, CUSTOMERS, DAY_ZERO, PURCHASES, Purchases
from vafa.lab.contact import Silence, build_silence, find_last_contacts, naive_days_since_last_contact

MEMBERS = st.sets(st.integers(0, CUSTOMERS - 1))


def silence(contacts: Purchases, members: set[int], boundary: int) -> Silence:
    last = find_last_contacts([ix for ix, _ in contacts], [day for _, day in contacts], boundary, CUSTOMERS)
    return build_silence(last, BitMap(members), boundary)


@given(PURCHASES, MEMBERS, BOUNDARIES)
def test_silence_is_what_a_count_by_hand_finds(contacts: Purchases, members: set[int], boundary: int) -> None:
    found = silence(contacts, members, boundary)
    assert (found.days.median, found.never) == naive_days_since_last_contact(contacts, members, boundary)


@given(PURCHASES, BOUNDARIES, st.integers(0, CUSTOMERS))
def test_customers_apart_add_up(contacts: Purchases, boundary: int, cut: int) -> None:
    everyone = set(range(CUSTOMERS))
    parts = [
        silence(contacts, {c for c in everyone if (c < cut) == side}, boundary) for side in (True, False)
    ]
    assert parts[0] + parts[1] == silence(contacts, everyone, boundary)


def test_yesterday_was_one_day_ago_and_today_is_not_told_yet() -> None:
    contacts = [(0, DAY_ZERO + 4), (0, DAY_ZERO + 5), (1, DAY_ZERO + 5)]
    found = silence(contacts, {0, 1, 2}, DAY_ZERO + 5)
    assert (found.days.to_dict(), found.never) == ({1: 1}, 2)
