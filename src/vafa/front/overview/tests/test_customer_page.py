"""A customer's page: who, how they stand, what happened, and why."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from vafa.data.customers.models import Customer
from vafa.data.interactions.models import Interaction
from vafa.data.log.actions import take_numbers
from vafa.front.customer.timeline import EVENTS_A_PAGE
from vafa.front.overview.tests.shop import Shop, add_person, add_point


def get_context(client: Client, customer: int, query: str = "") -> Any:
    answer = client.get(f"/customers/{customer}/?{query}")
    assert answer.status_code == 200
    return answer.context


def test_how_they_stand(shop: Shop, signed_in: Client) -> None:
    standing = get_context(signed_in, shop.staying)["standing"]
    assert (standing.badge, standing.since) == ("Active", "Active since 20 June 2025")
    # 20 January to 20 June: gaps of 31, 28, 31, 30 and 31 days, so a window of 30 days breaks now and then.
    assert standing.rhythm.startswith("Every 31 days")
    assert not standing.is_late
    leaving = get_context(signed_in, shop.leaving)["standing"]
    assert (leaving.badge, leaving.since) == ("Not active", "Not active since 16 May 2025")
    assert leaving.rhythm is None


def test_lateness_is_told_from_the_last_known_day(shop: Shop, signed_in: Client) -> None:
    for day in (1, 3, 5):
        shop.ledger.add_order(shop.leaving, date(2025, 5, day))
    shop.ledger.publish(date(2025, 6, 30))
    standing = get_context(signed_in, shop.leaving)["standing"]
    # The gaps are 31, 16, 2 and 2 days: nine is their median. The last purchase was 56 days before 30 June.
    assert standing.rhythm.startswith("Every 9 days")
    assert standing.is_late
    assert standing.lateness == "47 days past the usual gap"


def test_what_they_are_worth(shop: Shop, signed_in: Client) -> None:
    worth = get_context(signed_in, shop.leaving)["worth"]
    assert (worth.orders, worth.revenue, worth.average) == ("2", "€115.50", "€57.75")


def test_orders_stand_on_the_timeline_with_their_lines(shop: Shop, signed_in: Client) -> None:
    events = get_context(signed_in, shop.leaving)["story"]["events"]
    assert [(event.title, event.amount, len(event.details)) for event in events] == [
        ("Order big", "€75.50", 2), ("Order o7", "€40.00", 1),
    ]  # fmt: skip


def test_all_kinds_of_facts_are_told_newest_first(shop: Shop, signed_in: Client) -> None:
    shop.ledger.add_subscription(shop.leaving, date(2025, 4, 1), date(2025, 5, 1))
    Interaction.objects.create(
        source=shop.ledger.source, key="i1", customer_id=shop.leaving, kind="call", day=date(2025, 4, 20),
        subject="Asked about <b>prices</b>", seq=take_numbers(1),
    )  # fmt: skip
    answer = signed_in.get(f"/customers/{shop.leaving}/")
    titles = [event.title for event in answer.context["story"]["events"]]
    assert titles == ["Asked about <b>prices</b>", "Order big", "Subscription: gold", "Order o7"]
    assert "<b>prices</b>" not in answer.content.decode()
    assert "Last day: 30 April 2025" in answer.content.decode()


def test_the_story_goes_on_page_by_page_without_gaps(shop: Shop, signed_in: Client) -> None:
    person = add_person(shop.ledger, "Regular", "K8")
    days = [
        date.fromordinal(date(2025, 1, 1).toordinal() + 2 * step) for step in range(2 * EVENTS_A_PAGE + 5)
    ]
    shop.ledger.add_orders([(person, day) for day in days])
    shop.ledger.publish(date(2025, 6, 30))
    seen, query = [], ""
    while True:
        story = get_context(signed_in, person, query)["story"]
        seen += [event.day for event in story["events"]]
        if story["next_url"] is None:
            break
        query = story["next_url"].partition("?")[2].partition("#")[0]
    assert seen == days[::-1]


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2025-05-01", "the spell began before this midnight"),
        ("2025-05-16", "was over by this midnight"),
        ("2025-03-15", "the spell begins on this very day"),
        ("2025-02-01", "the first spell begins later"),
        ("2026-02-01", "no source has told of this day"),
    ],
)
def test_why_is_told_for_any_day(shop: Shop, signed_in: Client, day: str, told: str) -> None:
    why = get_context(signed_in, shop.leaving, f"on={day}")["why"]
    assert told in why.because
    assert "30 days" in why.rule


def test_why_names_the_rows_behind_it(shop: Shop, signed_in: Client) -> None:
    why = get_context(signed_in, shop.leaving, "on=2025-05-01")["why"]
    decisive = [(row.key, row.what, row.decisive) for row in why.rows]
    assert ("big", "A Cake", True) in decisive
    assert all(row.source == "shop" for row in why.rows)


def test_of_very_many_rows_those_that_decide_are_shown_and_the_rest_counted(
    shop: Shop, signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = get_context(signed_in, shop.staying, "on=2025-05-01")["why"]
    count = len(whole.rows) + len(whole.others)
    assert count > 1
    monkeypatch.setattr("vafa.front.customer.views.MOST_ROWS", 1)
    monkeypatch.setattr("vafa.front.customer.why.MOST_ROWS", 1)
    why = get_context(signed_in, shop.staying, "on=2025-05-01")["why"]
    assert why.rows == whole.rows[:1]
    assert (why.others, why.more) == ([], f"And {count - 1} older rows.")


def test_a_day_that_is_none_is_told(shop: Shop, signed_in: Client) -> None:
    assert get_context(signed_in, shop.leaving, "on=tomorrow")["problems"]


def test_a_merged_customer_leads_to_the_kept_one_with_all_facts(shop: Shop, signed_in: Client) -> None:
    add_point(shop.newcomer, "email", "anna@example.com")
    Customer.objects.filter(pk=shop.newcomer).update(kept_id=shop.staying, seq=take_numbers(1))
    shop.ledger.publish(date(2025, 6, 30))
    answer = signed_in.get(f"/customers/{shop.newcomer}/")
    assert (answer.status_code, answer["location"]) == (302, f"/customers/{shop.staying}/")
    context = get_context(signed_in, shop.staying)
    assert len(context["story"]["events"]) == 8
    assert context["who"]["keys"] == ["K1", "K3"]
    assert [point.value for point in context["who"]["points"]] == ["anna@example.com"]


def test_unknown_customers_are_not_found(shop: Shop, signed_in: Client) -> None:
    assert signed_in.get("/customers/987654/").status_code == 404
