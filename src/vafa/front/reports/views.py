"""Seeing dashboards: the list, one of them, on paper, as a file."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vafa.front.address import get_address
from vafa.front.overview.exports import build_sheet
from vafa.front.reports.asking import ask_item, build_asker
from vafa.front.reports.page import (
    FORMATS,
    describe_dashboard,
    get_page_style,
    get_seen,
    show_dashboard,
)
from vafa.front.reports.sheets import build_book
from vafa.front.reports.shown import RAW_COLUMNS, show_item
from vafa.kit import clock
from vafa.kit.audit import record
from vafa.kit.permissions import Permission, may, only_with, requires
from vafa.measure.reports.queries import (
    build_item,
    can_edit,
    list_dashboards,
    list_deleted,
    list_items,
    list_schedules,
)


@requires(Permission.SEE_FIGURES)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """`/reports/`: the dashboards that this person may see."""
    rows = [
        {
            "dashboard": dashboard,
            "own": dashboard.owner_id == request.user.pk,
            "count": dashboard.items.count(),
            "scheduled": any(not schedule.paused for schedule in list_schedules(dashboard)),
            "may_edit": can_edit(request.user, dashboard),
        }
        for dashboard in list_dashboards(request.user)
    ]
    may_make = may(request.user, Permission.EDIT_REPORTS)
    deleted = list_deleted(request.user) if may_make else []
    return render(request, "reports/reports.html", {"rows": rows, "may_make": may_make, "deleted": deleted})


@requires(Permission.SEE_FIGURES)
@require_safe
def dashboard(request: HttpRequest, dashboard_id: int) -> HttpResponse:
    """`/reports/<id>/`, and with `?print=1` as it goes on paper."""
    found = get_seen(request, dashboard_id)
    asker = build_asker(request.user)
    context: dict[str, Any] = describe_dashboard(request, found) | {
        "blocks": show_dashboard(asker, found, get_page_style()),
        "is_limited": asker.owner_id is not None,
        "is_print": request.GET.get("print") == "1",
        "made_at": clock.now(),
        "links_to": True,
    }
    template = "reports/print.html" if context["is_print"] else "reports/dashboard.html"
    return render(request, template, context)


@requires(Permission.EXPORT)
@only_with(Permission.SEE_FIGURES)
@require_safe
def export_dashboard(request: HttpRequest, dashboard_id: int, file_format: str) -> HttpResponse:
    """`/reports/<id>/export.<csv|xlsx>`: everything on it."""
    found = get_seen(request, dashboard_id)
    if file_format not in FORMATS:
        raise Http404
    response = build_book(found, build_asker(request.user), get_page_style(), file_format)
    _note(request, f"dashboard:{found.pk}", file_format)
    return response


@requires(Permission.EXPORT)
@only_with(Permission.SEE_FIGURES)
@require_safe
def export_item(request: HttpRequest, dashboard_id: int, item_id: int, file_format: str) -> HttpResponse:
    """`/reports/<id>/items/<item>/export.<csv|xlsx>`: one table of it."""
    found = get_seen(request, dashboard_id)
    row = next((one for one in list_items(found) if one.pk == item_id), None)
    if row is None or file_format not in FORMATS:
        raise Http404
    shown = show_item(ask_item(build_asker(request.user), build_item(row)), get_page_style())
    _note(request, f"dashboard:{found.pk}", file_format)
    return build_sheet(row.metric.replace("_", "-"), RAW_COLUMNS, shown.raw, file_format)


def _note(request: HttpRequest, subject: str, file_format: str) -> None:
    record(
        "dashboard.exported",
        by=request.user,
        now=clock.now(),
        subject=subject,
        address=get_address(request),
        format=file_format,
    )
