"""Messages stand in the customer's story with what became of them, open as they were sent, and count in the budget."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from vafa.act.followups.tests.conftest import Team
from vafa.act.messaging.actions import record_happened
from vafa.act.messaging.models import Sending
from vafa.act.messaging.queries import find_budget_left
from vafa.act.messaging.tests.world import NOW, add_message
from vafa.act.messaging.types import Block, BudgetLeft, TemplateContent, Text
from vafa.data.customers.models import Customer

pytestmark = pytest.mark.django_db
CONTENT = TemplateContent(
    "email", (("en", Text(subject="For {{ name }}", blocks=(Block("text", "Come <script>x</script>"),))),)
)


def show(client: Client, customer: int, query: str = "") -> str:
    return client.get(f"/customers/{customer}/story/{query}").content.decode()


def test_a_message_stands_in_the_story_with_what_became_of_it_and_opens_as_it_was_sent(
    client: Client, team: Team
) -> None:
    add_message([team.of_mina, team.of_nobody], template=CONTENT)
    row, other = Sending.objects.order_by("customer_id")
    Sending.objects.filter(pk=row.pk).update(state="accepted", ended_at=NOW, spent_at=NOW)
    for kind, detail in (("delivered", ""), ("clicked", ""), ("bounced", "soft"), ("unsubscribed", "")):
        told: Any = kind
        record_happened(row.pk, told, detail=detail, at=NOW + timedelta(hours=1), now=NOW)
    client.force_login(team.mina)
    for query in ("", "?kind=sent", "?kind=message", "?find=for"):
        page = show(client, team.of_mina, query)
        for words in (
            "For {{ name }}",
            "Delivered",
            "A link was opened",
            "Came back for now",
            "Unsubscribed by it",
        ):
            assert words in page
    assert "Delivered" not in show(client, team.of_mina, "?kind=order")
    address = f"/customers/{team.of_mina}/messages/{row.pk}/"
    page = client.get(address).content.decode()
    assert "For of mina" in page
    text = client.get(f"{address}text/")
    assert "sandbox" in text["Content-Security-Policy"]
    assert "<script" not in text.content.decode()
    assert client.get(f"/customers/{team.of_mina}/messages/{other.pk}/").status_code == 404
    assert client.get(f"/customers/{team.of_nobody}/messages/{other.pk}/").status_code == 404
    Customer.objects.filter(pk=team.of_nobody).update(kept=team.of_mina)
    assert client.get(f"/customers/{team.of_mina}/messages/{other.pk}/").status_code == 200


def test_who_is_held_out_is_told_to_nobody_and_what_was_held_back_is_with_its_reason(
    client: Client, team: Team
) -> None:
    add_message([team.of_mina], template=CONTENT)
    row = Sending.objects.get()
    client.force_login(team.mina)
    Sending.objects.update(state="suppressed", why="holdout", ended_at=NOW)
    assert "For {{ name }}" not in show(client, team.of_mina)
    assert client.get(f"/customers/{team.of_mina}/messages/{row.pk}/").status_code == 404
    Sending.objects.update(why="budget", state="pending", ended_at=None)
    assert "as many messages as the contact budget allows" in show(client, team.of_mina)


def test_pages_of_the_story_tell_each_message_once(
    client: Client, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zoneinfo import ZoneInfo

    from vafa.data.business.queries import get_style
    from vafa.front.customer.timeline import Asked, Reader, get_timeline
    from vafa.kit.keyset import read_place

    for number in range(5):
        add_message([team.of_mina], f"m:{number}", template=CONTENT)
    Sending.objects.update(created_at=NOW + timedelta(microseconds=500))
    reader = Reader(team.of_mina, [team.of_mina], team.mina, ZoneInfo("UTC"), NOW.date(), get_style("en"))
    after, found = None, []
    for _page in range(3):
        part = get_timeline(reader, Asked("sent", "", after), 2)
        found += [event.open_url for event in part.events]
        after = read_place(str(part.after)) if part.after else None
    assert (len(found), len(set(found)), after) == (5, 5, None)


def test_what_is_left_of_the_budget_is_told_on_the_file(client: Client, team: Team) -> None:
    add_message([team.of_mina], template=CONTENT)
    assert find_budget_left([team.of_mina], NOW)[team.of_mina] == BudgetLeft(1, 3, 8)
    Sending.objects.update(state="accepted", spent_at=NOW, ended_at=NOW)
    assert find_budget_left([team.of_mina], NOW)[team.of_mina] == BudgetLeft(0, 2, 7)
    later = NOW + timedelta(days=2)
    assert find_budget_left([team.of_mina], later)[team.of_mina] == BudgetLeft(1, 2, 7)
    client.force_login(team.mina)
    assert "Contact budget left" in client.get(f"/customers/{team.of_mina}/messages/").content.decode()
    assert client.get(f"/customers/{team.of_omid}/messages/").status_code == 404
