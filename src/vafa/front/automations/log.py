"""The log of an automation: every step of every customer; and the same on a customer's file."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vafa.act.automations import queries
from vafa.act.automations.types import RUN_STATES
from vafa.data.customers.queries import list_customer_rows
from vafa.front.address import get_address
from vafa.front.automations.access import Eyes, get_automation_or_404, open_eyes
from vafa.front.automations.words import name_run_state, name_step, name_step_state, name_way, name_why
from vafa.front.customer.parts import get_customer_or_404, render_part
from vafa.front.customers.rows import name_customer
from vafa.front.overview.exports import FORMATS, build_sheet
from vafa.kit.audit import record
from vafa.kit.ids import read_id
from vafa.kit.locale.formats import format_moment
from vafa.kit.permissions import Permission, may, only_with, requires

PAGE = 50
MOST_EXPORTED = 100_000
EXPORT_COLUMNS = ("customer", "version", "state", "arm", "why", "entered_at", "ended_at", "steps")


@requires(Permission.EDIT_MESSAGES)
@only_with(Permission.SEE_CUSTOMERS)
@require_safe
def automation_log(request: HttpRequest, automation_id: int) -> HttpResponseBase:
    """`/automations/<id>/log/?state=&before=`: who entered, the latest first, and each one's steps."""
    eyes, one = open_eyes(request), get_automation_or_404(automation_id)
    state = _read_state(request)
    before = read_id(request.GET.get("before", ""))
    runs = queries.list_runs(one.pk, state=state, owner_id=eyes.owner_id, before=before, limit=PAGE + 1)
    shown = runs[:PAGE]
    context = {
        "automation": one,
        "rows": build_run_rows(shown, eyes, with_names=True),
        "tabs": _list_tabs(state),
        "state": state,
        "next": shown[-1].pk if len(runs) > PAGE else None,
        "is_first": before is None,
        "downloads": list_downloads(
            "export_automation_log", one.pk, f"state={state}" if state else "", request
        ),
    }
    return render(request, "automations/log.html", context)


def list_downloads(name: str, automation_id: int, query: str, request: HttpRequest) -> list[tuple[str, str]]:
    """The files of what is shown, for who may take any."""
    if not may(request.user, Permission.EXPORT):
        return []
    addresses = [(one, reverse(name, args=[automation_id, one])) for one in FORMATS]
    return [(one, f"{address}?{query}" if query else address) for one, address in addresses]


def _read_state(request: HttpRequest) -> str:
    return next((name for name in RUN_STATES if name == request.GET.get("state")), "")


def _list_tabs(state: str) -> list[dict[str, Any]]:
    told = [("", _("All")), *((name, name_run_state(name)[0]) for name in RUN_STATES)]
    return [
        {"url": f"?state={name}" if name else "?", "title": title, "active": name == state}
        for name, title in told
    ]


def build_run_rows(runs: list[queries.Run], eyes: Eyes, *, with_names: bool = False) -> list[dict[str, Any]]:
    """Runs as pages show them, each with its steps."""
    steps = queries.list_steps_of(runs)
    people = {run.pk: run.customer.kept_id or run.customer_id for run in runs} if with_names else {}
    names = {row.id: name_customer(row) for row in list_customer_rows(sorted(set(people.values())))}
    known: dict[int, dict[str, Any]] = {}
    return [_build_row(run, steps[run.pk], people.get(run.pk), names, known, eyes) for run in runs]


def _build_row(
    run: queries.Run, steps: list[queries.Step], customer: int | None, names: dict[int, str],
    known: dict[int, dict[str, Any]], eyes: Eyes,
) -> dict[str, Any]:  # fmt: skip
    if run.version_id not in known:
        known[run.version_id] = dict(queries.flatten(queries.read_document(run.version.document).steps))
    nodes = known[run.version_id]
    state, tone = name_run_state(run.state)
    return {
        "id": run.pk,
        "customer": customer,
        "name": names.get(customer or 0, ""),
        "state": state,
        "tone": tone,
        "why": name_why(run.why),
        "version": run.version.number,
        "entered": _write(run.entered_at, eyes),
        "ended": _write(run.ended_at, eyes) if run.ended_at else "",
        "code": run.values.get("code", ""),
        "steps": [_build_step(step, nodes.get(step.step), eyes) for step in steps],
    }


def _build_step(step: queries.Step, node: Any, eyes: Eyes) -> dict[str, Any]:
    state, tone = name_step_state(step.state)
    is_open = step.state in ("waiting", "claimed")
    return {
        "name": name_step(node.kind) if node is not None else step.step,
        "state": state,
        "tone": tone,
        "why": name_why(step.why),
        "way": name_way(step.way) if step.way else "",
        "at": _write(step.due_at if is_open else step.done_at or step.due_at, eyes),
    }


def _write(moment: Any, eyes: Eyes) -> str:
    return format_moment(moment, eyes.zone, eyes.style)


@requires(Permission.EXPORT)
@only_with(Permission.EDIT_MESSAGES)
@only_with(Permission.SEE_CUSTOMERS)
@require_safe
def export_log(request: HttpRequest, automation_id: int, file_format: str) -> HttpResponseBase:
    """`/automations/<id>/log.<csv|xlsx>?state=`: the log of the filter, ids and states without names."""
    if file_format not in FORMATS:
        raise Http404
    eyes, one = open_eyes(request), get_automation_or_404(automation_id)
    runs = list(
        queries.filter_runs(one.pk, state=_read_state(request), owner_id=eyes.owner_id)[:MOST_EXPORTED]
    )
    steps = queries.list_steps_of(runs)
    rows = [
        (
            run.customer.kept_id or run.customer_id, run.version.number, run.state, run.arm, run.why,
            run.entered_at.isoformat(), run.ended_at.isoformat() if run.ended_at else "",
            " ".join(f"{step.step}:{step.state}" for step in steps[run.pk]),
        )
        for run in runs
    ]  # fmt: skip
    record(
        "automation.log_exported", by=request.user, now=eyes.now, address=get_address(request),
        subject=f"automation:{one.pk}", rows=len(rows), format=file_format,
    )  # fmt: skip
    return build_sheet("automation-log", EXPORT_COLUMNS, rows, file_format)


@requires(Permission.SEE_CUSTOMERS)
@require_safe
def customer_automations(request: HttpRequest, customer_id: int) -> HttpResponseBase:
    """`/customers/<id>/automations/`: what a customer went through, step by step."""
    customer = get_customer_or_404(request, customer_id)
    eyes = open_eyes(request)
    # Who is held out is treated like everybody else, so those who look after them aren't told.
    runs = [run for run in queries.list_runs_of(customer.pk) if run.state != "held_out"]
    rows = build_run_rows(runs, eyes)
    for row, run in zip(rows, runs, strict=True):
        row["automation"], row["automation_id"] = run.automation.name, run.automation_id
    return render_part(request, customer, "automations/part.html", {"rows": rows, "may_open": eyes.may_edit})
