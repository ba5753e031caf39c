"""What a third attacker got past, each held from now on."""

from datetime import timedelta

import pytest
from django.test import Client

from vafa.act.followups.actions import change_task
from vafa.act.followups.models import Task
from vafa.act.followups.tests.conftest import NOW, team
from vafa.act.followups.types import TaskTold
from vafa.act.saving.actions import assign_cases, open_cases, plan_case
from vafa.act.saving.models import Case
from vafa.data.customers.models import Customer
from vafa.data.log.actions import take_numbers
from vafa.data.staff.actions import add_staff, make_role
from vafa.front.tests.conftest import let_be_confirmed, own_home
from vafa.kit.permissions import Permission
from vafa.measure.metrics.tests.ledger import ledger
from vafa.measure.reports.actions import create_dashboard
from vafa.measure.reports.types import Item

pytestmark = pytest.mark.django_db
__all__ = ["ledger", "own_home", "team"]


def browse(staff, *, confirmed=True):
    client = Client()
    client.force_login(staff)
    if confirmed:
        let_be_confirmed(client, staff)
    return client


def hire(team, *permissions, own_only=False):
    """Somebody with these permissions alone."""
    role = make_role(name="Own", permissions=permissions, own_only=own_only, by=team.owner, now=NOW)
    return add_staff(email="new@example.com", role=f"own:{role.pk}", by=team.owner, now=NOW)


def read(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize("path", ["/risk/export.csv", "/tasks/export.csv"])
def test_files_with_names_are_taken_by_who_has_shown_who_they_are(team, path):
    Task.objects.create(
        title="Call", customer_id=team.of_mina, due_on=NOW.date(), made_at=NOW, changed_at=NOW
    )
    asked = browse(team.owner, confirmed=False).get(path)
    assert asked.status_code == 302
    assert asked["Location"].startswith("/confirm/?next=")
    assert read(browse(team.owner).get(path)).startswith(b"\xef\xbb\xbf")


def test_files_of_reports_are_for_who_may_see_reports(team):
    report = create_dashboard("Board", is_shared=True, items=[Item("crr")], by=team.owner, now=NOW)
    blind = browse(hire(team, Permission.EXPORT, Permission.SEE_CUSTOMERS))
    item = report.items.get()
    for path in (f"/reports/{report.pk}/export.csv", f"/reports/{report.pk}/items/{item.pk}/export.csv"):
        assert browse(team.owner).get(path).status_code == 200
        assert blind.get(path).status_code == 404


def test_a_step_that_became_somebody_elses_is_not_told_with_the_case(team):
    """A task of a case can be given to another customer: then the case has no next step."""
    today = NOW.date()
    (case_id,) = open_cases([team.of_mina], by=team.owner, now=NOW, owner_id=team.mina.pk).opened
    plan_case(case_id, "Offer her the villa", today + timedelta(days=90), by=team.owner, now=NOW)
    client, task = browse(team.mina), Task.objects.get()
    pages = (
        "/risk/",
        f"/risk/cases/{case_id}/",
        "/today/",
        "/risk/export.csv",
        f"/customers/{team.of_mina}/",
    )
    assert any(b"villa" in read(client.get(path)) for path in pages)
    told = TaskTold(task.title, task.due_on, customer_id=team.of_omid, assignee_id=team.omid.pk)
    change_task(task.pk, told, by=team.owner, now=NOW)
    for path in pages:
        assert b"villa" not in read(client.get(path)), path
    # It waits for a next step, and the task stays with who has it, whoever sees to the case.
    assert b"No next step" in client.get("/today/").content
    assign_cases([case_id], team.owner.pk, by=team.owner, now=NOW)
    assert Case.objects.get().owner == team.owner
    assert Task.objects.get().assignee_id == team.omid.pk


def test_who_was_given_away_is_gone_at_once(team):
    """Before the figures have followed: from lists, figures and files."""
    staff = hire(team, Permission.SEE_CUSTOMERS, Permission.SEE_FIGURES, Permission.EXPORT, own_only=True)
    for pk in (team.of_mina, team.of_omid):
        Customer.objects.filter(pk=pk).update(owner=staff, location=f"at {pk}", seq=take_numbers(1))
        team.ledger.add_order(pk, NOW.date() - timedelta(days=40))
    team.ledger.publish(NOW.date())
    client = browse(staff)
    lists = (
        "/customers/",
        "/customers/?sort=revenue",
        "/names/end/?rule=purchase:60d",
        "/customers/export.csv",
    )
    split = "/explore/?metric=revenue&by=customer_location"
    assert all(b"of omid" in read(client.get(path)) for path in lists)
    assert f"at {team.of_omid}" in client.get(split).content.decode()
    Customer.objects.filter(pk=team.of_omid).update(owner=team.owner, seq=take_numbers(1))
    for path in lists:
        told = read(client.get(path))
        assert b"of omid" not in told, path
        assert b"of mina" in told, path
    assert f"at {team.of_omid}" not in client.get(split).content.decode()


def test_the_builder_offers_no_words_of_others(team):
    for pk, word in ((team.of_mina, "Works of Mina"), (team.of_omid, "Works of Omid")):
        Customer.objects.filter(pk=pk).update(
            company=word, location=word, tags=[word], custom={"hall": word}, seq=take_numbers(1)
        )
        team.ledger.add_order(pk, NOW.date())
    team.ledger.publish(NOW.date())
    staff = hire(
        team, Permission.SEE_CUSTOMERS, Permission.SEE_FIGURES, Permission.EDIT_SEGMENTS, own_only=True
    )
    Customer.objects.filter(pk=team.of_mina).update(owner=staff, seq=take_numbers(1))
    team.ledger.publish(NOW.date())
    for field in ("company", "customer_location", "tag", "custom:hall"):
        said = {"n.mode": "all", "do": "shape@0", "n0.what": f"field:{field}"}
        own, all_of = (
            browse(one).post("/segments/build/", said).content.decode() for one in (staff, team.owner)
        )
        assert "Works of Mina" in own, field
        assert "Works of Omid" not in own, field
        assert "Works of Omid" in all_of, field
