"""Making and changing dashboards. Every step is a form of its own, so that it works by keyboard and without scripts."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vafa.data.business.queries import get_business
from vafa.front.reports.asking import ask_item, build_asker
from vafa.front.reports.forms import ESSENTIALS, DashboardForm, ItemForm, NewDashboardForm, list_chart_choices
from vafa.front.reports.page import describe_dashboard, get_editable, get_page_style, get_seen
from vafa.front.reports.shown import show_item
from vafa.front.settings_pages import say_saved
from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.kit.permissions import Permission, requires
from vafa.measure.reports.actions import (
    add_item,
    change_dashboard,
    change_item,
    create_dashboard,
    delete_dashboard,
    duplicate_dashboard,
    move_item,
    remove_item,
    restore_dashboard,
)
from vafa.measure.reports.queries import Dashboard, DashboardItem, build_item, list_deleted, list_items
from vafa.measure.reports.types import Item

# What was removed last, so that it can be put back.
REMOVED_SESSION_KEY = "removed_report_item"
NAME_LENGTH = 120


@requires(Permission.EDIT_REPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_dashboard(request: HttpRequest) -> HttpResponseBase:
    """`/reports/new/`."""
    form = NewDashboardForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = create_dashboard(
            said["name"].strip(),
            is_shared=said["is_shared"],
            items=ESSENTIALS if said["begin"] == "essentials" else (),
            by=request.user,
            now=clock.now(),
        )
        return redirect("edit_dashboard", made.pk)
    return render(request, "reports/new.html", {"form": form}, status=422 if form.errors else 200)


@requires(Permission.EDIT_REPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_dashboard(request: HttpRequest, dashboard_id: int) -> HttpResponseBase:
    """`/reports/<id>/edit/`: its name, who sees it, and its items in their order."""
    dashboard = get_editable(request, dashboard_id)
    initial = {"name": dashboard.name, "is_shared": dashboard.is_shared}
    form = DashboardForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        change_dashboard(
            dashboard,
            name=said["name"].strip(),
            is_shared=said["is_shared"],
            by=request.user,
            now=clock.now(),
        )
        say_saved(request)
        return redirect("edit_dashboard", dashboard.pk)
    removed = request.session.get(REMOVED_SESSION_KEY)
    context = describe_dashboard(request, dashboard) | {
        "form": form,
        "items": _list_rows(request, dashboard),
        "removed": removed if removed and removed["dashboard"] == dashboard.pk else None,
    }
    return render(request, "reports/edit.html", context, status=422 if form.errors else 200)


def _list_rows(request: HttpRequest, dashboard: Dashboard) -> list[dict[str, Any]]:
    asker, style, kinds = build_asker(request.user), get_page_style(), dict(list_chart_choices())
    rows = []
    for row in list_items(dashboard):
        shown = show_item(ask_item(asker, build_item(row)), style)
        rows.append({"id": row.pk, "shown": shown, "kind": kinds.get(row.chart, row.chart)})
    return rows


@requires(Permission.EDIT_REPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_item(request: HttpRequest, dashboard_id: int) -> HttpResponseBase:
    """`/reports/<id>/items/new/`: one more metric, at the end. The address may name one (`?metric=crr`)."""
    return _edit_item(request, get_editable(request, dashboard_id), None)


@requires(Permission.EDIT_REPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_item(request: HttpRequest, dashboard_id: int, item_id: int) -> HttpResponseBase:
    """`/reports/<id>/items/<item>/`: what one item shows."""
    dashboard = get_editable(request, dashboard_id)
    return _edit_item(request, dashboard, _get_item(dashboard, item_id))


def _get_item(dashboard: Dashboard, item_id: int) -> DashboardItem:
    row = next((one for one in list_items(dashboard) if one.pk == item_id), None)
    if row is None:
        raise Http404
    return row


def _edit_item(request: HttpRequest, dashboard: Dashboard, row: DashboardItem | None) -> HttpResponseBase:
    asker = build_asker(request.user)
    form = ItemForm(
        request.POST if request.method == "POST" else None,
        snapshot=asker.snapshot,
        style=get_page_style(),
        calendar=get_business().calendar,
        item=Item(metric=request.GET.get("metric", "crr")) if row is None else build_item(row),
    )
    if request.method == "POST" and form.is_valid() and _save_item(request, dashboard, row, form):
        return redirect("edit_dashboard", dashboard.pk)
    context = describe_dashboard(request, dashboard) | {"form": form, "is_new": row is None}
    return render(request, "reports/item.html", context, status=422 if form.errors else 200)


def _save_item(request: HttpRequest, dashboard: Dashboard, row: DashboardItem | None, form: ItemForm) -> bool:
    """Keep what was chosen, unless the figures can't be told so: then the form says why."""
    item, now = form.build_item(), clock.now()
    problem = ask_item(build_asker(request.user), item).problem
    if problem:
        form.add_error(None, problem)
        return False
    try:
        if row is None:
            add_item(dashboard, item, by=request.user, now=now)
        else:
            change_item(row, item, by=request.user, now=now)
    except VafaError as error:
        form.add_error(None, str(error))
        return False
    say_saved(request)
    return True


