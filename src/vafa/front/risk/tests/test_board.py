"""The risk board: taken on, moved, planned, taken back, as a file, and only one's own for who is limited."""

import itertools
from datetime import date, timedelta
from statistics import median

import numpy as np
import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from vafa.act.followups.models import Task
from vafa.act.followups.tests.conftest import NOW
from vafa.act.saving.models import Case
from vafa.data.business.actions import change_business
from vafa.front.risk.waiting import find_late
from vafa.front.tests.conftest import let_be_confirmed
from vafa.kit import clock

pytestmark = pytest.mark.django_db
LATE = date(2026, 3, 1)


def browse(staff):
    client = Client()
    client.force_login(staff)
    let_be_confirmed(client, staff)
    return client


@pytest.fixture
def trade(team, monkeypatch):
    """Everybody buys each ten days and is late; the rule still calls them active."""
    change_business(by=None, now=NOW, activity_rule="purchase:60d")
    monkeypatch.setattr(clock, "now", lambda: NOW)
    for place, customer in enumerate((team.of_mina, team.of_omid, team.of_nobody), start=1):
        for back in (0, 10, 20, 30):
            team.ledger.add_order(customer, LATE - timedelta(days=back + place), 100 * place)
    team.ledger.publish(date(2026, 3, 14))
    return team


def list_names(client, query=""):
    page = client.get(f"/risk/{query}")
    assert page.status_code == 200
    return {person.name for person in page.context["waiting"]}, {
        column.stage: [card.name for card in column.cards] for column in page.context["columns"]
    }


def test_who_is_late_waits_is_taken_on_moved_and_put_back(trade):
    client = browse(trade.owner)
    waiting, columns = list_names(client)
    assert waiting == {"of mina", "of omid", "of nobody"}
    assert not any(columns.values())
    client.post("/risk/act/", {"do": "take_on", "customer": [trade.of_mina, trade.of_omid]})
    waiting, columns = list_names(client)
    assert (waiting, sorted(columns["at_risk"])) == ({"of nobody"}, ["of mina", "of omid"])
    mina = Case.objects.get(customer=trade.of_mina)
    assert (
        client.post("/risk/act/", {"case": mina.pk, "to": "being_saved", "next": "/risk/?owner=mine"}).url
        == "/risk/?owner=mine"
    )
    assert list_names(client)[1]["being_saved"] == ["of mina"]
    client.post("/risk/undo/")
    assert sorted(list_names(client)[1]["at_risk"]) == ["of mina", "of omid"]
    # Who was saved a moment ago is not offered again.
    client.post("/risk/act/", {"case": mina.pk, "to": "saved"})
    assert list_names(client)[0] == {"of nobody"}
    # The button of a row takes one on, whatever else is chosen.
    client.post("/risk/act/", {"do": "take_on", "customer": trade.of_omid, "one": trade.of_nobody})
    client.post("/risk/undo/")
    assert Case.objects.count() == 2
    assert client.get("/risk/act/").status_code == 405


def test_filters_are_in_the_address_and_the_file_holds_what_is_shown(trade):
    client = browse(trade.owner)
    client.post("/risk/act/", {"do": "take_on", "customer": [trade.of_mina, trade.of_omid]})
    waiting, columns = list_names(client, f"?owner={trade.mina.pk}&column=saved&band=9&segment=none-such")
    assert (waiting, columns["at_risk"]) == (set(), [])  # a segment that isn't there has nobody
    waiting, columns = list_names(client, f"?owner={trade.mina.pk}")
    assert (waiting, columns["at_risk"]) == (set(), ["of mina"])
    assert list_names(client, "?owner=nobody") == ({"of nobody"}, {stage: [] for stage in columns})
    told = client.get("/risk/export.csv?owner=nobody").content.decode("utf-8-sig").splitlines()
    assert len(told) == 2
    assert ",of nobody," in told[1]
    whole = client.get("/risk/export.csv").content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[3] for line in whole[1:]] == ["at_risk", "at_risk", ""]
    totals = [column.total for column in client.get("/risk/").context["columns"]]
    assert totals[0]
    assert not any(totals[1:])


def test_a_case_has_a_page_with_its_next_step(trade):
    client = browse(trade.mina)
    client.post("/risk/act/", {"do": "take_on", "one": trade.of_mina})
    case = Case.objects.get()
    page = client.get(f"/risk/cases/{case.pk}/")
    assert page.status_code == 200
    assert client.post(f"/risk/cases/{case.pk}/", {"title": " ", "ahead": "1"}).status_code == 422
    assert client.post(f"/risk/cases/{case.pk}/", {"title": "Call", "ahead": "1"}).status_code == 302
    assert (Task.objects.get().title, Case.objects.get().stage) == ("Call", "plan_made")
    # An agent gives cases to nobody else.
    client.post("/risk/act/", {"case": case.pk, "do": "assign", "staff": trade.owner.pk})
    assert Case.objects.get().owner == trade.mina
    boss = browse(trade.owner)
    boss.post("/risk/act/", {"case": case.pk, "do": "assign", "staff": trade.owner.pk})
    assert (Case.objects.get().owner, Task.objects.get().assignee) == (trade.owner, trade.owner)


def test_an_agent_meets_own_customers_only(trade):
    boss, mina = browse(trade.owner), browse(trade.mina)
    boss.post("/risk/act/", {"do": "take_on", "customer": trade.of_omid})
    other = Case.objects.get()
    assert list_names(mina) == ({"of mina"}, {column: [] for column in list_names(mina)[1]})
    assert mina.get(f"/risk/cases/{other.pk}/").status_code == 404
    mina.post("/risk/act/", {"case": other.pk, "to": "lost"})
    mina.post("/risk/act/", {"do": "take_on", "customer": trade.of_nobody})
    assert list(Case.objects.values_list("stage", flat=True)) == ["at_risk"]
    assert mina.get("/risk/export.csv").status_code == 403


def test_customers_of_the_list_are_taken_on_at_once(trade):
    client = browse(trade.owner)
    asked = {"do": "take_on", "id": [trade.of_mina, trade.of_nobody], "query": ""}
    assert client.post("/customers/bulk/", asked).status_code == 200
    assert Case.objects.count() == 0
    client.post("/customers/bulk/", asked | {"sure": "1", "owner": str(trade.owner.pk)})
    assert [case.owner for case in Case.objects.all()] == [trade.owner, trade.owner]
    again = client.post("/customers/bulk/", asked | {"sure": "1", "owner": ""})
    assert again.status_code == 422


def naive_late(pairs, today):
    found = {}
    for owner in {owner for owner, _day in pairs}:
        days = sorted({day for one, day in pairs if one == owner})
        gaps = [later - earlier for earlier, later in itertools.pairwise(days)]
        if len(gaps) >= 2 and today - days[-1] > round(median(gaps)):
            found[owner] = (today - days[-1], float(median(gaps)))
    return found


@settings(max_examples=60)
@given(
    st.sets(st.tuples(st.integers(0, 5), st.integers(700_000, 700_040)), max_size=40),
    st.integers(700_040, 700_060),
)
def test_lateness_is_told_by_the_median_gap(pairs, today):
    listed = list(pairs)
    owners, days = (np.array([pair[place] for pair in listed], np.int32) for place in (0, 1))
    numbers, silent, gaps = find_late(owners, days, today)
    told = {int(n): (int(s), float(g)) for n, s, g in zip(numbers, silent, gaps, strict=True)}
    assert told == naive_late(pairs, today)
