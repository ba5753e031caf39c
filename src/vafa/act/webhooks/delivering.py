"""Following the log, and delivering what it told. Safe to be run twice at once and to be cut off anywhere: a receiver
may then get a message twice, with the same `Vafa-Delivery`."""

import json
import secrets
import time
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from vafa.act.webhooks.models import Delivery, Hook
from vafa.act.webhooks.rules import decide_wait, sign
from vafa.data.log.queries import Happened, get_last_number, list_live_happenings
from vafa.kit.outbound import NotSent, send

LEASE = timedelta(minutes=2)
ROUND_SECONDS = 40
AT_ONCE = 500
KEEP = timedelta(days=30)
SECONDS, MOST_BYTES = 10.0, 256 * 1024


def deliver(now: datetime) -> int:
    """Tell every hook what it has not been told; how many deliveries were tried."""
    for hook in Hook.objects.filter(is_on=True, removed_at=None):
        while follow(hook.pk, now):
            pass
    began, tried = time.monotonic(), 0
    while time.monotonic() - began < ROUND_SECONDS and (delivery := _claim(now)) is not None:
        _deliver(delivery, now)
        tried += 1
    return tried


def follow(hook_id: int, now: datetime) -> bool:
    """Make the next deliveries of a hook; whether there may be more."""
    # The number is read before the rows, so that what is written meanwhile is found the next time.
    last = get_last_number()
    with transaction.atomic():
        hook = Hook.objects.select_for_update().get(pk=hook_id)
        found = list_live_happenings(hook.followed, last, AT_ONCE, since=hook.switched_on_at)
        Delivery.objects.bulk_create(
            [
                Delivery(
                    hook=hook,
                    happening=one.seq,
                    kind=one.kind,
                    payload=build_payload(one),
                    not_before=now,
                    created_at=now,
                )
                for one in found
                if one.kind in hook.kinds
            ],
            ignore_conflicts=True,
        )
        more = len(found) == AT_ONCE
        hook.followed = found[-1].seq if more else max(last, hook.followed)
        hook.save(update_fields=["followed"])
    return more


def build_payload(one: Happened) -> dict[str, Any]:
    """What is told of a happening: its number, kind and moment, and ids."""
    return {
        "id": one.seq,
        "kind": one.kind,
        "at": one.at.isoformat(),
        "recorded_at": one.recorded_at.isoformat(),
        "subject": one.subject,
        "details": one.details,
    }


def _list_due(now: datetime) -> QuerySet[Delivery]:
    waits = Delivery.objects.filter(state="pending", not_before__lte=now)
    dead = Delivery.objects.filter(state="claimed", lease_until__lt=now)
    return (waits | dead).filter(hook__is_on=True, hook__removed_at=None)


def _claim(now: datetime) -> Delivery | None:
    """The next delivery that is due, now ours. One statement decides between two workers."""
    while (found := _list_due(now).order_by("not_before", "id").first()) is not None:
        claim = secrets.token_hex(16)
        mine = Delivery.objects.filter(pk=found.pk, state=found.state, claim=found.claim)
        if mine.update(state="claimed", claim=claim, lease_until=now + LEASE, attempts=F("attempts") + 1):
            return Delivery.objects.select_related("hook").get(pk=found.pk)
    return None


def _deliver(delivery: Delivery, now: datetime) -> None:
    hook = delivery.hook
    body = json.dumps(delivery.payload, ensure_ascii=False).encode()
    old = hook.old_until is not None and now < hook.old_until
    keys = [hook.secret, hook.old_secret] if old else [hook.secret]
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Vafa",
        "Vafa-Event": delivery.kind,
        "Vafa-Delivery": str(delivery.pk),
        "Vafa-Signature": sign(body, keys, int(now.timestamp())),
    }
    status, answer, permanent = None, "", False
    try:
        reply = send("POST", hook.url, headers=headers, body=body, seconds=SECONDS, most_bytes=MOST_BYTES)
        status, answer = reply.status, reply.text()
        if reply.is_good:
            _end(delivery, "delivered", status, answer, now)
            return
    except NotSent as problem:
        answer, permanent = str(problem)[:500], problem.permanent
    wait = decide_wait(delivery.attempts, status, permanent=permanent)
    if wait is None:
        _end(delivery, "failed", status, answer, now)
        return
    _own(delivery).update(
        state="pending", claim="", lease_until=None, not_before=now + wait, status=status, answer=answer
    )


def _own(delivery: Delivery) -> QuerySet[Delivery]:
    """The row, if the claim is still ours."""
    return Delivery.objects.filter(pk=delivery.pk, state="claimed", claim=delivery.claim)


def _end(delivery: Delivery, state: str, status: int | None, answer: str, now: datetime) -> None:
    _own(delivery).update(state=state, claim="", lease_until=None, status=status, answer=answer, ended_at=now)


def forget_old(now: datetime) -> None:
    """Remove the deliveries that ended a month ago."""
    Delivery.objects.filter(ended_at__lt=now - KEEP).delete()
