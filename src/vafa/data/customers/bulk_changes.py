"""One change of very many customers, done in the background: piece by piece, each once, stopped and undone at any time.

A piece is one transaction that changes at most BATCH customers and moves the job's place behind them, so that a worker
may die at any line and another goes on behind the last whole piece. A worker holds a job by a lease.
"""

import secrets
import uuid
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from pyroaring import BitMap

from vafa.data.customers.editing import BATCH, change_piece, undo_batch
from vafa.data.customers.models import BulkChange, Customer
from vafa.data.customers.types import BulkKind
from vafa.kit.audit import record

LEASE = timedelta(minutes=2)
KEEP = timedelta(days=30)
_ACTIONS = {"tag": "customers.tagged", "untag": "customers.tagged", "assign": "customers.assigned"}
Decide = Callable[[Customer], dict[str, Any]]


def build_decision(kind: BulkKind, value: str) -> Decide:
    """What a change makes of one customer: a tag put on ("tag") or taken off ("untag"), or another owner ("assign",
    the id of a member of staff, "" for nobody)."""
    if kind == "tag":
        return lambda row: {"tags": row.tags if value in row.tags else [*row.tags, value]}
    if kind == "untag":
        return lambda row: {"tags": [tag for tag in row.tags if tag != value]}
    owner = int(value) if value else None
    return lambda _row: {"owner": owner}


def start_bulk_change(
    kind: BulkKind, value: str, ids: Collection[int], *, by: Any, now: datetime
) -> BulkChange:
    """Note a change that is to be done; `go_on_with_bulk_change` does it."""
    return BulkChange.objects.create(
        key=uuid.uuid4().hex,
        kind=kind,
        value=value,
        ids=BitMap(ids).serialize(),
        total=len(ids),
        by=by,
        asked_at=now,
        state="waiting",
    )


def go_on_with_bulk_change(key: str, *, owner_id: int | None, clock: Callable[[], datetime]) -> str:
    """Do what is left of a change, or take it back where that is asked for; its state afterwards, "" where another
    worker holds it. With `owner_id` only customers of that member of staff are still touched: of whoever asked for the
    change, or for taking it back."""
    lease = secrets.token_hex(8)
    job = _take(key, lease, clock())
    if job is None:
        return ""
    if job.state == "undoing":
        _take_back(job, owner_id, clock)
    else:
        BulkChange.objects.filter(pk=job.pk, lease=lease, state="waiting").update(state="running")
        _do(job, lease, owner_id, clock)
    return BulkChange.objects.values_list("state", flat=True).get(key=key)


def _take(key: str, lease: str, now: datetime) -> BulkChange | None:
    free = Q(lease__in=("", lease)) | Q(lease_until__lt=now)
    taken = BulkChange.objects.filter(free, key=key, state__in=("waiting", "running", "undoing"))
    if not taken.update(lease=lease, lease_until=now + LEASE):
        return None
    return BulkChange.objects.get(key=key)


def _do(job: BulkChange, lease: str, owner_id: int | None, clock: Callable[[], datetime]) -> None:
    decide = build_decision(job.kind, job.value)  # type: ignore[arg-type]
    left = iter([pk for pk in BitMap.deserialize(bytes(job.ids)) if pk > job.place])
    while piece := list(islice(left, BATCH)):
        with transaction.atomic():
            # The first statement of the piece: whoever has lost the lease, or was told to stop, changes nothing.
            held = BulkChange.objects.filter(pk=job.pk, lease=lease, state="running")
            if not held.update(place=piece[-1], done=F("done") + len(piece), lease_until=clock() + LEASE):
                return
            changed = change_piece(_still_seen(piece, owner_id), decide, job.key, by=job.by, now=clock())
            BulkChange.objects.filter(pk=job.pk).update(changed=F("changed") + changed)
    with transaction.atomic():
        ended = BulkChange.objects.filter(pk=job.pk, lease=lease, state="running")
        if ended.update(state="done", ended_at=clock(), lease="", ids=b""):
            job.refresh_from_db()
            told: dict[str, Any] = (
                {"staff": int(job.value) if job.value else None} if job.kind == "assign" else {}
            )
            record(_ACTIONS[job.kind], by=job.by, now=clock(), subject=job.key, changed=job.changed, **told)


def _still_seen(ids: Iterable[int], owner_id: int | None) -> list[int]:
    """Those who are still there, not merged away, and still seen by whoever asked."""
    found = Customer.objects.filter(pk__in=list(ids), kept=None)
    found = found if owner_id is None else found.filter(owner_id=owner_id)
    return list(found.order_by("pk").values_list("pk", flat=True))


def _take_back(job: BulkChange, owner_id: int | None, clock: Callable[[], datetime]) -> None:
    def hold() -> None:
        BulkChange.objects.filter(pk=job.pk).update(lease_until=clock() + LEASE)

    undo_batch(job.key, by=job.undo_by, now=clock(), tell=hold, owner_id=owner_id)
    BulkChange.objects.filter(pk=job.pk, state="undoing").update(
        state="undone", ended_at=clock(), lease="", ids=b""
    )


def ask_to_undo_bulk_change(key: str, *, by: Any) -> bool:
    """Have a change stopped and taken back, also one that runs; False where that is asked for or done already."""
    found = BulkChange.objects.filter(key=key, state__in=("waiting", "running", "done"))
    return bool(found.update(state="undoing", undo_by=by, lease="", ended_at=None))


def fail_bulk_change(key: str, now: datetime) -> None:
    """Whoever asked for it, or for taking it back, may not do that any more: it ends here, and what was done stays and
    can be undone by who may."""
    BulkChange.objects.filter(key=key, state__in=("waiting", "running", "undoing")).update(
        state="done", lease="", ended_at=now, ids=b"", refused=True
    )


def find_bulk_change(key: str) -> BulkChange | None:
    """One job, or None."""
    return BulkChange.objects.select_related("by", "undo_by").filter(key=key).first()


def list_bulk_changes(by: Any, since: datetime) -> list[BulkChange]:
    """What somebody has had done to many that isn't at its end, or was done since a moment; the newest first."""
    found = BulkChange.objects.filter(Q(ended_at=None) | Q(ended_at__gte=since, state="done"), by=by)
    return list(found.order_by("-pk")[:5])


def list_stalled_bulk_changes(now: datetime) -> list[BulkChange]:
    """The changes that nobody works on though they aren't at their end."""
    stopped = Q(state="undoing", lease="") | Q(lease_until__lt=now)
    return list(BulkChange.objects.filter(stopped, state__in=("waiting", "running", "undoing")))


def forget_bulk_changes(now: datetime) -> None:
    """Forget jobs that ended long ago; what they changed stays in the history of each customer."""
    BulkChange.objects.filter(ended_at__lt=now - KEEP).delete()


def forget_in_bulk_changes(customer_ids: Iterable[int]) -> None:
    """Take erased customers out of what is still to be done."""
    gone = BitMap(customer_ids)
    for job in BulkChange.objects.exclude(ids=b""):
        kept = BitMap.deserialize(bytes(job.ids)) - gone
        BulkChange.objects.filter(pk=job.pk).exclude(ids=b"").update(ids=kept.serialize())
