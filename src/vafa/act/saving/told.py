"""What the copy of the facts says of customers with a case."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import numpy as np

from vafa.act.saving.models import Case
from vafa.act.saving.types import CaseFacts
from vafa.lab.rules import ActivityRule
from vafa.lab.spells import OPEN_END
from vafa.warehouse.queries import Query, Snapshot

_DAY = 86_400
# Purchases with the last second of their day that is known (UTC; -1: the day alone), and begins of subscriptions.
_CAME = {
    "purchase": "SELECT customer_ix AS ix, day_no AS day, max(sec) AS sec FROM facts SEMI JOIN members ON"
    " members.ix = customer_ix WHERE is_purchase AND day_no >= ? GROUP BY ALL ORDER BY ALL",
    "subscription": "SELECT customer_ix AS ix, started_no AS day, -1 AS sec FROM subscriptions SEMI JOIN members ON"
    " members.ix = customer_ix WHERE started_no >= ? GROUP BY ALL ORDER BY ALL",
}

Comings = dict[int, list[tuple[int, int]]]


def tell_opening(case: Case, zone: str) -> tuple[date, int]:
    """The business's day on which a case was opened, and the second of that day."""
    local = case.made_at.astimezone(ZoneInfo(zone))
    return local.date(), local.hour * 3600 + local.minute * 60 + local.second


def read_facts(
    cases: Sequence[Case], snapshot: Snapshot, rule: ActivityRule, zone: str
) -> dict[int, CaseFacts]:
    """What the facts say of each case, by its id; nothing of customers who don't count (any more)."""
    if not cases:
        return {}
    numbers = snapshot.list_numbers([case.customer_id for case in cases]).tolist()
    known = [(case, number) for case, number in zip(cases, numbers, strict=True) if number >= 0]
    comings = _list_comings(known, snapshot, rule, zone)
    until = snapshot.freshness(rule).data_until
    spells = None if until is None else snapshot.current_spells(rule, until)
    active = snapshot.active(rule, until) if until is not None else None
    found = {}
    for case, number in known:
        opened_on, second = tell_opening(case, zone)
        after, before = _part(comings.get(number, []), case, second, opened_on, zone)
        lost = OPEN_END if spells is None else int(spells.end[number])
        is_active = None if active is None else number in active
        found[case.pk] = CaseFacts(
            came_on=after,
            came_before_on=before,
            # A spell that begins on the end of data is no state yet, and no loss.
            lost_on=date.fromordinal(lost) if is_active is False and lost < OPEN_END else None,
            is_active=is_active,
        )
    return found


def _list_comings(
    known: Sequence[tuple[Case, int]], snapshot: Snapshot, rule: ActivityRule, zone: str
) -> Comings:
    since = min((_find_known(case, zone) for case, _number in known), default=date.max)
    members = snapshot.ix_set([case.customer_id for case, _number in known])
    rows = snapshot.run_columns(Query(_CAME[rule.kind], (since.toordinal(),), members))
    found: Comings = {}
    for number, day, sec in zip(*(rows[name].tolist() for name in ("ix", "day", "sec")), strict=True):
        found.setdefault(int(number), []).append((int(day), int(sec)))
    return found


def _find_known(case: Case, zone: str) -> date:
    """The first day of which the facts may tell something new of a case."""
    opened_on, _second = tell_opening(case, zone)
    return min(case.known_until or opened_on, opened_on)


def _part(
    days: Sequence[tuple[int, int]], case: Case, second: int, opened_on: date, zone: str
) -> tuple[date | None, date | None]:
    """The first day of coming after the moment of opening, and the last before it that was not known then."""
    since, opened = _find_known(case, zone).toordinal(), opened_on.toordinal()
    after: int | None = None
    before: int | None = None
    for day, sec in days:
        if day > opened or (day == opened and _find_local_second(sec, case.made_at, zone) > second):
            after = day if after is None else min(after, day)
        elif day >= since:
            before = day
    return _read(after), _read(before)


def _find_local_second(sec: int, at: datetime, zone: str) -> int:
    """The second of the business's day from that of UTC's; -1 where only the day is known."""
    if sec < 0:
        return -1
    offset = cast("timedelta", at.astimezone(ZoneInfo(zone)).utcoffset())
    return int(sec + offset.total_seconds()) % _DAY


def _read(day: int | None) -> date | None:
    return None if day is None else date.fromordinal(int(np.int64(day)))
