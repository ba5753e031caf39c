"""Changing one customer, note or task by its id: only the fields that are told change, and all of it can be seen on the
customer file as if a person had done it.

The addresses are those of single rows, so they stand in the routers of these: two routers can't share an address.
"""

from datetime import date, time
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Schema, Status
from pydantic import ConfigDict

from vafa.act.followups import actions, queries
from vafa.act.followups.types import TaskTold, TaskUnusable
from vafa.api.access import RowsAuth, get_caller
from vafa.api.metrics import PROBLEMS
from vafa.api.problems import Refused
from vafa.api.repeats import Answer, answer_once
from vafa.api.row_shapes import Pages, may_see
from vafa.api.rows import NOT_FOUND
from vafa.api.rows import router as rows
from vafa.api.rows_out import CustomerRowOut, EventRowOut
from vafa.api.shapes import ProblemOut
from vafa.api.tasks import TaskOut, check_assignee, check_customer, find_seen_task, refuse_field, tell_task
from vafa.api.tasks import router as tasks
from vafa.api.texts import OPERATIONS
from vafa.data.business.queries import get_business
from vafa.data.customers.actions import change_customer
from vafa.data.customers.queries import find_customer, list_definitions, read_value
from vafa.data.customers.types import ValueUnusable
from vafa.data.interactions.actions import correct_text
from vafa.data.interactions.types import EntryNotYours
from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.kit.permissions import Permission, may
from vafa.kit.scopes import Scope


class CustomerPatch(Schema):
    """What is to change of a customer; what is not told stays, null or "" takes away."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(None, max_length=300, examples=["Sara Rahimi"])
    title: str | None = Field(None, max_length=60)
    company: str | None = Field(None, max_length=300)
    birthday: date | None = None
    location: str | None = Field(None, max_length=200)
    tags: list[str] | None = Field(None, max_length=50, examples=[["regular"]])
    custom: dict[str, str | int | float | bool | None] | None = Field(None, description="Fields of your own.")


class NotePatch(Schema):
    """The text of a note."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=10_000, examples=["Prefers to be called after six"])


class TaskPatch(Schema):
    """What is to change of an open task; what is not told stays."""

    model_config = ConfigDict(extra="forbid")

    title: str | None = Field(None, min_length=1, max_length=300)
    due_on: date | None = Field(None, examples=["2026-04-02"])
    due_time: time | None = None
    notes: str | None = Field(None, max_length=10_000)
    priority: Literal[1, 2, 3] | None = Field(None, description="1 is high, 3 is low.")
    customer: int | None = Field(None, ge=1, le=2**62)
    assignee: int | None = Field(None, ge=1, le=2**62)


# These may be taken away; the others stay as they are where null is told.
_EMPTIED = ("due_time", "customer", "assignee")


@rows.patch(
    "/customers/{row}", auth=RowsAuth(Scope.WRITE_CUSTOMERS, Scope.READ_CUSTOMERS),
    response={200: CustomerRowOut, **PROBLEMS, **NOT_FOUND}, description=OPERATIONS["change_customer"],
    operation_id="change_customer",
)  # fmt: skip
def change_one_customer(request: HttpRequest, row: int, body: CustomerPatch) -> Any:
    """Change a customer."""
    return Status(*answer_once(request, lambda: _change_customer(request, row, body)))


@rows.patch(
    "/notes/{row}", auth=RowsAuth(Scope.WRITE_NOTES, Scope.READ_NOTES),
    response={200: EventRowOut, **PROBLEMS, **NOT_FOUND}, description=OPERATIONS["change_note"],
    operation_id="change_note",
)  # fmt: skip
def change_note(request: HttpRequest, row: int, body: NotePatch) -> Any:
    """Change a note."""
    return Status(*answer_once(request, lambda: _change_note(request, row, body)))


@tasks.patch(
    "/tasks/{row}", auth=RowsAuth(Scope.WRITE_TASKS),
    response={200: TaskOut, **PROBLEMS, **NOT_FOUND, 409: ProblemOut}, description=OPERATIONS["change_task"],
    operation_id="change_task",
)  # fmt: skip
def change_task(request: HttpRequest, row: int, body: TaskPatch) -> Any:
    """Change an open task."""
    return Status(*answer_once(request, lambda: _change_task(request, row, body)))


# By these names the operations are known in the document and on its page.
change_one_customer.__name__ = "change_customer"


