"""What people deliver becomes one task each, and what came of the task comes back as what came of the message."""

from datetime import timedelta
from typing import Any

import pytest

from vafa.act.followups.actions import cancel_tasks, finish_tasks
from vafa.act.followups.models import Task
from vafa.act.messaging.accounts import add_account
from vafa.act.messaging.channels import build_adapter
from vafa.act.messaging.models import Account, Happened, Message, Sending
from vafa.act.messaging.people import count_people_tasks, list_people_tasks, settle_people
from vafa.act.messaging.tests.world import NOW, add_customers
from vafa.act.messaging.types import Outgoing
from vafa.data.business.models import Business
from vafa.data.consent.types import Channel
from vafa.data.customers.models import Customer
from vafa.data.staff.models import Staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    Business.objects.create(pk=1, name="Shop", country="IR", zone="Asia/Tehran", language="en")
    told: dict[str, Any] = {"form": "note", "address_field": "Address"}
    return add_account("Notes", Channel.POST, "staff", settings=told, secrets={}, by=None, now=NOW)


def write(account: Account, customer_id: int) -> Sending:
    message = Message.objects.create(
        origin=f"t:{customer_id}", content={}, channels=["post"], purpose="marketing", created_at=NOW
    )
    return Sending.objects.create(
        message=message, customer_id=customer_id, channel="post", state="claimed", account=account, not_before=NOW,
        created_at=NOW,
    )  # fmt: skip


def hand_over(account: Account, sending: Sending) -> str:
    with build_adapter(account).open() as line:
        return line.hand_over(
            Outgoing(sending.pk, "", subject="", text="Dear Ms Ahmadi,\nthank you.")
        ).provider_id


def test_a_message_becomes_one_task_of_who_looks_after_the_customer(account: Account) -> None:
    owner = Staff.objects.create(email="a@shop.example", name="Ali", role="agent", created_at=NOW)
    [pk] = add_customers(1)
    Customer.objects.filter(pk=pk).update(owner=owner, custom={"Address": "Tehran, Valiasr 1"})
    sending = write(account, pk)
    assert hand_over(account, sending) == hand_over(account, sending)
    task = Task.objects.get()
    assert (task.title, task.notes, task.customer_id) == (
        "Hand-written note",
        "Dear Ms Ahmadi,\nthank you.",
        pk,
    )
    assert task.assignee == owner
    [shown] = list_people_tasks("note")
    assert (shown.address, shown.text, shown.customer_name) == ("Tehran, Valiasr 1", task.notes, "Customer 0")
    assert count_people_tasks() == {"call": 0, "visit": 0, "note": 1, "gift": 0}
    assert list_people_tasks("note", owner_id=owner.pk) == [shown]
    assert list_people_tasks("note", owner_id=owner.pk + 1) == []


@pytest.mark.parametrize(
    ("outcome", "told"),
    [("done", "delivered"), ("declined", "delivered"), ("no_answer", "undelivered"), ("", "undelivered")],
)
def test_what_came_of_the_task_is_told_once(account: Account, outcome: str, told: str) -> None:
    [pk] = add_customers(1)
    sending = write(account, pk)
    hand_over(account, sending)
    assert settle_people(NOW) == 0
    task = Task.objects.get()
    if outcome:
        finish_tasks([task.pk], outcome, by=None, now=NOW)
    else:
        cancel_tasks([task.pk], by=None, now=NOW)
    assert settle_people(NOW + timedelta(minutes=1)) == 1
    assert settle_people(NOW + timedelta(minutes=2)) == 0
    sending.refresh_from_db()
    assert sending.delivery_state == told
    assert Happened.objects.filter(sending=sending).count() == 1
    assert list_people_tasks() == []
