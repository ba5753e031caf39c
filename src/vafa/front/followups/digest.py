"""The mail of the day: what is late and what is for today, to whoever wants it, at their hour."""

from datetime import datetime
from functools import partial
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from vafa.act.followups.actions import see_to_digest
from vafa.act.followups.queries import get_viewer, list_due_digests, list_tasks, tell_moment
from vafa.act.followups.types import Moment, Show, TaskFilter, Viewer
from vafa.data.business.queries import get_business, get_style
from vafa.front.followups.shown import TaskRow, build_task_rows
from vafa.kit.locale.formats import format_day, isolate_auto
from vafa.kit.mail import MailNotSetUp, build_html, get_mail_server, send_staff_mail
from vafa.kit.permissions import Permission, may
from vafa.kit.site import find_site_address

MOST = 50


def send_digests(now: datetime) -> int:
    """Put the digests that are due into the outbox; how many. Safe to be run twice at once, or cut off anywhere."""
    due = list_due_digests(now)
    if not due:
        return 0
    try:
        get_mail_server()
    except MailNotSetUp:
        return 0  # the page of reminders says so; they go out once a server is set up
    return sum(see_to_digest(staff, partial(send_digest, staff, now), now=now) for staff in due)


def send_digest(staff: Any, now: datetime) -> bool:
    """Write one person's digest in their language; False where there is nothing to tell."""
    business = get_business()
    language = staff.language or business.language
    moment, viewer = tell_moment(now, business.zone), get_viewer(staff)
    with translation.override(language):
        style = get_style(language, business)
        shows: tuple[tuple[Show, str], ...] = (("overdue", _("Overdue")), ("today", _("Today")))
        groups: list[dict[str, Any]] = [
            {"title": title, "rows": build_task_rows(found, moment, style)}
            for show, title in shows
            if (found := list_tasks(viewer, TaskFilter(show, "mine"), moment, count=MOST))
        ]
        if may(staff, Permission.ASSIGN_TASKS) and (late := list_late_of_others(staff, viewer, moment)):
            groups.append(
                {
                    "title": _("Overdue in the team"),
                    "rows": build_task_rows(late, moment, style),
                    "team": True,
                }
            )
        if not groups:
            return False
        address = find_site_address()
        url = f"{address}{reverse('today')}" if address else None
        context = {
            "today": format_day(moment.today, style, "full"),
            "business": business.name,
            "groups": groups,
            "url": url,
            "start": "right" if style.is_rtl else "left",
            "direction": "rtl" if style.is_rtl else "ltr",
        }
        subject = _("To be done: %(day)s") % {"day": context["today"]}
        html = build_html(render_to_string("followups/mail.html", context), language, subject)
        key = f"digest:{staff.pk}:{moment.today.isoformat()}"
        send_staff_mail(staff, subject, html, _write_text(subject, groups, url), language, key=key, now=now)
    return True


def list_late_of_others(staff: Any, viewer: Viewer, moment: Moment) -> list[Any]:
    """What is overdue with others or with nobody yet, for whoever gives out tasks, as far as they may see it."""
    found = list_tasks(viewer, TaskFilter("overdue", "all"), moment, count=MOST * 4)
    return [task for task in found if task.assignee_id != staff.pk][:MOST]


def _write_text(subject: str, groups: list[dict[str, Any]], url: str | None) -> str:
    lines = [subject]
    for group in groups:
        is_team = group.get("team", False)
        lines += ["", group["title"], *(_write_row(row, is_team) for row in group["rows"])]
    if url:
        lines += ["", _("Open the page of the day:"), url]
    return "\n".join(lines)


def _write_row(row: TaskRow, is_team: bool) -> str:
    return " · ".join(
        filter(
            None,
            (
                f"- {row.due}",
                isolate_auto(row.title),
                isolate_auto(row.customer) if row.customer else "",
                (isolate_auto(row.assignee) if row.assignee else _("Nobody yet")) if is_team else "",
            ),
        )
    )
