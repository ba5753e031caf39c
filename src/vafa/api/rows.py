"""Reading and bringing rows: customers, orders, returns, subscriptions, events, notes, each with the same questions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import ValidationError

from vafa.api import rows_in, rows_out
from vafa.api.access import RowsAuth, get_caller
from vafa.api.metrics import PROBLEMS
from vafa.api.problems import Refused
from vafa.api.repeats import Answer, answer_once
from vafa.api.row_shapes import Pages, build_thing
from vafa.api.shapes import ProblemOut
from vafa.api.texts import OPERATIONS
from vafa.data.intake.actions import take_things
from vafa.data.intake.types import Arrival, Kind, Outcome, Thing
from vafa.kit import clock
from vafa.kit.audit import record
from vafa.kit.scopes import Scope

router = Router(tags=["rows"])
NOT_FOUND: dict[Any, Any] = {404: ProblemOut}


@dataclass(frozen=True)
class Resource:
    """One kind of row that programs read and bring."""

    name: str
    one: str
    kind: Kind
    row_in: type[Schema]
    row_out: type[Schema]
    query: type[rows_out.PageQuery]
    read: Scope
    write: Scope
    pages: Callable[..., Any]
    find: Callable[[int, int | None], Any]


RESOURCES = (
    Resource(
        "customers", "customer", "customers", rows_in.CustomerIn, rows_out.CustomerRowOut,
        rows_out.CustomerPageQuery, Scope.READ_CUSTOMERS, Scope.WRITE_CUSTOMERS,
        Pages.customers, Pages.customer,
    ),
    Resource(
        "orders", "order", "orders", rows_in.OrderIn, rows_out.OrderRowOut,
        rows_out.OrderPageQuery, Scope.READ_ORDERS, Scope.WRITE_ORDERS, Pages.orders, Pages.order,
    ),
    Resource(
        "returns", "return", "returns", rows_in.ReturnIn, rows_out.ReturnRowOut,
        rows_out.PageQuery, Scope.READ_ORDERS, Scope.WRITE_ORDERS, Pages.returns, Pages.return_,
    ),
    Resource(
        "subscriptions", "subscription", "subscriptions", rows_in.SubscriptionIn, rows_out.SubscriptionRowOut,
        rows_out.PageQuery, Scope.READ_SUBSCRIPTIONS, Scope.WRITE_SUBSCRIPTIONS,
        Pages.subscriptions, Pages.subscription,
    ),
    Resource(
        "events", "event", "interactions", rows_in.EventIn, rows_out.EventRowOut,
        rows_out.EventPageQuery, Scope.READ_EVENTS, Scope.WRITE_EVENTS, Pages.events, Pages.event,
    ),
    Resource(
        "notes", "note", "interactions", rows_in.NoteIn, rows_out.EventRowOut,
        rows_out.PageQuery, Scope.READ_NOTES, Scope.WRITE_NOTES, Pages.notes, Pages.note,
    ),
)  # fmt: skip


def _add(resource: Resource) -> None:
    """The four questions of a resource."""
    page_out = rows_out.build_page(resource.row_out, f"{resource.row_out.__name__}Page{resource.name}")
    batch_in = rows_in.build_batch(resource.row_in, f"{resource.row_in.__name__}Batch")
    reading, writing = RowsAuth(resource.read), RowsAuth(resource.write)
    path = f"/{resource.name}"

    def list_rows(request: HttpRequest, asked: Query[resource.query]) -> Any:  # type: ignore[name-defined]
        caller = get_caller(request)
        found, last = resource.pages(asked, caller.owner_id)
        _note_reading(request, resource)
        after = max(asked.cursor, asked.updated_since)
        return {"rows": found, "next_cursor": last, "last_seq": found[-1]["seq"] if found else after}

    def get_row(request: HttpRequest, row: int) -> Any:
        found = resource.find(row, get_caller(request).owner_id) if 0 < row < 2**62 else None
        if found is None:
            raise Refused(404, "row_unknown", _("There is no such row, or it may not be seen."))
        _note_reading(request, resource)
        return found

    def add_row(request: HttpRequest, body: resource.row_in) -> Any:  # type: ignore[name-defined]
        return Status(*answer_once(request, lambda: _take_one(request, resource, body)))

    def add_rows(request: HttpRequest, body: batch_in) -> Any:  # type: ignore[valid-type]
        rows: Sequence[Any] = body.rows  # type: ignore[attr-defined]
        return Status(*answer_once(request, lambda: _take_batch(request, resource, rows)))

    stored: dict[Any, Any] = {(200, 201): rows_out.StoredOut, **PROBLEMS}
    batch: dict[Any, Any] = {200: rows_out.BatchOut, **PROBLEMS}
    for method, where, view, name, auth, answer in (
        # Before the single rows, whose address would take the word for an id.
        ("POST", f"{path}/batch", add_rows, f"add_{resource.name}", writing, batch),
        ("GET", path, list_rows, f"list_{resource.name}", reading, {200: page_out, **PROBLEMS}),
        ("GET", f"{path}/{{row}}", get_row, f"get_{resource.one}", reading,
         {200: resource.row_out, **PROBLEMS, **NOT_FOUND}),
        ("POST", path, add_row, f"add_{resource.one}", writing, stored),
    ):  # fmt: skip
        # By this name the operation is known in the document and on its page.
        view.__name__ = view.__qualname__ = name
        router.add_api_operation(
            where, [method], view, auth=auth, response=answer, description=OPERATIONS[name], operation_id=name
        )


def _note_reading(request: HttpRequest, resource: Resource) -> None:
    """That somebody's rows were read stands in the audit trail."""
    token = get_caller(request).token
    record("api.rows_read", by=token.staff, now=clock.now(), subject=f"token:{token.pk}", rows=resource.name)


