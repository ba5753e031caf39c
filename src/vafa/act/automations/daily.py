"""What is looked for once a day: birthdays and other dates, festive days, draws; and silence, when the data move on."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction

from vafa.act.automations.coding import read_document
from vafa.act.automations.conditions import Judge
from vafa.act.automations.entering import enter, list_last_entered, sift
from vafa.act.automations.holding_out import rank
from vafa.act.automations.models import Automation, Version
from vafa.act.automations.rules import LIVE_FOR, decide_most_drawn, draw, read_time
from vafa.act.automations.types import DAILY_KINDS, Condition, Document, Entry, When
from vafa.act.followups.queries import get_birthday_calendar, list_coming
from vafa.act.followups.types import OccasionKind
from vafa.data.business.queries import get_business
from vafa.data.intake.queries import has_brought_history
from vafa.data.log.queries import get_last_number, has_removals
from vafa.data.subscriptions.queries import list_ending
from vafa.kit.home import get_home
from vafa.kit.locale.occasions import load_occasions
from vafa.lab.anniversaries import YearCalendar, find_year
from vafa.lab.calendars import CalendarName, split_date
from vafa.lab.sets import build_set, list_members
from vafa.measure.metrics.queries import resolve_rule
from vafa.warehouse.queries import Snapshot

PIECE = 500
MOST_ENDINGS = 200_000


def look(automation_id: int, snapshot: Snapshot, now: datetime) -> int:
    """Let in whom this day, or the data's newest days, bring; how many entered. Safe to be repeated and cut off: who is
    in by a key does not enter by it again, and the day is noted when all are through."""
    automation = Automation.objects.select_related("version").get(pk=automation_id)
    version = automation.version
    if automation.state != "on" or version is None or automation.switched_on_at is None:
        return 0
    document = read_document(version.document)
    if document.when.kind in DAILY_KINDS:
        return _look_at_today(automation, version, document, snapshot, now)
    return (
        _look_at_silence(automation, version, document, snapshot, now)
        if document.when.kind == "silence"
        else 0
    )


def _look_at_today(
    automation: Automation, version: Version, document: Document, snapshot: Snapshot, now: datetime
) -> int:
    zone = ZoneInfo(get_business().zone)
    today = now.astimezone(zone).date()
    moment = datetime.combine(today, read_time(document.when.at) or time(10), zone)
    begun = automation.switched_on_at or now
    if automation.looked_on is not None and automation.looked_on >= today:
        return 0
    if now < moment:
        return 0
    entered = 0
    # A time of day that had passed when it was switched on is history.
    if begun <= moment:
        judge = Judge(snapshot, now)
        entries = list_of_day(document.when, today, judge, now, automation)
        entered = _let_in(automation, version, document, entries, judge, now)
    Automation.objects.filter(pk=automation.pk).update(looked_on=today)
    return entered


def _let_in(
    automation: Automation,
    version: Version,
    document: Document,
    entries: list[Entry],
    judge: Judge,
    now: datetime,
) -> int:
    wanted = sift(document, entries, judge)
    zone, seq, entered = get_business().zone, get_last_number(), 0
    for start in range(0, len(wanted), PIECE):
        with transaction.atomic():
            held = Automation.objects.select_for_update().get(pk=automation.pk)
            if held.state != "on" or held.version_id != version.pk:
                break
            entered += enter(held, version, wanted[start : start + PIECE], now=now, seq=seq, zone=zone)
    return entered


def list_of_day(
    when: When, day: date, judge: Judge, now: datetime, automation: Automation | None = None
) -> list[Entry]:
    """Who would enter on a day by a date, a festive day or a draw."""
    return list(_LISTERS[when.kind](when, day, judge, now, automation))


def _list_anniversaries(
    when: When, day: date, _judge: Judge, now: datetime, _automation: Automation | None
) -> Iterator[Entry]:
    kept_on = day - timedelta(days=when.days)
    kind: OccasionKind = "birthday" if when.kind == "birthday" else "joined"
    usual = cast("YearCalendar", get_business().calendar)
    for one in list_coming(kept_on, kept_on + timedelta(days=1), kind=kind):
        own = (
            cast("YearCalendar", get_birthday_calendar(one.customer_id) or usual)
            if kind == "birthday"
            else usual
        )
        yield Entry(one.customer_id, f"{kind}:{own}:{find_year(one.on, own)}", now)


def _list_endings(
    when: When, day: date, _judge: Judge, now: datetime, _automation: Automation | None
) -> Iterator[Entry]:
    ends_on = day - timedelta(days=when.days)
    for one in list_ending(ends_on, ends_on + timedelta(days=1), most=MOST_ENDINGS):
        yield Entry(one.customer_id, f"ending:{one.row}:{ends_on.isoformat()}", now)


def _list_festive(
    when: When, day: date, judge: Judge, now: datetime, _automation: Automation | None
) -> Iterator[Entry]:
    start = day - timedelta(days=when.days)
    calendar = load_occasions(get_business().country, get_home() / "occasions")
    known = calendar.list_between(start, start + timedelta(days=1))
    if not any(one.occasion.key == when.occasion and one.occasion.start == start for one in known):
        return
    for pk in judge.snapshot.ids(judge.snapshot.everyone()).tolist():
        yield Entry(int(pk), f"occasion:{when.occasion}:{start.isoformat()}", now)


def _list_drawn(
    when: When, day: date, judge: Judge, now: datetime, automation: Automation | None
) -> Iterator[Entry]:
    calendar = cast("CalendarName", get_business().calendar)
    told = split_date(day, calendar)
    if told.day != when.day:
        return
    key = f"draw:{told.year}-{told.month}"
    members = [int(pk) for pk in judge.find(Condition(segment=when.segment))]
    last = list_last_entered(automation, members) if automation is not None else {}
    rested = [pk for pk in members if pk not in last or now - last[pk] >= timedelta(days=when.rest)]
    # Who entered in this very draw, before it was cut off, has used up its part of the budget.
    taken = sum(1 for at in last.values() if now - at < timedelta(days=20))
    most = decide_most_drawn(when.budget, when.cost) - taken
    place = rank(f"{automation.pk if automation else 0}:{key}")
    for pk in draw(rested, max(most, 0), place):
        yield Entry(pk, key, now)


_LISTERS: dict[str, Callable[[When, date, Judge, datetime, Automation | None], Iterator[Entry]]] = {
    "birthday": _list_anniversaries,
    "joined": _list_anniversaries,
    "subscription_end": _list_endings,
    "occasion": _list_festive,
    "draw": _list_drawn,
}


def find_boundary(snapshot: Snapshot) -> date | None:
    """The first day of which nothing is known of purchases; None where none is known at all."""
    return snapshot.freshness(resolve_rule(None, snapshot), ["orders"]).data_until


def _look_at_silence(
    automation: Automation, version: Version, document: Document, snapshot: Snapshot, now: datetime
) -> int:
    """Who has gone silent on the days of which the sources have told since the last look; none on account of others."""
    until = find_boundary(snapshot)
    if until is None or (automation.known_until is not None and until <= automation.known_until):
        return 0
    seq = snapshot.seq
    brought = has_brought_history(automation.known_seq) or has_removals(automation.known_seq, seq)
    at = datetime.combine(until, time(0), ZoneInfo(get_business().zone))
    entered = 0
    # A first look, files, corrections, and days long past only catch up with history.
    if automation.known_until is not None and not brought and now - at <= LIVE_FOR:
        judge = Judge(snapshot, now)
        entries = list_silent(document.when, snapshot, automation.known_until, until, now)
        entered = _let_in(automation, version, document, entries, judge, now)
    Automation.objects.filter(pk=automation.pk).update(known_until=until, known_seq=seq)
    return entered


def list_silent(when: When, snapshot: Snapshot, start: date, end: date, now: datetime) -> list[Entry]:
    """Who had last bought `days` days before a boundary of (start, end], by what was known at `end`."""
    last = snapshot.last_purchase_days(end).astype(np.int64)
    silent = last + when.days + 1
    found = np.flatnonzero((last > 0) & (silent > start.toordinal()) & (silent <= end.toordinal()))
    numbers = list_members(build_set(found) & snapshot.everyone())
    ids = snapshot.list_ids(numbers)
    return [
        Entry(int(pk), f"silence:{int(last[number])}", now)
        for pk, number in zip(ids.tolist(), numbers.tolist(), strict=True)
    ]
