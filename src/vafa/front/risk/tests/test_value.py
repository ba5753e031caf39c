"""What customers are worth: the record adds up to what the rows say, and an agent's is of the own customers."""

from datetime import date, timedelta

import numpy as np
import pytest
from django.test import Client

from vafa.act.followups.tests.conftest import NOW
from vafa.data.business.actions import change_business
from vafa.data.customers.models import Customer
from vafa.data.log.actions import take_numbers
from vafa.predict.models.queries import try_values
from vafa.predict.models.types import Question
from vafa.warehouse.queries import open_snapshot

pytestmark = pytest.mark.django_db
END = date(2026, 3, 1)
QUESTION = Question("orders", 90)
AMOUNT = 10


@pytest.fixture
def shop(team):
    """The team, and the orders of 60 customers who order about every 10, 20, 30 or 40 days; each third stops. The first
    20 are Mina's."""
    change_business(by=None, now=NOW, activity_rule="purchase:60d", calendar="gregorian")
    random = np.random.default_rng(2)
    rows = []
    for place in range(60):
        customer = team.of_mina if place == 0 else team.ledger.add_customer()
        if 0 < place < 20:
            Customer.objects.filter(pk=customer).update(owner=team.mina, seq=take_numbers(1))
        day = END - timedelta(days=400)
        stops = END - timedelta(days=200 if place % 3 == 0 else 0)
        while day < stops:
            rows.append((customer, day))
            day += timedelta(days=int(random.integers(5, 15)) * (1 + place % 4))
    team.ledger.add_orders(rows)
    team.ledger.publish(END - timedelta(days=1), "orders")
    return team, rows


def test_the_record_is_what_the_rows_say(shop):
    record = try_values(open_snapshot(), QUESTION, "gregorian")
    assert record is not None
    _team, rows = shop
    before = {customer for customer, day in rows if day < record.at}
    inside = [customer for customer, day in rows if record.at <= day < record.until and customer in before]
    assert sum(one.customers for one in record.orders) == len(before)
    assert sum(one.happened for one in record.orders) == len(inside)
    assert sum(one.happened for one in record.revenue) == pytest.approx(AMOUNT * len(inside))
    expected = [one.expected for one in record.revenue]
    assert expected == sorted(expected, reverse=True)
    # Who was expected to bring most did bring more than whom least was expected of.
    assert record.revenue[0].happened > record.revenue[-1].happened


def test_the_page_and_the_file(shop):
    client = Client()
    client.force_login(shop[0].owner)
    page = client.get("/risk/value/")
    assert page.status_code == 200
    assert len(page.context["rows"]) == 11
    file = client.get("/risk/value/export.csv")
    assert file.status_code == 200
    assert len(file.content.decode().strip().splitlines()) == 11


def test_an_agent_sees_own_customers_only(shop):
    client = Client()
    client.force_login(shop[0].mina)
    page = client.get("/risk/value/")
    assert page.context["is_limited"]
    own = [row[1] for row in page.context["rows"]][-1]
    assert own == "20"


def test_nothing_is_told_where_nothing_can_be_tried(team):
    assert try_values(open_snapshot(), QUESTION, "gregorian") is None
    client = Client()
    client.force_login(team.owner)
    assert client.get("/risk/value/").status_code == 200
