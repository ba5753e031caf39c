"""Movements of recurring revenue add up, and agree with asking every customer on every day."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lab.facts import CUSTOMERS, DAY_ZERO, JOINED
from tests.lab.subscriptions import BOUNDARY_LISTS, FACTORS, OWNED, Owned, of_customer, to_arrays
from vafa.lab.errors import SubscriptionEndsBeforeStart
from vafa.lab.mrr import MRR_UNIT
from vafa.lab.revenue import (
    NaiveSubscription,
    RevenueIndex,
    RevenueMovement,
    build_gross_revenue_churn,
    build_grr,
    build_net_revenue_churn,
    build_nrr,
    build_revenue_movements,
    extend_by_grace,
    naive_mrr_on_day,
    naive_revenue_movement,
    sum_by_label,
)
from vafa.lab.sets import SpellIndex
from vafa.lab.spells import OPEN_END, Ints, build_all_subscription_spells, build_first_starts

ONE = {0: Fraction(1), 1: Fraction(1)}
MONEY = int(1 / MRR_UNIT)


def build_firsts(owned: list[Owned], joined: dict[int, int]) -> Ints:
    arrays = to_arrays(owned)
    spells = build_all_subscription_spells(arrays.customer_ix, arrays.start, arrays.end)
    return build_first_starts(spells, CUSTOMERS, [joined.get(ix, OPEN_END) for ix in range(CUSTOMERS)])


def move(owned: list[Owned], start: int, end: int, joined: dict[int, int] | None = None) -> RevenueMovement:
    before, after = RevenueIndex(to_arrays(owned), CUSTOMERS).states([start, end])
    return build_revenue_movements(before, after, (ONE, ONE), build_firsts(owned, joined or {}))[0]


@given(OWNED, JOINED, BOUNDARY_LISTS, FACTORS, FACTORS)
def test_a_movement_is_what_asking_everybody_finds(
    owned: list[Owned],
    joined: dict[int, int],
    boundaries: list[int],
    first: dict[int, Fraction],
    second: dict[int, Fraction],
) -> None:
    states = list(RevenueIndex(to_arrays(owned), CUSTOMERS).states(boundaries))
    firsts = build_firsts(owned, joined)
    people = [(joined.get(ix), of_customer(owned, ix)) for ix in range(CUSTOMERS)]
    for before, after in pairwise(states):
        found = build_revenue_movements(before, after, (first, second), firsts)[0]
        assert found == naive_revenue_movement(people, before.boundary, after.boundary, (first, second))
        ups = found.new + found.expansion + found.reactivated
        assert found.start + ups - found.contraction - found.churned == found.end


@given(OWNED, BOUNDARY_LISTS)
def test_who_runs_a_subscription_is_who_is_active(owned: list[Owned], boundaries: list[int]) -> None:
    arrays = to_arrays(owned)
    spells = SpellIndex(build_all_subscription_spells(arrays.customer_ix, arrays.start, arrays.end))
    for state in RevenueIndex(arrays, CUSTOMERS).states(boundaries):
        assert set(np.flatnonzero(state.active)) == set(spells.active(state.boundary))
        assert set(np.flatnonzero(state.total(ONE))) <= set(spells.active(state.boundary))


@given(OWNED, JOINED, BOUNDARY_LISTS, st.lists(st.integers(-1, 2), min_size=CUSTOMERS, max_size=CUSTOMERS))
def test_groups_of_customers_add_up(
    owned: list[Owned], joined: dict[int, int], boundaries: list[int], labels: list[int]
) -> None:
    before, after, *_ = RevenueIndex(to_arrays(owned), CUSTOMERS).states(boundaries)
    firsts = build_firsts(owned, joined)
    marks = np.array(labels, dtype=np.int32)
    parts = build_revenue_movements(before, after, (ONE, ONE), firsts, marks, 3)
    outside = build_revenue_movements(before, after, (ONE, ONE), firsts, np.where(marks < 0, 0, -1))[0]
    whole = build_revenue_movements(before, after, (ONE, ONE), firsts)[0]
    assert sum(parts, outside) == whole


@given(OWNED, JOINED, BOUNDARY_LISTS)
def test_gross_retention_is_at_most_net_and_at_most_one(
    owned: list[Owned], joined: dict[int, int], boundaries: list[int]
) -> None:
    found = move(owned, boundaries[0], boundaries[-1], joined)
    grr, nrr = build_grr(found), build_nrr(found)
    gross, net = build_gross_revenue_churn(found), build_net_revenue_churn(found)
    if grr is None or nrr is None or gross is None or net is None:
        assert found.start == 0
        return
    assert 0 <= grr <= min(Fraction(1), nrr)
    assert grr + gross == 1
    assert nrr + net == 1


@given(OWNED, st.integers(0, 5), BOUNDARY_LISTS)
def test_grace_gives_the_spells_of_the_rule_and_keeps_the_price(
    owned: list[Owned], grace: int, boundaries: list[int]
) -> None:
    arrays = to_arrays(owned)
    longer = extend_by_grace(arrays, grace)
    plain = build_all_subscription_spells(longer.customer_ix, longer.start, longer.end)
    graced = build_all_subscription_spells(arrays.customer_ix, arrays.start, arrays.end, grace)
    for name in ("customer_ix", "start", "end"):
        assert getattr(plain, name).tolist() == getattr(graced, name).tolist()
    # Nothing is prolonged into a day on which another subscription runs.
    for (customer, one), end in zip(owned, longer.end.tolist(), strict=True):
        if one.end is not None and end > one.end:
            own = of_customer(owned, customer)
            assert not any(other.covers(day) for other in own for day in range(one.end, end))


def test_published_gross_and_net_churn() -> None:
    """ChartMogul: start 100, churn 10, contraction 10, expansion 10 -> gross 20%, net 10%."""
    day = DAY_ZERO
    owned = [
        (0, NaiveSubscription(day, day + 20, 10 * MONEY)),
        (1, NaiveSubscription(day, day + 20, 30 * MONEY)),
        (1, NaiveSubscription(day + 20, None, 20 * MONEY)),
        (2, NaiveSubscription(day, day + 20, 20 * MONEY)),
        (2, NaiveSubscription(day + 20, None, 30 * MONEY)),
        (3, NaiveSubscription(day, None, 40 * MONEY)),
        (4, NaiveSubscription(day + 20, None, 500 * MONEY)),
    ]
    found = move(owned, day + 10, day + 30)
    assert (found.start, found.churned, found.contraction, found.expansion, found.new) == tuple(
        money * MONEY for money in (100, 10, 10, 10, 500)
    )
    assert build_gross_revenue_churn(found) == Fraction(20, 100)
    assert build_net_revenue_churn(found) == Fraction(10, 100)
    assert build_grr(found) == Fraction(80, 100)
    assert build_nrr(found) == Fraction(90, 100)


def test_published_mrr_churn_of_34_500() -> None:
    """MRR 34,500 over 10 customers, two at 3,000 leave -> MRR churn 17.39%, customer churn 20%."""
    movement = RevenueMovement(start=34_500, churned=6_000, end=28_500, start_accounts=10, churned_accounts=2)
    churn = build_gross_revenue_churn(movement)
    assert churn is not None
    assert float(churn) == pytest.approx(0.1739, abs=0.00005)
    assert movement.churned_accounts / movement.start_accounts == 0.2


def test_only_the_last_subscription_to_end_is_churn() -> None:
    day = DAY_ZERO
    phone, television = NaiveSubscription(day, day + 10, 7), NaiveSubscription(day, day + 30, 5)
    first = move([(0, phone), (0, television)], day + 5, day + 15)
    assert (first.contraction, first.churned, first.end) == (7, 0, 5)
    second = move([(0, phone), (0, television)], day + 15, day + 35)
    assert (second.contraction, second.churned, second.end) == (0, 5, 0)


def test_a_freeze_is_contraction_and_expansion_and_never_churn() -> None:
    day = DAY_ZERO
    owned = [(0, NaiveSubscription(day, None, 9, frozen_from=day + 10, frozen_until=day + 20))]
    into = move(owned, day + 5, day + 15)
    assert (into.contraction, into.churned, into.end, into.end_accounts) == (9, 0, 0, 1)
    out = move(owned, day + 15, day + 25)
    assert (out.expansion, out.new, out.reactivated, out.start) == (9, 0, 0, 0)
    # On its very days: frozen before the boundary at which the freeze begins, back in the period that its end begins.
    assert move(owned, day + 5, day + 10).contraction == 9
    assert move(owned, day + 20, day + 21).expansion == 9
    # A freeze that lasts until the end is lost with it, as nothing.
    gone = [(0, NaiveSubscription(day, day + 20, 9, frozen_from=day + 10, frozen_until=None))]
    lost = move(gone, day + 15, day + 25)
    assert (lost.start, lost.churned, lost.churned_accounts) == (0, 0, 1)


def test_a_renewal_on_the_boundary_itself_goes_on() -> None:
    day = DAY_ZERO
    months = [(0, NaiveSubscription(day + 10 * n, day + 10 * (n + 1), 4)) for n in range(4)]
    for start in (day + 10, day + 20):
        found = move(months, start, start + 10)
        assert (found.start, found.end, found.expansion, found.contraction) == (4, 4, 0, 0)
    dearer = [(0, NaiveSubscription(day, day + 10, 4)), (0, NaiveSubscription(day + 10, day + 20, 6))]
    assert move(dearer, day + 5, day + 10) == RevenueMovement(4, end=4, start_accounts=1, end_accounts=1)
    assert move(dearer, day + 10, day + 15).expansion == 2
    cheaper = [(0, NaiveSubscription(day, day + 10, 6)), (0, NaiveSubscription(day + 10, day + 20, 4))]
    assert move(cheaper, day + 5, day + 10).contraction == 2


def test_who_came_back_is_reactivated_and_not_new() -> None:
    day = DAY_ZERO
    owned = [(0, NaiveSubscription(day, day + 5, 3)), (0, NaiveSubscription(day + 12, None, 8))]
    assert move(owned, day + 10, day + 20).reactivated == 8
    assert move(owned, day - 1, day + 20).new == 8
    late = [(0, NaiveSubscription(day + 12, None, 8))]
    assert move(late, day + 10, day + 20).new == 8
    assert move(late, day + 10, day + 20, {0: day - 400}).reactivated == 8


def test_a_currency_without_a_rate_stays_out_on_both_sides() -> None:
    day = DAY_ZERO
    owned = [(0, NaiveSubscription(day, None, 10)), (1, NaiveSubscription(day, day + 9, 10, 1))]
    before, after = RevenueIndex(to_arrays(owned), CUSTOMERS).states([day + 5, day + 15])
    assert before.currencies == {0, 1}
    assert before.sum_currency(1, before.active) == (1, 10)
    assert after.sum_currency(1, before.active) == (0, 0)
    only = {0: Fraction(1, 3)}
    found = build_revenue_movements(before, after, (only, only), build_firsts(owned, {}))[0]
    assert (found.start, found.churned, found.churned_accounts) == (3, 0, 1)


def test_a_subscription_must_not_end_before_it_starts() -> None:
    with pytest.raises(SubscriptionEndsBeforeStart):
        RevenueIndex(to_arrays([(0, NaiveSubscription(10, 9, 1))]), CUSTOMERS)


def test_sums_are_exact_beyond_what_a_machine_word_holds() -> None:
    values = np.full(64, 2**61 + 1, dtype=np.int64)
    labels = np.arange(64, dtype=np.int32) % 2
    assert sum_by_label(values, labels, 2) == [32 * (2**61 + 1)] * 2
    assert sum_by_label(values, labels - 1, 1) == [32 * (2**61 + 1)]
    assert sum_by_label(values, None, 1) == [64 * (2**61 + 1)]


def test_the_twin_by_hand() -> None:
    own = [NaiveSubscription(10, 20, 6, frozen_from=12, frozen_until=14), NaiveSubscription(15, None, None)]
    by_day = [naive_mrr_on_day(own, day, ONE) for day in (9, 10, 12, 13, 14, 19, 20)]
    assert by_day == [0, 6, 0, 0, 6, 6, 0]
