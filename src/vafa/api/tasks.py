"""Tasks of people: what is to be done, made and finished by programs in the name of their token's maker."""

from datetime import date, time
from typing import Any, Literal

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status
from pydantic import ConfigDict, ValidationError

from vafa.act.followups import actions, queries
from vafa.act.followups.types import OUTCOMES, TaskFilter, TaskTold, TaskUnusable
from vafa.api.access import RowsAuth, get_caller
from vafa.api.metrics import PROBLEMS
from vafa.api.problems import Refused
from vafa.api.repeats import Answer, answer_once
from vafa.api.row_shapes import may_see
from vafa.api.rows import NOT_FOUND, build_problems, count_states
from vafa.api.rows_in import build_batch
from vafa.api.rows_out import BatchOut
from vafa.api.shapes import ProblemOut
from vafa.api.texts import OPERATIONS, PARAMETERS
from vafa.data.business.queries import get_business
from vafa.data.customers.queries import find_customer, list_merged_into
from vafa.kit import clock
from vafa.kit.audit import record
from vafa.kit.permissions import Permission, may
from vafa.kit.scopes import Scope

router = Router(tags=["tasks"])
READING, WRITING = RowsAuth(Scope.READ_TASKS), RowsAuth(Scope.WRITE_TASKS)


class TaskQuery(Schema):
    """Which tasks."""

    show: Literal["open", "overdue", "today", "next", "done", "cancelled", "all"] = Field(
        "open", description=PARAMETERS["show"]
    )
    customer: int | None = Field(None, ge=1, le=2**62, description=PARAMETERS["customer"])
    cursor: int = Field(0, ge=0, le=1_000_000, description=PARAMETERS["cursor"])
    limit: int = Field(100, ge=1, le=1000, description=PARAMETERS["limit"])
    language: str | None = Field(None, description=PARAMETERS["language"])


class TaskIn(Schema):
    """A task. `customer` is the customer's id here, `assignee` that of a member of staff."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=300, examples=["Call back about the delivery"])
    due_on: date
    due_time: time | None = None
    notes: str = Field("", max_length=10_000)
    priority: Literal[1, 2, 3] = Field(2, description="1 is high, 3 is low.")
    customer: int | None = Field(None, ge=1, le=2**62)
    assignee: int | None = Field(None, ge=1, le=2**62)


TaskBatch = build_batch(TaskIn, "TaskBatch")


class FinishIn(Schema):
    """What came of a task."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal[OUTCOMES] = "done"  # type: ignore[valid-type]
    note: str = Field("", max_length=500)


class TaskOut(Schema):
    """A task."""

    row: int
    title: str
    notes: str
    customer: int | None
    due_on: date
    due_time: time | None
    priority: int
    assignee: int | None
    state: str
    outcome: str


class TasksOut(Schema):
    """A page of tasks."""

    rows: list[TaskOut]
    next_cursor: int | None


@router.get(
    "/tasks", auth=READING, response={200: TasksOut, **PROBLEMS}, description=OPERATIONS["list_tasks"],
    operation_id="list_tasks",
)  # fmt: skip
def list_tasks(request: HttpRequest, asked: Query[TaskQuery]) -> Any:
    """Tasks that may be seen, a page at a time."""
    caller, now = get_caller(request), clock.now()
    viewer = queries.get_viewer(caller.token.staff)
    customers = (asked.customer, *list_merged_into(asked.customer)) if asked.customer is not None else ()
    moment = queries.tell_moment(now, get_business().zone)
    found = queries.list_tasks(
        viewer,
        TaskFilter(show=asked.show, customers=customers),
        moment,
        start=asked.cursor,
        count=asked.limit + 1,
    )
    record("api.rows_read", by=caller.token.staff, now=now, subject=f"token:{caller.token.pk}", rows="tasks")
    more = len(found) > asked.limit
    return {
        "rows": [tell_task(task) for task in found[: asked.limit]],
        "next_cursor": asked.cursor + asked.limit if more else None,
    }


# Before the single ones, whose address would take the word for an id.
@router.post(
    "/tasks/batch", auth=WRITING, response={200: BatchOut, **PROBLEMS}, description=OPERATIONS["add_tasks"],
    operation_id="add_tasks",
)  # fmt: skip
def add_tasks(request: HttpRequest, body: TaskBatch) -> Any:  # type: ignore[valid-type]
    """New tasks."""
    rows: list[Any] = body.rows  # type: ignore[attr-defined]
    return Status(*answer_once(request, lambda: _add_many(request, rows)))


@router.get(
    "/tasks/{row}", auth=READING, response={200: TaskOut, **PROBLEMS, **NOT_FOUND},
    description=OPERATIONS["get_task"], operation_id="get_task",
)  # fmt: skip
def get_task(request: HttpRequest, row: int) -> Any:
    """One task."""
    return tell_task(find_seen_task(request, row))


