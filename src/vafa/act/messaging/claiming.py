"""Claiming what is due: in one transaction rows become a worker's under a lease, are judged, and take their budget and
their account's tokens; so two workers together never go beyond either."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Min

from vafa.act.messaging.carrying import Shut, find_way, take_tokens, tell_waiting
from vafa.act.messaging.folding import fold_claimed
from vafa.act.messaging.gate import decide_many, lock_budget, take_budget
from vafa.act.messaging.models import Account, Message, Sending
from vafa.act.messaging.noting import Back, End, note
from vafa.act.messaging.rules import Go, Verdict, Wait

# So many rows are claimed at once: their values are asked for together.
AT_ONCE = 500
LEASE = timedelta(minutes=3)


@dataclass(frozen=True)
class Claimed:
    """What a worker has claimed by one channel: the rows that go, by which account; and what became of the others."""

    account: Account
    going: Sequence[Sending]
    counts: Counter[str] = field(default_factory=Counter)


@transaction.atomic
def claim(message: Message, channel: str, worker: str, now: datetime) -> Claimed | Shut | None:
    """Claim what is due of a message by one channel; until when and why nothing goes; None where nothing is due."""
    due = Sending.objects.filter(message=message, channel=channel, state="pending", not_before__lte=now)
    if not due.exists():
        return None
    lock_budget()
    way = find_way(message, channel, now)
    if isinstance(way, Shut):
        tell_waiting(message, channel, way, now)
        return way
    claimed = claim_rows(message, channel, worker, now, AT_ONCE if way.most is None else way.most)
    if not claimed:
        return None  # another worker is at it
    claimed, doubles = fold_claimed(message, claimed)
    verdicts = judge_rows(message, channel, claimed, worker, now)
    going, counts = _part(claimed, verdicts, worker, now)
    if doubles:
        note(worker, [End(one.pk, "suppressed", "double", one.attempts) for one in doubles], now)
        counts["suppressed"] += len(doubles)
    take_tokens(way.account, len(going), now)
    return Claimed(way.account, going, counts)


def claim_rows(message: Message, channel: str, worker: str, now: datetime, most: int) -> list[Sending]:
    """Rows that are due, now ours: the statement that changes them asks again whether they are free."""
    due = Sending.objects.filter(message=message, channel=channel, state="pending", not_before__lte=now)
    free = due.select_for_update(skip_locked=True).order_by("not_before", "pk")
    ids = list(free.values_list("pk", flat=True)[: min(AT_ONCE, most)])
    if not ids:
        return []
    Sending.objects.filter(pk__in=ids, state="pending").update(
        state="claimed", worker=worker, lease_until=now + LEASE, handed_at=None
    )
    return list(Sending.objects.filter(worker=worker, state="claimed", pk__in=ids).order_by("pk"))


def judge_rows(
    message: Message, channel: str, claimed: Sequence[Sending], worker: str, now: datetime
) -> dict[int, Verdict]:
    """The verdict on each customer, with the budget taken for those who go."""
    verdicts = decide_many(
        [one.customer_id for one in claimed if one.customer_id],
        channel=channel, purpose=message.purpose, festive=message.festive, answers=message.answers,
        trial=message.trial, not_after=message.not_after, now=now,
    )  # fmt: skip
    if not message.answers:
        take_budget(claimed, verdicts, worker, now)
    return verdicts


def _part(
    claimed: Sequence[Sending], verdicts: Mapping[int, Verdict], worker: str, now: datetime
) -> tuple[list[Sending], Counter[str]]:
    """Those who go; the others wait or end with the verdict's reason."""
    going: list[Sending] = []
    noted: list[Back | End] = []
    counts = Counter[str]()
    for one in claimed:
        verdict = verdicts.get(one.customer_id or 0)
        if isinstance(verdict, Go):
            going.append(one)
        elif isinstance(verdict, Wait):
            noted.append(Back(one.pk, verdict.until, verdict.why, one.attempts))
            counts["waits"] += 1
        else:
            noted.append(End(one.pk, "suppressed", verdict.why if verdict else "erased", one.attempts))
            counts["suppressed"] += 1
    note(worker, noted, now)
    return going, counts


def settle(now: datetime) -> int:
    """What a dead worker had claimed waits again where nothing of it had left, and is unknown where it may have; how
    many were settled."""
    dead = Sending.objects.filter(state="claimed", lease_until__lt=now)
    messages = list(dead.order_by().values_list("message_id", flat=True).distinct())
    if not messages:
        return 0
    lost = dead.exclude(handed_at=None).update(
        state="unknown", why="worker_died", worker="", lease_until=None, ended_at=now, attempts=F("attempts") + 1
    )  # fmt: skip
    back = dead.filter(handed_at=None).update(state="pending", worker="", lease_until=None, spent_at=None)
    for pk in messages:
        settle_next(pk, {})
    return lost + back


@transaction.atomic
def settle_next(pk: int, shuts: Mapping[str, Shut]) -> None:
    """Note when the next of a message's recipients is due, and what for, where all that are due wait for the same: for
    their account (`shuts`, by channel). What another worker holds is looked at again when its lease ends. The message
    is locked, as by whoever adds recipients, so that none of them is overlooked."""
    Message.objects.select_for_update().filter(pk=pk).first()
    rows = Sending.objects.filter(message=pk)
    held = rows.filter(state="claimed").aggregate(at=Min("lease_until"))["at"]
    found, whys = [held], set()
    waits = rows.filter(state="pending").order_by().values_list("channel")
    for channel, at in waits.annotate(at=Min("not_before")):
        shut = shuts.get(channel)
        found.append(at if shut is None else max(at, shut.until))
        whys.add("" if shut is None else shut.why)
    due = min((at for at in found if at is not None), default=None)
    why = whys.pop() if len(whys) == 1 else ""
    Message.objects.filter(pk=pk).update(next_at=due, why=why[:20])
