"""Programs bring rows and read them: each fact once, the good ones whatever the others are, own customers only."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from vafa.api.models import KeptAnswer
from vafa.api.repeats import forget_old
from vafa.data.business.queries import get_business
from vafa.data.customers.actions import define_field
from vafa.data.customers.models import Customer, FieldChange
from vafa.data.interactions.actions import write_down
from vafa.data.interactions.models import Interaction, WrittenChange
from vafa.data.interactions.types import Entry
from vafa.data.log.models import Happening
from vafa.data.orders.models import OrderLine
from vafa.data.staff.actions import add_staff, make_role, make_token
from vafa.data.staff.models import Staff
from vafa.kit.models import AuditEntry
from vafa.kit.permissions import Permission, Role
from vafa.kit.scopes import Scope

pytestmark = pytest.mark.django_db(transaction=True)
Call = Callable[..., tuple[int, Any]]


def build_call(staff: Staff, *scopes: Scope) -> Call:
    text = make_token(staff, "test", scopes or tuple(Scope), days=None, now=datetime.now(UTC))[1]

    def call(method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        answer = Client().generic(
            method,
            f"/api/v1{path}",
            "" if body is None else json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {text}"} | headers,
        )
        return answer.status_code, answer.json()

    return call


@pytest.fixture
def call(owner: Staff) -> Call:
    return build_call(owner)


def build_order(number: str = "o-1", **more: Any) -> dict[str, Any]:
    lines = [{"product": "tea", "quantity": 2, "price": "450.50"}, {"product": "cup", "amount": 100}]
    return {"id": number, "customer": "c-1", "at": "2026-03-21T10:30:00+03:30", "lines": lines} | more


def test_an_order_is_kept_once_corrected_and_read_back(call: Call) -> None:
    status, told = call("POST", "/orders", build_order(name="سارا رحیمی", email="Sara@Example.com"))
    assert (status, told["status"]) == (201, "new")
    assert call("POST", "/orders", build_order())[1]["status"] == "same"
    row = told["row"]
    found = call("GET", f"/orders/{row}")[1]
    assert (found["id"], float(found["amount"]), len(found["lines"])) == ("o-1", 1001, 2)
    assert found["at"] == "2026-03-21T07:00:00Z"
    fewer = build_order(lines=[{"product": "tea", "quantity": 2, "price": "450.50"}])
    assert call("POST", "/orders", fewer)[:1] == (200,)
    assert OrderLine.objects.count() == 1
    assert (
        call(
            "POST",
            "/returns",
            {"id": "r-1", "order": "o-1", "customer": "c-1", "at": "2026-03-25", "amount": 5},
        )[0]
        == 201
    )
    assert [one["id"] for one in call("GET", f"/orders/{row}")[1]["returns"]] == ["r-1"]
    page = call("GET", "/customers?email=SARA@example.com")[1]
    assert [one["name"] for one in page["rows"]] == ["سارا رحیمی"]
    call("POST", "/customers", {"id": "c-1", "phone": "+98 912 345 6789"})
    assert len(call("GET", "/customers?phone=+989123456789")[1]["rows"]) == 1
    assert page["rows"][0]["keys"] == [{"source": "api", "key": "c-1"}]


def test_of_a_batch_the_good_rows_go_in_and_each_bad_one_names_its_field(call: Call) -> None:
    rows = [
        build_order("o-1"),
        build_order("o-2", at="soon"),
        build_order("o-3", lines=[{"product": "tea", "amount": 1}, {"product": "tea", "quantity": 1}]),
        build_order("o-4", currency="SEASHELLS"),
        {"customer": "c-1"},
        build_order("o-1", status="completed"),
        7,
    ]
    status, told = call("POST", "/orders/batch", {"rows": rows})
    assert status == 200
    assert [one["status"] for one in told["results"]] == [
        "new", "rejected", "rejected", "rejected", "rejected", "changed", "rejected",
    ]  # fmt: skip
    assert told["counts"] == {"new": 1, "changed": 1, "same": 0, "rejected": 5}
    pointers = [{problem["pointer"] for problem in one["problems"]} for one in told["results"]]
    assert all(pointer.startswith("/rows/1/at") for pointer in pointers[1])
    assert pointers[2] == {"/rows/2/lines/1/amount"}
    assert pointers[3] == {"/rows/3/currency"}
    assert {"/rows/4/id", "/rows/4/at", "/rows/4/lines"} <= pointers[4]
    assert OrderLine.objects.count() == 2


def test_a_refused_row_is_a_problem_in_the_language_asked_for(call: Call) -> None:
    body = {"id": "c-1", "phone": "12"}
    status, told = call("POST", "/customers", body)
    assert (status, told["code"], told["problems"][0]["pointer"]) == (422, "row_rejected", "/phone")
    assert call("POST", "/customers", body, **{"Accept-Language": "fa"})[1]["detail"] != told["detail"]
    assert (
        call("POST", "/customers", {"id": "c-1", "colour": "red"})[1]["problems"][0]["pointer"] == "/colour"
    )
    assert call("POST", "/customers", {"custom": {"a": 1}})[0] == 422
    assert not Customer.objects.exists()


def test_a_request_sent_again_changes_nothing_and_a_key_used_otherwise_is_refused(call: Call) -> None:
    key = {"Idempotency-Key": "k-1"}
    event = {"customer": "c-1", "kind": "visit", "at": "2026-03-21T10:00:00Z"}
    first = call("POST", "/events", event, **key)
    assert first[0] == 201
    assert call("POST", "/events", event, **key) == first
    assert call("POST", "/events", event | {"kind": "call"}, **key)[1]["code"] == "key_used_otherwise"
    # What was refused may be sent again, mended, with the same key.
    refused = {"Idempotency-Key": "k-2"}
    assert call("POST", "/events", {**event, "email": "x", "customer": None}, **refused)[0] == 422
    assert call("POST", "/events", event | {"kind": "call"}, **refused)[0] == 201
    forget_old(datetime.now(UTC) + timedelta(days=2))
    assert not KeptAnswer.objects.exists()


def test_followers_get_each_row_once_and_what_changed_since(call: Call) -> None:
    call("POST", "/orders/batch", {"rows": [build_order(f"o-{n}", customer=f"c-{n % 3}") for n in range(23)]})
    seen: list[str] = []
    cursor: int | None = 0
    while cursor is not None:
        page = call("GET", f"/orders?limit=5&cursor={cursor}")[1]
        seen += [one["id"] for one in page["rows"]]
        last, cursor = page["last_seq"], page["next_cursor"]
    assert sorted(seen) == sorted(f"o-{n}" for n in range(23))
    assert call("GET", f"/orders?updated_since={last}")[1]["rows"] == []
    call("POST", "/orders", build_order("o-7", customer="c-1", status="cancelled"))
    page = call("GET", f"/orders?updated_since={last}")[1]
    assert [(one["id"], one["counts"]) for one in page["rows"]] == [("o-7", False)]


def test_what_is_live_is_told_to_the_log_and_history_is_not(call: Call) -> None:
    now = datetime.now(UTC)
    call("POST", "/orders", build_order("new", at=now.isoformat()))
    call("POST", "/orders", build_order("old", at="2020-01-01"))
    told = Happening.objects.filter(kind="order_new")
    assert [one.live for one in told] == [True]
    assert told[0].details["customer"] == Customer.objects.get().pk


def test_subscriptions_notes_and_tracked_events(call: Call) -> None:
    term = {
        "id": "s-1",
        "email": "a@example.com",
        "started_at": "2026-01-01",
        "amount": 10,
        "interval": "1 month",
    }
    assert call("POST", "/subscriptions", term)[0] == 201
    assert (
        call("POST", "/subscriptions", term | {"ended_at": "2025-01-01"})[1]["problems"][0]["pointer"]
        == "/ended_at"
    )
    assert call("POST", "/subscriptions", term | {"ended_at": "2026-05-01"})[1]["status"] == "changed"
    call("POST", "/notes", {"email": "a@example.com", "at": "2026-02-01", "text": "Likes green tea"})
    tracked = [{"email": "a@example.com", "kind": "seen", "custom": {"page": "/tea"}}, {"kind": "seen"}]
    told = call("POST", "/track", {"rows": tracked})[1]
    assert [one["status"] for one in told["results"]] == ["new", "rejected"]
    assert [one["text"] for one in call("GET", "/notes")[1]["rows"]] == ["Likes green tea"]
    assert [one["custom"] for one in call("GET", "/events")[1]["rows"]] == [{"page": "/tea"}]
    assert call("GET", "/subscriptions")[1]["rows"][0]["ended_at"] == "2026-05-01"


def test_an_agent_s_token_sees_own_customers_alone_and_brings_nothing(call: Call, owner: Staff) -> None:
    business = get_business()
    business.agents_own_only = True
    business.save()
    agent = Staff.objects.create_user("agent@x.example", None, role=Role.AGENT, created_at=datetime.now(UTC))
    for name in ("own", "other"):
        call("POST", "/orders", build_order(name, customer=name, email=f"{name}@example.com"))
        call("POST", "/events", {"customer": name, "kind": "visit", "at": "2026-03-21"})
        call("POST", "/notes", {"customer": name, "text": name, "at": "2026-03-21"})
        call("POST", "/subscriptions", {"id": name, "customer": name, "started_at": "2026-03-21"})
        call("POST", "/returns", {"id": name, "customer": name, "at": "2026-03-21", "amount": 1})
    mine, theirs = Customer.objects.order_by("pk")
    Customer.objects.filter(pk=mine.pk).update(owner=agent)
    reading = [scope for scope in Scope if scope.value.startswith("read:") or scope == Scope.WRITE_TASKS]
    ask = build_call(agent, *reading)
    for path in ("/customers", "/orders", "/events", "/notes", "/subscriptions", "/returns"):
        rows = ask("GET", path)[1]["rows"]
        assert len(rows) == 1, path
        assert rows[0].get("customer", rows[0]["id"]) == mine.pk
        everything = call("GET", path)[1]["rows"]
        hidden = next(row for row in everything if row.get("customer", row["id"]) == theirs.pk)
        assert ask("GET", f"{path}/{hidden.get('row', hidden['id'])}")[0] == 404, path
        assert ask("GET", f"{path}?customer={theirs.pk}")[1]["rows"] == []
        assert ask("POST", path, {})[0] == 403
    assert AuditEntry.objects.filter(action="api.rows_read", staff=agent).exists()
    task = {"title": "Call back", "due_on": "2026-04-01"}
    foreign = call("POST", "/tasks", task | {"customer": theirs.pk})[1]["row"]
    assert ask("POST", "/tasks", task | {"customer": theirs.pk})[1]["problems"][0]["pointer"] == "/customer"
    assert ask("POST", "/tasks", task | {"customer": mine.pk, "assignee": agent.pk})[0] == 201
    given = ask("POST", "/tasks", task | {"customer": mine.pk, "assignee": owner.pk})[1]["problems"][0]
    assert (given["pointer"], given["code"]) == ("/assignee", "not_allowed")
    assert [row["customer"] for row in ask("GET", "/tasks")[1]["rows"]] == [mine.pk]
    assert ask("GET", f"/tasks/{foreign}")[0] == ask("POST", f"/tasks/{foreign}/finish", {})[0] == 404


def test_how_often_it_may_still_be_asked_is_told(owner: Staff) -> None:
    text = make_token(owner, "test", tuple(Scope), days=None, now=datetime.now(UTC))[1]
    answer = Client().get("/api/v1/customers", headers={"Authorization": f"Bearer {text}"})
    assert (answer["RateLimit-Limit"], answer["RateLimit-Remaining"]) == ("120", "119")
    refused = Client().get("/api/v1/orders/7", headers={"Authorization": f"Bearer {text}"})
    assert (refused.status_code, refused["RateLimit-Remaining"]) == (404, "118")


def test_tasks_are_made_once_and_finished(call: Call) -> None:
    body, key = {"title": "Call back", "due_on": "2026-04-01", "priority": 1}, {"Idempotency-Key": "t"}
    status, made = call("POST", "/tasks", body, **key)
    assert (status, call("POST", "/tasks", body, **key)[1]["row"]) == (201, made["row"])
    assert [row["title"] for row in call("GET", "/tasks")[1]["rows"]] == ["Call back"]
    assert call("POST", f"/tasks/{made['row']}/finish", {"outcome": "no_answer"})[1]["state"] == "done"
    assert call("POST", f"/tasks/{made['row']}/finish", {})[1]["code"] == "task_closed"
    assert call("GET", "/tasks")[1]["rows"] == []
    assert call("POST", "/tasks", {"title": "", "due_on": "soon"})[1]["problems"][0]["pointer"] == "/title"


def test_a_body_that_is_no_json_or_too_large_is_a_problem_too(owner: Staff) -> None:
    text = make_token(owner, "test", tuple(Scope), days=None, now=datetime.now(UTC))[1]
    for body, status in ((b"{", 400), (b'{"rows": [' + b'"x",' * 1_500_000 + b'""]}', 413)):
        headers = {"Authorization": f"Bearer {text}"}
        answer = Client().post("/api/v1/track", body, "application/json", headers=headers)
        assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")


def test_single_fields_are_changed_by_id_and_what_is_not_told_stays(call: Call, owner: Staff) -> None:
    define_field("Size", "choice", choices=["S", "M"], by=owner, now=datetime.now(UTC))
    row = call("POST", "/customers", {"id": "c-1", "name": "Sara", "company": "Acme", "tags": ["a"]})[1][
        "customer"
    ]
    told = {"name": "Sara Rahimi", "birthday": "1990-05-01", "custom": {"Size": "M"}}
    status, found = call("PATCH", f"/customers/{row}", told)
    assert (status, found["name"], found["company"], found["tags"]) == (200, "Sara Rahimi", "Acme", ["a"])
    assert (found["birthday"], found["custom"]) == ("1990-05-01", {"Size": "M"})
    found = call("PATCH", f"/customers/{row}", {"birthday": None, "tags": [], "custom": {"Size": None}})[1]
    assert (found["birthday"], found["tags"], found["custom"], found["name"]) == (None, [], {}, "Sara Rahimi")
    # A person can take it back on the customer file.
    assert FieldChange.objects.filter(customer=row, by=owner, field="name", before="Sara").exists()
    for wrong, pointer in (
        ({"custom": {"Size": "XL"}}, "/custom/Size"),
        ({"custom": {"Colour": "red"}}, "/custom/Colour"),
        ({"name": "", "company": None}, "/name"),
        ({"owner": 1}, "/owner"),
    ):
        status, told = call("PATCH", f"/customers/{row}", wrong)
        assert (status, told["problems"][0]["pointer"]) == (422, pointer)
    assert call("PATCH", "/customers/999999", {"name": "x"})[0] == 404


def test_a_note_is_changed_whoever_wrote_it_down(call: Call, owner: Staff) -> None:
    note = {"customer": "c-1", "email": "a@example.com", "text": "Likes tea", "at": "2026-03-21"}
    told = call("POST", "/notes", note)[1]
    before = call("GET", "/notes")[1]["last_seq"]
    assert call("PATCH", f"/notes/{told['row']}", {"text": "Likes green tea"})[1]["text"] == "Likes green tea"
    assert [one["text"] for one in call("GET", f"/notes?cursor={before}")[1]["rows"]] == ["Likes green tea"]
    entry = Entry("note", date(2026, 3, 21), None, "By hand")
    written = write_down(told["customer"], entry, by=owner, now=datetime.now(UTC))
    by_hand = call("GET", "/notes")[1]["rows"][-1]
    assert call("PATCH", f"/notes/{by_hand['row']}", {"text": "By hand, better"})[0] == 200
    assert WrittenChange.objects.filter(written=written, what="changed").exists()
    agent = Staff.objects.create_user("m@x.example", None, role=Role.MANAGER, created_at=datetime.now(UTC))
    other = write_down(told["customer"], entry, by=agent, now=datetime.now(UTC))
    own = make_role(
        name="Bringer",
        permissions={Permission.SEE_CUSTOMERS, Permission.IMPORT},
        own_only=False,
        by=owner,
        now=datetime.now(UTC),
    )
    bringer = add_staff(email="b@x.example", role=f"own:{own.pk}", by=owner, now=datetime.now(UTC))
    row = Interaction.objects.get(key=other.key).pk
    ask = build_call(bringer, Scope.READ_NOTES, Scope.WRITE_NOTES)
    assert ask("PATCH", f"/notes/{row}", {"text": "Forged"})[0] == 403
    assert ask("PATCH", "/notes/999999", {"text": "x"})[0] == 404


def test_tasks_are_changed_and_made_many_at_once(call: Call) -> None:
    row = call(
        "POST", "/tasks", {"title": "Call", "due_on": "2026-04-01", "due_time": "09:00", "notes": "n"}
    )[1]["row"]
    changed = call("PATCH", f"/tasks/{row}", {"due_on": "2026-04-03", "due_time": None, "title": None})[1]
    assert (changed["due_on"], changed["due_time"], changed["title"]) == ("2026-04-03", None, "Call")
    assert call("PATCH", f"/tasks/{row}", {"customer": 999_999})[1]["problems"][0]["pointer"] == "/customer"
    call("POST", f"/tasks/{row}/finish", {})
    assert call("PATCH", f"/tasks/{row}", {"title": "x"})[1]["code"] == "task_closed"
    rows = [{"title": "One", "due_on": "2026-04-01"}, {"title": ""}, {"title": "Far", "due_on": "2999-01-01"},
            {"title": "Whose", "due_on": "2026-04-01", "customer": 999_999}]  # fmt: skip
    told = call("POST", "/tasks/batch", {"rows": rows}, **{"Idempotency-Key": "many"})[1]
    assert told["counts"] == {"new": 1, "changed": 0, "same": 0, "rejected": 3}
    pointers = [one["problems"][0]["pointer"] for one in told["results"][1:]]
    assert pointers == ["/rows/1/title", "/rows/2/due_on", "/rows/3/customer"]
    assert call("POST", "/tasks/batch", {"rows": rows}, **{"Idempotency-Key": "many"})[1] == told
    assert len(call("GET", "/tasks")[1]["rows"]) == 1
