"""One budget for each customer over all messages, also with two workers; what disputes and bad addresses do."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.support.smtp import run_mail_sink
from vafa.act.followups.models import Task
from vafa.act.messaging.actions import add_account, add_recipients, deliver
from vafa.act.messaging.channels.smtp import NO_SUCH_ADDRESS
from vafa.act.messaging.claiming import LEASE, claim_rows, judge_rows, settle_next
from vafa.act.messaging.models import Message, Sending
from vafa.act.messaging.queries import get_progress
from vafa.act.messaging.rules import DAY, Go
from vafa.act.messaging.tests.world import NOW, add_customers, add_message, add_smtp
from vafa.act.messaging.types import Block, NotHandedOver, Outcome, Recipient, TemplateContent, Text
from vafa.data.consent.models import Suppression
from vafa.data.consent.types import Channel, Purpose
from vafa.data.customers.models import Customer
from vafa.data.interactions.models import Ticket
from vafa.data.log.models import Source
from vafa.data.orders.models import ReturnLine

CONTENT = TemplateContent("email", (("en", Text(subject="Hi", blocks=(Block("text", "Come"),))),))
SAID_NO = "550 5.1.1 no such user"


@pytest.fixture
def port(db: None) -> Any:
    with run_mail_sink() as running:
        yield running.port


def claim(message_id: int, worker: str) -> tuple[Message, list[Sending]]:
    message = Message.objects.get(pk=message_id)
    return message, claim_rows(message, "email", worker, NOW, 100)


def test_two_workers_that_judge_before_either_sends_keep_within_the_budget(port: int) -> None:
    add_smtp(port)
    ids = add_customers(3)
    first, one = claim(add_message(ids, "a", template=CONTENT), "one")
    second, two = claim(add_message(ids, "b", template=CONTENT), "two")
    assert len(one) == len(two) == 3
    assert set(map(type, judge_rows(first, "email", one, "one", NOW).values())) == {Go}
    judged = judge_rows(second, "email", two, "two", NOW)
    assert {(verdict.why, verdict.until) for verdict in judged.values()} == {("budget", NOW + DAY)}


def test_what_was_refused_takes_nothing_of_the_budget_and_a_bad_address_is_not_tried_again(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_smtp(port)
    ids = add_customers(1)
    message = add_message(ids, template=CONTENT)

    def refuse(_line: Any, _outgoing: Any) -> None:
        raise NotHandedOver(Outcome.REFUSED, SAID_NO, "bad_address")

    monkeypatch.setattr("vafa.act.messaging.channels.smtp.SmtpLine.hand_over", refuse)
    assert deliver(NOW, tell_time=lambda: NOW).counts == {"failed": 1}
    row = Sending.objects.get()
    assert (row.state, row.spent_at, row.why) == ("failed", None, "bad_address")
    assert row.point is not None
    assert Suppression.objects.get().masked == "c…@e….org"
    monkeypatch.undo()
    add_message(ids, "again", template=CONTENT)
    assert deliver(NOW, tell_time=lambda: NOW).counts == {"suppressed": 1}
    assert get_progress(message).whys == {("failed", "bad_address"): 1}


@pytest.mark.parametrize(
    ("answer", "is_address"),
    [
        (SAID_NO, True),
        ("550 User unknown", True),
        ("550 5.7.1 blocked: user unknown to our list", False),
        ("554 5.7.1 spam", False),
    ],
)
def test_only_what_is_said_of_the_address_counts_against_it(answer: str, is_address: bool) -> None:
    assert bool(NO_SUCH_ADDRESS.match(answer)) == is_address


def test_nothing_is_sold_to_who_complains_or_has_just_sent_something_back(port: int) -> None:
    add_smtp(port)
    ids = add_customers(5)
    source = Source.objects.create(name="files")
    today = NOW.date()

    def ask(customer: int, key: str, day: date, **told: Any) -> None:
        Ticket.objects.create(source=source, key=key, customer_id=customer, day=day, seq=1, **told)

    ask(ids[0], "open", today)
    ask(ids[1], "solved", today, solved_on=today)
    ask(ids[2], "forgotten", today - timedelta(days=100))
    merged = Customer.objects.create(name="X", kept_id=ids[3], seq=9)
    ReturnLine.objects.create(source=source, key="r", customer=merged, day=today, seq=1)
    message = add_message(ids, template=CONTENT)
    assert deliver(NOW, tell_time=lambda: NOW).counts == {"accepted": 3, "waits": 2}
    waits = Sending.objects.filter(message=message, why="open_complaint", state="pending")
    assert {one.customer_id for one in waits} == {ids[0], ids[3]}
    assert {one.spent_at for one in waits} == {None}


def test_service_shares_the_budget_and_what_a_customer_asked_for_does_not(port: int) -> None:
    add_smtp(port)
    ids = add_customers(1)
    service: dict[str, Any] = {"template": CONTENT, "purpose": Purpose.SERVICE}
    add_message(ids, "sold", template=CONTENT)
    add_message(ids, "served", **service)
    add_message(ids, "asked", answers=True, **service)
    deliver(NOW, tell_time=lambda: NOW)
    told = dict(Sending.objects.values_list("message__origin", "state"))
    assert told["asked"] == "accepted"
    assert sorted((told["sold"], told["served"])) == ["accepted", "pending"]


def test_what_is_delivered_by_hand_needs_no_address(port: int) -> None:
    add_account("Notes", Channel.POST, "staff", settings={"form": "note"}, secrets={}, by=None, now=NOW)
    ids = add_customers(1)
    note = TemplateContent("post", (("en", Text(body="Thank you.")),))
    add_message(ids, "note", template=note, channels=("post",), purpose=Purpose.SERVICE)
    assert deliver(NOW, tell_time=lambda: NOW).counts == {"accepted": 1}
    assert Task.objects.get().notes.startswith("Thank you.")


def test_a_message_is_looked_at_again_while_another_worker_holds_some_of_it(port: int) -> None:
    add_smtp(port)
    ids = add_customers(2)
    message = add_message(ids[:1], template=CONTENT)
    claim(message, "other")
    settle_next(message, {})
    assert Message.objects.get().next_at == NOW + LEASE
    add_recipients(message, [Recipient(ids[1])], now=NOW)
    assert Message.objects.get().next_at == NOW
    later = NOW + LEASE * 2
    assert deliver(later, tell_time=lambda: later).counts == {"accepted": 2}
