"""The room's own decisions: when a task is late, when a repeated one comes back, who gets which."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
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
