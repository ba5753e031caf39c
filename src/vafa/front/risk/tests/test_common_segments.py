"""Every condition that the search may find says the same as a segment, or becomes a list of exactly those customers."""

from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pytest
from django.test import Client

from vafa.act.followups.tests.conftest import NOW
from vafa.data.business.actions import change_business
from vafa.data.catalogue.models import Location, Product, ProductLine
from vafa.data.customers.models import Customer, Profile
from vafa.data.interactions.models import Interaction, Written
from vafa.data.log.actions import take_numbers
from vafa.data.orders.models import OrderLine
from vafa.data.subscriptions.models import Subscription
from vafa.front.risk.common_segment import build_part
from vafa.lab.rules import parse_rule
from vafa.lab.subgroups import list_conditions
from vafa.measure.segments.models import Segment
from vafa.measure.segments.queries import Resolver, get_segment_members, list_filter_values
from vafa.measure.segments.types import Definition, Group, StateCondition
from vafa.predict.models.types import Question
from vafa.predict.reasons import common
from vafa.predict.reasons.queries import find_common, find_members_now
from vafa.warehouse.queries import open_snapshot

pytestmark = pytest.mark.django_db
END = date(2026, 3, 1)
# Of what a segment is asked that isn't kept as a number or word of its own, a list is made.
LISTED = {
    "orders_trend", "spend_trend", "orders_last_year", "visits_before", "tickets_open", "last_score",
    "interval", "days_to_term", "days_over", "is_frozen", "contracts", "renewals", "late_renewals", "monthly_price",
    "price_change", "stated_before", "theme", "channel",
}  # fmt: skip


def serve(ledger, customer, random):
    """Contacts, visits and tickets of a customer, of some kinds."""
    for kind in ("call", "visit", "complaint", "leaving"):
        for _ in range(int(random.integers(0, 3))):
            number = take_numbers(1)
            day = END - timedelta(days=int(random.integers(1, 300)))
            Interaction.objects.create(
                source=ledger.source, key=f"i{number}", customer_id=customer, kind=kind, day=day, seq=number
            )
    if random.random() < 0.4:
        fields = {
            "category": str(random.choice(["delay", "bill"])),
            "channel": str(random.choice(["phone", ""])),
        }
        opened = datetime.combine(END - timedelta(days=int(random.integers(1, 200))), time(9), UTC)
        ledger.add_ticket(customer, opened, **fields)


def build_shop(team, customers=70):
    change_business(by=None, now=NOW, activity_rule="purchase:120d", calendar="gregorian")
    random = np.random.default_rng(11)
    lines = [ProductLine.objects.create(name=name) for name in ("Bread", "Cake")]
    products = [Product.objects.create(code=name, name=name) for name in ("P1", "P2")]
    places = [Location.objects.create(name=name) for name in ("Yazd", "Qom")]
    for _ in range(customers):
        customer = team.ledger.add_customer(location=str(random.choice(["North", "South"])))
        for _order in range(int(random.integers(1, 6))):
            number = take_numbers(1)
            amount = int(random.integers(5, 90))
            OrderLine.objects.create(
                source=team.ledger.source, key=f"o{number}", order_key=f"o{number}", customer_id=customer,
                day=END - timedelta(days=int(random.integers(1, 400))), quantity=-1 if random.random() < 0.2 else 1,
                amount=amount, discount=amount // 3 if random.random() < 0.5 else None, seq=number,
                product_line=lines[int(random.integers(2))], product=products[int(random.integers(2))],
                location=places[int(random.integers(2))],
            )  # fmt: skip
        serve(team.ledger, customer, random)
    return Question("orders", 60)


def build_club(team, customers=80):
    change_business(by=None, now=NOW, activity_rule="subscription", calendar="gregorian")
    random = np.random.default_rng(3)
    for _ in range(customers):
        customer = team.ledger.add_customer(location=str(random.choice(["North", "South"])))
        start = END - timedelta(days=int(random.integers(20, 500)))
        if random.random() < 0.4:
            team.ledger.add_subscription(
                customer, start - timedelta(days=90), start - timedelta(days=20), "short"
            )
        long_gone = random.random() < 0.2
        ended = END - timedelta(days=int(random.integers(1, 10))) if long_gone else None
        team.ledger.add_subscription(customer, start, ended, str(random.choice(["short", "long"])))
        serve(team.ledger, customer, random)
    return Question("contracts", 60)


