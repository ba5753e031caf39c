"""What a second attacker got past, each held from now on."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from vafa.act.followups.models import Task
from vafa.act.followups.tests.conftest import NOW, team
from vafa.act.saving.actions import open_cases, plan_case
from vafa.act.saving.models import Case
from vafa.data.customers.actions import merge_customers
from vafa.data.customers.models import Customer
from vafa.data.log.actions import take_numbers
from vafa.front.tests.conftest import let_be_confirmed, own_home
from vafa.kit.permissions import Permission, drop_blind
from vafa.measure.metrics.tests.ledger import ledger

pytestmark = pytest.mark.django_db
__all__ = ["ledger", "own_home", "team"]


def browse(staff):
    client = Client()
    client.force_login(staff)
    let_be_confirmed(client, staff)
    return client


def test_what_is_made_of_figures_needs_them():
    for permission in (Permission.EDIT_REPORTS, Permission.EDIT_SHARED_REPORTS, Permission.SET_TARGETS):
        assert not drop_blind(frozenset({permission}))
        assert drop_blind(frozenset({permission, Permission.SEE_FIGURES}))


def test_a_merged_customer_is_as_much_anothers_as_the_kept_one(team):
    """One's own customer, merged into another's, leads to nobody else's."""
    second = team.ledger.add_customer("second")
    Customer.objects.filter(pk=second).update(owner=team.mina, seq=take_numbers(1))
    merge_customers(team.of_mina, team.of_omid, by=None, now=NOW)
    client = browse(team.mina)
    answer = client.post("/quality/join/", {"customer": [team.of_mina, second]})
    assert answer.status_code == 403
    assert client.post(f"/quality/separate/{team.of_mina}/").status_code == 403
    assert Customer.objects.get(pk=second).kept_id is None


def test_names_of_others_companies_are_not_read(team):
    for pk, company in ((team.of_mina, "Mina's works"), (team.of_omid, "Omid's works")):
        Customer.objects.filter(pk=pk).update(company=company, seq=take_numbers(1))
        team.ledger.add_order(pk, date(2026, 3, 1))
    team.ledger.publish(date(2026, 3, 10))
    client = browse(team.mina)
    for address in ("/customers/?field=company", "/explore/?metric=revenue&by=company"):
        page = client.get(address).content.decode()
        assert "Mina&#x27;s works" in page
        assert "Omid&#x27;s works" not in page
    assert "Omid&#x27;s works" in browse(team.owner).get("/customers/?field=company").content.decode()


def test_where_anothers_customer_stands_among_ones_own_is_not_told(team):
    for place, pk in enumerate((team.of_mina, team.of_omid)):
        team.ledger.add_order(pk, date(2026, 3, 1), amount=10 * (place + 1))
    team.ledger.publish(date(2026, 3, 10))
    client = browse(team.mina)
    told, unknown = (
        client.get(f"/customers/?sort=revenue&after={pk}").content.decode().replace(f"after={pk}", "")
        for pk in (team.of_omid, 999_999)
    )
    texts = [re.sub(r"<[^>]*>", " ", page[page.index("<main") :]).split() for page in (told, unknown)]
    assert texts[0] == texts[1]


def test_the_next_step_of_anothers_case_is_taken_on_by_who_may_give_nobody_tasks(team):
    (case_id,) = open_cases([team.of_mina], by=team.owner, now=NOW).opened
    Case.objects.filter(pk=case_id).update(owner=team.owner)
    plan_case(case_id, "Call", NOW.date() + timedelta(days=1), by=team.mina, now=NOW)
    assert Task.objects.get().assignee_id == team.mina.pk


def test_targets_and_files_are_for_who_may_see_their_pages(team):
    agent = browse(team.mina)
    assert agent.post("/targets/put-back/").status_code == 403
    assert agent.get("/risk/value/export.csv").status_code in (403, 404)
