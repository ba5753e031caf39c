"""The pages of tasks: the list and its filters, one task, the bar for many, files, the part of the customer file."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.test import Client

from vafa.act.followups.actions import create_task
from vafa.act.followups.models import Task
from vafa.act.followups.tests.conftest import NOW, Team
from vafa.act.followups.types import TaskTold
from vafa.data.customers.models import Customer
from vafa.front.customer.parts import list_parts
from vafa.front.tests.conftest import let_be_confirmed
from vafa.kit import clock

TODAY = date(2026, 3, 15)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def sign_in(staff: object) -> Client:
    client = Client()
    client.force_login(staff)  # type: ignore[arg-type]
    let_be_confirmed(client, staff)  # type: ignore[arg-type]
    client.cookies["django_language"] = "en"
    return client


def make(team: Team, title: str, ahead: int = 0, **told: object) -> Task:
    return create_task(TaskTold(title, TODAY + timedelta(days=ahead), **told), by=team.owner, now=NOW)  # type: ignore[arg-type]


def test_a_task_is_told_in_the_calendar_and_digits_of_the_business(team: Team) -> None:
    client = sign_in(team.owner)
    told = {
        "title": "زنگ بزن", "customer": "of mina", "due_on": "۱۴۰۴/۱۲/۲۹", "due_time": "۱۴:۳۰", "priority": "1",
        "assignee": team.mina.pk, "repeat_every": "۲", "repeat_unit": "month", "notes": "",
    }  # fmt: skip
    assert client.post("/tasks/new/", told).status_code == 302
    task = Task.objects.get()
    assert (task.due_on, str(task.due_time)) == (date(2026, 3, 20), "14:30:00")
    assert (task.customer_id, task.assignee_id) == (team.of_mina, team.mina.pk)
    assert (task.repeat_unit, task.repeat_every, task.series_on) == ("month", 2, task.due_on)
    page = client.get(f"/tasks/{task.pk}/").content.decode()
    assert 'value="1404/12/29"' in page
    assert "every 2 months" in page


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("due_on", "1404/12/30"),
        ("due_time", "25:00"),
        ("customer", "of nobody at all"),
        ("customer", "of"),
        ("repeat_every", "0"),
        ("title", ""),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field(team: Team, field: str, wrong: str) -> None:
    told = {"title": "Call", "due_on": "1404/12/29", "priority": "2", "repeat_unit": "week"} | {field: wrong}
    answer = sign_in(team.owner).post("/tasks/new/", told)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Task.objects.exists()


def test_filters_are_in_the_address_and_the_file_holds_what_is_shown(team: Team) -> None:
    make(team, "late", -1, assignee_id=team.mina.pk)
    make(team, "soon", 3, customer_id=team.of_omid)
    make(team, "=today")
    client = sign_in(team.owner)
    for query, shown in (
        ("", ["late", "=today", "soon"]),
        ("show=overdue", ["late"]),
        ("show=next", ["soon"]),
        (f"staff={team.mina.pk}", ["late"]),
        ("whose=nobody", ["=today", "soon"]),
        (f"customer={team.of_omid}", ["soon"]),
        ("q=LAT", ["late"]),
        ("show=done", []),
        ("show=nonsense&staff=x&customer=999", ["late", "=today", "soon"]),
    ):
        assert [row.title for row in client.get(f"/tasks/?{query}").context["rows"]] == shown
        file = client.get(f"/tasks/export.csv?{query}").content.decode("utf-8-sig")
        titles = [row["title"].removeprefix("'") for row in csv.DictReader(io.StringIO(file))]
        assert titles == shown
    assert client.get("/tasks/export.xlsx").content[:2] == b"PK"


def test_many_are_finished_put_off_and_given_on_at_once_and_it_is_undone(team: Team) -> None:
    tasks = [make(team, f"t{n}") for n in range(3)]
    client = sign_in(team.owner)
    chosen = {"task": [task.pk for task in tasks[:2]], "next": "/tasks/?show=all"}

    def list_states() -> list[tuple[str, int, int | None]]:
        return [
            (task.state, (task.due_on - TODAY).days, task.assignee_id) for task in Task.objects.order_by("pk")
        ]

    before = list_states()
    for do, state in (
        ({"do": "finish", "outcome": "no_answer"}, ("done", 0, None)),
        ({"do": "snooze", "ahead": "7"}, ("open", 7, None)),
        ({"do": "assign", "staff": team.omid.pk}, ("open", 0, team.omid.pk)),
        ({"do": "cancel"}, ("cancelled", 0, None)),
    ):
        answer = client.post("/tasks/act/", chosen | do)
        assert (answer.status_code, answer["Location"]) == (302, "/tasks/?show=all")
        assert list_states() == [state, state, before[2]]
        assert "data-undo" in client.get("/tasks/?show=all").content.decode()
        assert "data-undo" not in client.get("/tasks/?show=all").content.decode()
        client.post("/tasks/undo/")
        assert list_states() == before
    assert (
        client.post("/tasks/act/", {"do": "finish", "next": "https://elsewhere.example/"})["Location"]
        == "/tasks/"
    )


def test_an_agent_finds_opens_and_changes_only_what_may_be_seen(team: Team) -> None:
    own = make(team, "own", customer_id=team.of_mina)
    other = make(team, "secret", customer_id=team.of_omid)
    client = sign_in(team.mina)
    for page in (
        "/tasks/?whose=all&show=all",
        f"/tasks/?customer={team.of_omid}&whose=all",
        "/tasks/?q=e&whose=all",
    ):
        assert "secret" not in client.get(page).content.decode()
    assert client.get(f"/tasks/{other.pk}/").status_code == 404
    assert client.post(f"/tasks/{other.pk}/", {"title": "x"}).status_code == 404
    assert client.get(f"/customers/{team.of_omid}/tasks/").status_code == 404
    client.post("/tasks/act/", {"do": "cancel", "task": [own.pk, other.pk]})
    assert [task.state for task in Task.objects.order_by("pk")] == ["cancelled", "open"]
    # Giving tasks to others is not an agent's; taking one is.
    assert (
        client.post("/tasks/act/", {"do": "assign", "staff": team.omid.pk, "task": own.pk}).status_code == 403
    )
    assert client.get("/tasks/export.csv").status_code == 403
    told = {"title": "x", "due_on": "1404/12/29", "priority": "2", "customer": f"id:{team.of_omid}"}
    assert client.post("/tasks/new/", told).status_code == 422


def test_the_customer_file_makes_and_finishes_tasks_in_place(team: Team) -> None:
    client = sign_in(team.mina)
    assert [part.key for part in list_parts(team.mina, team.of_mina, "side") if part.key == "tasks"] == [
        "tasks"
    ]
    address, asks = f"/customers/{team.of_mina}/tasks/", {"HX-Request": "true"}
    shown = client.post(address, {"do": "new", "title": "Call back", "ahead": "2"}, headers=asks)
    assert (shown.status_code, "Call back" in shown.content.decode()) == (200, True)
    task = Task.objects.get()
    assert (task.customer_id, task.assignee_id, task.due_on) == (
        team.of_mina,
        team.mina.pk,
        date(2026, 3, 17),
    )
    client.post(address, {"do": "finish", "one": task.pk}, headers=asks)
    task.refresh_from_db()
    assert (task.state, task.outcome) == ("done", "done")
    assert client.post(address, {"do": "new", "title": ""}, headers=asks).status_code == 422
    # Without scripts the whole page comes again.
    answer = client.post(address, {"do": "reopen", "one": task.pk})
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{team.of_mina}/#part-tasks")


@pytest.mark.parametrize("language", ["fa", "ar", "zh-hans", "en"])
def test_every_page_is_written_in_every_language(team: Team, language: str) -> None:
    task = make(team, "Call", -1, customer_id=team.of_mina, priority=1)
    client = sign_in(team.owner)
    client.cookies["django_language"] = language
    pages = ["/tasks/", "/tasks/?show=cancelled", "/tasks/new/", f"/tasks/{task.pk}/"]
    for page in (*pages, f"/customers/{team.of_mina}/tasks/"):
        assert client.get(page).status_code == 200


def test_a_name_of_a_customer_is_no_markup(team: Team) -> None:
    Customer.objects.filter(pk=team.of_mina).update(name="<img src=x onerror=alert(1)>")
    task = make(team, "<b>Call</b>", customer_id=team.of_mina)
    client = sign_in(team.owner)
    pages = ["/tasks/", f"/tasks/{task.pk}/", f"/tasks/new/?customer={team.of_mina}"]
    for page in (*pages, f"/customers/{team.of_mina}/tasks/"):
        said = client.get(page).content.decode()
        assert "<img src=x" not in said
        assert "<b>Call" not in said
