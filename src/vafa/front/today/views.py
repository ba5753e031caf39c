"""The page of the day: what is to be done, and which customers have an occasion; each with its one-click actions."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vafa.act.followups.actions import create_task, dismiss, undismiss
from vafa.act.followups.queries import count_tasks, list_tasks
from vafa.act.followups.types import OCCASION_KINDS, OccasionKind, Show, TaskFilter, TaskTold, TaskUnusable
from vafa.data.interactions.actions import settle_promise, write_down
from vafa.data.interactions.queries import find_written
from vafa.data.interactions.types import Entry
from vafa.front.customer.parts import get_customer_or_404
from vafa.front.followups import acting
from vafa.front.followups.asked import Eyes, open_eyes
from vafa.front.followups.forms import QuickForm
from vafa.front.followups.shown import build_task_rows
from vafa.front.overview.views import Page
from vafa.front.risk.acting import take_undo
from vafa.front.risk.today import list_due_cases, list_risen_people
from vafa.front.today.mentions import list_waiting
from vafa.front.today.people import (
    ALL_SHOWN,
    LATE,
    list_coming_people,
    list_ending_people,
    list_promised_people,
    list_quiet_people,
)
from vafa.front.today.people import SHOWN as FIRST_SHOWN
from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.kit.ids import read_id
from vafa.kit.locale.formats import format_day, format_number
from vafa.kit.permissions import Permission, may, requires
from vafa.measure.segments.queries import list_segments

SHOWN = 30
GROUPS: tuple[Show, ...] = ("overdue", "today", "next")
UNDO = "today_undo"


@requires(Permission.WORK_TASKS)
@require_safe
def today(request: HttpRequest) -> HttpResponseBase:
    """`/today/?whose=all&people=birthday`: one's own day, or for those who give tasks to others everybody's; all of one
    list of customers instead of its beginning."""
    eyes, page = open_eyes(request), Page(request, "customer")
    may_assign = may(request.user, Permission.ASSIGN_TASKS)
    whose = "all" if may_assign and request.GET.get("whose") == "all" else "mine"
    context = {
        "today": format_day(eyes.moment.today, eyes.style, "full"),
        "whose": whose,
        "may_assign": may_assign,
        "may_write": may(request.user, Permission.WRITE_NOTES),
        "may_sell": may(request.user, Permission.EDIT_CUSTOMERS),
        "groups": [_build_group(show, whose, eyes) for show in GROUPS],
        "form": QuickForm(eyes=eyes),
        "undoable": acting.take_undo(request),
        "case_undoable": take_undo(request),
        "seen": request.session.pop("today_seen", False) and bool(request.session.get(UNDO)),
        "here": request.get_full_path(),
        "cases": list_due_cases(eyes),
        "mentions": list_waiting(request, page.business, eyes.style)
        if may(request.user, Permission.SEE_CUSTOMERS)
        else None,
        "rises": list_risen_people(eyes, whose) if may(request.user, Permission.SEE_CUSTOMERS) else None,
        **_build_people(request, page, eyes),
    }
    return render(request, "today/today.html", context)


def _build_group(show: Show, whose: Any, eyes: Eyes) -> dict[str, Any]:
    asked = TaskFilter(show, whose)
    total = count_tasks(eyes.viewer, asked, eyes.moment)
    titles = {"overdue": _("Overdue"), "today": _("Today"), "next": _("Next seven days")}
    return {
        "show": show,
        "title": titles[show],
        "count": format_number(total, eyes.style),
        "rows": build_task_rows(
            list_tasks(eyes.viewer, asked, eyes.moment, count=SHOWN), eyes.moment, eyes.style
        ),
        "has_more": total > SHOWN,
    }


def _build_people(request: HttpRequest, page: Page, eyes: Eyes) -> dict[str, Any]:
    """The lists of customers, for those who may see any."""
    if not may(request.user, Permission.SEE_CUSTOMERS):
        return {"lists": []}
    owner_id = page.asker.owner_id
    known = page.asker.snapshot.freshness(None, ("subscriptions",)).data_until
    late = next((one.slug for one in list_segments() if one.preset == LATE), "")
    titles = {
        "promise": _("Promised"),
        "ending": _("Ending, not renewed"),
        "birthday": _("Birthdays"),
        "joined": _("Anniversaries of joining"),
        "quiet": _("Gone quiet"),
    }
    icons = {"promise": "flag", "ending": "timer", "birthday": "gift", "joined": "award", "quiet": "activity"}
    asked = request.GET.get("people", "")
    most = {kind: ALL_SHOWN if kind == asked else FIRST_SHOWN for kind in titles}
    found = {
        "promise": list_promised_people(eyes, owner_id, most=most["promise"]),
        "ending": list_ending_people(eyes, owner_id, known, most=most["ending"]),
        "birthday": list_coming_people(eyes, owner_id, "birthday", most=most["birthday"]),
        "joined": list_coming_people(eyes, owner_id, "joined", most=most["joined"]),
        "quiet": list_quiet_people(eyes, page.asker),
    }
    lists = [
        {
            "kind": kind,
            "title": titles[kind],
            "icon": icons[kind],
            "people": people,
            "all_url": _get_all_url(request, kind, late) if people.more else "",
        }
        for kind, people in found.items()
    ]
    return {"lists": lists}


def _get_all_url(request: HttpRequest, kind: str, late: str) -> str:
    """Where all of a list stands."""
    if kind == "quiet":
        return f"{reverse('customers')}?segment={late}&sort=revenue"
    whose = {"whose": "all"} if request.GET.get("whose") == "all" else {}
    return f"?{urlencode({**whose, 'people': kind})}#{kind}"


@requires(Permission.WORK_TASKS)
@require_POST
def act(request: HttpRequest) -> HttpResponseBase:
    """Do one thing with a customer of the day: `do` is task, call, done or kept; `kind` and `on` name the occasion."""
    number = read_id(request.POST.get("customer", ""))
    if number is None:
        raise Http404
    customer = get_customer_or_404(request, number)
    eyes, kind, on = open_eyes(request), request.POST.get("kind", ""), _read_day(request)
    what = request.POST.get("do", "")
    try:
        if what == "task":
            _make_task(request, customer.pk, kind, eyes)
        elif what == "call":
            _write_call(request, customer.pk, eyes)
        elif what == "kept" and may(request.user, Permission.WRITE_NOTES):
            _keep_promise(request, customer.pk)
        elif what != "done":
            raise Http404
    except VafaError as problem:
        messages.error(request, str(problem))
        return redirect(acting.read_next(request, "today"))
    known = next((name for name in OCCASION_KINDS if name == kind), None)
    if known is not None and on is not None:
        _see_to(request, known, customer.pk, on)
    return redirect(acting.read_next(request, "today"))


def _see_to(request: HttpRequest, kind: OccasionKind, customer_id: int, on: date) -> None:
    dismiss(kind, customer_id, on, by=request.user, now=clock.now())
    request.session[UNDO] = {"kind": kind, "customer": customer_id, "on": on.isoformat()}
    request.session["today_seen"] = True


def _read_day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        return None


def _make_task(request: HttpRequest, customer_id: int, kind: str, eyes: Eyes) -> None:
    titles = {
        "ending": _("Call about the renewal"),
        "birthday": _("Wish a happy birthday"),
        "joined": _("Thank for the years together"),
        "quiet": _("Ask how they are"),
        "promise": _("Keep the promise"),
    }
    if kind not in titles:
        raise TaskUnusable(_("There is no such occasion."))
    told = TaskTold(
        titles[kind],
        eyes.moment.today,
        customer_id=customer_id,
        assignee_id=getattr(request.user, "pk", None),
    )
    create_task(told, by=request.user, now=clock.now())
    messages.success(request, _("The task is noted."))


def _write_call(request: HttpRequest, customer_id: int, eyes: Eyes) -> None:
    if not may(request.user, Permission.WRITE_NOTES):
        raise TaskUnusable(_("Your role may not write down calls."))
    now = clock.now()
    entry = Entry("call", eyes.moment.today, now, request.POST.get("text", ""))
    write_down(customer_id, entry, by=request.user, now=now)
    messages.success(request, _("Written down."))


def _keep_promise(request: HttpRequest, customer_id: int) -> None:
    written = find_written(request.POST.get("key", ""))
    if written is None or get_customer_or_404(request, written.customer_id).pk != customer_id:
        raise Http404
    settle_promise(written.key, "kept", by=request.user, now=clock.now())
    messages.success(request, _("The promise is kept."))


@requires(Permission.WORK_TASKS)
@require_POST
def undo(request: HttpRequest) -> HttpResponseBase:
    """Take back that an occasion was seen to."""
    kept = request.session.pop(UNDO, None)
    if kept is not None:
        customer = get_customer_or_404(request, kept["customer"])
        undismiss(kept["kind"], customer.pk, date.fromisoformat(kept["on"]))
        messages.success(request, _("It is as it was."))
    return redirect("today")


@requires(Permission.WORK_TASKS)
@require_POST
def quick_task(request: HttpRequest) -> HttpResponseBase:
    """Note a task of one's own in two fields."""
    eyes = open_eyes(request)
    form = QuickForm(request.POST, eyes=eyes)
    if form.is_valid():
        try:
            create_task(
                form.build_told(None, getattr(request.user, "pk", None)), by=request.user, now=clock.now()
            )
        except TaskUnusable as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _("The task is noted."))
    else:
        messages.error(request, " ".join(str(text) for errors in form.errors.values() for text in errors))
    return redirect("today")
