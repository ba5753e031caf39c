"""The pages of data quality: counts, the rows behind them, joining doubles, and who may see what."""

import csv
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.test import Client

from vafa.data.business.actions import change_business
from vafa.data.customers.models import Customer
from vafa.data.log.actions import take_numbers
from vafa.data.orders.models import OrderLine
from vafa.front.overview.tests.shop import NOW, Shop, add_person, add_point, sign_in
from vafa.kit.permissions import Role
from vafa.measure.quality.actions import look
from vafa.warehouse.queries import open_snapshot


@pytest.fixture
def messy(shop: Shop) -> Shop:
    """The shop, which has an owner, with a double of a customer and an order in the far future."""
    shop.hire(Role.OWNER, "first@example.com")
    double = add_person(shop.ledger, "رضا كريمي", "K9")
    for customer in (shop.staying, double):
        add_point(customer, "phone", "+989120000001")
    line = shop.ledger.add_order(double, date(2099, 1, 1), 10, order="far")
    OrderLine.objects.filter(pk=line.pk).update(import_id=7)
    shop.ledger.publish(date(2025, 6, 30))
    return shop


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_tells_what_was_found_what_it_does_and_how_it_is_mended(messy: Shop):
    page = read(sign_in(messy.hire(Role.OWNER)), "/quality/")
    assert "2 things in the data are worth a look." in page
    assert "Customers with the same phone number" in page
    assert "2 customers" in page
    assert "One person counted twice seems two" in page
    assert "Looked for, and nothing found" in page


def test_a_business_without_data_is_led_to_its_first_file(signed_in: Client):
    page = read(signed_in, "/quality/")
    assert "There are no data yet" in page
    assert "Import a file" in page


def test_the_rows_lead_to_the_customer_and_the_import(messy: Shop):
    page = read(sign_in(messy.hire(Role.OWNER)), "/quality/future_orders/")
    assert 'href="/imports/7/"' in page
    assert "رضا كريمي" in page
    assert "far" in page
    reader = read(sign_in(messy.hire(Role.READ_ONLY)), "/quality/future_orders/")
    assert 'href="/imports/7/"' not in reader
    assert "Import 7" in reader


def test_an_unknown_check_is_not_found(messy: Shop):
    owner = sign_in(messy.hire(Role.OWNER))
    for path in ("/quality/nonsense/", "/quality/nonsense.csv", "/quality/future_orders.pdf"):
        assert owner.get(path).status_code == 404


def test_the_file_holds_every_row_with_plain_values(messy: Shop):
    answer = sign_in(messy.hire(Role.OWNER)).get("/quality/future_orders.csv")
    text = answer.getvalue().decode("utf-8-sig")
    (row,) = csv.DictReader(StringIO(text))
    assert (row["day"], row["order"], row["import"], row["currency"]) == ("2099-01-01", "far", "7", "EUR")
    assert sign_in(messy.hire(Role.AGENT)).get("/quality/future_orders.csv").status_code == 403


def test_doubles_are_joined_and_taken_apart_again(messy: Shop):
    manager = sign_in(messy.hire(Role.MANAGER))
    page = read(manager, "/quality/same_phone/")
    assert "They are one person" in page
    double = Customer.objects.get(name="رضا كريمي").pk
    asked = {"customer": [messy.staying, double], "check": "same_phone"}
    answer = manager.post("/quality/join/", asked)
    assert (answer.status_code, answer["Location"]) == (302, "/quality/same_phone/")
    assert Customer.objects.get(pk=double).kept_id == messy.staying
    page = read(manager, "/quality/same_phone/")
    assert "Nothing found" in page
    assert "Take apart again" in page
    assert open_snapshot().customer_count == 4
    manager.post(f"/quality/separate/{double}/", {"check": "same_phone"})
    assert Customer.objects.get(pk=double).kept_id is None
    assert "They are one person" in read(manager, "/quality/same_phone/")


def test_joining_is_never_done_by_looking_and_not_by_everybody(messy: Shop):
    double = Customer.objects.get(name="رضا كريمي").pk
    asked = {"customer": [messy.staying, double]}
    assert sign_in(messy.hire(Role.OWNER)).get("/quality/join/", asked).status_code == 405
    reader = sign_in(messy.hire(Role.READ_ONLY))
    assert reader.post("/quality/join/", asked).status_code == 403
    assert "They are one person" not in read(reader, "/quality/same_phone/")
    assert Customer.objects.get(pk=double).kept_id is None
    manager = sign_in(messy.hire(Role.MANAGER))
    assert manager.post("/quality/join/", {"customer": ["1"]}).status_code == 404
    assert manager.post("/quality/join/", {"customer": ["9" * 40, "9" * 41]}).status_code == 404


def test_an_agent_with_own_customers_sees_and_joins_only_those(messy: Shop):
    agent = messy.hire(Role.AGENT)
    change_business(by=None, now=NOW, agents_own_only=True)
    Customer.objects.filter(pk=messy.staying).update(owner_id=agent.pk, seq=take_numbers(1))
    messy.ledger.publish(date(2025, 6, 30))
    client = sign_in(agent)
    page = read(client, "/quality/")
    assert "own customers only" in page
    assert "Customers with the same phone number" in page.partition("Looked for, and nothing found")[2]
    assert "Days without any order" not in page
    assert "رضا كريمي" not in read(client, "/quality/same_phone/")
    assert client.get("/quality/gaps_in_the_days/").status_code == 404
    double = Customer.objects.get(name="رضا كريمي").pk
    assert client.post("/quality/join/", {"customer": [messy.staying, double]}).status_code == 403


def test_the_overview_tells_whoever_can_mend_it(messy: Shop):
    owner, reader = sign_in(messy.hire(Role.OWNER)), sign_in(messy.hire(Role.READ_ONLY))
    assert "worth a look" not in read(owner, "/overview/")
    look(now=datetime(2025, 7, 1, tzinfo=UTC))
    assert "2 things in the data are worth a look." in read(owner, "/overview/")
    assert "worth a look" not in read(reader, "/overview/")


@pytest.mark.parametrize("page", ["0", "2", "-1", "x", "99999999999"])
def test_any_page_number_can_be_asked_for(messy: Shop, page: str):
    read(sign_in(messy.hire(Role.OWNER)), f"/quality/future_orders/?page={page}")
