"""Whoever is called in a note reads it on the page of the day until it is read, about customers they may see only."""

from typing import Any

import pytest
from django.test import Client

from vafa.data.business.actions import change_business
from vafa.data.customers.actions import merge_customers
from vafa.data.customers.models import Customer
from vafa.data.interactions.actions import remove_entry
from vafa.data.interactions.models import Mention, Written
from vafa.data.staff.models import Staff
from vafa.front.overview.tests.shop import NOW, Shop, sign_in
from vafa.front.today.mentions import _find_direction
from vafa.kit import clock
from vafa.kit.permissions import Role

MARK = "/today/mentions/mark/"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def sara(shop: Shop, signed_in: Client) -> Staff:
    """An agent whom the owner has called in notes about two customers."""
    called = shop.hire(Role.AGENT, "sara@example.com")
    for customer, text in ((shop.staying, "@sara wants cake"), (shop.leaving, "@sara is cross")):
        signed_in.post(f"/customers/{customer}/write/note/", {"text": text, "day": "2025-06-30"})
    return called


def read_texts(client: Client, query: str = "") -> list[str]:
    return [row.text for row in client.get(f"/today/mentions/?{query}").context["rows"]]


def count_waiting(client: Client) -> Any:
    return client.get("/today/").context["mentions"].count


def test_what_is_unread_stands_on_today_and_is_read_by_opening_it(shop: Shop, sara: Staff) -> None:
    client = sign_in(sara)
    assert count_waiting(client) == "2"
    assert read_texts(client) == ["@sara is cross", "@sara wants cake"]
    newest = Mention.objects.latest("pk")
    answer = client.post(MARK, {"do": "open", "one": newest.pk})
    assert answer.headers["Location"] == f"/customers/{shop.leaving}/#story"
    assert (count_waiting(client), read_texts(client)) == ("1", ["@sara wants cake"])
    assert read_texts(client, "show=all") == ["@sara is cross", "@sara wants cake"]
    client.post(MARK, {"do": "unread", "one": newest.pk})
    assert count_waiting(client) == "2"
    client.post(MARK, {"do": "all"})
    assert count_waiting(client) == "0"
    assert client.get(MARK).status_code == 405
    assert client.post(MARK, {"do": "explode", "one": newest.pk}).status_code == 404


def test_nobody_reads_or_marks_the_mentions_of_another(shop: Shop, signed_in: Client, sara: Staff) -> None:
    assert read_texts(signed_in, "show=all") == []
    signed_in.post(MARK, {"do": "read", "one": Mention.objects.latest("pk").pk})
    signed_in.post(MARK, {"do": "all"})
    assert not Mention.objects.exclude(read_at=None).exists()
    # What is opened by another's number leads nowhere but to the list.
    answer = signed_in.post(MARK, {"do": "open", "one": Mention.objects.latest("pk").pk})
    assert answer.headers["Location"] == "/today/mentions/"


def test_who_is_limited_reads_of_own_customers_only_also_after_a_merge(shop: Shop, sara: Staff) -> None:
    change_business(by=None, now=NOW, agents_own_only=True)
    client = sign_in(sara)
    assert read_texts(client, "show=all") == []
    Customer.objects.filter(pk=shop.staying).update(owner=sara)
    assert (read_texts(client), count_waiting(client)) == (["@sara wants cake"], "1")
    client.post(MARK, {"do": "all"})
    assert Mention.objects.filter(read_at=None).count() == 1
    # Merged into a customer of nobody, it is not hers to read any more.
    merge_customers(shop.staying, shop.newcomer, by=None, now=NOW)
    assert read_texts(client, "show=all") == []


@pytest.mark.parametrize(
    ("text", "direction"),
    [("@sara لطفاً", "rtl"), ("@sara please", "ltr"), ("@سارا please", "ltr"), ("@sara 12", "auto")],
)
def test_a_note_runs_as_its_words_do_whatever_name_it_begins_with(text: str, direction: str) -> None:
    assert _find_direction(text) == direction


def test_what_is_taken_away_calls_nobody(shop: Shop, owner: Staff, sara: Staff) -> None:
    remove_entry(Written.objects.latest("pk").key, by=owner, now=NOW)
    assert read_texts(sign_in(sara)) == ["@sara wants cake"]
