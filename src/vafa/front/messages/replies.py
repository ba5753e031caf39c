"""What customers wrote back: what a person has to read, and the words that stop messages, which were obeyed at once."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vafa.act.followups.actions import create_task
from vafa.act.followups.queries import tell_moment
from vafa.act.followups.types import TaskTold, TaskUnusable
from vafa.act.messaging.actions import mark_answer_read
from vafa.act.messaging.queries import count_unread, list_answers, list_obeyed
from vafa.data.business.queries import get_business
from vafa.data.customers.queries import list_customer_rows
from vafa.front.campaigns.page import get_page_style
from vafa.front.campaigns.people import summarise
from vafa.front.customers.rows import name_customer
from vafa.front.customers.see_other import SeeOther
from vafa.front.overview.viewer import get_owner_id
from vafa.front.privacy.words import CHANNEL_NAMES
from vafa.front.same_page import build_address
from vafa.kit import clock
from vafa.kit.ids import read_id
from vafa.kit.locale.bidi import guess_direction
from vafa.kit.locale.formats import format_moment, format_number
from vafa.kit.permissions import Permission, only_with, requires

PAGE_SIZE = 50
LONGEST_TITLE = 200
SHOWS = ("unread", "read", "obeyed")


@requires(Permission.SEE_CUSTOMERS)
@only_with(Permission.WORK_TASKS)
@require_safe
def replies(request: HttpRequest) -> HttpResponse:
    """`/replies/?show=read`: what came in, the newest first; of own customers alone for whom sees no others."""
    owner, style = get_owner_id(request.user, get_business()), get_page_style()
    show = next((one for one in SHOWS if one == request.GET.get("show")), "unread")
    found = list_obeyed(owner) if show == "obeyed" else list_answers(owner_id=owner, handled=show == "read")
    start = (read_id(request.GET.get("start", "")) or 0) // PAGE_SIZE * PAGE_SIZE
    total = found.count()
    rows = list(found[start : start + PAGE_SIZE])
    titles = {"unread": _("To read"), "read": _("Read"), "obeyed": _("Obeyed by themselves")}
    unread = count_unread(owner)
    context = {
        "show": show,
        "rows": _show(rows),
        "tabs": [
            {
                "url": f"?show={name}",
                "title": title,
                "active": name == show,
                "count": format_number(unread, style) if name == "unread" and unread else "",
            }
            for name, title in titles.items()
        ],
        "here": request.get_full_path(),
        "summary": summarise(start, len(rows), total, style),
        "previous_url": build_address(request, ("show",), start=start - PAGE_SIZE or None) if start else None,
        "next_url": build_address(request, ("show",), start=start + PAGE_SIZE)
        if start + PAGE_SIZE < total
        else None,
    }
    return render(request, "messages/replies.html", context)


def _show(rows: list[Any]) -> list[dict[str, Any]]:
    style, zone = get_page_style(), ZoneInfo(get_business().zone)
    ids = [row.customer_id for row in rows if row.customer_id]
    names = {row.id: name_customer(row) for row in list_customer_rows(ids)}
    return [
        {
            "id": row.pk,
            "customer": names.get(row.customer_id, ""),
            "customer_url": reverse("customer", args=[row.customer_id]) if row.customer_id else "",
            "number": row.number if row.kind == "answer" else "",
            "shared": row.shared,
            "text": row.text,
            "direction": guess_direction(row.text),
            "meaning": _name_meaning(row.meaning),
            "channel": CHANNEL_NAMES.get(row.account.channel, row.account.channel),
            "account": row.account.name,
            "at": format_moment(row.received_at, zone, style, "short"),
            "by": str(row.handled_by) if row.handled_by_id else "",
        }
        for row in rows
    ]


def _name_meaning(meaning: str) -> str:
    return {
        "stop": _("Wants no more of such messages"),
        "back": _("Wants such messages again"),
        "blocked": _("Has blocked the bot"),
    }.get(meaning, "")


@requires(Permission.SEE_CUSTOMERS)
@only_with(Permission.WORK_TASKS)
@require_POST
def see_to_reply(request: HttpRequest, incoming_id: int) -> HttpResponseBase:
    """Mark a reply as read (`do=read`), or make a task of it for oneself (`do=task`)."""
    business, now = get_business(), clock.now()
    owner, asked = get_owner_id(request.user, business), request.POST.get("do", "")
    row = list_answers(owner_id=owner).filter(pk=incoming_id).first()
    if row is None or asked not in ("read", "task"):
        raise Http404
    if asked == "task":
        told = TaskTold(
            title=_("Answer: “%(text)s”") % {"text": " ".join(row.text.split())[:LONGEST_TITLE]},
            notes=row.text,
            due_on=tell_moment(now, business.zone).today,
            customer_id=row.customer_id,
            assignee_id=request.user.pk,
        )
        try:
            task = create_task(told, by=request.user, now=now)
        except TaskUnusable as problem:
            messages.error(request, str(problem))
            return SeeOther(reverse("replies"))
        mark_answer_read(incoming_id, owner_id=owner, by=request.user, now=now)
        messages.success(request, _("A task is made of it, and it counts as read."))
        return SeeOther(reverse("task", args=[task.pk]))
    mark_answer_read(incoming_id, owner_id=owner, by=request.user, now=now)
    messages.success(request, _("It counts as read."))
    return SeeOther(reverse("replies"))
