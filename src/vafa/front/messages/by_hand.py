"""What people deliver themselves: calls, visits, notes by hand and gifts, as a list and on paper."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from vafa.act.followups.queries import keep_visible
from vafa.act.messaging.queries import PeopleTask, count_people_tasks, list_people_tasks
from vafa.data.business.queries import get_business
from vafa.front.campaigns.people import summarise
from vafa.front.followups import acting
from vafa.front.followups.asked import Eyes, open_eyes
from vafa.front.same_page import build_address
from vafa.kit.ids import read_id
from vafa.kit.locale.bidi import guess_direction
from vafa.kit.locale.formats import format_day, format_number
from vafa.kit.permissions import Permission, requires

PAGE_SIZE = 50
MOST_ON_PAPER = 500
FORMS = ("call", "visit", "note", "gift")
PAPERS = ("notes", "labels")
KEPT = ("form", "whose")


def name_form(form: str) -> str:
    """What is to be done, of many."""
    return {
        "call": _("Calls"),
        "visit": pgettext("things that staff do", "Visits"),
        "note": _("Notes by hand"),
        "gift": pgettext("things that staff give", "Gifts"),
    }[form]


@requires(Permission.WORK_TASKS)
@require_safe
def by_hand(request: HttpRequest) -> HttpResponse:
    """`/tasks/by-hand/?form=note&whose=mine`: what is open, by the day it is due."""
    eyes = open_eyes(request)
    form, mine = _read(request)
    owner = eyes.viewer.staff_id if eyes.viewer.own_only else None
    staff = eyes.viewer.staff_id if mine else None
    start = (read_id(request.GET.get("start", "")) or 0) // PAGE_SIZE * PAGE_SIZE
    counts = count_people_tasks(owner_id=owner, assignee_id=staff)
    total = counts[form] if form else sum(counts.values())
    found = list_people_tasks(form, owner_id=owner, assignee_id=staff, start=start, limit=PAGE_SIZE)
    context: dict[str, Any] = {
        "rows": [_show(one, eyes) for one in found],
        "tabs": _build_tabs(form, counts, mine, eyes),
        "form": form,
        "mine": mine,
        "papers": [
            {"url": f"{reverse('print_by_hand')}?{_query(form, mine, what=what)}", "title": title}
            for what, title in (("notes", _("Print the notes")), ("labels", _("Print address labels")))
            if found and (what == "labels" or form in ("", "note", "gift"))
        ],
        "whose": [("", _("Everybody's")), ("mine", _("My own"))],
        "here": request.get_full_path(),
        "undoable": acting.take_undo(request),
        "summary": summarise(start, len(found), total, eyes.style),
        "previous_url": build_address(request, KEPT, start=start - PAGE_SIZE or None) if start else None,
        "next_url": build_address(request, KEPT, start=start + PAGE_SIZE)
        if start + PAGE_SIZE < total
        else None,
    }
    return render(request, "messages/by_hand.html", context)


def _read(request: HttpRequest) -> tuple[str, bool]:
    form = request.GET.get("form", "")
    return form if form in FORMS else "", request.GET.get("whose") == "mine"


def _query(form: str, mine: bool, **more: str) -> str:
    told = {"form": form, "whose": "mine" if mine else "", **more}
    return urlencode({name: value for name, value in told.items() if value})


def _build_tabs(form: str, counts: dict[str, int], mine: bool, eyes: Eyes) -> list[dict[str, Any]]:
    titles = [("", _("All"), sum(counts.values())), *((one, name_form(one), counts[one]) for one in FORMS)]
    return [
        {
            "url": f"?{_query(name, mine)}",
            "title": title,
            "count": format_number(count, eyes.style),
            "active": name == form,
        }
        for name, title, count in titles
    ]


def _show(one: PeopleTask, eyes: Eyes) -> dict[str, Any]:
    phone = one.phone if one.form == "call" else ""
    return {
        "id": one.task_id,
        "url": reverse("task", args=[one.task_id]),
        "what": one.title,
        "customer": " ".join(filter(None, (one.customer_title, one.customer_name))),
        "customer_url": reverse("customer", args=[one.customer_id]) if one.customer_id else "",
        "due": format_day(one.due_on, eyes.style),
        "is_late": one.due_on < eyes.moment.today,
        "assignee": one.assignee_name,
        "text": one.text,
        "direction": guess_direction(one.text),
        "where": phone or one.address,
        "is_number": bool(phone),
    }


@requires(Permission.WORK_TASKS)
@require_safe
def print_by_hand(request: HttpRequest) -> HttpResponse:
    """`/tasks/by-hand/print/?what=notes&form=note`: a sheet for each note, or a label for each address; `task` names a
    few."""
    what = request.GET.get("what", "notes")
    if what not in PAPERS:
        raise Http404
    eyes = open_eyes(request)
    form, mine = _read(request)
    found = list_people_tasks(
        form,
        owner_id=eyes.viewer.staff_id if eyes.viewer.own_only else None,
        assignee_id=eyes.viewer.staff_id if mine else None,
        limit=MOST_ON_PAPER,
    )
    wanted = [pk for text in request.GET.getlist("task") if (pk := read_id(text)) is not None]
    if wanted:
        kept = set(keep_visible(wanted, eyes.viewer))
        found = [one for one in found if one.task_id in kept]
    missing = sum(not one.address for one in found) if what == "labels" else 0
    context = {
        "what": what,
        "papers": [
            {
                "name": " ".join(filter(None, (one.customer_title, one.customer_name))),
                "text": one.text,
                "direction": guess_direction(one.text if what == "notes" else one.address),
                "address": one.address,
            }
            for one in found
            if what == "labels" or one.form in ("note", "gift")
        ],
        "missing": missing,
        "missing_shown": format_number(missing, eyes.style),
        "business": get_business(),
        "back_url": f"{reverse('by_hand')}?{_query(form, mine)}",
    }
    return render(request, "messages/print_by_hand.html", context)
