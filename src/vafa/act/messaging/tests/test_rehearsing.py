"""What a rehearsal says at a moment is what then happens at that moment, to each and for the same reason."""

import random
from datetime import timedelta
from typing import Any

import pytest

from tests.support.smtp import run_mail_sink
from vafa.act.messaging import delivering
from vafa.act.messaging.actions import assign, declare_trial, deliver, pause_account
from vafa.act.messaging.models import Budget, Sending
from vafa.act.messaging.queries import list_arms, rehearse
from vafa.act.messaging.tests.world import NOW, add_customers, add_message, add_permission, add_smtp
from vafa.act.messaging.types import Block, TemplateContent, Text
from vafa.data.consent.models import Stop
from vafa.data.consent.types import Purpose, StopKind
from vafa.data.customers.actions import merge_customers, unmerge_customer
from vafa.data.customers.models import ContactPoint, Customer, Profile
from vafa.lab.trials import CONTROL, HALVES, TREATED

CONTENT = TemplateContent("email", (("en", Text(subject="Hi", blocks=(Block("text", "Come"),))),))
MAIL: dict[str, Any] = {"channel": "email", "purpose": Purpose.MARKETING}


def make_crowd(seed: int) -> list[int]:
    """Customers of whom some are dead, refused, share an address, live elsewhere, like another channel, or have had
    enough; by chance."""
    chance = random.Random(seed)
    ids = add_customers(24, permit=False)
    add_permission([pk for pk in ids if chance.random() < 0.9])
    add_permission([pk for pk in ids if chance.random() < 0.1], allowed=False)
    for pk in ids:
        if chance.random() < 0.1:
            Stop.objects.create(customer_id=pk, kind=StopKind.DECEASED, at=NOW)
        if chance.random() < 0.4:
            ContactPoint.objects.filter(customer=pk).update(value="family@example.org")
        if chance.random() < 0.2:
            ContactPoint.objects.create(customer_id=pk, kind="phone", value="+8613812345678")
        if chance.random() < 0.2:
            Profile.objects.create(customer_id=pk, channel="phone")
    add_message(chance.sample(ids, 6), "earlier", template=CONTENT)
    earlier = Sending.objects.filter(message__origin="earlier")
    earlier.update(state="accepted", spent_at=NOW - timedelta(hours=3), ended_at=NOW, not_before=NOW)
    return ids


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_a_rehearsal_and_the_sending_agree(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivering, "AT_ONCE", 5, raising=False)
    Budget.objects.create(
        quiet_from="19:00", quiet_until="09:00", per_point_day=3, only_preferred=bool(seed % 2)
    )
    ids = make_crowd(seed)
    with run_mail_sink() as sink:
        add_smtp(sink.port)
        told = rehearse(ids, **MAIL, now=NOW)
        message = add_message(ids, "now", template=CONTENT)
        deliver(NOW, tell_time=lambda: NOW)
    rows = Sending.objects.filter(message=message)
    waits = {(one.customer_id, one.why, one.not_before) for one in rows.filter(state="pending")}
    never = {(one.customer_id, one.why) for one in rows.filter(state="suppressed")}
    assert waits == {(one.customer_id, one.why, one.until) for one in told.held if one.kind == "waits"}
    assert never == {(one.customer_id, one.why) for one in told.held if one.kind == "never"}
    assert rows.filter(state="accepted").count() == told.goes["email"] > 0
    assert len({why for _pk, why, _until in waits}) > 1


@pytest.mark.django_db
def test_without_an_account_that_may_send_all_wait_and_the_rehearsal_says_for_what() -> None:
    ids = add_customers(2)
    told = rehearse(ids, **MAIL, now=NOW)
    assert (told.goes["email"], told.count_whys()) == (0, {("waits", "no_account"): 2})
    pause_account(add_smtp(), why="hand", by=None, now=NOW)
    assert rehearse(ids, **MAIL, now=NOW).count_whys() == {("waits", "account_paused"): 2}


@pytest.mark.django_db
def test_taken_apart_again_each_has_the_own_budget_and_the_own_arm() -> None:
    ids = add_customers(30)
    add_smtp()
    declare_trial(
        "t",
        origin="t",
        name="T",
        purpose=Purpose.MARKETING,
        shares=HALVES,
        horizon_days=30,
        planned=30,
        now=NOW,
    )
    assign("t", ids, HALVES, {}, now=NOW)
    arms = list_arms("t", ids)
    control, treated = (next(pk for pk in ids if arms[pk] == arm) for arm in (CONTROL, TREATED))
    add_message([treated], "earlier", template=CONTENT)
    Sending.objects.update(state="accepted", spent_at=NOW, ended_at=NOW)
    merge_customers(treated, control, by=None, now=NOW)
    kept = Customer.objects.get(pk=treated).kept_id or treated
    away = control if kept == treated else treated
    assert list_arms("t", [kept]) == {kept: CONTROL}
    assert assign("t", [kept], HALVES, {}, now=NOW) == 0
    assert rehearse([kept], trial="t", **MAIL, now=NOW).count_whys() == {("never", "holdout"): 1}
    assert rehearse([kept], **MAIL, now=NOW).count_whys() == {("waits", "budget"): 1}
    unmerge_customer(away, by=None, now=NOW)
    assert list_arms("t", [control, treated]) == {control: CONTROL, treated: TREATED}
    told = rehearse([control, treated], **MAIL, now=NOW)
    assert [(one.customer_id, one.why) for one in told.held] == [(treated, "budget")]
