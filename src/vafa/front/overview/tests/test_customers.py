"""The list of customers: searched, sorted and filtered."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from vafa.data.business.actions import change_business
from vafa.data.customers.models import Customer
from vafa.data.customers.queries import search_customers
from vafa.data.log.actions import take_numbers
from vafa.front.overview.tests.shop import NOW, Shop, add_person, add_point, exclude
from vafa.measure.metrics.tests.ledger import Ledger


def list_ids(client: Client, query: str = "") -> list[int]:
    answer: Any = client.get(f"/customers/?{query}")
    assert answer.status_code == 200
    return [row.id for row in answer.context["rows"]]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("رضا", "staying"),
        ("كريمي", "staying"),
        ("کریمی رضا", "staying"),
        ("K2", "leaving"),
        ("گودرزی", "leaving"),
        ("brown", "newcomer"),
        ("ANNA", "newcomer"),
        ("علی محمدی", "returning"),
        ("۰۹۱۲ ۳۴۵ ۶۷۸۹", "leaving"),
        ("+98 (912) 345-6789", "leaving"),
        ("9123456789", "leaving"),
        ("anna@example", "newcomer"),
        ("Anna@Example.com", "newcomer"),
    ],
)
def test_customers_are_found_by_what_people_type(shop: Shop, signed_in: Client, text: str, who: str) -> None:
    change_business(by=None, now=NOW, phone_region="IR")
    add_point(shop.leaving, "phone", "+989123456789")
    add_point(shop.newcomer, "email", "anna@example.com")
    assert list_ids(signed_in, f"q={text.replace('+', '%2B')}") == [getattr(shop, who)]


def test_nobody_found_leads_back(shop: Shop, signed_in: Client) -> None:
    assert "Nobody found" in signed_in.get("/customers/?q=Nebuchadnezzar").content.decode()


def test_a_merged_customer_is_found_as_the_kept_one(shop: Shop, signed_in: Client) -> None:
    Customer.objects.filter(pk=shop.newcomer).update(kept_id=shop.staying, seq=take_numbers(1))
    shop.ledger.publish(date(2025, 6, 30))
    assert list_ids(signed_in, "q=K3") == [shop.staying]
    assert shop.newcomer not in list_ids(signed_in)


def test_who_is_excluded_is_found_but_not_listed(shop: Shop, signed_in: Client) -> None:
    exclude(shop.leaving)
    Customer.objects.filter(pk=shop.leaving).update(seq=take_numbers(1))
    shop.ledger.publish(date(2025, 6, 30))
    assert shop.leaving not in list_ids(signed_in)
    answer = signed_in.get("/customers/?q=K2")
    assert "Left out of figures" in answer.content.decode()


def test_names_stand_in_the_order_of_the_language(ledger: Ledger, signed_in: Client) -> None:
    names = ["یاسمن", "پویا", "آرش", "گلی", "Zed", "چنگیز", "", "ژاله"]
    people = {name: add_person(ledger, name, f"N{place}") for place, name in enumerate(names)}
    ledger.add_orders([(pk, date(2025, 5, 1)) for pk in people.values()])
    ledger.publish(date(2025, 5, 31))
    in_order = ["آرش", "پویا", "چنگیز", "ژاله", "گلی", "یاسمن", "Zed", ""]
    assert list_ids(signed_in) == [people[name] for name in in_order]


def test_states_share_out_everybody(shop: Shop, signed_in: Client) -> None:
    never = add_person(shop.ledger, "Visitor", "K5", joined_on=date(2025, 2, 1))
    shop.ledger.publish(date(2025, 6, 30))
    everybody = set(list_ids(signed_in))
    assert everybody == {shop.staying, shop.leaving, shop.newcomer, shop.returning, never}
    assert set(list_ids(signed_in, "state=active")) == {shop.staying}
    assert set(list_ids(signed_in, "state=lost")) == {shop.leaving, shop.newcomer, shop.returning}
    assert list_ids(signed_in, "state=never") == [never]
    assert set(list_ids(signed_in, "state=active&rule=purchase:60d")) == {
        shop.staying, shop.newcomer, shop.returning,
    }  # fmt: skip


def test_filters_join(shop: Shop, signed_in: Client) -> None:
    for pk, tags, city in ((shop.staying, ["vip", "شمال"], "Rasht"), (shop.leaving, ["vip"], "Yazd")):
        Customer.objects.filter(pk=pk).update(tags=tags, location=city, seq=take_numbers(1))
    shop.ledger.publish(date(2025, 6, 30))
    assert set(list_ids(signed_in, "tag=vip")) == {shop.staying, shop.leaving}
    assert list_ids(signed_in, "tag=شمال") == [shop.staying]
    assert list_ids(signed_in, "tag=vip&state=lost") == [shop.leaving]
    assert list_ids(signed_in, "field=customer_location&value=Yazd") == [shop.leaving]
    assert list_ids(signed_in, "q=K1&state=lost") == []


def test_columns_tell_what_each_has_bought(shop: Shop, signed_in: Client) -> None:
    rows = {row.id: row for row in signed_in.get("/customers/").context["rows"]}
    leaving = rows[shop.leaving]
    assert (leaving.first, leaving.last, leaving.orders, leaving.revenue) == (
        "15 Mar 2025", "15 Apr 2025", "2", "€115.50",
    )  # fmt: skip


def test_money_follows_returns_and_rates(shop: Shop, signed_in: Client) -> None:
    from decimal import Decimal

    from vafa.data.business.actions import set_rate
    from vafa.data.orders.models import ReturnLine

    shop.ledger.add_order(shop.newcomer, date(2025, 6, 1), 10, currency="USD")
    shop.ledger.add_order(shop.newcomer, date(2025, 6, 2), 999, currency="CHF")
    ReturnLine.objects.create(
        source=shop.ledger.source, key="r1", customer_id=shop.newcomer, day=date(2025, 6, 3),
        amount=Decimal(5), seq=take_numbers(1),
    )  # fmt: skip
    set_rate("USD", Decimal("0.9"), date(2025, 1, 1), by=None, now=NOW)
    shop.ledger.publish(date(2025, 6, 30))
    rows = {row.id: row for row in signed_in.get("/customers/").context["rows"]}
    assert (rows[shop.newcomer].revenue, rows[shop.newcomer].orders) == ("€64.00", "4")


def test_a_page_goes_on_where_somebody_has_left_the_list(shop: Shop, signed_in: Client) -> None:
    first, *others = list_ids(signed_in, "sort=name&dir=up")
    assert list_ids(signed_in, f"sort=name&dir=up&after={first}") == others
    # Only the lost are listed; whoever the last page ended with is not one of them.
    lost = [pk for pk in others if pk != shop.staying]
    assert set(lost) <= set(list_ids(signed_in, "sort=name&dir=up&state=lost")) | {first}
    assert list_ids(signed_in, f"sort=name&dir=up&after={10**9}")


def test_an_empty_business_leads_to_the_import(ledger: Ledger, signed_in: Client) -> None:
    assert "Nobody here yet" in signed_in.get("/customers/").content.decode()


def test_searching_ends_at_its_limit_and_keeps_to_the_owner(shop: Shop) -> None:
    owner = shop.hire("agent")  # type: ignore[arg-type]
    Customer.objects.filter(pk=shop.leaving).update(owner=owner)
    assert search_customers("K2", owner_id=owner.pk) == [shop.leaving]
    assert search_customers("K1", owner_id=owner.pk) == []
    assert len(search_customers("ی", limit=1)) == 1
    assert search_customers("   ") == []
