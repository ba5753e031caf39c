"""Recipients are written down once, and controls are held out, whatever anybody says."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from vafa.act.messaging.actions import (
    add_recipients,
    assign,
    declare_trial,
    open_message,
    record_happened,
    stop_message,
)
from vafa.act.messaging.models import Account, Exposure, Sending
from vafa.act.messaging.queries import (
    get_progress,
    list_arms,
    list_recipients,
    list_sendings_after,
    list_unfinished,
    read_secrets,
)
from vafa.act.messaging.tests.world import CONTENT, NOW, add_customers, add_message, add_smtp
from vafa.act.messaging.types import Added, MessageClosed, Recipient, TrialChanged
from vafa.data.consent.models import Suppression
from vafa.data.consent.types import Purpose
from vafa.data.customers.models import ContactPoint
from vafa.kit.erasing import erase_person
from vafa.lab.trials import CONTROL, HALVES, TREATED, arm_of

pytestmark = pytest.mark.django_db


def test_recipients_are_written_once_however_often_they_are_told() -> None:
    ids = add_customers(5)
    message = add_message(ids)
    again = add_recipients(message, [Recipient(pk) for pk in [*ids, ids[0]]], now=NOW)
    assert again == Added(0, 6)
    assert sorted(list_recipients(message)) == ids
    assert get_progress(message).states == {"pending": 5}
    assert list_unfinished([message]) == {message}
    opened = open_message(
        origin="test:1", template=CONTENT, channels=("sms",), purpose=Purpose.SERVICE, by=None, now=NOW
    )
    assert opened == message


def test_who_is_in_the_control_arm_gets_nothing_whatever_the_recipients_say() -> None:
    ids = add_customers(40)
    declared: dict[str, Any] = {"origin": "x", "name": "X", "horizon_days": 30, "planned": 40}
    declared["purpose"] = Purpose.MARKETING
    declare_trial("x:1", shares=HALVES, now=NOW, **declared)
    with pytest.raises(TrialChanged):
        declare_trial("x:1", shares={CONTROL: 0.1, TREATED: 0.9}, now=NOW, **declared)
    assign("x:1", ids[:20], HALVES, {ids[0]: 0.25}, now=NOW)
    message = open_message(
        origin="x:1",
        template=CONTENT,
        channels=("email",),
        purpose=Purpose.MARKETING,
        trial="x:1",
        by=None,
        now=NOW,
    )
    add_recipients(message, [Recipient(pk, arm=TREATED) for pk in ids], now=NOW)
    arms = {pk: arm_of(pk, "x:1", HALVES) for pk in ids}
    assert list_arms("x:1", ids) == arms
    held = Sending.objects.filter(message=message, state="suppressed", why="holdout")
    assert {one.customer_id for one in held} == {pk for pk, arm in arms.items() if arm == CONTROL}
    assert Exposure.objects.get(customer=ids[0]).score == 0.25
    controls = [pk for pk, arm in arms.items() if arm == CONTROL]
    assert controls
    assert list_sendings_after([controls[0]], None, 10, rank=0, zone=ZoneInfo("UTC")) == []


def test_a_stopped_message_goes_to_nobody_any_more() -> None:
    ids = add_customers(3)
    message = add_message(ids)
    assert stop_message(message, by=None, now=NOW)
    assert get_progress(message).whys == {("suppressed", "stopped"): 3}
    assert get_progress(message).is_finished
    with pytest.raises(MessageClosed):
        add_recipients(message, [Recipient(ids[0])], now=NOW)


def test_an_account_keeps_its_secrets_sealed() -> None:
    account = Account.objects.get(pk=add_smtp(secrets={"password": "hunter2", "key": ""}))
    assert "hunter2" not in account.secret
    assert read_secrets(account) == {"password": "hunter2"}


def test_a_hard_bounce_puts_the_address_on_the_list_and_is_told_once() -> None:
    [customer] = add_customers(1)
    message = add_message([customer])
    Sending.objects.update(state="accepted", point=ContactPoint.objects.get().pk)
    sending = Sending.objects.get(message=message)
    assert record_happened(sending.pk, "bounced", detail="soft", key="1", at=NOW, now=NOW)
    assert not Suppression.objects.exists()
    assert record_happened(sending.pk, "bounced", detail="hard", key="2", at=NOW, now=NOW)
    assert not record_happened(sending.pk, "bounced", detail="hard", key="2", at=NOW, now=NOW)
    assert Suppression.objects.get().everything
    sending.refresh_from_db()
    assert sending.delivery_state == "bounced"


def test_erasing_somebody_leaves_that_a_message_went_out_and_nothing_of_them() -> None:
    [customer] = add_customers(1)
    message = add_message([customer])
    Sending.objects.update(state="accepted", reached="ab", provider_id="p", answer="250 to c0@example.org")
    erase_person([customer])
    row = Sending.objects.get(message=message)
    assert (row.customer, row.state, row.reached, row.answer) == (None, "accepted", "", "")
