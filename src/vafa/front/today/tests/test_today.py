"""The page of the day: one's own tasks, and the customers with an occasion, each seen by whom they are for."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from vafa.act.followups.actions import create_task, set_birthday_calendar
from vafa.act.followups.models import Dismissed, Task
from vafa.act.followups.tests.conftest import NOW, Team
from vafa.act.followups.types import TaskTold
from vafa.data.consent.actions import stop_contact
from vafa.data.consent.types import StopKind
from vafa.data.customers.actions import merge_customers
from vafa.data.customers.models import Customer
from vafa.data.interactions.actions import write_down
from vafa.data.interactions.models import Interaction, Written
from vafa.data.interactions.types import Entry
from vafa.front.followups.tests.test_pages import TODAY, sign_in
from vafa.kit import clock
from vafa.lab.calendars import build_date
from vafa.lab.chinese import build_chinese_date, split_chinese
from vafa.measure.segments.actions import make_presets, rebuild_segments

DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def list_people(client: Client, kind: str) -> list[tuple[int, str]]:
    lists = client.get("/today/").context["lists"]
    (people,) = (one["people"] for one in lists if one["kind"] == kind)
    return [(person.customer_id, person.note) for person in people.rows]


def set_fields(customer: int, **fields: Any) -> None:
    Customer.objects.filter(pk=customer).update(**fields)


def test_tasks_stand_in_their_groups_and_ones_own_come_first(team: Team) -> None:
    for ahead, assignee in (
        (-1, team.owner),
        (0, team.owner),
        (7, team.owner),
        (8, team.owner),
        (0, team.mina),
    ):
        told = TaskTold(f"{ahead} {assignee}", TODAY + ahead * DAY, assignee_id=assignee.pk)
        create_task(told, by=team.owner, now=NOW)
    client = sign_in(team.owner)
    groups = {
        group["show"]: [row.title for row in group["rows"]]
        for group in client.get("/today/").context["groups"]
    }
    assert groups == {"overdue": ["-1 owner"], "today": ["0 owner"], "next": ["7 owner"]}
    everybody = client.get("/today/?whose=all").context["groups"][1]
    assert [row.title for row in everybody["rows"]] == ["0 owner", "0 mina"]
    # Whoever gives no tasks to others sees own ones only.
    mine = sign_in(team.mina).get("/today/?whose=all").context["groups"][1]
    assert [row.title for row in mine["rows"]] == ["0 mina"]
    client.post("/today/task/", {"title": "Buy stamps", "ahead": "1"})
    assert (Task.objects.get(title="Buy stamps").due_on, Task.objects.count()) == (TODAY + DAY, 6)


def test_birthdays_come_by_the_calendar_in_which_they_are_kept(team: Team) -> None:
    # 29 Esfand 1404 is the last day of its year, and keeps the 30th too.
    set_fields(team.of_mina, birthday=build_date(1370, 12, 29, "jalali"), joined_on=date(2021, 3, 1))
    set_fields(team.of_omid, birthday=build_date(1375, 12, 30, "jalali"))
    chinese = split_chinese(TODAY + DAY)
    set_fields(team.of_nobody, birthday=build_chinese_date(1970, chinese.month, chinese.day))
    client = sign_in(team.owner)
    assert list_people(client, "birthday") == [(team.of_mina, "turns 34"), (team.of_omid, "turns 29")]
    set_birthday_calendar(team.of_nobody, "chinese", by=team.owner, now=NOW)
    assert list_people(client, "birthday")[0] == (team.of_nobody, "turns 56")
    assert list_people(client, "joined") == []
    set_fields(team.of_mina, joined_on=build_date(1399, 12, 24, "jalali"))
    assert list_people(client, "joined") == [(team.of_mina, "5 years with us")]
    stop_contact(team.of_mina, StopKind.DECEASED, by=team.owner, now=NOW)
    assert [customer for customer, _note in list_people(client, "birthday")] == [team.of_nobody, team.of_omid]
    assert list_people(client, "joined") == []


def test_an_end_is_told_until_another_subscription_follows_or_nobody_has_told(team: Team) -> None:
    add = team.ledger.add_subscription
    add(team.of_mina, TODAY - 300 * DAY, TODAY + 3 * DAY, plan="Gold")
    add(team.of_omid, TODAY - 300 * DAY, TODAY - 3 * DAY, plan="Silver")
    add(team.of_nobody, TODAY - 300 * DAY, TODAY + 20 * DAY)
    team.ledger.publish(TODAY - DAY, "subscriptions")
    client = sign_in(team.owner)
    assert list_people(client, "ending") == [(team.of_omid, "Silver"), (team.of_mina, "Gold")]
    # A renewal, even of somebody merged into the customer.
    twin = team.ledger.add_customer("twin")
    add(twin, TODAY - 3 * DAY, TODAY + 90 * DAY)
    merge_customers(twin, team.of_omid, by=team.owner, now=NOW)
    add(team.of_mina, TODAY + 3 * DAY, None)
    assert list_people(client, "ending") == []


def test_what_ended_on_days_that_no_source_has_told_of_is_not_called_lost(team: Team) -> None:
    team.ledger.add_subscription(team.of_mina, TODAY - 300 * DAY, TODAY - 3 * DAY)
    team.ledger.publish(TODAY - 10 * DAY, "subscriptions")
    assert list_people(sign_in(team.owner), "ending") == []


def test_who_is_late_for_the_own_rhythm_has_gone_quiet(team: Team) -> None:
    for days in (60, 50, 40, 30):
        team.ledger.add_order(team.of_mina, TODAY - days * DAY)
    team.ledger.add_order(team.of_omid, TODAY - DAY)
    team.ledger.publish(TODAY - DAY)
    make_presets(now=NOW)
    rebuild_segments("late", now=NOW)
    assert [customer for customer, _note in list_people(sign_in(team.owner), "quiet")] == [team.of_mina]
    assert list_people(sign_in(team.mina), "quiet") == [(team.of_mina, "")]
    assert list_people(sign_in(team.omid), "quiet") == []


def test_promises_are_told_when_due_and_kept_in_one_click(team: Team) -> None:
    for customer, ahead in ((team.of_mina, -1), (team.of_omid, 7), (team.of_omid, 8)):
        entry = Entry("promise", TODAY - 9 * DAY, None, f"in {ahead}", due_on=TODAY + ahead * DAY)
        write_down(customer, entry, by=team.owner, now=NOW)
    client = sign_in(team.owner)
    assert list_people(client, "promise") == [(team.of_mina, "in -1"), (team.of_omid, "in 7")]
    agent = sign_in(team.mina)
    assert list_people(agent, "promise") == [(team.of_mina, "in -1")]
    keys = {row.customer_id: row.key for row in Written.objects.order_by("-pk")}
    stolen = {"do": "kept", "customer": team.of_mina, "key": keys[team.of_omid], "kind": "promise"}
    assert agent.post("/today/act/", stolen).status_code == 404
    agent.post("/today/act/", stolen | {"key": keys[team.of_mina]})
    assert list_people(client, "promise") == [(team.of_omid, "in 7")]


def test_an_occasion_is_seen_to_by_a_task_a_call_or_a_click_and_that_is_undone(team: Team) -> None:
    born = build_date(1370, 12, 26, "jalali")
    for customer in (team.of_mina, team.of_omid, team.of_nobody):
        set_fields(customer, birthday=born)
    client = sign_in(team.owner)
    asks = {"kind": "birthday", "on": build_date(1404, 12, 26, "jalali").isoformat()}
    client.post("/today/act/", asks | {"customer": team.of_mina, "do": "task"})
    task = Task.objects.get()
    assert (task.customer_id, task.assignee_id, task.due_on) == (team.of_mina, team.owner.pk, TODAY)
    client.post("/today/act/", asks | {"customer": team.of_omid, "do": "call", "text": "Was glad"})
    assert Interaction.objects.get(customer=team.of_omid).text == "Was glad"
    client.post("/today/act/", asks | {"customer": team.of_nobody, "do": "done"})
    assert list_people(client, "birthday") == []
    client.post("/today/undo/")
    assert [customer for customer, _note in list_people(client, "birthday")] == [team.of_nobody]
    # Nothing was said of the call, so nothing is seen to.
    client.post("/today/act/", asks | {"customer": team.of_nobody, "do": "call", "text": " "})
    assert Dismissed.objects.count() == 2
    assert client.post("/today/act/", {"customer": "x", "do": "done"}).status_code == 404


def test_an_agent_sees_and_touches_own_customers_only(team: Team) -> None:
    born = build_date(1370, 12, 26, "jalali")
    for customer in (team.of_mina, team.of_omid):
        set_fields(customer, birthday=born, joined_on=born)
        team.ledger.add_subscription(customer, TODAY - 300 * DAY, TODAY + 3 * DAY)
    team.ledger.publish(TODAY - DAY, "subscriptions")
    client = sign_in(team.mina)
    for kind in ("birthday", "joined", "ending"):
        assert [customer for customer, _note in list_people(client, kind)] == [team.of_mina]
    for do in ("done", "task", "call", "kept"):
        asks = {"customer": team.of_omid, "kind": "birthday", "on": "2026-03-17", "do": do, "text": "x"}
        assert client.post("/today/act/", asks).status_code == 404
    assert not Dismissed.objects.exists()
    assert not Task.objects.exists()


@pytest.mark.parametrize("language", ["fa", "ar", "zh-hans"])
def test_the_page_is_written_in_every_language(team: Team, language: str) -> None:
    client = sign_in(team.owner)
    client.cookies["django_language"] = language
    assert client.get("/today/").status_code == 200


def test_the_calendar_of_a_birthday_is_chosen_on_the_customer_file(team: Team) -> None:
    chinese = split_chinese(TODAY + DAY)
    set_fields(team.of_mina, birthday=build_chinese_date(1970, chinese.month, chinese.day))
    client, address = sign_in(team.mina), f"/customers/{team.of_mina}/days/"
    assert "Tomorrow" not in client.get(address).context["birthday"]
    shown = client.post(address, {"calendar": "chinese"}, headers={"HX-Request": "true"})
    assert shown.context["birthday"] == "Tomorrow (56 years)"
    assert client.post(address, {"calendar": "mayan"}).status_code == 404
    client.post(address, {"calendar": ""})
    assert "Tomorrow" not in client.get(address).context["birthday"]
    assert client.get(f"/customers/{team.of_omid}/days/").status_code == 404


def test_a_long_list_shows_its_beginning_and_all_of_it_when_asked(team: Team) -> None:
    born = build_date(1370, 12, 26, "jalali")
    Customer.objects.bulk_create([Customer(name=f"N {n}", seq=900 + n, birthday=born) for n in range(12)])
    client = sign_in(team.owner)
    assert len(list_people(client, "birthday")) == 8
    page = client.get("/today/").content.decode()
    assert 'href="?people=birthday#birthday"' in page
    lists = client.get("/today/?people=birthday").context["lists"]
    (people,) = (one["people"] for one in lists if one["kind"] == "birthday")
    assert (len(people.rows), people.more) == (12, "")
