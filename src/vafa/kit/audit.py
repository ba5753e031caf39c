"""Writing to the audit trail, and reading it."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from vafa.kit.models import AuditEntry


def record(
    action: str, *, by: Any, now: datetime, subject: str = "", address: str | None = None, **details: Any
) -> None:
    """Note that somebody did something; `by` is a member of staff, or None for the operator's command line."""
    staff = by if getattr(by, "pk", None) else None
    AuditEntry.objects.create(
        at=now, staff=staff, action=action, subject=subject, details=details, address=address
    )


def list_entries() -> QuerySet[AuditEntry]:
    """The whole trail, the newest first, to be cut into pages."""
    return AuditEntry.objects.select_related("staff")
