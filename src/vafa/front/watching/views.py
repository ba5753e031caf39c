"""Targets and alerts: what figures should be, who wants to be told, and what happened on which day."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vafa.front.overview.exports import FORMATS, build_sheet
from vafa.front.overview.views import Page
from vafa.front.watching.forms import FigureForm, MarkForm
from vafa.front.watching.removed import note_mark, note_target, put_back_removed, tell_removed
from vafa.front.watching.texts import (
    ALERT_COLUMNS,
    RAW_COLUMNS,
    list_raw,
    list_raw_alert,
    write_alert,
    write_standing,
)
from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.kit.mail import is_mail_set_up
from vafa.kit.permissions import Permission, may, only_with, requires
from vafa.measure.watching.actions import (
    add_mark,
    remove_mark,
    remove_target,
    reopen_alert,
    set_target,
    settle_alert,
    stop_watching,
    watch_figure,
)
from vafa.measure.watching.queries import (
    find_target,
    get_figures_of,
    get_standing,
    list_alerts,
    list_figures,
    list_own_marks,
)
from vafa.measure.watching.types import Figure, MarkUnusable, Standing


class TargetsPage(Page):
    """The page of targets; figures of the whole business are not for those who see own customers alone."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        if self.asker.owner_id is not None:
            raise PermissionDenied


@requires(Permission.SEE_FIGURES)
@require_http_methods(["GET", "HEAD", "POST"])
def targets(request: HttpRequest) -> HttpResponseBase:
    """`/targets/`: the list of figures that have a target or are watched, and the form to add one."""
    page = TargetsPage(request)
    asked = request.POST if request.method == "POST" else None
    start = {
        "metric": request.GET.get("metric", "crr"),
        "every": request.GET.get("every", "month"),
        "watch": True,
    }
    form = FigureForm(asked, business=page.business, initial=start)
    may_set = may(request.user, Permission.SET_TARGETS)
    if asked is not None and form.is_valid() and _save(request, form, may_set=may_set):
        return redirect("targets")
    own = get_figures_of(request.user)
    shown = _list_shown(request, may_set=may_set)
    context: dict[str, Any] = {
        "form": form,
        "rows": [
            write_standing(
                _stand(figure, page),
                page.style,
                watched=figure in own,
                by_mail=own.get(figure, False),
                calendar=page.business.calendar,
            )
            for figure in shown
        ],
        "alerts": [write_alert(alert, page.style) for alert in list_alerts()],
        "marks": [
            {
                "id": mark.pk,
                "title": mark.title,
                "start": mark.start_on,
                "last": mark.end_on - timedelta(days=1),
            }
            for mark in list_own_marks()
        ],
        "removed": tell_removed(request),
        "mark_form": MarkForm(business=page.business),
        "may_set": may_set,
        "mail_is_missing": not is_mail_set_up(),
        "may_export": may(request.user, Permission.EXPORT),
        "formats": FORMATS,
    }
    failed = asked is not None
    return render(request, "watching/targets.html", context, status=422 if failed else 200)


def _list_shown(request: HttpRequest, *, may_set: bool) -> list[Figure]:
    """The figures that have a target, and those that this person (or, for who sets targets, anybody) watches."""
    own = get_figures_of(request.user)
    return [
        figure for figure in list_figures() if may_set or figure in own or find_target(figure) is not None
    ]


@requires(Permission.EXPORT)
@only_with(Permission.SEE_FIGURES)
@require_safe
def export_targets(request: HttpRequest, file_format: str) -> HttpResponseBase:
    """`/targets/export.<csv|xlsx>`: the watched figures as the page shows them."""
    if file_format not in FORMATS:
        raise Http404
    page = TargetsPage(request)
    figures = _list_shown(request, may_set=may(request.user, Permission.SET_TARGETS))
    rows = [list_raw(_stand(figure, page)) for figure in figures]
    return build_sheet("targets", RAW_COLUMNS, rows, file_format)


@requires(Permission.EXPORT)
@only_with(Permission.SEE_FIGURES)
@require_safe
def export_alerts(request: HttpRequest, file_format: str) -> HttpResponseBase:
    """`/targets/alerts.<csv|xlsx>`: every alert that was ever raised, the newest first."""
    if file_format not in FORMATS:
        raise Http404
    zone = ZoneInfo(TargetsPage(request).business.zone)
    rows = [list_raw_alert(alert, zone) for alert in list_alerts(most=None)]
    return build_sheet("alerts", ALERT_COLUMNS, rows, file_format)


