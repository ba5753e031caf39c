"""Whether a message goes to somebody now, waits, or never goes: pure decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY, WEEK, MONTH = timedelta(days=1), timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True)
class Go:
    """It goes now."""


@dataclass(frozen=True)
class Wait:
    """It waits until a moment."""

    until: datetime
    why: str


@dataclass(frozen=True)
class Never:
    """It never goes to this one."""

    why: str


Verdict = Go | Wait | Never


@dataclass(frozen=True)
class Limits:
    """How often one customer is contacted at most (None: as often as there is something), and the quiet hours."""

    per_day: int | None = None
    per_week: int | None = None
    per_month: int | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of one recipient: why consent says no ("": it says yes), whether held out of a trial, and when
    messages within the budget went to them in the last month. `solemn_until` is when a solemn day ends,
    `in_dispute` whether a complaint is open or something was sent back not long ago (told of what sells alone)."""

    refusal: str = ""
    is_held_out: bool = False
    in_budget: bool = True
    spent: Sequence[datetime] = ()
    solemn_until: datetime | None = None
    not_after: datetime | None = None
    in_dispute: bool = False


def decide(facts: Facts, limits: Limits, zone: ZoneInfo, now: datetime) -> Verdict:
    """What becomes of one recipient now. What never goes is said before what waits."""
    if facts.is_held_out:
        return Never("holdout")
    if facts.refusal:
        return Never(facts.refusal)
    if facts.not_after is not None and now >= facts.not_after:
        return Never("expired")
    if not facts.in_budget:
        return Go()
    if facts.in_dispute:
        return Wait(now + DAY, "open_complaint")
    if facts.solemn_until is not None:
        return Wait(facts.solemn_until, "solemn_day")
    if (quiet := find_quiet_end(limits, zone, now)) is not None:
        return Wait(quiet, "quiet_hours")
    return find_budget_wait(facts.spent, limits, now) or Go()


def find_quiet_end(limits: Limits, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When the quiet hours end that hold now; None outside of them. They may run over midnight."""
    start, end = limits.quiet_from, limits.quiet_until
    if start is None or end is None or start == end:
        return None
    local = now.astimezone(zone)
    clock = local.time()
    over_midnight = start > end
    quiet = (clock >= start or clock < end) if over_midnight else start <= clock < end
    if not quiet:
        return None
    day = local.date() + (timedelta(days=1) if over_midnight and clock >= start else timedelta())
    return datetime.combine(day, end, zone)


def find_budget_wait(spent: Sequence[datetime], limits: Limits, now: datetime) -> Wait | None:
    """Until when the contact budget holds one more message back; None where there is room."""
    waits = []
    for most, span in ((limits.per_day, DAY), (limits.per_week, WEEK), (limits.per_month, MONTH)):
        within = sorted(at for at in spent if at > now - span)
        if most is not None and len(within) >= max(most, 1):
            waits.append(within[-max(most, 1)] + span)
        elif most == 0:
            waits.append(now + span)
    return Wait(max(waits), "budget") if waits else None