@pytest.mark.parametrize("build", [build_shop, build_club])
def test_each_condition_is_the_same_as_a_segment_or_becomes_a_list(team, build):
    question = build(team)
    team.ledger.publish(END - timedelta(days=1), "orders" if question.kind == "orders" else "subscriptions")
    team.ledger.publish(END - timedelta(days=1), "interactions")
    team.ledger.publish(END - timedelta(days=1), "tickets")
    snapshot = open_snapshot()
    rule = parse_rule("purchase:120d" if question.kind == "orders" else "subscription")
    active = snapshot.active(rule, END)
    numbers = np.asarray(active.to_array(), dtype=np.int64)
    table = common._build_table(snapshot, END, question, numbers)
    assert table is not None
    rows = snapshot.list_numbers(table.customer_ids)
    features, columns = common._complete(snapshot, END, rule, table, rows)
    conditions, marks = list_conditions(features, columns)
    said = set()
    resolver = Resolver(snapshot, rule=str(rule))
    for condition, mark in zip(conditions, marks, strict=True):
        wanted = set(rows[mark].tolist())
        assert set(find_members_now(snapshot, rule, question, END, [condition])) == wanted, condition
        part = build_part(condition, question, list_filter_values(snapshot, "kind"))
        if part is None:
            assert condition.feature in LISTED or condition.value == 0, condition
            continue
        said.add(condition.feature)
        definition = Definition(Group("all", (StateCondition("active"), part)))
        assert set(resolver.evaluate(definition, END)) == wanted, condition
    asked = {"first_line", "first_product", "first_location", "main_line", "discount_share", "return_share",
             "spend_mean", "contact_kind", "ticket_category"}  # fmt: skip
    assert said >= (
        asked if question.kind == "orders" else {"plan", "tenure_days", "spell_days", "visit_days"}
    )


def test_those_who_left_a_club_have_a_plan_in_common_and_what_they_said_stands_beside(team):
    change_business(by=None, now=NOW, activity_rule="subscription", calendar="gregorian")
    random = np.random.default_rng(2)
    start = END - timedelta(days=90)
    for place in range(200):
        customer = team.ledger.add_customer()
        plan = ("short", "long")[place % 2]
        left = random.random() < (0.6 if plan == "short" else 0.05)
        ended = END - timedelta(days=int(random.integers(1, 80))) if left else None
        row = team.ledger.add_subscription(customer, start - timedelta(days=30 + place), ended, plan)
        if left and place % 4 == 0:
            Subscription.objects.filter(pk=row.pk).update(
                cancel_reason=("too dear", "Too  dear ")[place % 8 // 4]
            )
        if place % 5 == 0:
            Profile.objects.create(customer_id=customer, channel="email" if plan == "short" else "phone")
        if not left and place % 10 == 0:
            Written.objects.create(
                key=f"w{place}", customer_id=customer, kind="leaving", topic="value.price", written_at=NOW
            )
    team.ledger.publish(END - timedelta(days=1), "subscriptions")
    found = find_common(open_snapshot(), parse_rule("subscription"), Question("contracts", 90), start, END)
    first = found.groups[0]
    assert [(one.feature, one.value) for one in first.conditions] == [("plan", "short")]
    assert first.stated[0][0] == "cause:value"
    assert first.stated[0][1] == sum(
        1 for _pk in Subscription.objects.filter(plan="short").exclude(cancel_reason="")
    )
    assert {one.reason for one in found.stated} == {"cause:value"}
    client = Client()
    client.force_login(team.owner)
    page = client.get("/risk/common/?days=90")
    assert b"Value for the price" in page.content
    made = client.post("/risk/common/segment/?days=90", {"group": page.context["groups"][0].key})
    segment = Segment.objects.get()
    assert made["Location"] == f"/segments/{segment.slug}/"
    assert segment.kind == "rule"
    assert segment.count == len(first.members) - first.lost


def test_what_no_segment_says_becomes_a_list_of_who_meets_it_now(team):
    change_business(by=None, now=NOW, activity_rule="subscription", calendar="gregorian")
    random = np.random.default_rng(4)
    start = END - timedelta(days=90)
    for place in range(200):
        customer = team.ledger.add_customer()
        dear = place % 2 == 0
        ended = END - timedelta(days=5) if random.random() < (0.6 if dear else 0.05) else None
        row = team.ledger.add_subscription(customer, start - timedelta(days=200), ended, "one")
        Subscription.objects.filter(pk=row.pk).update(amount=90 if dear else 20, interval="1 month")
    team.ledger.publish(END - timedelta(days=1), "subscriptions")
    client = Client()
    client.force_login(team.owner)
    page = client.get("/risk/common/?days=90")
    shown = page.context["groups"][0]
    assert "list" in shown.unsaid
    client.post("/risk/common/segment/?days=90", {"group": shown.key})
    segment = Segment.objects.get()
    assert segment.kind == "list"
    ids = set(open_snapshot().ids(get_segment_members(segment.slug, open_snapshot())).tolist())
    assert ids == {row.customer_id for row in Subscription.objects.filter(amount=90, ended_on=None)}
    assert ids <= set(Customer.objects.values_list("pk", flat=True))