def _stand(figure: Figure, page: TargetsPage) -> Standing:
    """How a figure stands; without a value where its segment is gone or can't be evaluated."""
    try:
        return get_standing(figure, page.asker.snapshot)
    except VafaError:
        return Standing(figure, None, None, find_target(figure), ())


def _save(request: HttpRequest, form: FigureForm, *, may_set: bool) -> bool:
    """Do what the form says; False where it can't be done, which the form then tells."""
    said, now = form.cleaned_data, clock.now()
    if said["value"] is not None and not may_set:
        form.add_error(
            "target", _("Your role may not set targets; you can be told of the figure without one.")
        )
        return False
    try:
        if said["value"] is not None:
            set_target(form.figure, said["value"], by=request.user, now=now)
        if said["watch"]:
            watch_figure(form.figure, request.user, by_mail=said["by_mail"], by=request.user, now=now)
    except VafaError as problem:
        form.add_error("target", str(problem))
        return False
    messages.success(request, _("Saved."))
    return True


def _read_figure(request: HttpRequest) -> Figure:
    asked = request.POST
    return Figure(asked.get("metric", ""), asked.get("segment", ""), asked.get("every", ""))


@requires(Permission.SET_TARGETS)
@require_POST
def drop_target(request: HttpRequest) -> HttpResponseBase:
    """Take a target away."""
    TargetsPage(request)
    figure = _read_figure(request)
    value = remove_target(figure, by=request.user, now=clock.now())
    if value is None:
        return redirect("targets")
    note_target(request, figure, value)
    return redirect(f"{reverse('targets')}?removed=1")


@requires(Permission.SET_TARGETS)
@require_POST
def put_back(request: HttpRequest) -> HttpResponseBase:
    """Put the target or mark that was removed last back."""
    TargetsPage(request)
    if put_back_removed(request):
        messages.success(request, _("It is back."))
    else:
        messages.warning(request, _("It could not be put back: something else has taken its place."))
    return redirect("targets")


@requires(Permission.SEE_FIGURES)
@require_POST
def stop(request: HttpRequest) -> HttpResponseBase:
    """Be told of a figure no more."""
    stop_watching(_read_figure(request), request.user, by=request.user, now=clock.now())
    messages.success(request, _("You will not be told of this figure any more."))
    return redirect("targets")


@requires(Permission.SET_TARGETS)
@require_POST
def settle(request: HttpRequest, alert_id: int) -> HttpResponseBase:
    """Say that an alert has been seen to."""
    TargetsPage(request)
    settle_alert(alert_id, by=request.user, now=clock.now())
    return redirect("overview" if request.POST.get("next") == reverse("overview") else "targets")


@requires(Permission.SET_TARGETS)
@require_POST
def reopen(request: HttpRequest, alert_id: int) -> HttpResponseBase:
    """Take back that an alert has been seen to."""
    TargetsPage(request)
    reopen_alert(alert_id, by=request.user, now=clock.now())
    return redirect("targets")


@requires(Permission.SET_TARGETS)
@require_http_methods(["POST"])
def mark(request: HttpRequest) -> HttpResponseBase:
    """Mark one or more days."""
    page = TargetsPage(request)
    form = MarkForm(request.POST, business=page.business)
    if form.is_valid():
        said = form.cleaned_data
        last = said["last_on"] or said["start_on"]
        try:
            add_mark(
                said["title"], said["start_on"], last + timedelta(days=1), by=request.user, now=clock.now()
            )
        except MarkUnusable as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _("Marked. Charts show it from now on."))
    else:
        messages.error(request, " ".join(str(text) for errors in form.errors.values() for text in errors))
    return redirect("targets")


@requires(Permission.SET_TARGETS)
@require_POST
def unmark(request: HttpRequest, mark_id: int) -> HttpResponseBase:
    """Take a mark away."""
    TargetsPage(request)
    mark = remove_mark(mark_id, by=request.user, now=clock.now())
    if mark is None:
        return redirect("targets")
    note_mark(request, mark)
    return redirect(f"{reverse('targets')}?removed=1")
