"""Following the changes ends where building anew would, and both say what the rows say."""

import os
import tempfile
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from vafa.data.customers.models import Customer
from vafa.data.orders.models import OrderLine, ReturnLine
from vafa.data.subscriptions.models import Subscription
from vafa.lab.rules import ActivityRule
from vafa.lab.spells import naive_is_active_by_purchases, naive_is_active_by_subscriptions
from vafa.warehouse.actions import refresh
from vafa.warehouse.queries import Query, Snapshot, open_snapshot
from vafa.warehouse.tests.world import (
    NOW,
    World,
    build_day,
    find_naive_roots,
    list_naive_purchases,
    undone_afterwards,
)
from vafa.warehouse.types import Group

DAYS = 20
BOUNDARIES = [build_day(number) for number in range(-1, DAYS + 8, 3)]
PURCHASE, SUBSCRIPTION = ActivityRule("purchase", 4), ActivityRule("subscription", 2)

QUERIES = {
    "facts": """
        SELECT f.row_id, c.id, f.day_no, f.quantity, f.amount, f.counts, f.cancelled, f.is_purchase, l.name, m.code,
            count(*) OVER (PARTITION BY f.order_no)
        FROM facts f LEFT JOIN customers c ON c.ix = f.customer_ix LEFT JOIN locations l ON l.id = f.location
        LEFT JOIN currencies m ON m.id = f.currency ORDER BY 1
    """,
    "returns": "SELECT row_id, c.id, day_no FROM returns r LEFT JOIN customers c ON c.ix = r.customer_ix ORDER BY 1",
    "subscriptions": """
        SELECT row_id, c.id, started_no, ended_no, plan FROM subscriptions s
        JOIN customers c ON c.ix = s.customer_ix ORDER BY 1
    """,
    "customers": "SELECT id, location, joined_no FROM customers ORDER BY 1",
}


def tell(snapshot: Snapshot) -> dict[str, Any]:
    """All that a snapshot knows, in customers' ids."""

    def ids(members: BitMap) -> list[int]:
        return sorted(snapshot.ids(members).tolist())

    told: dict[str, Any] = {name: snapshot.run(Query(sql)) for name, sql in QUERIES.items()}
    told["everyone"] = ids(snapshot.everyone())
    told["window"] = snapshot.learned_window()
    told["feeds"] = snapshot.freshness()
    groups = [None, *snapshot.list_groups("location"), *snapshot.list_groups("product")]
    for rule in (PURCHASE, SUBSCRIPTION):
        for group in groups if rule is PURCHASE else [None, *snapshot.list_groups("plan")]:
            told[f"active {rule} {group}"] = [ids(snapshot.active(rule, day, group)) for day in BOUNDARIES]
            starts = snapshot.first_start_days(rule, group)
            told[f"starts {rule} {group}"] = sorted(
                (int(snapshot.list_ids([ix])[0]), int(starts[ix])) for ix in snapshot.everyone()
            )
            spells = snapshot.spells(rule, group)
            told[f"spells {rule} {group}"] = sorted(
                zip(snapshot.list_ids(spells.customer_ix).tolist(), spells.start.tolist(), spells.end.tolist())
            )
    for day in range(DAYS):
        one_day = build_day(day), build_day(day + 1)
        told[f"day {day}"] = [
            ids(find(*one_day, group)) for find in (snapshot.buyers, snapshot.with_rows) for group in groups
        ]
    return told


def check_against_rows(snapshot: Snapshot) -> None:
    """Every set as the definition tells it from the rows, customer by customer."""
    purchases = list_naive_purchases()
    roots = find_naive_roots()
    periods: dict[int, list[tuple[int, int | None]]] = {}
    for row in Subscription.objects.all():
        if row.customer_id in roots:
            ended = row.ended_on.toordinal() if row.ended_on else None
            periods.setdefault(roots[row.customer_id], []).append((row.started_on.toordinal(), ended))
    assert set(snapshot.ids(snapshot.everyone()).tolist()) == set(roots.values())
    for group in (None, Group("location", "Tehran"), Group("location", ""), Group("product", "P1")):
        days: dict[int, list[int]] = {}
        for customer, day, line in purchases:
            if group is None or group.value == find_value(line, group.dimension):
                days.setdefault(customer, []).append(day.toordinal())
        for boundary in BOUNDARIES:
            found = set(snapshot.ids(snapshot.active(PURCHASE, boundary, group)).tolist())
            number = boundary.toordinal()
            assert found == {c for c, own in days.items() if naive_is_active_by_purchases(own, 4, number)}
    for boundary in BOUNDARIES:
        found = set(snapshot.ids(snapshot.active(SUBSCRIPTION, boundary)).tolist())
        number = boundary.toordinal()
        assert found == {c for c, own in periods.items() if naive_is_active_by_subscriptions(own, 2, number)}
    rows = [(roots[line.customer_id], line.day) for line in OrderLine.objects.all() if line.customer_id in roots]
    assert set(snapshot.ids(snapshot.with_rows(build_day(3), build_day(9))).tolist()) == {
        customer for customer, day in rows if build_day(3) <= day < build_day(9)
    }


