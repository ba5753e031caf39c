"""The dry run: who would have entered on the last known days, and what would have held the message back."""

from collections import Counter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vafa.act.automations import queries
from vafa.act.automations.types import DryRun, WouldEnter
from vafa.data.customers.queries import list_customer_rows
from vafa.front.address import get_address
from vafa.front.automations.access import Eyes, get_automation_or_404, open_eyes
from vafa.front.automations.log import list_downloads
from vafa.front.automations.proof import describe_plan, plan
from vafa.front.automations.words import name_reason
from vafa.front.customers.rows import name_customer
from vafa.front.overview.exports import FORMATS, build_sheet
from vafa.kit.audit import record
from vafa.kit.errors import VafaError
from vafa.kit.ids import read_id
from vafa.kit.locale.formats import format_day, format_number
from vafa.kit.permissions import Permission, only_with, requires
from vafa.warehouse.queries import open_snapshot

PAGE = 100
DAYS = (30, 90)
EXPORT_COLUMNS = ("customer", "on", "control", "held_back")


@requires(Permission.EDIT_MESSAGES)
@only_with(Permission.SEE_CUSTOMERS)
@require_safe
def automation_dry_run(request: HttpRequest, automation_id: int) -> HttpResponseBase:
    """`/automations/<id>/dry-run/?days=&page=`: what the draft would have done; nothing is written or sent."""
    eyes, one = open_eyes(request), get_automation_or_404(automation_id)
    days = _read_days(request)
    context: dict[str, Any] = {"automation": one, "days": days, "eyes": eyes}
    try:
        run, seen = _rehearse(one, days, eyes)
    except VafaError as problem:
        context |= {"error": str(problem)}
        return render(request, "automations/dry_run.html", context)
    page = max(read_id(request.GET.get("page", "")) or 1, 1)
    rows = seen[(page - 1) * PAGE : page * PAGE]
    context |= {
        "run": run,
        "start": format_day(run.start, eyes.style),
        "end": format_day(run.end, eyes.style),
        "count": len(seen),
        "entered": format_number(len(seen), eyes.style),
        "people": format_number(len({row.customer_id for row in seen}), eyes.style),
        "reasons": _list_reasons(seen, eyes),
        "rows": _build_rows(rows, eyes),
        "tabs": [_build_tab(n, days, eyes) for n in DAYS],
        "page": page,
        "previous_url": f"?days={days}&page={page - 1}" if page > 1 else "",
        "next_url": f"?days={days}&page={page + 1}" if page * PAGE < len(seen) else "",
        "summary": _("%(first)s–%(last)s of %(all)s") % {
            "first": format_number((page - 1) * PAGE + 1, eyes.style),
            "last": format_number(min(page * PAGE, len(seen)), eyes.style),
            "all": format_number(len(seen), eyes.style),
        },
        "downloads": list_downloads("export_dry_run", one.pk, f"days={days}", request),
        "advice": describe_plan(plan(queries.get_draft(one), open_snapshot(), eyes.now), eyes.style),
    }  # fmt: skip
    return render(request, "automations/dry_run.html", context)


def _build_tab(n: int, days: int, eyes: Eyes) -> dict[str, Any]:
    title = _("Last %(days)s days") % {"days": format_number(n, eyes.style)}
    return {"url": f"?days={n}", "title": title, "active": n == days}


def _read_days(request: HttpRequest) -> int:
    return next((n for n in DAYS if str(n) == request.GET.get("days")), DAYS[0])


def _rehearse(one: queries.Automation, days: int, eyes: Eyes) -> tuple[DryRun, list[WouldEnter]]:
    snapshot = open_snapshot()
    trial = one.version.trial if one.version and one.version.trial else f"automation:{one.pk}:1"
    run = queries.rehearse(queries.get_draft(one), snapshot, eyes.now, days=days, trial=trial)
    if eyes.owner_id is None:
        return run, list(run.rows)
    own = set(snapshot.ids(snapshot.visible_to(eyes.owner_id)).tolist())
    return run, [row for row in run.rows if row.customer_id in own]


def _list_reasons(rows: list[WouldEnter], eyes: Eyes) -> list[tuple[str, str]]:
    counts = Counter("control" if row.control else row.reason for row in rows if row.control or row.reason)
    return [(name_reason(reason), format_number(count, eyes.style)) for reason, count in counts.most_common()]


def _build_rows(rows: list[WouldEnter], eyes: Eyes) -> list[dict[str, Any]]:
    names = {
        row.id: name_customer(row) for row in list_customer_rows(sorted({one.customer_id for one in rows}))
    }
    return [
        {
            "id": row.customer_id,
            "name": names.get(row.customer_id, str(row.customer_id)),
            "on": format_day(row.on, eyes.style),
            "held": name_reason("control" if row.control else row.reason),
        }
        for row in rows
    ]


@requires(Permission.EXPORT)
@only_with(Permission.EDIT_MESSAGES)
@only_with(Permission.SEE_CUSTOMERS)
@require_safe
def export_dry_run(request: HttpRequest, automation_id: int, file_format: str) -> HttpResponseBase:
    """`/automations/<id>/dry-run.<csv|xlsx>?days=`: who would have entered, by id."""
    if file_format not in FORMATS:
        raise Http404
    eyes, one = open_eyes(request), get_automation_or_404(automation_id)
    _run, seen = _rehearse(one, _read_days(request), eyes)
    rows = [(row.customer_id, row.on.isoformat(), row.control, row.reason) for row in seen]
    record(
        "automation.dry_run_exported", by=request.user, now=eyes.now, address=get_address(request),
        subject=f"automation:{one.pk}", rows=len(rows), format=file_format,
    )  # fmt: skip
    return build_sheet("dry-run", EXPORT_COLUMNS, rows, file_format)
