"""Writing to the audit trail, and reading it. No door changes a row, but for `opened`, for retention and erasure."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from vafa.kit.models import AuditDoor, AuditEntry
from vafa.kit.origin import get_origin


def record(
    action: str, *, by: Any, now: datetime, subject: str = "", address: str | None = None, **details: Any
) -> None:
    """Note that somebody did something; `by` is a member of staff, or None for the operator's command line. From where
    is known inside a request."""
    _build(action, by, now, subject, address, details).save(force_insert=True)


def record_seen(action: str, *, by: Any, now: datetime, subject: str = "") -> None:
    """Note that somebody saw something: one row for each person, thing and hour, however often they look."""
    once = f"{action}:{by.pk}:{subject}:{now:%Y%m%d%H}"[:120]
    # Looking first costs a read; writing each time would wait for the only writer that SQLite has.
    if not AuditEntry.objects.filter(once=once).exists():
        entry = _build(action, by, now, subject, None, {})
        entry.once = once
        AuditEntry.objects.bulk_create([entry], ignore_conflicts=True)


def _build(
    action: str, by: Any, now: datetime, subject: str, address: str | None, details: dict[str, Any]
) -> AuditEntry:
    origin = get_origin()
    return AuditEntry(
        at=now,
        staff=by if getattr(by, "pk", None) else None,
        action=action,
        subject=subject,
        details=details,
        address=address or origin.address,
        device=origin.device,
    )


def count_old_entries(before: datetime) -> int:
    """How many entries are older than a moment."""
    return AuditEntry.objects.filter(at__lt=before).count()


def list_entries() -> QuerySet[AuditEntry]:
    """The whole trail, the newest first, to be cut into pages."""
    return AuditEntry.objects.select_related("staff")


@contextmanager
def opened() -> Iterator[QuerySet[AuditEntry]]:
    """The trail's rows, to be changed or deleted inside one transaction. Only retention and erasure may, and they note
    what they did; everything else is refused by the database itself (`audit_guard`)."""
    with transaction.atomic():
        door = AuditDoor.objects.create()
        yield AuditEntry.objects.all()
        door.delete()


def forget_entries(before: datetime, *, by: Any, now: datetime) -> int:
    """Forget what is older than the trail is kept; how many rows. The forgetting itself is a row."""
    with opened() as entries:
        count, _of = entries.filter(at__lt=before).delete()
        if count:
            record("audit.forgotten", by=by, now=now, count=count)
    return count
