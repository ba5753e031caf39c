"""How long customers stay: as its slow twin says, by group, in a file, and of one's own customers only."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from django.test import Client

from vafa.act.followups.tests.conftest import NOW
from vafa.data.business.actions import change_business
from vafa.data.customers.models import Customer
from vafa.data.log.actions import take_numbers
from vafa.predict.models.queries import find_half_day
from vafa.predict.scores.models import Standing
from vafa.warehouse.actions import publish_column

pytestmark = pytest.mark.django_db
END = date(2026, 3, 1)
# Start and end, in months of 30 days before the end of data; None runs on.
LIVES = [
    (10, 4),
    (10, 8),
    (10, None),
    (7, 1),
    (7, None),
    (5, None),
    (4, 2),
    (3, None),
    (2, None),
    (9, 3),
    (9, None),
]


@pytest.fixture
def club(team):
    """Members of two plans and two cities; one of them is Mina's."""
    change_business(by=None, now=NOW, activity_rule="subscription", calendar="gregorian")
    for place, (start, end) in enumerate(LIVES):
        customer = team.of_mina if place == 0 else team.ledger.add_customer(location="Yazd")
        team.ledger.add_subscription(
            customer,
            END - timedelta(days=30 * start),
            None if end is None else END - timedelta(days=30 * end),
            plan="gold" if place % 2 else "silver",
        )
    Customer.objects.filter(pk=team.of_mina).update(location="Shiraz", seq=take_numbers(1))
    team.ledger.publish(END - timedelta(days=1), "subscriptions")
    return team


def ask(staff, query=""):
    client = Client()
    client.force_login(staff)
    page = client.get(f"/risk/when/{query}")
    assert page.status_code == 200
    return page


def test_the_curve_is_of_everybody_and_shrinks(club):
    page = ask(club.owner)
    values = page.context["stay"].data["series"][0]["values"]
    assert values[0] == 1
    assert all(after <= before for before, after in pairwise(values))
    # Two of eleven left after 60 days; the next ones after 180, when six were there still.
    assert values[3] == pytest.approx(9 / 11)
    assert values[8] == pytest.approx(9 / 11 * 3 / 6)
    assert page.context["leaving"] is not None


def test_by_plan_there_is_a_line_for_each_but_none_of_few(club):
    page = ask(club.owner, "?by=plan")
    assert page.context["stay"] is None
    for number in range(12):
        customer = club.ledger.add_customer()
        ended = END - timedelta(days=10) if number < 3 else None
        club.ledger.add_subscription(customer, END - timedelta(days=120 + number), ended, plan="gold")
    club.ledger.publish(END - timedelta(days=1), "subscriptions")
    page = ask(club.owner, "?by=plan")
    assert [series["name"] for series in page.context["stay"].data["series"]] == ["gold"]
    assert page.context["stay"].rows[0][0] == "gold"


def test_a_field_that_does_not_fit_is_told_of(club):
    assert len(ask(club.owner, "?by=product").context["problems"]) == 1


def test_the_file_holds_the_same_curve(club):
    client = Client()
    client.force_login(club.owner)
    answer = client.get("/risk/when/export.csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("by,group,month,share")
    assert lines[1].split(",")[2:4] == ["0", "1.0"]
    assert client.get("/risk/when/export.pdf").status_code == 404


def test_who_is_limited_sees_own_customers_only(club):
    page = ask(club.mina)
    assert page.context["is_limited"]
    # One customer makes no curve, and the names of others' plans tell of nobody.
    assert page.context["stay"] is None
    assert "Yazd" not in page.content.decode()


def test_without_data_it_says_what_to_do(team):
    assert not ask(team.owner).context["has_data"]


def test_the_customer_file_tells_by_when_half_of_those_like_this_one_leave(club):
    for number in range(30):
        customer = club.ledger.add_customer()
        start = END - timedelta(days=400 + number)
        club.ledger.add_subscription(
            customer, start, start + timedelta(days=30 * (number % 10 + 1)), plan="silver"
        )
    there = club.ledger.add_customer("there", owner=club.mina)
    club.ledger.add_subscription(there, END - timedelta(days=60), None, plan="silver")
    snapshot = club.ledger.publish(END - timedelta(days=1), "subscriptions")
    Standing.objects.create(
        pk=1, kind="contracts", horizon_days=90, as_of=END, verdict="bands", looked_at=NOW
    )
    publish_column("risk_band", [there], np.array([1], np.float32), END)
    client = Client()
    client.force_login(club.mina)
    expected = dict(client.get(f"/customers/{there}/risk/").context["risk"].expected)
    end = find_half_day(snapshot, END, there)
    assert end is not None
    assert str(end.year) in expected["Half of customers like this one leave by"]
