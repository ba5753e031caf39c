"""Whether a message goes to somebody now, waits, or never goes: pure decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY, WEEK, MONTH = timedelta(days=1), timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True)
class Go:
    """It goes now; `reached` is the keyed digest of the address or number that it goes to ("": none is needed)."""

    reached: str = ""


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
    """How often one customer, and one address or number, is contacted at most (None: as often as there is something),
    and the quiet hours."""

    per_day: int | None = None
    per_week: int | None = None
    per_month: int | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None
    per_point_day: int | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of one recipient: why consent says no ("": it says yes), whether held out of a trial, and when
    messages within the budget went to them in the last month, and in the last day to their address or number, whoever
    of those who share it they were for. Told of what sells alone: `solemn_until` and `holiday_until`, when such days
    end; `in_dispute`, whether a complaint is open or something was sent back not long ago. `likes_another`: they have
    said by which channel they want to hear from us, and it is not this one."""

    refusal: str = ""
    is_held_out: bool = False
    in_budget: bool = True
    spent: Sequence[datetime] = ()
    solemn_until: datetime | None = None
    not_after: datetime | None = None
    in_dispute: bool = False
    point_spent: Sequence[datetime] = ()
    holiday_until: datetime | None = None
    likes_another: bool = False


def decide(facts: Facts, limits: Limits, zone: ZoneInfo, now: datetime, point: str = "") -> Verdict:
    """What becomes of one recipient now; `zone` is the customer's own, `point` the digest of where it would go. What
    never goes is said before what waits."""
    if facts.is_held_out:
        return Never("holdout")
    if facts.refusal:
        return Never(facts.refusal)
    if facts.not_after is not None and now >= facts.not_after:
        return Never("expired")
    if not facts.in_budget:
        return Go(point)
    if facts.likes_another:
        return Never("not_preferred")
    if facts.in_dispute:
        return Wait(now + DAY, "open_complaint")
    if facts.solemn_until is not None:
        return Wait(facts.solemn_until, "solemn_day")
    if facts.holiday_until is not None:
        return Wait(facts.holiday_until, "holiday")
    if (quiet := find_quiet_end(limits, zone, now)) is not None:
        return Wait(quiet, "quiet_hours")
    return (
        find_budget_wait(facts.spent, limits, now)
        or find_point_wait(facts.point_spent, limits, now)
        or Go(point)
    )


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
    caps = ((limits.per_day, DAY), (limits.per_week, WEEK), (limits.per_month, MONTH))
    waits = [end for most, span in caps if (end := _find_room(spent, most, span, now)) is not None]
    return Wait(max(waits), "budget") if waits else None


def find_point_wait(spent: Sequence[datetime], limits: Limits, now: datetime) -> Wait | None:
    """Until when the cap of an address or number holds one more message back, whoever it is for; None where there is
    room."""
    end = _find_room(spent, limits.per_point_day, DAY, now)
    return None if end is None else Wait(end, "point_cap")


def _find_room(
    spent: Sequence[datetime], most: int | None, span: timedelta, now: datetime
) -> datetime | None:
    """When there is room for one more within a cap; None where there is now."""
    if most is None:
        return None
    within = sorted(at for at in spent if at > now - span)
    if most == 0:
        return (within[-1] if within else now) + span
    return within[-most] + span if len(within) >= most else None
