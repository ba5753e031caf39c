"""What those who left have in common: a planted group is told and made a segment, noise isn't, agents see their own."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from django.test import Client

from vafa.act.followups.tests.conftest import NOW
from vafa.data.business.actions import change_business
from vafa.data.customers.models import Customer
from vafa.data.log.actions import take_numbers
from vafa.front.risk.common_segment import build_definition
from vafa.lab.subgroups import Condition
from vafa.measure.segments.models import Segment
from vafa.predict.models.types import Question

pytestmark = pytest.mark.django_db
END = date(2026, 3, 1)
CUSTOMERS = 180


def build_shop(team, *, planted):
    """Everybody bought before the last 90 days; in them most of Yazd bought nothing, or nobody in particular did."""
    change_business(by=None, now=NOW, activity_rule="purchase:90d", calendar="gregorian")
    random = np.random.default_rng(5)
    for place in range(CUSTOMERS):
        in_yazd = place % 3 == 0
        customer = team.ledger.add_customer(location="Yazd" if in_yazd else "Shiraz")
        for days in (300, 150 + place % 17, 100 + place % 13):
            team.ledger.add_order(customer, END - timedelta(days=days))
        chance = (0.9 if in_yazd else 0.05) if planted else 0.35
        if random.random() > chance:
            team.ledger.add_order(customer, END - timedelta(days=int(random.integers(2, 60))))
    team.ledger.publish(END - timedelta(days=1), "orders")
    return team


def ask(staff, query="?days=90"):
    client = Client()
    client.force_login(staff)
    page = client.get(f"/risk/common/{query}")
    assert page.status_code == 200
    return client, page


def test_a_planted_group_is_told_and_made_a_segment_by_those_who_may_see_it(team):
    shop = build_shop(team, planted=True)
    client, page = ask(shop.owner)
    found = page.context["found"]
    first = found.groups[0]
    assert first.conditions == (Condition("field:customer_location", "is", "Yazd"),)
    assert len(first.members) == CUSTOMERS / 3
    assert first.lost > 0.7 * len(first.members)
    assert first.confirmed.low > first.rest.value
    assert first.revenue > 0
    assert found.customers >= CUSTOMERS
    assert b"Yazd" in page.content
    file = client.get("/risk/common/export.csv?days=90")
    assert f",{len(first.members)},{first.lost}," in file.content.decode()
    shown = page.context["groups"][0]
    made = client.post("/risk/common/segment/?days=90", {"group": shown.key})
    segment = Segment.objects.get()
    assert made.url == f"/segments/{segment.slug}/"
    assert segment.count == len(first.members) - first.lost
    # A group that isn't there makes nothing, and asking makes nothing.
    client.post("/risk/common/segment/?days=90", {"group": "plan:is:gold"})
    assert client.get("/risk/common/segment/").status_code == 405
    assert Segment.objects.count() == 1
    # An agent sees and makes nothing of others.
    own = Customer.objects.filter(location="Shiraz")[:60]
    Customer.objects.filter(pk__in=[one.pk for one in own]).update(owner=shop.mina, seq=take_numbers(1))
    shop.ledger.publish(END - timedelta(days=1), "orders")
    client, page = ask(shop.mina)
    found = page.context["found"]
    assert found.customers <= 61
    assert b"Yazd" not in page.content
    assert client.post("/risk/common/segment/?days=90", {"group": "x"}).status_code == 403


def test_noise_and_too_little_are_said_openly(team):
    shop = build_shop(team, planted=False)
    _client, page = ask(shop.owner)
    assert page.context["found"].groups == ()
    assert b"Nothing that holds on the other half" in page.content
    assert ask(shop.owner, "?days=365")[1].context["found"] is None
    assert ask(shop.owner, "?days=7")[1].context["problems"]


def test_a_segment_says_what_it_can_and_no_more():
    orders = Question("orders", 90)
    said = (Condition("recency_days", "more_than", 37.0), Condition("orders", "at_most", 4.0))
    assert build_definition(said, orders) is not None
    complained = build_definition((Condition("complaints_recent", "more_than", 0.0),), orders)
    assert complained is not None
    assert "complaint" in complained.root.parts[1].filters[0].values
    shared = build_definition((*said, Condition("discount_share", "at_most", 1 / 3)), orders)
    assert shared is not None
    # Whoever has the bound itself is within it.
    assert shared.root.parts[3].value == Decimal("33.3334")
    assert build_definition((*said, Condition("orders_trend", "at_most", 0.0)), orders) is None
    assert (
        build_definition((Condition("monthly_price", "more_than", 30.0),), Question("contracts", 90)) is None
    )
