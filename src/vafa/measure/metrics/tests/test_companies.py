"""Counting companies: every metric says what it says of the same rows written down by company."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from vafa.data.business.actions import change_business
from vafa.kit.errors import AskedWrongly
from vafa.lab.companies import naive_aliases
from vafa.lab.periods import Period
from vafa.measure.metrics.queries import get_cohorts, get_metric, list_metric_names, list_names, open_counted
from vafa.measure.metrics.tests.ledger import NOW, Ledger, day
from vafa.measure.metrics.tests.test_twins import (
    LAST,
    asking_for_all,
    open_ledger,
    some_days,
    spans,
)
from vafa.measure.metrics.types import MetricTable
from vafa.warehouse.queries import open_snapshot

pytestmark = pytest.mark.django_db

PEOPLE = 5

companies = st.lists(st.sampled_from(["", "Alpha", "Beta"]), min_size=PEOPLE, max_size=PEOPLE)
orders = st.lists(
    st.tuples(
        st.none() | st.integers(0, PEOPLE - 1), some_days, st.integers(1, 9), st.sampled_from(["A", "B"])
    ),
    min_size=1,
    max_size=20,
)
memberships = st.lists(
    st.tuples(st.integers(0, PEOPLE - 1), some_days, st.none() | st.integers(1, 90)), min_size=1, max_size=8
)
joined = st.dictionaries(st.integers(0, PEOPLE - 1), st.dates(date(2023, 12, 1), LAST), max_size=3)
rules = st.sampled_from(["subscription", "purchase:20d", "purchase:auto"])


def fill(ledger: Ledger, names, told, runs, joined_on) -> None:
    """The rows, of customers with these companies."""
    ids = [ledger.add_customer(company=name, joined_on=joined_on.get(who)) for who, name in enumerate(names)]
    for who, on, amount, place in told:
        ledger.add_order(None if who is None else ids[who], on, amount, location=place)
    for who, started, length in runs:
        ledger.add_subscription(
            ids[who], started, None if length is None else started + timedelta(days=length)
        )
    ledger.publish(LAST, kind="subscriptions")
    ledger.publish(LAST)


def relabel(names, told, runs, joined_on) -> tuple[list[Any], list[Any], dict[int, date]]:
    """The same rows, each under the first customer of the company."""
    first = naive_aliases(dict(enumerate(names)))
    owner: dict[int | None, int | None] = {None: None} | dict(first.items())
    days: dict[int, date] = {}
    for who, on in joined_on.items():
        days[first[who]] = min(days.get(first[who], on), on)
    return (
        [(owner[who], *rest) for who, *rest in told],
        [(first[who], *rest) for who, *rest in runs],
        days,
    )


def ask_all(rule: str, period: Period, entity: str) -> dict[str, MetricTable]:
    """Every metric of a period, and split by the location of orders where it can be."""
    found = {}
    for name in list_metric_names():
        asked: dict[str, Any] = {"start": period.start, "end": period.end, "rule": rule, "entity": entity}
        found[name] = get_metric(name, **asked)
        try:
            found[f"{name} by location"] = get_metric(name, **asked, by="location")
        except AskedWrongly:
            continue
    return found


@asking_for_all
@given(companies, orders, memberships, joined, rules, spans)
def test_every_metric_is_that_of_the_rows_relabelled(names, told, runs, joined_on, rule, period):
    with open_ledger() as ledger:
        fill(ledger, names, told, runs, joined_on)
        by_company = ask_all(rule, period, "company")
        cohorts = get_cohorts(snapshot=open_snapshot().by_company())
    with open_ledger() as ledger:
        fill(ledger, [""] * PEOPLE, *relabel(names, told, runs, joined_on))
        relabelled = ask_all(rule, period, "customer")
        assert cohorts == get_cohorts()
    assert by_company.keys() == relabelled.keys()
    for name, table in by_company.items():
        other = relabelled[name]
        assert table.rows == other.rows, name
        assert replace(table.rule, asked=False) == replace(other.rule, asked=False)


@pytest.fixture
def firms(ledger: Ledger) -> list[int]:
    """Alpha's first leaves in March while its second stays; Beta is one; the last has no company."""
    ids = [ledger.add_customer(company=name) for name in ("Alpha", "Alpha", "Beta", "")]
    for who, ended in ((0, day("2024-03-10")), (1, None), (2, day("2024-03-12")), (3, None)):
        ledger.add_subscription(ids[who], day("2024-01-01"), ended)
    ledger.publish(day("2024-04-30"), kind="subscriptions")
    return ids


MARCH: dict[str, Any] = {"start": date(2024, 3, 1), "end": date(2024, 4, 1)}


def test_a_company_stays_while_one_of_it_stays(firms):
    people, companies = get_metric("crr", **MARCH), get_metric("crr", **MARCH, entity="company")
    assert (people.rows[0].value, people.entity) == (2 / 4, "customer")
    assert companies.rows[0].value == pytest.approx(2 / 3)
    assert companies.entity == "company"
    assert "alone" in people.definition
    assert "Companies are counted" in companies.definition


def test_the_setting_of_the_business_is_what_is_counted(firms):
    change_business(by=None, now=NOW, counts_as="company")
    table = get_metric("customers_start", **MARCH)
    assert (table.rows[0].value, table.entity) == (3, "company")
    assert get_metric("customers_start", **MARCH, entity="customer").rows[0].value == 4
    period = Period(**MARCH)
    assert list_names("start", period).tolist() == [firms[0], firms[2], firms[3]]
    assert list_names("lost", period).tolist() == [firms[2]]


def test_behind_a_company_is_only_who_may_be_seen(firms):
    """Whoever may see the leaver of Alpha alone is not told that somebody else of it stayed."""
    snapshot = open_snapshot()
    visible = snapshot.ix_set([firms[0], firms[3]])
    row = get_metric("crr", **MARCH, entity="company", visible=visible).rows[0]
    assert (row.value, row.counts.start) == (0.5, 2)
    view, seen = open_counted(snapshot, visible, "company")
    assert seen is not None
    assert view.ids(seen).tolist() == [firms[0], firms[3]]


def test_a_company_is_in_a_segment_when_one_of_it_is(firms):
    snapshot = open_snapshot()
    chosen = snapshot.ix_set([firms[1]])
    row = get_metric("crr", **MARCH, entity="company", chosen=lambda _day: BitMap(chosen)).rows[0]
    assert (row.value, row.counts.start) == (1.0, 1)


def test_nothing_else_can_be_counted(firms):
    with pytest.raises(AskedWrongly) as refused:
        get_metric("crr", entity="household")
    assert refused.value.details["names"] == ["customer", "company"]


def test_the_command_counts_companies(firms, vafa):
    code, document = vafa(
        "metric", "crr", "--from", "2024-03-01", "--to", "2024-04-01", "--entity", "company", "--json"
    )
    assert (code, document["entity"], document["rows"][0]["start"]) == (0, "company", 3)
