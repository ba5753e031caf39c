"""Whom the rules of contact are for, and who is due by them, as far as the data tell."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from django.db.models import Max
from pyroaring import BitMap

from vafa.act.followups.models import ContactRule, Task
from vafa.act.followups.rules import find_due_from
from vafa.act.followups.types import RuleOutlook
from vafa.data.business.queries import get_business
from vafa.data.consent.queries import list_deceased
from vafa.data.log.types import BY_HAND
from vafa.kit.errors import VafaError
from vafa.lab.contact import NEVER
from vafa.lab.sets import list_members
from vafa.measure.metrics.queries import get_last_contacts, resolve_rule
from vafa.measure.segments.queries import get_segment_members
from vafa.warehouse.queries import Snapshot

# What counts as being in touch; the end of these tells through which day contacts are known.
CONTACT_KINDS = ("interactions", "answers", "tickets")


@dataclass(frozen=True)
class Waiting:
    """A customer who is due by a rule, and since which day (ordinal)."""

    customer_id: int
    due_from: int


@dataclass(frozen=True)
class Gaps:
    """A state of the data: who is in touch, and through which day that is known."""

    snapshot: Snapshot
    last: npt.NDArray[np.int64]
    until: date | None


def open_gaps(snapshot: Snapshot, today: date) -> Gaps:
    """The last contacts by customer's number. Contacts after the end of data count as well: they happened."""
    known = snapshot.freshness(None, CONTACT_KINDS)
    until = known.data_until
    if until is not None and all(feed.source == BY_HAND for feed in known.feeds if feed.first_on):
        # Nothing is ever told later of contacts that are only written down here, so they are known to this day.
        until = max(until, today)
    return Gaps(snapshot, get_last_contacts(snapshot), until)


def list_members_of(rules: Iterable[ContactRule], gaps: Gaps) -> dict[int, BitMap]:
    """Whom each rule is for, in the rules' order: those of its segment whom no rule before it has."""
    taken, found = BitMap(), {}
    died = sorted(list_deceased())
    dead = gaps.snapshot.ix_set(died) if died else BitMap()
    for rule in rules:
        mine = _find_members(rule, gaps.snapshot) - taken - dead
        found[rule.pk] = mine
        taken |= mine
    return found


def _find_members(rule: ContactRule, snapshot: Snapshot) -> BitMap:
    if rule.segment:
        try:
            return get_segment_members(rule.segment, snapshot)
        except VafaError:
            return BitMap()  # its segment is gone, or not built yet: nobody is due on account of that
    activity = resolve_rule(None, snapshot)
    until = snapshot.freshness(activity).data_until
    return BitMap() if until is None else snapshot.active(activity, until)


def list_waiting(
    rule: ContactRule, members: BitMap, gaps: Gaps, since: date, *, catches_up: bool
) -> list[Waiting]:
    """Who of these is due by a rule that is on since a day, and has no open task of it, the longest due first.

    Due is who was not in touch for the rule's days by the end of the data about contacts: on later days somebody may
    have been, and no source has told yet.
    """
    if gaps.until is None or not members:
        return []
    numbers = list_members(members)
    ids = gaps.snapshot.list_ids(numbers)
    turns, busy = _list_turns(rule)
    end = gaps.until.toordinal()
    found = []
    for pk, day in zip(ids.tolist(), gaps.last[numbers].tolist(), strict=True):
        if pk in busy:
            continue
        last = max(filter(None, (None if day == NEVER else day, turns.get(pk))), default=None)
        due = find_due_from(last, rule.gap_days, since.toordinal(), catches_up=catches_up)
        if due is not None and due <= end:
            found.append(Waiting(pk, due))
    return sorted(found, key=lambda one: (one.due_from, one.customer_id))


def _list_turns(rule: ContactRule) -> tuple[dict[int, int], set[int]]:
    """The last day on which a task of the rule was closed, and who has an open one; by the kept customer's id."""
    zone = ZoneInfo(get_business().zone)
    turns: dict[int, int] = {}
    closed = Task.objects.filter(rule=rule.pk).exclude(state="open").exclude(closed_at=None)
    for pk, kept, at in closed.values_list("customer_id", "customer__kept_id").annotate(Max("closed_at")):
        customer, day = kept or pk, at.astimezone(zone).date().toordinal()
        turns[customer] = max(day, turns.get(customer, 0))
    opened = Task.objects.filter(rule=rule.pk, state="open").values_list("customer_id", "customer__kept_id")
    return turns, {kept or pk for pk, kept in opened}


def tell_outlook(rule: ContactRule, members: BitMap, gaps: Gaps, since: date) -> RuleOutlook:
    """How a rule would stand if it were on since a day."""
    due = len(list_waiting(rule, members, gaps, since, catches_up=False))
    all_due = len(list_waiting(rule, members, gaps, since, catches_up=True))
    as_of = None if gaps.until is None else gaps.until - timedelta(days=1)
    return RuleOutlook(len(members), due, all_due - due, as_of)


def list_outlooks(rules: list[ContactRule], snapshot: Snapshot, today: date) -> dict[int, RuleOutlook]:
    """How each rule stands, or would if it were switched on today."""
    gaps = open_gaps(snapshot, today)
    members = list_members_of(rules, gaps)
    return {rule.pk: tell_outlook(rule, members[rule.pk], gaps, rule.since or today) for rule in rules}
