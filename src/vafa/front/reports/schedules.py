"""The pages of scheduled reports: setting them up, looking at one before it goes out, what became of those that did."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_deny
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vafa.data.business.queries import get_business
from vafa.front.overview.viewer import get_owner_id
from vafa.front.reports.mails import choose_language, write_letter
from vafa.front.reports.page import describe_dashboard, get_editable, get_page_style
from vafa.front.reports.schedule_forms import ScheduleForm, describe_cadence
from vafa.front.reports.sending import DELETED, NOBODY, NOT_SET_UP, PAUSED
from vafa.front.settings_pages import say_saved
from vafa.kit import clock
from vafa.kit.locale.formats import Style, format_day
from vafa.kit.mail import is_mail_set_up
from vafa.kit.permissions import Permission, may, requires
from vafa.kit.site import find_site_address
from vafa.measure.reports.actions import (
    SUPERSEDED,
    change_schedule,
    create_schedule,
    delete_schedule,
    pause_schedule,
    resume_schedule,
    send_report_now,
)
from vafa.measure.reports.queries import (
    Schedule,
    find_next_due_day,
    find_schedule,
    get_cadence,
    list_past_runs,
    list_schedules,
)
from vafa.measure.reports.types import MailState, PastRun

# Nothing is fetched and nothing runs; the styles inside the tags are the mail's own.
PREVIEW_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


@requires(Permission.EDIT_REPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def dashboard_schedules(request: HttpRequest, dashboard_id: int) -> HttpResponseBase:
    """`/reports/<id>/schedules/`: how a dashboard goes out by mail; a POST sets one more up."""
    dashboard = get_editable(request, dashboard_id)
    style = get_page_style()
    form = ScheduleForm(
        request.POST if request.method == "POST" else None, business=get_business(), style=style
    )
    if request.method == "POST" and form.is_valid():
        made = create_schedule(
            dashboard, form.build_cadence(), form.recipients, by=request.user, now=clock.now()
        )
        say_saved(request)
        return redirect("edit_schedule", made.pk)
    context = describe_dashboard(request, dashboard) | {
        "form": form,
        "rows": [_describe(schedule, style) for schedule in list_schedules(dashboard)],
        **_describe_mail(request),
    }
    return render(request, "reports/schedules.html", context, status=422 if form.errors else 200)


@requires(Permission.EDIT_REPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_schedule(request: HttpRequest, schedule_id: int) -> HttpResponseBase:
    """`/reports/schedules/<id>/`: one of them, with its past runs."""
    schedule, style = _get_schedule(request, schedule_id), get_page_style()
    form = ScheduleForm(
        request.POST if request.method == "POST" else None,
        business=get_business(),
        style=style,
        cadence=get_cadence(schedule),
        recipients={one.staff_id: one.language for one in schedule.recipients.all()},
    )
    if request.method == "POST" and form.is_valid():
        change_schedule(schedule, form.build_cadence(), form.recipients, by=request.user, now=clock.now())
        say_saved(request)
        return redirect("edit_schedule", schedule.pk)
    context = describe_dashboard(request, schedule.dashboard) | {
        "form": form,
        "row": _describe(schedule, style),
        "runs": [_describe_run(run, style) for run in list_past_runs(schedule)],
        "token": secrets.token_urlsafe(12),
        **_describe_mail(request),
    }
    return render(request, "reports/schedule.html", context, status=422 if form.errors else 200)


@requires(Permission.EDIT_REPORTS)
@require_POST
def act_on_schedule(request: HttpRequest, schedule_id: int) -> HttpResponseBase:
    """Do one thing with a scheduled report: `do` is send, pause, resume or delete."""
    schedule = _get_schedule(request, schedule_id)
    asked, now, by = request.POST.get("do"), clock.now(), request.user
    if asked == "send":
        send_report_now(schedule, request.POST.get("token", ""), by=by, now=now)
        messages.success(request, _("It goes out within a minute. What became of it stands below."))
    elif asked == "pause":
        pause_schedule(schedule, by=by, now=now)
    elif asked == "resume":
        resume_schedule(schedule, by=by, now=now)
    elif asked == "delete":
        delete_schedule(schedule, by=by, now=now)
        say_saved(request)
        return redirect("dashboard_schedules", schedule.dashboard_id)
    else:
        raise Http404
    return redirect("edit_schedule", schedule.pk)


@requires(Permission.EDIT_REPORTS)
@xframe_options_deny
@require_safe
def preview_schedule(request: HttpRequest, schedule_id: int, staff_id: int) -> HttpResponse:
    """`/reports/schedules/<id>/preview/<staff>/`: the mail as this recipient would get it now."""
    schedule = _get_schedule(request, schedule_id)
    recipient = schedule.recipients.filter(staff_id=staff_id).select_related("staff").first()
    # It is told as this recipient sees it: who is limited to own customers may look with the own eyes alone.
    own = get_owner_id(request.user, get_business())
    if recipient is None or own not in (None, staff_id):
        raise Http404
    language = choose_language(recipient.staff, recipient.language, get_business())
    letter = write_letter(
        schedule.dashboard, recipient.staff, language, now=clock.now(), address=find_site_address()
    )
    response = HttpResponse(letter.html)
    response["Content-Security-Policy"] = PREVIEW_POLICY
    response["Content-Language"] = language
    return response


def _get_schedule(request: HttpRequest, schedule_id: int) -> Schedule:
    schedule = find_schedule(schedule_id, request.user)
    if schedule is None:
        raise Http404
    return schedule


def _describe_mail(request: HttpRequest) -> dict[str, Any]:
    """Whether mail works at all, and whether this person could set it up."""
    return {"mail_works": is_mail_set_up(), "may_set": may(request.user, Permission.CHANGE_SETTINGS)}


def _describe(schedule: Schedule, style: Style) -> dict[str, Any]:
    next_on = find_next_due_day(schedule, clock.now())
    return {
        "schedule": schedule,
        "when": describe_cadence(get_cadence(schedule), style),
        "next_on": format_day(next_on, style) if next_on else None,
        "recipients": [
            {"id": one.staff_id, "name": str(one.staff), "active": one.staff.is_active}
            for one in schedule.recipients.all()
        ],
    }


def _describe_run(run: PastRun, style: Style) -> dict[str, Any]:
    states = {
        "pending": _("Waiting"),
        "claimed": _("Being written"),
        "done": _("Written"),
        "failed": _("Failed"),
    }
    return {
        "due_on": format_day(run.due_on, style),
        "by_hand": run.by_hand,
        "state": states[run.state],
        "failed": run.state == "failed",
        "problem": _name_problem(run.problem),
        "mails": [_describe_mail_state(mail) for mail in run.mails],
    }


def _name_problem(problem: str) -> str:
    words = {
        NOT_SET_UP: _("No mail server is set up, so no mail can be sent."),
        PAUSED: _("The report was paused."),
        DELETED: _("The dashboard was deleted."),
        NOBODY: _("None of its recipients has access any more."),
        SUPERSEDED: _("A newer one took its place before it could go out."),
    }
    return words.get(problem, problem)


def _describe_mail_state(mail: MailState) -> dict[str, Any]:
    states = {
        "pending": (_("Waiting"), "warning" if mail.answer else ""),
        "claimed": (_("Being sent"), ""),
        "sent": (_("Sent"), "success"),
        "failed": (_("Failed"), "error"),
        "unknown": (_("Unknown: handed over, but the server's answer never came"), "warning"),
    }
    title, tone = states[mail.state]
    return {"name": mail.staff, "state": title, "tone": tone, "answer": mail.answer}
