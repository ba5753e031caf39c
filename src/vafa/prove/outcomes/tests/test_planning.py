"""Before the start: what a list can prove, and to whom a control is offered at all."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.data.consent.types import Purpose
from vafa.prove.outcomes.queries import plan_proof
from vafa.prove.outcomes.rules import PLAUSIBLE, decide_proof


def test_a_list_is_measured_before_it_is_written_to(tried):
    snapshot = tried.ledger.publish(date(2026, 5, 31))
    proof = plan_proof(snapshot, tried.customers, horizon_days=30)
    bought = {one for one, day in tried.orders if date(2026, 5, 2) <= day < date(2026, 6, 1)}
    assert proof.base == pytest.approx(len(bought) / len(tried.customers))
    assert (proof.control, dict(proof.shares)) == (300, {"control": 0.5, "treated": 0.5})
    assert (proof.reason, proof.is_suggested) == ("too_few", False)
    assert PLAUSIBLE < proof.smallest < 0.13
    assert proof.needed > 600
    few = plan_proof(snapshot, tried.customers[:40], horizon_days=30)
    assert few.smallest > proof.smallest
    assert few.runs > proof.runs


@pytest.mark.parametrize("asked", [{"purpose": Purpose.SERVICE}, {"is_apology": True}])
def test_nobody_is_kept_from_service_and_apologies(tried, asked):
    proof = plan_proof(tried.ledger.publish(date(2026, 5, 31)), tried.customers, **asked)
    assert (proof.reason, proof.is_offered, proof.is_suggested) == ("never", False, False)


def test_without_a_past_nothing_can_be_said(tried):
    proof = plan_proof(tried.ledger.publish(date(2026, 4, 10)), tried.customers, horizon_days=90)
    assert (proof.reason, proof.base, proof.smallest) == ("no_data", None, None)


@given(st.integers(1, 200_000), st.floats(0.01, 0.99))
def test_a_control_is_suggested_only_where_it_can_prove_something(customers, base):
    proof = decide_proof(customers, base, 30, "orders", may_have_control=True)
    assert proof.is_suggested == (proof.smallest is not None and proof.smallest <= proof.plausible)
    assert proof.control == round(customers * (0.1 if customers > 20_000 else 0.5))
    assert proof.is_offered
