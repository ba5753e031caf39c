"""The pages of tasks for many, and of the rules of contact."""

import pytest
from django.test import Client

from vafa.act.followups.models import Batch, ContactRule, Task
from vafa.act.followups.tests.conftest import NOW, Team
from vafa.front.followups.tests.test_pages import TODAY, sign_in
from vafa.kit import clock
from vafa.measure.segments.actions import add_members, create_segment
from vafa.warehouse.queries import open_snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(team: Team, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The owner's, with a segment of two customers who were in touch on a day of last year."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    team.ledger.add_order(team.of_mina, TODAY)
    team.ledger.add_contact(team.of_mina, TODAY.replace(year=2025))
    team.ledger.publish(TODAY, "interactions")
    create_segment("Some", None, by=team.owner, now=NOW)
    add_members("some", [team.of_mina, team.of_omid], snapshot=open_snapshot(), by=team.owner, now=NOW)
    return sign_in(team.owner)


def test_tasks_for_a_segment_are_counted_made_once_and_taken_back(team: Team, browser: Client) -> None:
    told = {
        "title": "Call", "due_on": "1404/12/25", "days": "۲", "priority": "2", "sharing": "owner", "key": "k",
    }  # fmt: skip
    plan = browser.post("/tasks/for-many/?segment=some", told | {"do": "plan"})
    assert [(share.name, share.count) for share in plan.context["shares"]] == [("mina", "1"), ("omid", "1")]
    assert not Task.objects.exists()
    for _again in range(2):
        done = browser.post("/tasks/for-many/?segment=some", told | {"do": "make"})
    assert (done.status_code, Batch.objects.get().made) == (302, 2)
    assert len(browser.get(done["Location"]).context["rows"]) == 2
    assert browser.post(f"/tasks/batches/{Batch.objects.get().pk}/undo/").status_code == 302
    assert not Task.objects.exists()
    assert browser.get("/tasks/batches/").status_code == 200


def test_a_filtered_list_is_taken_as_it_is_and_nothing_means_nobody(team: Team, browser: Client) -> None:
    assert browser.get("/tasks/for-many/").context["is_nobody"]
    assert browser.get("/tasks/for-many/?state=active").context["count"] == "1 task"
    assert browser.get("/tasks/for-many/?segment=some&q=omid").context["count"] == "1 task"
    assert browser.get("/tasks/for-many/?segment=no-such").context["is_nobody"]
    told = {"title": "Call", "due_on": "1404/12/25", "days": "367", "priority": "2", "sharing": "evenly"}
    answer = browser.post("/tasks/for-many/?segment=some", told)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["days"])
    assert sign_in(team.mina).get("/tasks/for-many/?segment=some").status_code == 403


def test_a_rule_is_made_told_of_switched_on_and_removed(team: Team, browser: Client) -> None:
    told = {
        "name": "Key",
        "segment": "some",
        "gap_days": "۱۴",
        "title": "Call",
        "most_a_day": "5",
        "priority": "1",
    }
    assert browser.post("/tasks/rules/", told).status_code == 302
    rule = ContactRule.objects.get()
    assert (rule.gap_days, rule.since) == (14, None)
    (row,) = browser.get("/tasks/rules/").context["rows"]
    assert "2 who were late before get none now." in row["outlook"]
    browser.post(f"/tasks/rules/{rule.pk}/", {"do": "on"})
    rule.refresh_from_db()
    assert rule.since == TODAY
    assert browser.post(f"/tasks/rules/?change={rule.pk}", told | {"gap_days": "0"}).status_code == 422
    browser.post(f"/tasks/rules/?change={rule.pk}", told | {"gap_days": "21", "catches_up": "on"})
    browser.post(f"/tasks/rules/{rule.pk}/", {"do": "remove"})
    assert browser.get("/tasks/rules/").context["removed"] == rule
    browser.post(f"/tasks/rules/{rule.pk}/", {"do": "put_back"})
    back = ContactRule.objects.get()
    assert (back.gap_days, back.catches_up, back.since, back.removed_at) == (21, True, None, None)
    assert sign_in(team.mina).get("/tasks/rules/").status_code == 403