@requires(Permission.EDIT_REPORTS)
@require_POST
def act_on_item(request: HttpRequest, dashboard_id: int, item_id: int) -> HttpResponseBase:
    """Move an item (`do` is up or down), or remove it; what was removed can be put back."""
    dashboard = get_editable(request, dashboard_id)
    row, asked, now = _get_item(dashboard, item_id), request.POST.get("do"), clock.now()
    if asked in ("up", "down"):
        move_item(row, -1 if asked == "up" else 1, by=request.user, now=now)
    elif asked == "remove":
        request.session[REMOVED_SESSION_KEY] = {"dashboard": dashboard.pk, "item": vars(build_item(row))}
        remove_item(row, by=request.user, now=now)
    else:
        raise Http404
    return redirect("edit_dashboard", dashboard.pk)


@requires(Permission.EDIT_REPORTS)
@require_POST
def put_item_back(request: HttpRequest, dashboard_id: int) -> HttpResponseBase:
    """Put the item that was removed last back, at the end."""
    dashboard = get_editable(request, dashboard_id)
    removed = request.session.pop(REMOVED_SESSION_KEY, None)
    if removed and removed["dashboard"] == dashboard.pk:
        try:
            add_item(dashboard, Item(**removed["item"]), by=request.user, now=clock.now())
        except VafaError as error:
            messages.error(request, str(error))
    return redirect("edit_dashboard", dashboard.pk)


@requires(Permission.EDIT_REPORTS)
@require_POST
def duplicate(request: HttpRequest, dashboard_id: int) -> HttpResponseBase:
    """A copy of one's own."""
    dashboard = get_seen(request, dashboard_id)
    name = (_("Copy of %(name)s") % {"name": dashboard.name})[:NAME_LENGTH]
    copy = duplicate_dashboard(dashboard, name, by=request.user, now=clock.now())
    return redirect("edit_dashboard", copy.pk)


@requires(Permission.EDIT_REPORTS)
@require_POST
def delete(request: HttpRequest, dashboard_id: int) -> HttpResponseBase:
    """Delete a dashboard; the list offers to take it back."""
    delete_dashboard(get_editable(request, dashboard_id), by=request.user, now=clock.now())
    messages.success(request, _("Deleted. It can be taken back from the foot of this page for 30 days."))
    return redirect("reports")


@requires(Permission.EDIT_REPORTS)
@require_POST
def restore(request: HttpRequest, dashboard_id: int) -> HttpResponseBase:
    """Take a deleted dashboard back."""
    dashboard = next((one for one in list_deleted(request.user) if one.pk == dashboard_id), None)
    if dashboard is None:
        raise Http404
    restore_dashboard(dashboard, by=request.user, now=clock.now())
    return redirect("dashboard", dashboard.pk)
