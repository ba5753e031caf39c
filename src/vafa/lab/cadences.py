"""What comes again and again on days of a business: every day, on a weekday, or on a day of its own month.

Pure: told the moment, decides. Hours are of the clock of the business's zone.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from vafa.lab.calendars import CalendarName, split_date

CadenceEvery = Literal["day", "week", "month"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

CADENCES: tuple[CadenceEvery, ...] = get_args(CadenceEvery)
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
# The shortest month of any calendar has 28 days.
LAST_MONTH_DAY = 28
_LONGEST_STEP_DAYS = 32


@dataclass(frozen=True)
class Cadence:
    """When something is due: every day, on a weekday, or on a day of the business's month; at an hour of its zone."""

    every: CadenceEvery = "month"
    weekday: Weekday = "sat"
    month_day: int = 1
    hour: int = 8


def is_due_on(cadence: Cadence, day: date, calendar: CalendarName) -> bool:
    """Whether what comes by this cadence is due on a day of the business."""
    if cadence.every == "day":
        return True
    if cadence.every == "week":
        return WEEKDAYS[day.weekday()] == cadence.weekday
    return split_date(day, calendar).day == cadence.month_day


def build_moment(cadence: Cadence, day: date, zone: ZoneInfo) -> datetime:
    """The moment on a day of the business at which it is due. An hour that a change of the clocks leaves out is taken
    as if it were there."""
    return datetime.combine(day, time(cadence.hour), zone).astimezone(UTC)


def find_latest_due(cadence: Cadence, calendar: CalendarName, zone: ZoneInfo, now: datetime) -> date | None:
    """The last day on which it was due by now; of several that were missed only this one is made up for."""
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
