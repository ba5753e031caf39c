"""The room's own decisions: how a campaign stands, what may be done with it, when its next run is due."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from vafa.act.campaigns.types import RunState, Stage, State, When
from vafa.lab.cadences import build_moment, find_latest_due, find_next_due
from vafa.lab.calendars import CalendarName

LATEST = timedelta(hours=24)
"""What could not begin within so long after its time is given up: an offer of yesterday is none."""

# What may be done in which stage.
_MAY: Mapping[str, frozenset[Stage]] = {
    "edit": frozenset({"draft", "held"}),
    "start": frozenset({"draft", "held"}),
    "unschedule": frozenset({"scheduled"}),
    "pause": frozenset({"scheduled", "preparing", "sending"}),
    "resume": frozenset({"paused"}),
    "stop": frozenset({"scheduled", "preparing", "sending", "paused", "held"}),
    "archive": frozenset({"draft", "sent", "stopped", "held"}),
}


def decide_stage(state: State, run: RunState | None, *, recurs: bool, ended: bool, unsent: bool) -> Stage:
    """How a campaign stands, by what was decided, its newest run (None: there is none yet), whether a recurring one has
    no further day (`ended`), and whether messages wait or are under way (`unsent`)."""
    if state != "on":
        return state
    if run == "preparing":
        return "preparing"
    if unsent:
        return "sending"
    if run == "refused" and not recurs:
        return "held"
    if run == "waiting" or (recurs and not ended):
        return "scheduled"
    return "sent"


def can(what: str, stage: Stage) -> bool:
    """Whether something may be done with a campaign in a stage: edit, start, unschedule, pause, resume, stop or
    archive."""
    return stage in _MAY[what]


def decide_due(
    when: When, calendar: CalendarName, zone: ZoneInfo, counts_from: datetime, now: datetime
) -> date | None:
    """The day whose run of a recurring campaign is to be made now; None where none is. Of several that were missed
    only the latest is made up for, and not that one either once it is too late."""
    if when.cadence is None:
        return None
    day = find_latest_due(when.cadence, calendar, zone, now)
    if day is None or not _is_within(when, day):
        return None
    moment = build_moment(when.cadence, day, zone)
    return day if moment >= counts_from and now - moment <= LATEST else None


def find_next(when: When, calendar: CalendarName, zone: ZoneInfo, now: datetime) -> date | None:
    """The next day on which a recurring campaign goes out after now; None where there is none any more."""
    if when.cadence is None:
        return None
    moment = now
    if when.from_on is not None:
        # From the midnight that begins its first day on; a minute before, so that the hour 0 counts.
        first = datetime.combine(when.from_on, datetime.min.time(), zone) - timedelta(minutes=1)
        moment = max(now, first)
    day = find_next_due(when.cadence, calendar, zone, moment)
    return day if day is not None and _is_within(when, day) else None


def _is_within(when: When, day: date) -> bool:
    return (when.from_on is None or day >= when.from_on) and (when.until_on is None or day <= when.until_on)


def is_missed(due_at: datetime, now: datetime) -> bool:
    """Whether a run that has not begun yet comes too late to begin."""
    return now - due_at > LATEST


def has_grown(count: int, expected: int | None) -> bool:
    """Whether an audience is so much larger than the one that somebody saw, that they are asked again."""
    return expected is not None and count > 2 * expected + 100
