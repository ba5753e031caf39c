"""The queue shows what waits, failed, was held back or is unknown, to each their own."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from vafa.act.followups.tests.conftest import Team
from vafa.act.messaging.actions import pause_account, resend_unknown, stop_message
from vafa.act.messaging.models import Account, Message, Sending
from vafa.act.messaging.queries import list_pauses
from vafa.act.messaging.tests.world import NOW, add_message, add_smtp
from vafa.data.customers.models import Customer
from vafa.front.tests.conftest import let_be_confirmed
from vafa.kit.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(team: Team) -> list[Sending]:
    """A message for the customers of two agents and of nobody."""
    add_message([team.of_mina, team.of_omid, team.of_nobody])
    return list(Sending.objects.order_by("customer_id"))


def set_state(rows: list[Sending], state: str, **more: Any) -> None:
    Sending.objects.filter(pk__in=[one.pk for one in rows]).update(state=state, **more)


def list_ids(answer: Any) -> list[int]:
    return [row["id"] for row in answer.context["rows"]]


def test_an_agent_sees_own_customers_alone_also_of_those_merged_into_them(
    client: Client, team: Team, rows: list[Sending]
) -> None:
    set_state(rows[2:], "unknown", mail_id="<abc@example.org>")
    client.force_login(team.mina)
    assert list_ids(client.get("/queue/")) == [rows[0].pk]
    assert client.get("/queue/?state=unknown").context["unknown"] == []
    Customer.objects.filter(pk=team.of_nobody).update(kept=team.of_mina)
    answer = client.get(f"/queue/?state=unknown&message={rows[2].message_id}")
    assert list_ids(answer) == [rows[2].pk]
    assert answer.context["rows"][0]["name"] == "of mina"
    assert [one["count"] for one in answer.context["states"]][:3] == ["1", "0", "1"]
    assert client.post("/queue/resend/", {"row": rows[2].pk}).status_code == 403
    assert client.get("/queue.csv").status_code == 403
    client.force_login(team.owner)
    assert len(list_ids(client.get("/queue/"))) == 2
    assert "<abc@example.org>" in client.get("/queue/?state=unknown").content.decode().replace(
        "&lt;", "<"
    ).replace("&gt;", ">")


def test_chosen_unknowns_are_sent_again_after_a_question_and_others_never(
    client: Client, team: Team, rows: list[Sending]
) -> None:
    set_state(rows, "unknown", why="no_answer", handed_at=NOW, spent_at=NOW, ended_at=NOW)
    Message.objects.update(next_at=None)
    client.force_login(team.owner)
    chosen = {"row": [rows[0].pk, rows[1].pk]}
    assert client.get("/queue/resend/").status_code == 405
    asked = client.post("/queue/resend/", chosen)
    assert asked.status_code == 200
    assert Sending.objects.filter(state="unknown").count() == 3
    client.post("/queue/resend/", chosen | {"sure": "yes"})
    assert list(Sending.objects.order_by("customer_id").values_list("state", flat=True)) == [
        "pending",
        "pending",
        "unknown",
    ]
    assert Sending.objects.filter(state="pending", handed_at=None, spent_at=None).count() == 2
    assert Message.objects.get().next_at is not None
    entry = AuditEntry.objects.get(action="message.resent")
    assert (entry.details["count"], entry.details["sendings"]) == (2, sorted(chosen["row"]))
    assert resend_unknown([one.pk for one in rows[:2]], by=team.owner.pk, now=NOW) == 0  # they wait already
    stop_message(rows[2].message_id, by=None, now=NOW)
    assert resend_unknown([rows[2].pk], by=team.owner.pk, now=NOW) == 0


def test_reasons_filters_and_pages_stand_in_the_address(
    client: Client, team: Team, rows: list[Sending], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vafa.front.messages.queue.PAGE_SIZE", 1)
    client.force_login(team.owner)
    let_be_confirmed(client, team.owner)
    rows = sorted(rows, key=lambda one: one.pk)
    set_state(rows[:2], "pending", why="budget", not_before=NOW + timedelta(days=1))
    first = client.get("/queue/?state=pending&why=budget")
    assert list_ids(first) == [rows[1].pk]
    assert first.context["previous_url"] is None
    second = client.get("/queue/" + first.context["next_url"])
    assert (list_ids(second), second.context["next_url"]) == ([rows[0].pk], None)
    assert list_ids(client.get("/queue/" + second.context["previous_url"])) == [rows[1].pk]
    assert list_ids(client.get("/queue/?state=pending&channel=sms")) == []
    set_state(rows[:1], "suppressed", why="holdout", ended_at=NOW)
    set_state(rows[1:2], "suppressed", why="refused", ended_at=NOW)
    held = client.get("/queue/?state=suppressed")
    assert list_ids(held) == [rows[1].pk]  # who is held out is not told
    file: Any = client.get("/queue.csv?state=suppressed")
    text = b"".join(file.streaming_content).decode()
    assert ("refused" in text, "holdout" in text) == (True, False)
    assert "Nothing has failed" in client.get("/queue/?state=failed").content.decode()


def test_a_paused_account_says_what_to_do_and_goes_on_by_one_click(client: Client, team: Team) -> None:
    account = add_smtp()
    pause_account(account, why="unreachable", answer="Connection refused", by=None, now=NOW)
    client.force_login(team.mina)
    assert client.get("/queue/").context["accounts"] == []
    assert client.post(f"/queue/accounts/{account}/resume/").status_code == 403
    client.force_login(team.owner)
    page = client.get("/queue/").content.decode()
    assert "Connection refused" in page
    assert "then let it go on" in page
    client.post(f"/queue/accounts/{account}/resume/")
    assert Account.objects.get().paused_at is None
    pause_account(account, why="hand", by=team.owner, now=NOW + timedelta(days=1))
    pauses = list_pauses([account])[account]
    assert [(one.why, one.until is None, one.by) for one in pauses] == [
        ("hand", True, str(team.owner)),
        ("unreachable", False, ""),
    ]
    assert "Earlier pauses" in client.get("/settings/sending/").content.decode()
