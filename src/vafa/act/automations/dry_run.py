"""What an automation would have done on past days, from the facts: nothing is written, nothing is sent.

The days are the newest that are known. Conditions are judged as of each day of entry by the present facts; who
was in by one entry enters again only as the automation's rule of re-entry allows.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from pyroaring import BitMap

from vafa.act.automations.conditions import Judge
from vafa.act.automations.daily import list_of_day, list_silent
from vafa.act.automations.rules import walk
from vafa.act.automations.types import (
    BANDS,
    DAILY_KINDS,
    Condition,
    Document,
    DryRun,
    Entry,
    When,
    WouldEnter,
)
from vafa.data.consent.queries import judge as judge_consent
from vafa.data.consent.queries import list_deceased
from vafa.data.consent.types import Channel, Purpose
from vafa.lab.trials import CONTROL, TREATED, arm_of
from vafa.predict.scores.queries import list_moves
from vafa.warehouse.queries import Query, Snapshot

DAYS = 30
_ORDERS = """
    SELECT customer_ix AS ix, day_no FROM facts
    WHERE is_purchase AND customer_ix IS NOT NULL AND day_no >= ? AND day_no < ? GROUP BY ALL ORDER BY 2, 1
"""
_FIRST = """
    SELECT customer_ix AS ix, MIN(day_no) AS day_no FROM facts WHERE is_purchase AND customer_ix IS NOT NULL
    GROUP BY 1 HAVING MIN(day_no) >= ? AND MIN(day_no) < ? ORDER BY 2, 1
"""
_RETURNS = """
    SELECT customer_ix AS ix, day_no FROM returns WHERE customer_ix IS NOT NULL AND day_no >= ? AND day_no < ?
    GROUP BY ALL ORDER BY 2, 1
"""
_BEGUN = """
    SELECT customer_ix AS ix, started_no AS day_no FROM subscriptions
    WHERE customer_ix IS NOT NULL AND started_no >= ? AND started_no < ? GROUP BY ALL ORDER BY 2, 1
