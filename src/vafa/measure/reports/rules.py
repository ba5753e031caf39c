"""When a report is due, and whether a link still opens. Pure: told the moment, decides."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from vafa.lab.calendars import CalendarName, split_date
from vafa.measure.reports.types import WEEKDAYS, Cadence, LinkState

_LONGEST_STEP_DAYS = 32


def is_due_on(cadence: Cadence, day: date, calendar: CalendarName) -> bool:
    """Whether a report of this cadence is due on a day of the business."""
    if cadence.every == "day":
        return True
    if cadence.every == "week":
        return WEEKDAYS[day.weekday()] == cadence.weekday
    return split_date(day, calendar).day == cadence.month_day


def build_moment(cadence: Cadence, day: date, zone: ZoneInfo) -> datetime:
    """The moment on a day of the business at which the report is due. An hour that a change of the clocks leaves
    out is taken as if it were there."""
    return datetime.combine(day, time(cadence.hour), zone).astimezone(UTC)


def find_latest_due(cadence: Cadence, calendar: CalendarName, zone: ZoneInfo, now: datetime) -> date | None:
    """The last day on which the report was due by now; of several that were missed only this one is made up for."""
    today = now.astimezone(zone).date()
    for back in range(_LONGEST_STEP_DAYS):
        day = today - timedelta(days=back)
        if is_due_on(cadence, day, calendar) and build_moment(cadence, day, zone) <= now:
            return day
    return None


def find_next_due(cadence: Cadence, calendar: CalendarName, zone: ZoneInfo, now: datetime) -> date | None:
    """The next day on which it will be due after now."""
    today = now.astimezone(zone).date()
    for ahead in range(_LONGEST_STEP_DAYS):
        day = today + timedelta(days=ahead)
        if is_due_on(cadence, day, calendar) and build_moment(cadence, day, zone) > now:
            return day
    return None


def decide_link(
    now: datetime, *, expires_at: datetime, revoked: bool, maker_may: bool, dashboard_gone: bool
) -> LinkState:
    """Whether a link opens its dashboard, and if not, why. It never shows more than whoever made it may share."""
    if revoked:
        return "revoked"
    if now >= expires_at:
        return "expired"
    return "open" if maker_may and not dashboard_gone else "closed"
