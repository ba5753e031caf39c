"""Somebody's tasks as a calendar, at a secret address that calendar programs look at by themselves."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vafa.act.followups.queries import Task, find_feed_staff, get_viewer, list_tasks_between, tell_moment
from vafa.data.business.queries import Business, get_business
from vafa.front.address import get_address
from vafa.front.followups.shown import get_customer_id, name_customers
from vafa.kit import clock
from vafa.kit.permissions import open_to_anyone
from vafa.kit.rate_limit import take
from vafa.lab.icalendar import CalendarEvent, build_calendar

BACK, AHEAD = timedelta(days=30), timedelta(days=400)
READS_A_MINUTE = 30
REMIND_MINUTES = 15
PRODUCT = "-//Vafa//Tasks//EN"


@open_to_anyone(
    "calendar programs can't sign in: the secret address opens this one person's tasks, until it is revoked"
)
@require_safe
def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """`/calendar/<secret>.ics`. Nobody can guess a secret, and nobody may try often."""
    now = clock.now()
    wait = take(
        "calendar", get_address(request) or "", limit=READS_A_MINUTE, window=timedelta(minutes=1), now=now
    )
    if wait is not None:
        return _close(HttpResponse("too often\n", status=429, content_type="text/plain"))
    staff = find_feed_staff(secret)
    if staff is None:
        return _close(HttpResponse("not found\n", status=404, content_type="text/plain"))
    business = get_business()
    with translation.override(staff.language or business.language):
        text = write_calendar(staff, business, now, request.build_absolute_uri("/")[:-1])
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="vafa-tasks.ics"'
    return _close(response)


def write_calendar(staff: Any, business: Business, now: datetime, address: str) -> str:
    """The tasks of this person of the last month and the year to come; `address` is where the pages are."""
    today = tell_moment(now, business.zone).today
    tasks = list_tasks_between(get_viewer(staff), today - BACK, today + AHEAD)
    names = name_customers(tasks)
    events = [_build_event(task, names, business, address) for task in tasks]
    title = _("Tasks of %(business)s") % {"business": business.name} if business.name else _("Tasks")
    return build_calendar(title, events, PRODUCT)


def _build_event(task: Task, names: dict[int, str], business: Business, address: str) -> CalendarEvent:
    customer = names.get(get_customer_id(task) or 0, "")
    title = f"{task.title} · {customer}" if customer else task.title
    start: datetime | date = task.due_on
    if task.due_time is not None:
        start = datetime.combine(task.due_on, task.due_time, ZoneInfo(business.zone))
    return CalendarEvent(
        uid=f"task-{task.pk}@vafa",
        start=start,
        summary=f"✓ {title}" if task.state == "done" else title,
        changed_at=task.changed_at,
        description=task.notes,
        url=f"{address}{reverse('task', args=[task.pk])}",
        remind_minutes=None if task.state == "done" else REMIND_MINUTES,
    )


def _close(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