@router.post(
    "/tasks", auth=WRITING, response={201: TaskOut, **PROBLEMS}, description=OPERATIONS["add_task"],
    operation_id="add_task",
)  # fmt: skip
def add_task(request: HttpRequest, body: TaskIn) -> Any:
    """A new task."""
    return Status(*answer_once(request, lambda: _add(request, body)))


@router.post(
    "/tasks/{row}/finish", auth=WRITING,
    response={200: TaskOut, **PROBLEMS, **NOT_FOUND, 409: ProblemOut},
    description=OPERATIONS["finish_task"], operation_id="finish_task",
)  # fmt: skip
def finish_task(request: HttpRequest, row: int, body: FinishIn) -> Any:
    """Finish a task."""
    return Status(*answer_once(request, lambda: _finish(request, row, body)))


def _add_many(request: HttpRequest, rows: list[Any]) -> Answer:
    results: list[dict[str, Any]] = []
    for place, row in enumerate(rows):
        pointer = f"/rows/{place}"
        try:
            with transaction.atomic():
                made = _add(request, TaskIn.model_validate(row))[1]
        except ValidationError as error:
            problems = build_problems(error, pointer)
        except Refused as refused:
            problems = [one | {"pointer": pointer + one["pointer"]} for one in refused.more["problems"]]
        else:
            results.append(
                {"status": "new", "row": made["row"], "customer": made["customer"], "problems": []}
            )
            continue
        results.append({"status": "rejected", "row": None, "customer": None, "problems": problems})
    return 200, {"counts": count_states(results), "results": results}


def _add(request: HttpRequest, body: TaskIn) -> Answer:
    caller = get_caller(request)
    check_customer(request, body.customer)
    check_assignee(request, body.assignee)
    told = TaskTold(
        title=body.title,
        due_on=body.due_on,
        notes=body.notes,
        customer_id=body.customer,
        due_time=body.due_time,
        priority=body.priority,
        assignee_id=body.assignee,
    )
    try:
        task = actions.create_task(told, by=caller.token.staff, now=clock.now())
    except TaskUnusable as problem:
        raise refuse_field(problem.field, problem.message, problem.code) from problem
    return 201, tell_task(task)


def _finish(request: HttpRequest, row: int, body: FinishIn) -> Answer:
    task = find_seen_task(request, row)
    done = actions.finish_tasks(
        [task.pk], body.outcome, body.note, by=get_caller(request).token.staff, now=clock.now()
    )
    if not done.count:
        raise Refused(409, "task_closed", _("This task is not open any more."))
    return 200, tell_task(find_seen_task(request, row))


def check_customer(request: HttpRequest, customer: int | None) -> None:
    """Raises Refused for a customer who is not there, or whom whoever asks may not see."""
    owner_id = get_caller(request).owner_id
    if customer is not None and (find_customer(customer) is None or not may_see(customer, owner_id)):
        raise refuse_field("customer", _("There is no such row, or it may not be seen."))


def check_assignee(request: HttpRequest, assignee: int | None) -> None:
    """Raises Refused for who can't be given tasks by whoever made the token."""
    staff = get_caller(request).token.staff
    if assignee not in (None, staff.pk) and not may(staff, Permission.ASSIGN_TASKS):
        text = _("Whoever made this token may give tasks to nobody else.")
        raise refuse_field("assignee", text, "not_allowed")
    if assignee is not None and assignee not in {one.pk for one in queries.list_assignable()}:
        raise refuse_field("assignee", _("There is no such row, or it may not be seen."))


def find_seen_task(request: HttpRequest, row: int) -> queries.Task:
    """A task that whoever asks may see. Raises Refused."""
    viewer = queries.get_viewer(get_caller(request).token.staff)
    found = queries.find_task(row, viewer) if 0 < row < 2**62 else None
    if found is None:
        raise Refused(404, "row_unknown", _("There is no such row, or it may not be seen."))
    return found


def refuse_field(name: str, detail: str, code: str = "row_rejected") -> Refused:
    """The refusal that names a field."""
    problem = {"pointer": f"/{name}" if name else "", "code": code, "detail": detail, "remedy": ""}
    return Refused(422, "row_rejected", detail, problems=[problem])


def tell_task(task: queries.Task) -> dict[str, Any]:
    """A task as it is told."""
    return {
        "row": task.pk,
        "title": task.title,
        "notes": task.notes,
        "customer": task.customer_id,
        "due_on": task.due_on,
        "due_time": task.due_time,
        "priority": task.priority,
        "assignee": task.assignee_id,
        "state": task.state,
        "outcome": task.outcome,
    }