"""
_QUERIES = {"order": _ORDERS, "first_order": _FIRST, "return": _RETURNS, "subscription": _BEGUN}
Days = Iterator[tuple[date, list[Entry]]]


def rehearse(
    document: Document, snapshot: Snapshot, now: datetime, *, days: int = DAYS, trial: str = "dry"
) -> DryRun:
    """Who would have entered on the last known days, and what would have held the first message back from whom."""
    end = snapshot.freshness().data_until
    if end is None:
        return DryRun(now.date(), now.date(), known=False)
    start = end - timedelta(days=days)
    lister = _LISTERS.get(document.when.kind)
    if lister is None:
        return DryRun(start, end, known=False)
    judge = Judge(snapshot, now)
    counted, dead = _list_counted(snapshot), list_deceased()
    last: dict[int, date] = {}
    rows: list[WouldEnter] = []
    for day, entries in lister(document.when, judge, start, end, now):
        people = {one.customer_id for one in entries if one.customer_id in counted} - dead
        wanted = judge.keep(document.conditions, people, day) if document.conditions else people
        for entry in entries:
            pk = entry.customer_id
            if pk not in wanted or not _may_again(document, last.get(pk), day):
                continue
            last[pk] = day
            control = bool(document.holdout) and arm_of(pk, trial, _shares(document)) == CONTROL
            rows.append(WouldEnter(pk, day, control=control))
    return DryRun(start, end, tuple(_tell_reasons(document, rows, now)))


def _shares(document: Document) -> dict[str, float]:
    held = document.holdout or 0.0
    return {CONTROL: held, TREATED: 1 - held}


def _list_counted(snapshot: Snapshot) -> set[int]:
    return {int(pk) for pk in snapshot.ids(snapshot.everyone()).tolist()}


def _may_again(document: Document, last: date | None, day: date) -> bool:
    if last is None:
        return True
    return document.again.rule != "once" and (day - last).days >= document.again.days


def _tell_reasons(document: Document, rows: list[WouldEnter], now: datetime) -> Iterator[WouldEnter]:
    """With the reason for which the first message would not go to somebody by any of its channels."""
    first = next((step for step, _depth in walk(document.steps) if step.kind == "message"), None)
    channels = [Channel(str(one)) for one in first.told.get("channels", ())] if first is not None else []
    if not channels:
        yield from rows
        return
    people = {row.customer_id for row in rows}
    judged = [judge_consent(channel, Purpose(document.purpose), now, among=people) for channel in channels]
    for row in rows:
        allowed = any(row.customer_id in one.allowed for one in judged)
        reason = "" if allowed else str(judged[0].find_reason(row.customer_id))
        yield WouldEnter(row.customer_id, row.on, reason, row.control)


def _from_query(when: When, judge: Judge, start: date, end: date, _now: datetime) -> Days:
    query = Query(_QUERIES[when.kind], (start.toordinal(), end.toordinal()))
    columns = judge.snapshot.run_columns(query)
    numbers = columns["ix"].astype(np.int64)
    yield from _by_day(judge.snapshot.list_ids(numbers).tolist(), columns["day_no"].tolist())


def _by_day(ids: list[int], days: list[int]) -> Days:
    found: dict[int, list[Entry]] = defaultdict(list)
    for pk, number in zip(ids, days, strict=True):
        day = date.fromordinal(int(number))
        found[int(number)].append(Entry(int(pk), f"day:{number}", datetime.combine(day, time(0), UTC)))
    for number in sorted(found):
        yield date.fromordinal(number), found[number]


def _joined(_when: When, judge: Judge, start: date, end: date, _now: datetime) -> Days:
    for day in _list_days(start, end):
        numbers = judge.snapshot.joined(day, day + timedelta(days=1))
        yield day, _build(judge.snapshot.ids(numbers).tolist(), day)


def _moved(when: When, judge: Judge, start: date, end: date, _now: datetime) -> Days:
    """Who entered, or left, a segment from one day to the next."""
    condition = Condition(when.segment)
    before = judge.find_as_of(condition, start)
    for day in _list_days(start, end):
        after = judge.find_as_of(condition, day + timedelta(days=1))
        moved: BitMap = after - before if when.kind == "entered_segment" else before - after
        yield day + timedelta(days=1), _build([int(pk) for pk in moved], day)
        before = after


def _dated(when: When, judge: Judge, start: date, end: date, now: datetime) -> Days:
    for day in _list_days(start, end):
        yield day, list_of_day(when, day, judge, now)


def _silent(when: When, judge: Judge, start: date, end: date, now: datetime) -> Days:
    for day in _list_days(start, end):
        after = day + timedelta(days=1)
        yield after, list_silent(when, judge.snapshot, day, after, now)


def _risk(when: When, _judge: Judge, start: date, end: date, _now: datetime) -> Days:
    rose = when.kind == "risk_rose"
    found: dict[date, list[int]] = defaultdict(list)
    for move in list_moves(start, end):
        if (move.after > move.before) == rose and (not when.band or BANDS.index(when.band) == move.after):
            found[move.as_of].append(move.customer_id)
    for day in sorted(found):
        yield day, _build(found[day], day)


def _build(ids: list[int], day: date) -> list[Entry]:
    at = datetime.combine(day, time(0), UTC)
    return [Entry(int(pk), f"day:{day.isoformat()}", at) for pk in ids]


def _list_days(start: date, end: date) -> list[date]:
    return [start + timedelta(days=ahead) for ahead in range((end - start).days)]


_LISTERS: dict[str, Callable[[When, Judge, date, date, datetime], Days]] = {
    **dict.fromkeys(_QUERIES, _from_query),
    **dict.fromkeys(DAILY_KINDS, _dated),
    "customer": _joined,
    "entered_segment": _moved,
    "left_segment": _moved,
    "silence": _silent,
    "risk_rose": _risk,
    "risk_fell": _risk,
}


def count_reasons(run: DryRun) -> dict[str, int]:
    """How many would have been held back for each reason, the control group apart ("control")."""
    counts: dict[str, int] = defaultdict(int)
    for row in run.rows:
        if row.control or row.reason:
            counts["control" if row.control else row.reason] += 1
    return dict(counts)
