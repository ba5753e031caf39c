"""Claiming steps that are due, and giving them back: one atomic statement decides between two workers."""

import secrets
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from vafa.act.automations.models import Step
from vafa.act.automations.rules import decide_wait
from vafa.kit.bulk import is_postgres

LEASE = timedelta(minutes=3)


def claim(automation_id: int, lane: str, now: datetime, limit: int) -> tuple[str, list[int]]:
    """The next steps of an automation that are due, now ours for a while: whose claim, and their ids, the earliest due
    first."""
    worker = secrets.token_hex(16)
    # Most rounds find nothing: reading that by the index takes no lock from anybody who writes.
    if not Step.objects.filter(
        automation=automation_id, lane=lane, state="waiting", due_at__lte=now
    ).exists():
        return worker, []
    locking = " FOR UPDATE SKIP LOCKED" if is_postgres() else ""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE automations_step SET state = 'claimed', worker = %s, lease_until = %s WHERE id IN ("
            " SELECT id FROM automations_step WHERE automation_id = %s AND lane = %s AND state = 'waiting'"
            f" AND due_at <= %s ORDER BY due_at LIMIT %s{locking}) RETURNING id",
            [worker, now + LEASE, automation_id, lane, now, limit],
        )
        ids = sorted(int(row[0]) for row in cursor.fetchall())
    return worker, ids


def release_dead(now: datetime) -> int:
    """Let the steps wait again whose worker has died; how many. Whatever it had done was one transaction with its end,
    so nothing is done twice."""
    dead = Step.objects.filter(state="claimed", lease_until__lt=now)
    return dead.update(state="waiting", worker="", lease_until=None, attempts=F("attempts") + 1)


def put_off(step: Step, why: str, now: datetime) -> bool:
    """Let a step of ours be tried again later, with the reason; whether it will (else it has failed for good)."""
    wait = decide_wait(step.attempts + 1)
    if wait is None:
        return False
    Step.objects.filter(pk=step.pk, worker=step.worker, state="claimed").update(
        state="waiting",
        worker="",
        lease_until=None,
        attempts=F("attempts") + 1,
        due_at=now + wait,
        why=why[:40],
    )
    return True
