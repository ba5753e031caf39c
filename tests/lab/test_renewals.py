"""Renewals agree with looking at every subscription, and know what they don't know."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.lab.facts import CUSTOMERS, DAY_ZERO, DAYS
from vafa.lab.mrr import UNPRICED
from vafa.lab.rates import build_proportion
from vafa.lab.renewals import (
    MOST_EARLY,
    NEVER,
    NaiveTerm,
    RenewalCounts,
    Terms,
    build_renewal_rate_money,
    count_renewals,
    find_renewals,
    naive_renewal,
    naive_renewal_counts,
)
from vafa.lab.spells import OPEN_END

Owned = tuple[int, NaiveTerm]


@st.composite
def _owned(draw: st.DrawFn) -> Owned:
    start = draw(DAYS)
    length = draw(st.none() | st.integers(0, 9) | st.integers(40, 60))
    end = None if length is None else start + length
    mrr = draw(st.none() | st.integers(0, 40))
    return draw(st.integers(0, CUSTOMERS - 1)), NaiveTerm(draw(st.integers(0, 1)), start, end, mrr)


OWNED = st.lists(_owned(), max_size=16)
GRACE, STARTS = st.integers(0, 8), st.integers(DAY_ZERO - 2, DAY_ZERO + 70)


def to_arrays(owned: list[Owned]) -> tuple[Terms, "np.ndarray[tuple[int], np.dtype[np.int64]]"]:
    def ints(values: list[int]) -> "np.ndarray[tuple[int], np.dtype[np.int32]]":
        return np.array(values, dtype=np.int32)

    terms = Terms(
        ints([customer for customer, _ in owned]),
        ints([one.plan for _, one in owned]),
        ints([one.start for _, one in owned]),
        ints([OPEN_END if one.end is None else one.end for _, one in owned]),
    )
    return terms, np.array([UNPRICED if one.mrr is None else one.mrr for _, one in owned], dtype=np.int64)


def count(owned: list[Owned], start: int, end: int, grace: int, known_until: int) -> RenewalCounts:
    terms, mrr = to_arrays(owned)
    return count_renewals(terms, find_renewals(terms, grace), mrr, (start, end), grace, known_until)[0]


def by_customer(owned: list[Owned]) -> list[list[NaiveTerm]]:
    return [[one for ix, one in owned if ix == customer] for customer in range(CUSTOMERS)]


@given(OWNED, GRACE)
def test_a_renewal_is_found_where_looking_finds_one(owned: list[Owned], grace: int) -> None:
    terms, _ = to_arrays(owned)
    for (customer, one), new in zip(owned, find_renewals(terms, grace).tolist(), strict=True):
        own = [other for ix, other in owned if ix == customer]
        expected = naive_renewal(own, next(n for n, other in enumerate(own) if other is one), grace)
        assert (new == NEVER) == (expected is None)
        if expected is not None:
            assert owned[new][0] == customer
            assert (owned[new][1].start, owned[new][1].end) == (own[expected].start, own[expected].end)


@given(OWNED, GRACE, STARTS, st.integers(1, 30), st.integers(DAY_ZERO, DAY_ZERO + 90))
def test_counts_are_what_looking_at_each_finds(
    owned: list[Owned], grace: int, start: int, length: int, known_until: int
) -> None:
    # Which of two alike renews is all one, but their prices must not differ for it.
    alike = [(ix, NaiveTerm(one.plan, one.start, one.end, _price(one))) for ix, one in owned]
    found = count(alike, start, start + length, grace, known_until)
    assert found == naive_renewal_counts(by_customer(alike), start, start + length, grace, known_until)
    assert 0 <= found.renewed <= found.due
    assert 0 <= found.cancelled <= found.running


def _price(one: NaiveTerm) -> int | None:
    number = one.start * 7 + (0 if one.end is None else one.end * 3)
    return None if number % 5 == 0 else number % 40


@given(OWNED, GRACE, STARTS, st.sets(st.integers(0, CUSTOMERS - 1)))
def test_groups_of_customers_add_up(owned: list[Owned], grace: int, start: int, group: set[int]) -> None:
    terms, mrr = to_arrays(owned)
    renewals = find_renewals(terms, grace)
    marks = np.isin(terms.customer_ix, list(group)).astype(np.int32)
    period, until = (start, start + 20), DAY_ZERO + 80
    whole = count_renewals(terms, renewals, mrr, period, grace, until)
    parts = count_renewals(terms, renewals, mrr, period, grace, until, marks, 2)
    assert [parts[0] + parts[1]] == whole
    assert count_renewals(terms, renewals, mrr, period, grace, until, marks - 1) == [parts[1]]


def test_renewals_in_time_and_too_late() -> None:
    day = DAY_ZERO
    owned = [
        (0, NaiveTerm(0, day, day + 10, 5)),
        (0, NaiveTerm(0, day + 10, None, 6)),
        (1, NaiveTerm(0, day, day + 10, 5)),
        (1, NaiveTerm(0, day + 13, None, 5)),
        (2, NaiveTerm(0, day, day + 10, 5)),
        (2, NaiveTerm(0, day + 14, None, 5)),
        (3, NaiveTerm(0, day, None, 5)),
    ]
    found = count(owned, day + 5, day + 15, 3, day + 100)
    assert (found.due, found.renewed, found.unsettled) == (3, 2, 0)
    assert (found.due_money, found.renewed_money) == (15, 11)
    assert build_renewal_rate_money(found) == Fraction(11, 15)
    # The one that runs on is never due, and counts among those that might have been cancelled.
    assert (found.running, found.cancelled) == (4, 1)


def test_whose_grace_is_not_over_is_not_yet_known() -> None:
    owned = [(0, NaiveTerm(0, DAY_ZERO, DAY_ZERO + 10, 5)), (1, NaiveTerm(0, DAY_ZERO, DAY_ZERO + 12, 5))]
    found = count(owned, DAY_ZERO + 5, DAY_ZERO + 15, 3, DAY_ZERO + 14)
    assert (found.due, found.unsettled, found.renewed) == (1, 1, 0)
    assert (found.running, found.undecided, found.cancelled) == (1, 1, 1)
    assert build_proportion(found.renewed, found.due) is not None
    nobody = count(owned, DAY_ZERO + 20, DAY_ZERO + 30, 3, DAY_ZERO + 14)
    assert build_proportion(nobody.renewed, nobody.due) is None
    assert build_renewal_rate_money(nobody) is None


def test_what_was_added_long_before_is_no_renewal_but_a_change_of_plan_is() -> None:
    day = DAY_ZERO
    phone, television = NaiveTerm(0, day, day + 100), NaiveTerm(1, day + 20, None)
    assert naive_renewal([phone, television], 0, 5) is None
    early = NaiveTerm(0, day + 20, None)
    assert naive_renewal([phone, early], 0, 5) == 1
    change = NaiveTerm(1, day + 100 - MOST_EARLY, None)
    assert naive_renewal([phone, change], 0, 5) == 1
    assert count([(0, phone), (0, television)], day + 90, day + 110, 5, day + 200).cancelled == 1
    assert count([(0, phone), (0, change)], day + 90, day + 110, 5, day + 200).cancelled == 0


def test_one_that_replaces_two_brings_its_money_once() -> None:
    day = DAY_ZERO
    owned = [
        (0, NaiveTerm(0, day, day + 10, 10)),
        (0, NaiveTerm(1, day + 1, day + 10, 10)),
        (0, NaiveTerm(2, day + 10, None, 12)),
    ]
    found = count(owned, day + 5, day + 15, 0, day + 100)
    assert (found.due, found.renewed, found.due_money, found.renewed_money) == (2, 2, 20, 12)


def test_an_end_on_the_boundary_is_due_after_it_and_was_cancelled_before_it() -> None:
    """The day of the end is the first without it, on which the new one would begin; nobody runs it there."""
    owned = [(0, NaiveTerm(0, DAY_ZERO, DAY_ZERO + 10, 5))]
    before = count(owned, DAY_ZERO + 5, DAY_ZERO + 10, 0, DAY_ZERO + 100)
    after = count(owned, DAY_ZERO + 10, DAY_ZERO + 15, 0, DAY_ZERO + 100)
    assert (before.due, before.running, before.cancelled) == (0, 1, 1)
    assert (after.due, after.running, after.cancelled) == (1, 0, 0)


def test_a_chain_of_terms_is_one_subscription_that_runs_until_its_last_end() -> None:
    """Rows of ten days, each renewed on the very day of its end, the last one not."""
    day = DAY_ZERO
    owned = [(0, NaiveTerm(0, day + 10 * n, day + 10 * (n + 1))) for n in range(5)]
    # On the boundaries themselves, where one row ends and the next begins.
    fates = [count(owned, day + 10 * n, day + 10 * (n + 1), 0, day + 500) for n in range(1, 6)]
    assert [(fate.running, fate.cancelled) for fate in fates] == [(1, 0), (1, 0), (1, 0), (1, 1), (0, 0)]
    # Renewed four times and then cancelled, all within one period.
    whole = count(owned, day + 5, day + 100, 0, day + 500)
    assert (whole.running, whole.cancelled) == (1, 1)
    late = [(0, NaiveTerm(0, day, day + 10)), (0, NaiveTerm(0, day + 13, None))]
    # In the days of grace between the two the renewal is what runs.
    between = count(late, day + 12, day + 20, 3, day + 500)
    assert (between.running, between.cancelled) == (1, 0)
