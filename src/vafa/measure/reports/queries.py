"""DOOR: asking for dashboards, their figures, scheduled reports and links."""

from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.db.models import Q

from vafa.data.business.queries import Business, get_business
from vafa.kit.mail import StaffMail
from vafa.kit.permissions import Permission, may
from vafa.lab.calendars import CalendarName
from vafa.measure.reports.figures import get_figures
from vafa.measure.reports.links import build_digest
from vafa.measure.reports.models import Dashboard, DashboardItem, Recipient, Run, Schedule, SharedLink
from vafa.measure.reports.rules import decide_link, find_next_due
from vafa.measure.reports.types import (
    CADENCES,
    CHARTS,
    LAST_MONTH_DAY,
    LENGTHS,
    MOST_ITEMS,
    MOST_PERIODS,
    WEEKDAYS,
    Cadence,
    Item,
    LinkState,
    MailState,
    PastRun,
)

__all__ = [
    "CADENCES",
    "CHARTS",
    "LAST_MONTH_DAY",
    "LENGTHS",
    "MOST_ITEMS",
    "MOST_PERIODS",
    "WEEKDAYS",
    "Dashboard",
    "DashboardItem",
    "Recipient",
    "Run",
    "Schedule",
    "SharedLink",
    "build_item",
    "can_edit",
    "find_dashboard",
    "find_link",
    "find_next_due_day",
    "find_schedule",
    "get_cadence",
    "get_figures",
    "get_link_state",
    "list_dashboards",
    "list_deleted",
    "list_items",
    "list_links",
    "list_past_runs",
    "list_schedules",
]

RUNS_SHOWN = 30


def list_dashboards(staff: Any) -> list[Dashboard]:
    """The dashboards that this member of staff may see, by name."""
    return list(Dashboard.objects.filter(_build_seen_by(staff), deleted_at=None).select_related("owner"))


def list_deleted(staff: Any) -> list[Dashboard]:
    """The deleted dashboards that this member of staff can take back, the last deleted first."""
    found = Dashboard.objects.filter(_build_seen_by(staff)).exclude(deleted_at=None).order_by("-deleted_at")
    return [dashboard for dashboard in found if can_edit(staff, dashboard)]


def find_dashboard(dashboard_id: int, staff: Any) -> Dashboard | None:
    """A dashboard that this member of staff may see; None if there is none such."""
    found = Dashboard.objects.filter(_build_seen_by(staff), pk=dashboard_id, deleted_at=None)
    return found.select_related("owner").first()


def _build_seen_by(staff: Any) -> Q:
    return Q(is_shared=True) | Q(owner_id=staff.pk)


def can_edit(staff: Any, dashboard: Dashboard) -> bool:
    """Whether this member of staff may change a dashboard: their own, and shared ones with that permission."""
    if not may(staff, Permission.EDIT_REPORTS):
        return False
    if dashboard.owner_id == staff.pk:
        return True
    return dashboard.is_shared and may(staff, Permission.EDIT_SHARED_REPORTS)


def list_items(dashboard: Dashboard) -> list[DashboardItem]:
    """A dashboard's items, in their order."""
    return list(dashboard.items.all())


def build_item(row: DashboardItem) -> Item:
    """What an item shows."""
    return Item(
        metric=row.metric,
        chart=cast("Any", row.chart),
        every=cast("Any", row.every),
        periods=row.periods,
        by=row.by,
        segment=row.segment,
        rule=row.rule,
        real=row.real,
        title=row.title,
    )


def list_schedules(dashboard: Dashboard) -> list[Schedule]:
    """A dashboard's scheduled reports, with their recipients."""
    return list(dashboard.schedules.prefetch_related("recipients__staff"))


def find_schedule(schedule_id: int, staff: Any) -> Schedule | None:
    """A scheduled report whose dashboard this member of staff may change."""
    found = (
        Schedule.objects.filter(pk=schedule_id, dashboard__deleted_at=None)
        .select_related("dashboard__owner")
        .first()
    )
    if found is None or find_dashboard(found.dashboard_id, staff) is None:
        return None
    return found if can_edit(staff, found.dashboard) else None


def get_cadence(schedule: Schedule) -> Cadence:
    """When a scheduled report is due."""
    return Cadence(
        cast("Any", schedule.every), cast("Any", schedule.weekday), schedule.month_day, schedule.hour
    )


def find_next_due_day(schedule: Schedule, now: datetime, business: Business | None = None) -> Any:
    """The day of the business on which a report goes out next; None while it is paused."""
    own = business or get_business()
    if schedule.paused:
        return None
    calendar = cast("CalendarName", own.calendar)
    return find_next_due(get_cadence(schedule), calendar, ZoneInfo(own.zone), now)


def list_past_runs(schedule: Schedule) -> list[PastRun]:
    """The last times that a report went out, the newest first, with what became of each mail."""
    runs = list(schedule.runs.all()[:RUNS_SHOWN])
    mails: dict[int, list[MailState]] = {run.pk: [] for run in runs}
    keys = Q(pk__in=[])
    for run in runs:
        keys |= Q(key__startswith=f"report:{run.pk}:")
    for mail in StaffMail.objects.filter(keys).select_related("staff").order_by("id"):
        state = MailState(str(mail.staff or mail.address), mail.address, mail.state, mail.answer)
        mails[int(mail.key.split(":")[1])].append(state)
    return [
        PastRun(
            run.due_on,
            run.by_hand,
            cast("Any", run.state),
            run.problem,
            run.ended_at,
            tuple(mails[run.pk]),
        )
        for run in runs
    ]


def list_links(dashboard: Dashboard) -> list[SharedLink]:
    """The links to a dashboard, the newest first."""
    return list(dashboard.links.select_related("created_by"))


def find_link(token: str) -> SharedLink | None:
    """The link that a token belongs to, whatever its state; None if there never was one."""
    found = SharedLink.objects.filter(digest=build_digest(token))
    return found.select_related("dashboard", "created_by").first()


def get_link_state(link: SharedLink, now: datetime) -> LinkState:
    """Whether a link opens its dashboard now. It closes when whoever made it may no longer share."""
    maker = link.created_by
    return decide_link(
        now,
        expires_at=link.expires_at,
        revoked=link.revoked_at is not None,
        maker_may=may(maker, Permission.EDIT_REPORTS),
        dashboard_gone=link.dashboard.deleted_at is not None,
    )
