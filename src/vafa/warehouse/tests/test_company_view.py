"""Companies as customers: every set and every view says what the rows relabelled by company say."""

import json
import pickle
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from vafa.lab.companies import naive_aliases
from vafa.lab.rules import ActivityRule
from vafa.lab.sets import naive_active
from vafa.lab.spells import OPEN_END, build_purchase_spells, build_subscription_spells
from vafa.warehouse.actions import refresh
from vafa.warehouse.queries import Query, Snapshot, open_snapshot, open_state
from vafa.warehouse.tests.world import NOW, World, build_day, undone_afterwards
from vafa.warehouse.types import Group

pytestmark = pytest.mark.django_db

PEOPLE = 6
COMPANIES = st.lists(st.sampled_from(["", "Alpha", "Beta"]), min_size=PEOPLE, max_size=PEOPLE)
ORDERS = st.lists(st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, 30)), max_size=15)
SUBSCRIPTIONS = st.lists(
    st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, 30), st.integers(1, 20)), max_size=8
)
JOINED = st.dictionaries(st.integers(0, PEOPLE - 1), st.integers(0, 30), max_size=3)
ONLY = st.none() | st.sets(st.integers(0, PEOPLE - 1))

few = settings(
    max_examples=settings().max_examples // 5, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@few
@given(COMPANIES, ORDERS, SUBSCRIPTIONS, JOINED, ONLY, st.integers(1, 20), st.integers(0, 45))
def test_sets_are_those_of_relabelled_rows(
    tmp_path_factory, companies, orders, subscriptions, joined, only, window, boundary
):
    with pytest.MonkeyPatch.context() as patch, undone_afterwards():
        patch.setenv("VAFA_HOME", str(tmp_path_factory.mktemp("home")))
        snapshot, numbers = build_world(companies, orders, subscriptions, joined)
        looked_at = range(PEOPLE) if only is None else sorted(only)
        aliases = naive_aliases({numbers[who]: companies[who] for who in looked_at})
        view = snapshot.by_company(None if only is None else BitMap(numbers[who] for who in only))
        check_view(view, aliases, numbers, orders, subscriptions, joined, window, boundary)


def build_world(companies, orders, subscriptions, joined) -> tuple[Snapshot, list[int]]:
    """The world in the warehouse, and each customer's number."""
    world = World()
    people = [
        world.customer(company=name, joined_on=build_day(joined[who]) if who in joined else None)
        for who, name in enumerate(companies)
    ]
    for who, day in orders:
        world.order(people[who], build_day(day))
    for who, day, length in subscriptions:
        world.subscription(people[who], build_day(day), build_day(day + length))
    refresh(now=NOW)
    snapshot = open_snapshot()
    return snapshot, [next(iter(snapshot.ix_set([person.pk]))) for person in people]


def check_view(view, aliases, numbers, orders, subscriptions, joined, window, boundary):
    """Hold the view against rows relabelled by hand."""
    bought: dict[int, set[int]] = {}
    for who, day in orders:
        if numbers[who] in aliases:
            bought.setdefault(aliases[numbers[who]], set()).add(build_day(day).toordinal())
    told: dict[int, list[tuple[int, int]]] = {}
    for who, day, length in subscriptions:
        if numbers[who] in aliases:
            span = (build_day(day).toordinal(), build_day(day + length).toordinal())
            told.setdefault(aliases[numbers[who]], []).append(span)
    day = build_day(boundary)
    everyone = set(aliases.values())
    assert set(view.everyone()) == everyone
    assert view.customer_count == len(everyone)
    spells = {who: build_purchase_spells(days, window) for who, days in bought.items()}
    purchase = ActivityRule("purchase", window)
    assert set(view.active(purchase, day)) == naive_active(spells, day.toordinal())
    runs = {who: build_subscription_spells(rows) for who, rows in told.items()}
    subscription = ActivityRule("subscription")
    assert set(view.active(subscription, day)) == naive_active(runs, day.toordinal())
    days_of = {who: min(days) for who, days in bought.items()}
    for who, on in joined.items():
        if numbers[who] in aliases:
            owner, first = aliases[numbers[who]], build_day(on).toordinal()
            days_of[owner] = min(days_of.get(owner, first), first)
    firsts = view.first_start_days(purchase).tolist()
    assert {who: first for who, first in enumerate(firsts) if first != OPEN_END} == days_of
    rows = view.run(Query("SELECT DISTINCT customer_ix, day_no FROM facts WHERE customer_ix IS NOT NULL"))
    assert set(rows) == {(who, on) for who, days in bought.items() for on in days}
    assert {ix for (ix,) in view.run(Query("SELECT ix FROM customers"))} == everyone


@pytest.fixture
def companies() -> tuple[World, list[Any], Snapshot]:
    """Two of Alpha, one of Beta, one of none; the second of Alpha is owned by nobody and lives elsewhere."""
    world = World()
    people = [
        world.customer(company="Alpha", location="Tehran", custom={"size": "large"}),
        world.customer(company="Alpha", location="Yazd"),
        world.customer(company="Beta", location="Yazd"),
        world.customer(),
    ]
    for number, person in enumerate(people):
        world.order(person, build_day(number))
    world.order(None, build_day(1))
    refresh(now=NOW)
    return world, people, open_snapshot()


def test_a_company_has_the_fields_of_its_first_customer(companies):
    _world, people, snapshot = companies
    view = snapshot.by_company()
    assert view.ids(view.group_members(Group("customer_location", "Yazd"))).tolist() == [people[2].pk]
    assert view.ids(view.ix_set([people[1].pk])).tolist() == [people[0].pk]
    assert [group.value for group in view.list_groups("customer_location")] == ["", "Tehran", "Yazd"]
    assert view.run(Query("SELECT count(*) FROM facts WHERE customer_ix IS NULL")) == [(1,)]


def test_who_may_not_be_seen_is_not_behind_the_company(companies):
    _world, people, snapshot = companies
    view = snapshot.by_company(snapshot.ix_set([people[1].pk, people[3].pk]))
    assert view.ids(view.everyone()).tolist() == [people[1].pk, people[3].pk]
    assert view.run(Query("SELECT count(*) FROM facts")) == [(2,)]
    assert len(view.buyers(build_day(0), build_day(1))) == 0


def test_the_view_is_made_once_and_is_its_own(companies):
    _world, _people, snapshot = companies
    view = snapshot.by_company()
    assert snapshot.by_company() is view
    assert view.by_company() is view
    assert (snapshot.entity, view.entity) == ("customer", "company")
    assert (snapshot.customer_count, view.customer_count) == (4, 3)
    members = BitMap([0, 1])
    assert (len(snapshot.map_customers(members)), len(view.map_customers(members))) == (2, 1)
    assert snapshot.run(Query("SELECT count(*) FROM customers")) == [(4,)]
    columns = view.run_columns(Query("SELECT ix FROM members", members=BitMap([2])))
    assert json.dumps(columns["ix"].tolist()) == "[2]"


def test_another_process_opens_the_same_view(companies):
    _world, _people, snapshot = companies
    view = snapshot.by_company(BitMap([1, 3]))
    opened = open_state(pickle.loads(pickle.dumps(view.state)))
    assert (opened.entity, opened.everyone()) == ("company", view.everyone())
    assert open_state(snapshot.state).entity == "customer"


def test_an_empty_warehouse_has_no_companies(tmp_path):
    view = Snapshot(tmp_path, None).by_company()
    assert not view.everyone()
    assert view.run(Query("SELECT count(*) FROM facts")) == [(0,)]
