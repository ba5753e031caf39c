"""Value for each customer and cost of winning one, by hand and by the slow twins."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lab.facts import BOUNDARIES, CUSTOMERS, DAYS, PURCHASES, Purchases
from vafa.lab.errors import MarginOutOfBounds
from vafa.lab.value import (
    ALWAYS,
    DAYS_A_MONTH,
    MarginTable,
    OrderRetention,
    ReturnCounts,
    Spend,
    build_cac,
    build_clv_to_cac,
    build_order_retention,
    build_payback_months,
    naive_historical_clv,
    naive_order_retention,
    naive_purchase_frequency,
    naive_return_counts,
    naive_revenue_per_customer,
    naive_spend,
    spread_spend,
)

UNITS = st.integers(-20, 60)
MOVES = st.lists(st.tuples(st.integers(0, CUSTOMERS - 1), DAYS, UNITS), max_size=25)
Moves = list[tuple[int, int, int]]
PAIRS = st.lists(st.tuples(UNITS, UNITS), max_size=12)
SHARES = st.decimals(Decimal("0.0001"), Decimal(1), places=4)


@given(PAIRS)
def test_gross_retention_is_never_above_net_or_one(pairs: list[tuple[int, int]]) -> None:
    found = build_order_retention([before for before, _ in pairs], [now for _, now in pairs])
    if found.before > 0:
        assert found.gross is not None
        assert found.net is not None
        assert found.gross <= min(Fraction(1), found.net)
    else:
        assert (found.gross, found.net) == (None, None)


@given(
    MOVES, st.sets(st.integers(0, CUSTOMERS - 1)), BOUNDARIES, st.integers(1, 12), st.integers(0, CUSTOMERS)
)
def test_order_retention_adds_up_over_customers(
    moves: Moves, active: set[int], start: int, length: int, cut: int
) -> None:
    whole = naive_order_retention(moves, active, start, start + length)
    parts = [
        naive_order_retention(moves, {who for who in active if (who < cut) is side}, start, start + length)
        for side in (True, False)
    ]
    assert parts[0] + parts[1] == whole

    def sums(first: int, end: int) -> list[int]:
        return [sum(u for who, day, u in moves if who == a and first <= day < end) for a in sorted(active)]

    assert build_order_retention(sums(start - length, start), sums(start, start + length)) == whole


def test_order_retention_by_hand() -> None:
    """Before: A 100, B 50, C 0. Now: A 40, B 90, C 30; D wasn't active at the start."""
    moves = [
        (0, 5, 100),
        (1, 6, 50),
        (0, 15, 40),
        (1, 16, 90),
        (2, 17, 30),
        (3, 18, 999),
        (0, 20, 7),
        (1, -1, 9),
    ]
    found = naive_order_retention(moves, {0, 1, 2}, 10, 20)
    assert found == OrderRetention(before=150, now=160, covered=90, customers=3)
    assert (found.net, found.gross) == (Fraction(160, 150), Fraction(90, 150))


@given(PURCHASES, BOUNDARIES, st.integers(1, 20))
def test_frequency_is_at_least_one(orders: Purchases, start: int, length: int) -> None:
    found = naive_purchase_frequency(orders, orders, start, start + length)
    inside = [customer for customer, day in orders if start <= day < start + length]
    assert found == (Fraction(len(inside), len(set(inside))) if inside else None)
    assert found is None or found >= 1


@given(MOVES, DAYS, DAYS)
def test_without_a_margin_clv_is_revenue_and_with_one_its_share(moves: Moves, since: int, end: int) -> None:
    told = [(who, day, Fraction(units)) for who, day, units in moves]
    firsts = {who: min(day for w, day, _ in moves if w == who) for who, _, _ in moves}
    revenue = naive_historical_clv(told, [], firsts, end)
    assert naive_historical_clv(told, [(ALWAYS, Decimal("0.25"))], firsts, end) == (
        None if revenue is None else revenue / 4
    )
    unknown = any(day < min(since, end) for _, day, _ in moves)
    partly = naive_historical_clv(told, [(since, Decimal(1))], firsts, end)
    assert partly == (None if unknown else revenue)


