"""Dealing everybody who may be written to into a new period of the universal holdout, piece by piece.

Each piece is one transaction that moves the period's place behind it, so that a worker may die at any line, and of two
at once only one writes a piece. Nobody is held back before all are dealt and recorded: until then both arms are alike.
"""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from django.db import transaction
from django.db.models import F
from pyroaring import BitMap

from vafa.act.messaging.exposures import assign
from vafa.act.messaging.models import Holdout
from vafa.act.messaging.universal import (
    AT_ONCE,
    begin_dealing,
    build_holdout_key,
    find_dealing_holdout,
    find_holdout,
    forget_withdrawn,
    start_holdout,
)
from vafa.data.consent.queries import judge
from vafa.data.consent.types import Channel, Purpose
from vafa.kit.audit import record
from vafa.lab.trials import build_shares
from vafa.predict.scores.queries import get_chances
from vafa.warehouse.queries import Snapshot, has_copy, open_snapshot


def keep_holdout(now: datetime) -> int:
    """Deal a period that is to begin, and end or renew the one whose time is over; how many were dealt. A query or two
    where there is nothing to do."""
    forget_withdrawn()
    _end_what_is_over(now)
    period = find_dealing_holdout()
    if period is None:
        return 0
    dealt = 0
    snapshot = open_snapshot() if has_copy() else None
    people = [pk for pk in list_reachable(now) if pk > period.place]
    for start in range(0, len(people), AT_ONCE):
        piece = people[start : start + AT_ONCE]
        if not _deal(period, piece, snapshot, now):
            return dealt
        dealt += len(piece)
    start_holdout(period, now=now)
    return dealt


def list_reachable(now: datetime) -> list[int]:
    """Who may get marketing by any channel (ids of kept customers), in order."""
    found = BitMap()
    for channel in Channel:
        found |= judge(channel, Purpose.MARKETING, now).allowed
    return list(found)


def list_chances(ids: Sequence[int], snapshot: Snapshot | None = None) -> dict[int, float]:
    """The chance of leaving of each of these customers, as it is told now; who has none is left out."""
    copy = snapshot or open_snapshot()
    chances = get_chances(copy)
    if chances is None or not ids:
        return {}
    numbers = copy.list_numbers(list(ids))
    return {
        pk: float(chances[number])
        for pk, number in zip(ids, numbers.tolist(), strict=True)
        if 0 <= number < len(chances) and np.isfinite(chances[number])
    }


@transaction.atomic
def _deal(period: Holdout, piece: Sequence[int], snapshot: Snapshot | None, now: datetime) -> bool:
    """Deal one piece; False where another worker did, or the period was taken back."""
    held = Holdout.objects.filter(pk=period.pk, state="dealing", place=period.place)
    if not held.update(place=piece[-1], dealt=F("dealt") + len(piece)):
        return False
    chances = list_chances(piece, snapshot) if snapshot is not None else {}
    assign(build_holdout_key(period), piece, build_shares(period.share), chances, now=now)
    period.place = piece[-1]
    return True


@transaction.atomic
def _end_what_is_over(now: datetime) -> None:
    """End the period whose days are over. One that renews holds until the next is dealt."""
    period = find_holdout()
    if period is None or period.ends_at is None or period.ends_at > now:
        return
    if not period.renews:
        done = Holdout.objects.filter(pk=period.pk, state="running")
        if done.update(state="over", ended_at=period.ends_at):
            record("holdout.ended", by=None, now=now, subject=f"holdout:{period.number}")
    elif find_dealing_holdout() is None:
        made = begin_dealing(period.share, period.days, renews=True, by=period.by, now=now)
        record("holdout.renewed", by=None, now=now, subject=f"holdout:{made.number}")
