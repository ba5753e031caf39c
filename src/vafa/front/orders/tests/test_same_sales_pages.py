"""The page of sales told twice: joined, seen on both orders, parted, and never another agent's."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from vafa.data.business.queries import get_business
from vafa.data.customers.models import Customer
from vafa.data.customers.tests.people import NOW, add
from vafa.data.log.actions import get_or_add_source, take_numbers
from vafa.data.orders.models import OrderLine, SameSale
from vafa.data.staff.models import Staff
from vafa.kit.audit import list_entries
from vafa.kit.permissions import Role

pytestmark = pytest.mark.django_db


def add_order(source, number, customer):
    return OrderLine.objects.create(
        source=get_or_add_source(source), key=f"{number}\x1fp\x1f1", order_key=number, customer_id=customer,
        day=date(2026, 1, 2), quantity=Decimal(1), amount=Decimal(10), seq=take_numbers(1),
    ).pk  # fmt: skip


@pytest.fixture
def told(signed_in):
    """An order of the shop, the same one of the accounts, and whose they are."""
    customer = add("Dora")
    lines = add_order("shop", "s1", customer), add_order("accounts", "f1", customer)
    assert signed_in.post("/orders/same/look/").status_code == 302
    return (*lines, customer)


def show(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_sale_is_joined_seen_and_parted(signed_in, told):
    shop, accounts, _customer = told
    shown = show(signed_in, "/orders/same/")
    assert f"/orders/{shop}/" in shown
    assert "Same amount" in shown
    pair = SameSale.objects.get().pk
    signed_in.post(f"/orders/same/{pair}/", {"do": "second"})
    assert OrderLine.objects.get(pk=shop).set_aside == pair
    assert "counts in no figure" in show(signed_in, f"/orders/{shop}/")
    assert "counts for both" in show(signed_in, f"/orders/{accounts}/")
    assert f"/orders/{shop}/" in show(signed_in, "/orders/same/?state=joined")
    signed_in.post(f"/orders/same/{pair}/", {"do": "part"})
    assert OrderLine.objects.get(pk=shop).set_aside is None
    assert "Part again" not in show(signed_in, f"/orders/{shop}/")
    assert [entry.action for entry in list_entries()[:2]] == ["sale.parted", "sale.joined"]
    assert "seems to be told twice" in show(signed_in, "/orders/same/")


def test_nothing_is_done_by_asking_or_by_nonsense(signed_in, told):
    pair = SameSale.objects.get().pk
    assert signed_in.get(f"/orders/same/{pair}/").status_code == 405
    assert signed_in.post(f"/orders/same/{pair}/", {"do": "burn"}).status_code == 404
    assert signed_in.post("/orders/same/999/", {"do": "first"}).status_code == 404
    signed_in.post(f"/orders/same/{pair}/", {"do": "apart"})
    signed_in.post("/orders/same/look/")
    assert SameSale.objects.get().state == "different"


def test_an_agent_decides_only_on_their_own(signed_in, told):
    _shop, _accounts, customer = told
    business = get_business()
    business.agents_own_only = True
    business.save()
    agent = Staff.objects.create_user("agent@example.com", None, role=Role.AGENT, created_at=NOW)
    client = Client()
    client.force_login(agent)
    pair = SameSale.objects.get().pk
    assert "Dora" not in show(client, "/orders/same/")
    assert client.post(f"/orders/same/{pair}/", {"do": "first"}).status_code == 404
    Customer.objects.filter(pk=customer).update(owner=agent)
    assert "Dora" in show(client, "/orders/same/")
    assert client.post(f"/orders/same/{pair}/", {"do": "first"}).status_code == 302
    assert SameSale.objects.get().state == "joined"


def test_the_pairs_are_taken_as_a_file(signed_in, told):
    assert "/orders/same.csv?state=open" in show(signed_in, "/orders/same/")
    _head, line = b"".join(signed_in.get("/orders/same.csv?state=open")).decode("utf-8-sig").splitlines()
    assert line.startswith(f"open,{told[2]},Dora,s1,shop,2026-01-02,10,")
    assert "f1,accounts,2026-01-02,10," in line
    assert len(b"".join(signed_in.get("/orders/same.csv?state=joined")).splitlines()) == 1