@given(
    st.lists(st.tuples(st.integers(-50, 500), DAYS, st.integers(1, 20)), max_size=6),
    BOUNDARIES,
    st.integers(1, 30),
)
def test_spend_is_spread_evenly_by_day(told: list[tuple[int, int, int]], start: int, length: int) -> None:
    spends = [Spend(Fraction(amount), first, first + days) for amount, first, days in told]
    end = start + length
    assert sum(spread_spend(spend, start, end) for spend in spends) == naive_spend(spends, start, end)
    middle = start + length // 2
    for spend in spends:
        parts = spread_spend(spend, start, middle) + spread_spend(spend, middle, end)
        assert parts == spread_spend(spend, start, end)


@given(st.dictionaries(DAYS, SHARES, max_size=4), BOUNDARIES, st.integers(1, 30))
def test_a_margin_holds_until_the_next(steps: dict[int, Decimal], start: int, length: int) -> None:
    table = MarginTable(steps.items())
    pieces = table.list_boundaries(start, start + length)
    assert [piece[0] for piece in pieces[1:]] == [piece[1] for piece in pieces[:-1]]
    assert (pieces[0][0], pieces[-1][1]) == (start, start + length)
    for first, after, share in pieces:
        for day in range(first, after):
            held = [since for since in steps if since <= day]
            assert share == table.find_share(day) == (Fraction(steps[max(held)]) if held else None)


@pytest.mark.parametrize("share", ["0", "-0.1", "1.01"])
def test_a_margin_is_a_share(share: str) -> None:
    with pytest.raises(MarginOutOfBounds):
        MarginTable([(1, Decimal(share))])


def test_the_textbooks_unit_economics() -> None:
    """50,000 spent, 500 won: CAC 100. Each active customer leaves 20 a month: paid back in 5 months, and after a
    lifetime value of 300 the quotient is the 3 that investors ask for."""
    cac = build_cac(Fraction(50_000), 500)
    assert cac == 100
    margin = 20 * 1000 * 12
    days = 365 * 400 + 97
    assert days == DAYS_A_MONTH * 12 * 400
    assert build_payback_months(cac, Fraction(margin * 400), Fraction(1000), days) == 5
    assert build_clv_to_cac(Fraction(300), cac) == 3


def test_what_can_not_be_divided_is_unknown() -> None:
    assert build_cac(Fraction(10), 0) is None
    assert build_cac(None, 5) is None
    assert build_clv_to_cac(Fraction(10), Fraction(0)) is None
    assert build_payback_months(Fraction(10), Fraction(-5), Fraction(3), 30) is None
    assert build_payback_months(Fraction(10), Fraction(5), Fraction(0), 30) is None
    assert naive_revenue_per_customer([(1, 1, Fraction(5))], [], 0, 9) is None
    assert naive_revenue_per_customer([(1, 1, Fraction(5)), (None, 1, Fraction(9))], [1, 1], 0, 9) == 5
    assert ReturnCounts(returned=5).rate_units is None


def test_returns_by_hand() -> None:
    """Order a (3 units) comes back in part, later; b (2 units) on the same day, without saying how much; c doesn't.
    Two units come back that nobody can place."""
    orders = [("a", 5, 1), ("a", 6, 2), ("b", 6, 2), ("c", 7, 5), ("d", 30, 9)]
    returns = [("a", 35, 1), ("b", 6, None), ("", 8, 2), ("zz", 9, 1)]
    march = naive_return_counts(orders, returns, 1, 10)
    assert march == ReturnCounts(
        sold=10, returned=3, orders=3, orders_returned=2, returns=3, unmatched=2, unmeasured=1
    )
    assert march.rate_units == Fraction(3, 10)
    april = naive_return_counts(orders, returns, 30, 40)
    assert (april.returned, april.orders_returned, april.orders, april.unmatched) == (1, 0, 1, 0)
    assert march + april == naive_return_counts(orders, returns, 1, 40)
