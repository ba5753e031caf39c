"""The search box of the top bar: what it shows, to whom, and that nothing keeps what was asked."""

import logging
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client

from vafa.data.business.queries import get_business
from vafa.data.customers.models import ContactPoint, Customer
from vafa.data.log.actions import get_or_add_source, take_numbers
from vafa.data.orders.models import OrderLine
from vafa.data.staff.models import Staff
from vafa.kit.audit import list_entries
from vafa.kit.permissions import Role

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


def add(name, phone="", **fields):
    customer = Customer.objects.create(name=name, name_folded=name.lower(), seq=take_numbers(1), **fields)
    if phone:
        ContactPoint.objects.create(customer=customer, kind="phone", value=phone)
    return customer.pk


def add_order(number, customer):
    return OrderLine.objects.create(
        source=get_or_add_source("shop"), key=f"{number}\x1fp\x1f1", order_key=number, customer_id=customer,
        day=date(2026, 1, 2), quantity=Decimal(1), amount=Decimal(10), seq=take_numbers(1),
    ).pk  # fmt: skip


@pytest.fixture
def agent():
    business = get_business()
    business.agents_own_only = True
    business.save()
    return Staff.objects.create_user("agent@example.com", None, role=Role.AGENT, created_at=NOW)


def get(client, text, path="/search/found/"):
    return client.get(path, {"find": text}).content.decode()


def test_customers_orders_and_pages_are_found(signed_in):
    dora = add("Dora", "+491701234567")
    line = add_order("A-2041", dora)
    for path in ("/search/found/", "/search/"):
        assert f'href="/customers/{dora}/"' in get(signed_in, "4567", path)
        assert f'href="/orders/{line}/"' in get(signed_in, "a-20", path)
        assert f'href="/orders/{line}/"' in get(signed_in, "#A-2041", path)
        assert 'href="/segments/"' in get(signed_in, "segm", path)


def test_what_is_not_found_is_said(signed_in):
    assert 'role="status"' in get(signed_in, "zzzz")
    assert get(signed_in, "  ").strip() == ""
    assert "zzzz&lt;b&gt;" in get(signed_in, "zzzz<b>", "/search/")


def test_an_agent_finds_only_what_is_theirs(agent, signed_in):
    theirs, other = add("Dora", "+491701234567", owner=agent), add("Dorothea", "+491709994567")
    own_line, other_line, nobodys = (
        add_order("77-1", theirs),
        add_order("77-2", other),
        add_order("77-3", None),
    )
    client = Client()
    client.force_login(agent)
    for text in ("dor", "4567"):
        shown = get(client, text)
        assert f"/customers/{theirs}/" in shown
        assert f"/customers/{other}/" not in shown
    shown = get(client, "77-")
    assert f"/orders/{own_line}/" in shown
    assert f"/orders/{other_line}/" not in shown
    assert f"/orders/{nobodys}/" not in shown
    assert [client.get(f"/orders/{line}/").status_code for line in (own_line, other_line, nobodys)] == [
        200,
        404,
        404,
    ]
    assert [signed_in.get(f"/orders/{line}/").status_code for line in (own_line, other_line, nobodys)] == [
        200
    ] * 3


def test_an_agent_finds_no_settings(agent):
    client = Client()
    client.force_login(agent)
    assert "/settings/staff/" not in get(client, "Staff")


def test_nothing_keeps_what_was_asked(signed_in, caplog):
    add("Dora")
    with caplog.at_level(logging.DEBUG):
        get(signed_in, "Dora Secretova")
        get(signed_in, "Dora Secretova", "/search/")
    # In DEBUG alone Django logs queries; nothing of ours may be among them.
    assert not [
        r for r in caplog.records if r.name != "django.db.backends" and "secretova" in r.getMessage().lower()
    ]
    assert not [entry for entry in list_entries() if "secretova" in str(entry.details).lower()]
    assert "no-store" in signed_in.get("/search/", {"find": "x"}).headers["Cache-Control"]
