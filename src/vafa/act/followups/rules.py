"""The room's own decisions: when a task is late, when a repeated one comes back, who gets which."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from vafa.act.followups.types import Moment, Sharing
from vafa.lab.calendars import CalendarName
from vafa.lab.recurrence import Repeat, find_next_day


def tell_moment(now: datetime, zone: str) -> Moment:
    """Now as the clock on the business's wall says it."""
    local = now.astimezone(ZoneInfo(zone))
    return Moment(local.date(), local.time().replace(tzinfo=None))


def decide_next_due(
    series_on: date, due_on: date, repeat: Repeat, calendar: CalendarName, finished_on: date
) -> date:
    """When a repeated task comes back after it was finished: its next day later than both the day it was due and the
    day it was finished, so that who was late isn't given the missed ones one after another."""
    return find_next_day(series_on, repeat, calendar, max(due_on, finished_on))


def share_out(
    customers: Iterable[int],
    owners: Mapping[int, int | None],
    staff: Sequence[int],
    sharing: Sharing,
) -> dict[int, int | None]:
    """Who gets the task of each customer.

    `owner`: who looks after the customer, as far as among `staff` (all, where none are named); else in turn among
    them; nobody where none are named. `evenly`: in turn, so that no two people differ by more than one.
    """
    chosen: dict[int, int | None] = {}
    turn = 0
    for customer in customers:
        owner = owners.get(customer)
        if sharing == "owner" and owner is not None and (not staff or owner in staff):
            chosen[customer] = owner
        elif staff:
            chosen[customer] = staff[turn % len(staff)]
            turn += 1
        else:
            chosen[customer] = None
    return chosen


def spread(place: int, count: int, start: date, days: int) -> date:
    """The due day of the `place`-th of so many tasks that are spread evenly over some days."""
    return start + timedelta(days=place * max(days, 1) // max(count, 1))


def find_due_from(last_turn: int | None, gap_days: int, since: int, *, catches_up: bool) -> int | None:
    """From which day (ordinals) a customer is due by a rule of contact; None: not before somebody is in touch again.

    `last_turn` is the last day of a contact or of a finished task of the rule; None: there never was one, which counts
    as if the rule had begun with a contact, so that switching it on is no flood. Who was late already when the rule
    was switched on `since` is history, unless it catches up.
    """
    if last_turn is None:
        return since if catches_up else since + gap_days
    due = last_turn + gap_days
    return due if catches_up or due >= since else None