def _change_customer(request: HttpRequest, row: int, body: CustomerPatch) -> Answer:
    caller, business = get_caller(request), get_business()
    if not may(caller.token.staff, Permission.EDIT_CUSTOMERS):
        raise Refused(403, "not_allowed", _("Whoever made this token may not change customers."))
    found = find_customer(row) if 0 < row < 2**62 else None
    if found is None or not may_see(found.pk, caller.owner_id):
        raise _unknown()
    told = {name: getattr(body, name) for name in body.model_fields_set - {"custom"}}
    name, company = (told.get(one, getattr(found, one)) or "" for one in ("name", "company"))
    if not (name.strip() or company.strip()):
        raise refuse_field("name", _("Write a name, or a company."))
    told["tags"] = told.get("tags", found.tags) or []
    told |= _read_custom(body.custom or {}, business.phone_region or business.country)
    change_customer(
        found.pk, _clean(told), by=caller.token.staff, now=clock.now(), language=business.language
    )
    return 200, Pages.customer(found.pk, caller.owner_id)


def _clean(told: dict[str, Any]) -> dict[str, Any]:
    """Without what no database can keep."""
    return {
        name: value.replace("\0", "")
        if isinstance(value, str)
        else [one.replace("\0", "") for one in value]
        if isinstance(value, list)
        else value
        for name, value in told.items()
    }


def _read_custom(custom: dict[str, Any], region: str) -> dict[str, str]:
    """The values of fields of the business's own, read by the type of each; days are ISO."""
    definitions = {row.name: row for row in list_definitions()}
    read: dict[str, str] = {}
    for name, value in custom.items():
        row = definitions.get(name)
        if row is None:
            raise refuse_field(f"custom/{name}", _("There is no such field."))
        text = {True: "yes", False: "no", None: ""}.get(value) if isinstance(value, bool | None) else value
        try:
            read[f"custom:{name}"] = read_value(
                row.type, str(text), row.choices, region=region, read_day=_read_day
            )
        except ValueUnusable as problem:
            raise refuse_field(f"custom/{name}", problem.message, problem.code) from problem
    return read


def _read_day(text: str) -> str:
    return date.fromisoformat(text).isoformat()


def _change_note(request: HttpRequest, row: int, body: NotePatch) -> Answer:
    caller = get_caller(request)
    found = Pages.note(row, caller.owner_id) if 0 < row < 2**62 else None
    if found is None:
        raise _unknown()
    try:
        correct_text(row, body.text, by=caller.token.staff, now=clock.now())
    except EntryNotYours as problem:
        raise Refused(403, "not_allowed", problem.message) from problem
    except VafaError as problem:
        raise refuse_field("text", problem.message, problem.code) from problem
    return 200, Pages.note(row, caller.owner_id)


def _change_task(request: HttpRequest, row: int, body: TaskPatch) -> Answer:
    task = find_seen_task(request, row)
    if task.state != "open":
        raise Refused(409, "task_closed", _("This task is not open any more."))
    said = {
        name: value
        for name in body.model_fields_set
        if (value := getattr(body, name)) is not None or name in _EMPTIED
    }
    if "customer" in said:
        check_customer(request, said["customer"])
    if said.get("assignee", task.assignee_id) != task.assignee_id:
        staff = get_caller(request).token.staff
        if (
            said["assignee"] is None
            and task.assignee_id != staff.pk
            and not may(staff, Permission.ASSIGN_TASKS)
        ):
            text = _("Whoever made this token may give tasks to nobody else.")
            raise refuse_field("assignee", text, "not_allowed")
        check_assignee(request, said["assignee"])
    told = TaskTold(
        title=said.get("title", task.title),
        due_on=said.get("due_on", task.due_on),
        notes=said.get("notes", task.notes),
        customer_id=said.get("customer", task.customer_id),
        due_time=said.get("due_time", task.due_time),
        priority=said.get("priority", task.priority),
        assignee_id=said.get("assignee", task.assignee_id),
        repeat=queries.get_repeat(task),
    )
    try:
        actions.change_task(task.pk, told, by=get_caller(request).token.staff, now=clock.now())
    except TaskUnusable as problem:
        raise refuse_field(problem.field, problem.message, problem.code) from problem
    return 200, tell_task(find_seen_task(request, row))


def _unknown() -> Refused:
    return Refused(404, "row_unknown", _("There is no such row, or it may not be seen."))
