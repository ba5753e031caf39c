"""The story: filtered by kind, searched, and read page by page at the same cost however long it is."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from vafa.data.customers.actions import merge_customers
from vafa.data.interactions.models import Interaction
from vafa.front.customer.timeline import EVENTS_A_PAGE
from vafa.front.overview.tests.shop import NOW, Shop
from vafa.kit.keyset import Place, read_place


def add_contacts(shop: Shop, customer: int, count: int, **told: Any) -> None:
    """Contacts of a customer, three on each day: at noon, at noon again, and at a time that nobody knows."""
    noon = datetime(2025, 6, 30, 12, tzinfo=UTC)
    Interaction.objects.bulk_create(
        Interaction(
            source=shop.ledger.source,
            key=f"{customer}:{told.get('kind', '')}:{n}",
            customer_id=customer,
            day=noon.date() - timedelta(days=n // 3),
            at=noon - timedelta(days=n // 3) if n % 3 else None,
            seq=0,
            **({"kind": "call", "text": f"Talk {n}"} | told),
        )
        for n in range(count)
    )


def get_story(client: Client, customer: int, query: str = "") -> Any:
    answer = client.get(f"/customers/{customer}/story/?{query}", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.context["story"]


def read_all(client: Client, customer: int, query: str = "") -> list[str]:
    """All texts of a story, page by page as a reader scrolls."""
    texts: list[str] = []
    while True:
        story = get_story(client, customer, query)
        texts += [event.text for event in story["events"]]
        if story["more_url"] is None:
            return texts
        query = story["more_url"].partition("?")[2]


def test_scrolling_tells_everything_once_and_in_order(shop: Shop, signed_in: Client) -> None:
    add_contacts(shop, shop.leaving, 2 * EVENTS_A_PAGE + 7)
    shop.ledger.add_subscription(shop.leaving, date(2025, 6, 20), None)
    shop.ledger.add_answer(shop.leaving, date(2025, 6, 21), 9)
    texts = [text for text in read_all(signed_in, shop.leaving) if text]
    numbers = [int(text.split()[1]) for text in texts]
    # Of each day the known moments first, and of one moment the newer row.
    expected = sorted(range(2 * EVENTS_A_PAGE + 7), key=lambda n: (n // 3, n % 3 == 0, -n))
    assert numbers == expected


def test_a_page_costs_the_same_queries_however_long_the_story_is(shop: Shop, signed_in: Client) -> None:
    def count(query: str = "") -> int:
        with CaptureQueriesContext(connection) as told:
            get_story(signed_in, shop.leaving, query)
        return len(told)

    add_contacts(shop, shop.leaving, EVENTS_A_PAGE + 1)
    shop.ledger.add_orders([(shop.leaving, date(2025, 6, day)) for day in range(1, 5)])
    few, few_searched = count(), count("find=Talk")
    add_contacts(shop, shop.leaving, 20 * EVENTS_A_PAGE, kind="visit")
    shop.ledger.add_orders([(shop.leaving, date(2025, 5, day)) for day in range(1, 29)])
    assert count() <= few
    assert count("find=Talk") <= few_searched
    later = get_story(signed_in, shop.leaving)["more_url"].partition("?")[2]
    assert count(later) <= few


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("kind=order", ["Order big", "Order o7"]),
        ("kind=call", ["Call"]),
        ("kind=message", ["Message"]),
        ("kind=other", ["Fax"]),
        ("kind=nonsense", ["Fax", "Message", "Call", "Order big", "Order o7"]),
        ("find=علی", ["Fax"]),
        ("find=BIG", ["Order big"]),
        ("find=nothing+of+it", []),
        ("kind=call&find=علی", []),
    ],
)
def test_the_filter_stands_in_the_address(
    shop: Shop, signed_in: Client, query: str, titles: list[str]
) -> None:
    for n, (kind, text) in enumerate([("Call", "prices"), ("e-mail", "offer"), ("Fax", "از علي آمد")]):
        Interaction.objects.create(
            source=shop.ledger.source, key=f"x{n}", customer_id=shop.leaving, kind=kind, text=text,
            day=date(2025, 6, 1 + n), seq=0,
        )  # fmt: skip
    assert [event.title for event in get_story(signed_in, shop.leaving, query)["events"]] == titles
    page = signed_in.get(f"/customers/{shop.leaving}/?{query}").context["story"]
    assert [event.title for event in page["events"]] == titles


def test_the_story_of_a_merged_customer_is_one(shop: Shop, signed_in: Client) -> None:
    add_contacts(shop, shop.leaving, EVENTS_A_PAGE)
    add_contacts(shop, shop.staying, EVENTS_A_PAGE, kind="visit")
    merge_customers(shop.leaving, shop.staying, by=None, now=NOW)
    texts = [text for text in read_all(signed_in, shop.staying) if text]
    assert len(texts) == 2 * EVENTS_A_PAGE
    assert [int(text.split()[1]) // 3 for text in texts] == sorted(
        n // 3 for n in range(EVENTS_A_PAGE) for _ in "12"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025",
        "2025-06-30.x.1.2",
        "2025-13-01..1.2",
        "2025-06-30.9e9.1.2",
        "a.b.c.d",
        "2025-06-30.99999999999999999.1.1",
    ],
)
def test_a_place_that_is_none_begins_at_the_newest(shop: Shop, signed_in: Client, text: str) -> None:
    assert read_place(text) is None
    assert get_story(signed_in, shop.leaving, f"after={text}")["is_first"]


def test_a_place_is_read_as_it_was_written() -> None:
    for at in (None, datetime(2025, 6, 30, 12, 5, tzinfo=UTC)):
        place = Place(date(2025, 6, 30), at, 3, 77)
        assert read_place(str(place)) == place