def find_value(line: OrderLine, dimension: str) -> str:
    if dimension == "product":
        return line.product.code if line.product else ""
    return line.location.name if line.location else ""


STEP = st.tuples(
    st.sampled_from(
        "customer order order order return subscription correct_line correct_line move_order correct_return"
        " correct_subscription remove_line remove_return remove_subscription exclude merge merge unmerge erase".split()
    ),
    st.integers(0, 10_000),
    st.integers(0, DAYS - 1),
    st.integers(0, 10_000),
)


def pick(rows: Any, number: int) -> Any:
    """The number-th row, or None where there are none."""
    count = rows.count()
    return rows.order_by("pk")[number % count] if count else None


def take_step(world: World, step: tuple[str, int, int, int]) -> None:
    """Change the records at random."""
    name, number, day_number, other = step
    day = build_day(day_number)
    customer = pick(Customer.objects.all(), number)
    line, back = pick(OrderLine.objects.all(), other), pick(ReturnLine.objects.all(), other)
    period = pick(Subscription.objects.all(), other)
    shape = {
        "quantity": (1, 1, 2, -1, -2, 0)[other % 6],
        "amount": (10, 20, -10, 0, 10)[other % 5],
        "counts": other % 7 != 0,
        "location": [*world.locations, None][other % 4],
        "product": [*world.products, None][number % 4],
        "currency": ("", "EUR", "IRR")[other % 11 % 3],
    }
    if name == "customer":
        world.customer(joined_on=day if other % 2 else None, location=("Qom", "")[other % 2])
    elif name == "order":
        world.order(None if number % 9 == 0 else customer, day, f"shared {other % 8}", **shape)
    elif name == "return":
        order = "" if number % 4 == 0 else f"shared {other % 8}"
        world.returned(customer, day, order, quantity=(1, 2, None)[number % 3], amount=(None, 10, 30)[other % 3])
    elif name == "subscription" and customer:
        world.subscription(customer, day, build_day(day_number + other % 9) if other % 4 else None, plan="ab"[number % 2])
    elif name == "correct_line" and line:
        world.correct(line, customer=customer, day=day, **shape)
    elif name == "move_order" and line:
        world.correct(line, order_key=f"shared {number % 8}")
    elif name == "correct_return" and back:
        world.correct(back, order_key=f"shared {number % 8}", quantity=2)
    elif name == "correct_subscription" and period:
        world.correct(period, started_on=day, ended_on=build_day(day_number + number % 9))
    elif name == "remove_line" and line:
        world.remove(line)
    elif name == "remove_return" and back:
        world.remove(back)
    elif name == "remove_subscription" and period:
        world.remove(period)
    elif name == "exclude" and customer:
        world.correct(customer, excluded=not customer.excluded)
    elif name == "unmerge":
        merged = pick(Customer.objects.exclude(kept=None), number)
        if merged:
            world.correct(merged, kept=None)
    elif name == "merge" and customer:
        into = pick(Customer.objects.all(), other)
        if not leads_to(into, customer):
            world.correct(customer, kept=into)
    elif name == "erase" and customer:
        world.erase(customer)


def leads_to(customer: Customer, target: Customer) -> bool:
    """Whether the merges of a customer end with, or pass, another."""
    while customer.pk != target.pk:
        if customer.kept is None:
            return False
        customer = customer.kept
    return True


@pytest.mark.django_db
@settings(max_examples=12)
@given(before=st.lists(STEP, min_size=8, max_size=30), rounds=st.lists(st.lists(STEP, max_size=8), min_size=1, max_size=3))
def test_following_equals_building_anew(before, rounds):
    with undone_afterwards(), tempfile.TemporaryDirectory() as home:
        os.environ["VAFA_HOME"] = home
        world = World()
        for _ in range(4):
            world.customer()
        for step in before:
            take_step(world, step)
        refresh(now=NOW, rebuild=True)
        check_against_rows(open_snapshot())
        for steps in rounds:
            for step in steps:
                take_step(world, step)
            assert not refresh(now=NOW).rebuilt
            followed = open_snapshot()
            check_against_rows(followed)
        told = tell(followed)
        refresh(now=NOW, rebuild=True)
        assert tell(open_snapshot()) == told
