"""What people deliver is listed, printed and told back; what customers wrote is read; each agent sees own customers."""

from datetime import timedelta

import pytest
from django.test import Client

from vafa.act.followups.models import Task
from vafa.act.followups.tests.conftest import NOW, Team
from vafa.act.messaging.accounts import add_account
from vafa.act.messaging.actions import hear
from vafa.act.messaging.channels import build_adapter
from vafa.act.messaging.incoming import AnswerText, take_told
from vafa.act.messaging.models import Happened, Incoming, Message, Sending
from vafa.act.messaging.types import Outgoing
from vafa.data.consent.queries import find_listed
from vafa.data.consent.types import Channel
from vafa.data.customers.actions import add_point
from vafa.kit import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def notes(team: Team) -> dict[int, Sending]:
    """A note by hand for a customer of each agent."""
    account = add_account(
        "Notes", Channel.POST, "staff", settings={"form": "note"}, secrets={}, by=None, now=NOW
    )
    message = Message.objects.create(
        origin="t", content={}, channels=["post"], purpose="marketing", created_at=NOW
    )
    found = {}
    for pk in (team.of_mina, team.of_omid):
        found[pk] = Sending.objects.create(
            message=message, customer_id=pk, channel="post", state="accepted", account=account, not_before=NOW,
            created_at=NOW,
        )  # fmt: skip
        with build_adapter(account).open() as line:
            line.hand_over(Outgoing(found[pk].pk, "", text=f"Dear customer {pk},\nthank you."))
    return found


def test_the_owner_sees_and_prints_all_notes_and_an_agent_only_those_of_own_customers(
    client: Client, team: Team, notes: dict[int, Sending]
) -> None:
    words = [f"Dear customer {pk}," for pk in (team.of_mina, team.of_omid)]
    for staff, wanted in ((team.owner, [True, True]), (team.mina, [True, False])):
        client.force_login(staff)
        for path in ("/tasks/by-hand/", "/tasks/by-hand/print/?what=notes"):
            page = client.get(path).content.decode()
            assert [word in page for word in words] == wanted, path
    theirs = Task.objects.get(customer=team.of_omid).pk
    page = client.get(f"/tasks/by-hand/print/?what=notes&task={theirs}").content.decode()
    assert words[1] not in page
    assert client.get("/tasks/by-hand/print/?what=stamps").status_code == 404
    client.post("/tasks/act/?do=finish", {"one": theirs})
    assert Task.objects.get(pk=theirs).state == "open"


def test_done_and_not_reached_come_back_into_the_ledger(
    client: Client, team: Team, notes: dict[int, Sending]
) -> None:
    client.force_login(team.owner)
    for pk, what in ((team.of_mina, "finish"), (team.of_omid, "no_answer")):
        client.post(f"/tasks/act/?do={what}", {"one": Task.objects.get(customer=pk).pk})
    hear(clock.now())
    told = {one.sending.customer_id: one.kind for one in Happened.objects.select_related("sending")}
    assert told == {team.of_mina: "delivered", team.of_omid: "undelivered"}
    assert "Dear customer" not in client.get("/tasks/by-hand/").content.decode()


@pytest.mark.parametrize("word", ["لغو ۱۱", "11", "١١", "لغو"])
def test_a_word_that_stops_is_obeyed_at_once_and_other_words_become_a_task(
    client: Client, team: Team, word: str
) -> None:
    for number, pk in (("+989121234567", team.of_mina), ("+989121234568", team.of_omid)):
        add_point(pk, "phone", number, region="IR", by=None, now=NOW)
    account = add_account(
        "SMS", Channel.SMS, "kavenegar", settings={}, secrets={}, profile="ir_kavenegar", by=None, now=NOW
    )
    at = NOW + timedelta(minutes=1)
    asked = AnswerText("2", "+989121234568", "When do you open?")
    take_told(account, [AnswerText("1", "+989121234567", word), asked], now=at)
    assert find_listed("phone", "+989121234567") is not None
    client.force_login(team.omid)
    assert "When do you open?" in client.get("/replies/").content.decode()
    assert "of mina" not in client.get("/replies/?show=obeyed").content.decode()
    question = Incoming.objects.get(event="answer:2").pk
    client.force_login(team.mina)
    assert "When do you open?" not in client.get("/replies/").content.decode()
    assert "of mina" in client.get("/replies/?show=obeyed").content.decode()
    assert client.post(f"/replies/{question}/do/", {"do": "task"}).status_code == 404
    client.force_login(team.omid)
    client.post(f"/replies/{question}/do/", {"do": "task"})
    task = Task.objects.get()
    assert (task.customer_id, task.assignee, task.notes) == (team.of_omid, team.omid, "When do you open?")
    assert "When do you open?" not in client.get("/replies/").content.decode()
    assert "When do you open?" in client.get("/replies/?show=read").content.decode()