def _take_one(request: HttpRequest, resource: Resource, body: Schema) -> Answer:
    outcome = take_rows(request, resource.kind, [body], note=resource.one == "note")[0]
    problems = tell_problems_of(outcome, "")
    if outcome.state == "rejected":
        raise Refused(422, "row_rejected", problems[0]["detail"], problems=problems)
    return 201 if outcome.state == "new" else 200, _tell(outcome, problems)


def _take_batch(request: HttpRequest, resource: Resource, rows: Sequence[Any]) -> Answer:
    return 200, store_batch(request, resource.kind, resource.row_in, rows, note=resource.one == "note")


def store_batch(
    request: HttpRequest, kind: Kind, shape: type[Schema], rows: Sequence[Any], *, note: bool = False
) -> dict[str, Any]:
    """Take the good rows of a batch; what became of each, in their order."""
    results: list[dict[str, Any] | None] = [None] * len(rows)
    good: list[tuple[int, Schema]] = []
    for place, row in enumerate(rows):
        try:
            good.append((place, shape.model_validate(row)))
        except ValidationError as error:
            results[place] = _tell(Outcome("rejected"), build_problems(error, f"/rows/{place}"))
    outcomes = take_rows(request, kind, [row for _place, row in good], note=note)
    for (place, _row), outcome in zip(good, outcomes, strict=True):
        results[place] = _tell(outcome, tell_problems_of(outcome, f"/rows/{place}"))
    told = [result for result in results if result is not None]
    return {"counts": count_states(told), "results": told}


def build_problems(error: ValidationError, pointer: str) -> list[dict[str, Any]]:
    """What is wrong with the fields of a row that does not have its shape."""
    return [
        _build_problem(f"{pointer}/{'/'.join(map(_escape, one['loc']))}", one["type"], one["msg"])
        for one in error.errors(include_url=False, include_context=False, include_input=False)
    ]


def count_states(told: list[dict[str, Any]]) -> dict[str, int]:
    """Rows by what became of them."""
    states = ("new", "changed", "same", "rejected")
    return {state: sum(result["status"] == state for result in told) for state in states}


def take_rows(
    request: HttpRequest, kind: Kind, rows: Sequence[Schema], *, note: bool = False
) -> list[Outcome]:
    """Bring rows through the doors of the intake, source by source."""
    token, now = get_caller(request).token, clock.now()
    outcomes: list[Outcome] = [Outcome("rejected")] * len(rows)
    sources: dict[str, list[int]] = {}
    things: list[Thing] = []
    for place, row in enumerate(rows):
        source, thing = build_thing(kind, row, note=note)
        sources.setdefault(source, []).append(place)
        things.append(thing)
    for source, places in sources.items():
        arrival = Arrival(kind, source, [things[place] for place in places])
        for place, outcome in zip(places, take_things(arrival, by=token.staff, now=now), strict=True):
            outcomes[place] = outcome
    return outcomes


def tell_problems_of(outcome: Outcome, pointer: str) -> list[dict[str, Any]]:
    """The problems of a row, each with the field of the request that it is about."""
    told = []
    for problem in outcome.problems:
        line = f"/lines/{problem.row}" if problem.field in rows_in.LineIn.model_fields else ""
        name = _NAMES.get(problem.field, problem.field)
        told.append(
            _build_problem(
                f"{pointer}{line}/{name}".rstrip("/"), problem.code, problem.reason, problem.remedy
            )
        )
    return told


# What the intake calls a row's own number is its `id` here.
_NAMES = {"order": "id", "return": "id", "subscription": "id", "interaction": "id"}


def _build_problem(pointer: str, code: str, detail: str, remedy: str = "") -> dict[str, Any]:
    return {"pointer": pointer, "code": code, "detail": detail, "remedy": remedy}


def _escape(part: Any) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


def _tell(outcome: Outcome, problems: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "status": outcome.state,
        "row": outcome.row,
        "customer": outcome.customer,
        "problems": problems,
    }


for one in RESOURCES:
    _add(one)
