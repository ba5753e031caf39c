"""Where somebody is signed in: noted once in a while, listed, and ended."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction

from vafa.data.staff.models import Staff, StaffSession
from vafa.data.staff.roles import check_may_give, get_role
from vafa.kit.audit import record

# Noting each page would be a write for each page.
SEEN_EVERY = timedelta(minutes=5)


def note_session(staff: Staff, key: str, *, address: str | None, device: str, now: datetime) -> None:
    """Note that somebody's browser was here, at most once in five minutes."""
    if StaffSession.objects.filter(key=key, staff=staff, seen_at__gt=now - SEEN_EVERY).exists():
        return
    seen = {"staff": staff, "seen_at": now, "address": address, "device": device}
    StaffSession.objects.update_or_create(key=key, defaults=seen, create_defaults=seen | {"began_at": now})


def list_sessions(staff: Staff, now: datetime) -> list[StaffSession]:
    """The browsers in which somebody is signed in now, the last seen first."""
    rows = list(staff.sessions.all())
    keys = [row.key for row in rows]
    alive = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=now).values_list(
            "session_key", flat=True
        )
    )
    return [row for row in rows if row.key in alive]


@transaction.atomic
def end_session(staff: Staff, session_id: int, *, now: datetime) -> bool:
    """Sign out one of one's own browsers; whether there was such a one."""
    row = staff.sessions.filter(pk=session_id).first()
    if row is None:
        return False
    Session.objects.filter(session_key=row.key).delete()
    row.delete()
    record("staff.signed_out_elsewhere", by=staff, now=now, subject=f"staff:{staff.pk}", count=1)
    return True


@transaction.atomic
def sign_out_everywhere(staff: Staff, *, by: Any, now: datetime, but: str = "") -> int:
    """End all sessions of somebody, `but` that with this key; how many ended. Raises MoreThanOwn."""
    if by is None or by.pk != staff.pk:
        check_may_give(by, get_role(staff))
    count = end_sessions(staff, but=but)
    if count:
        record("staff.signed_out_elsewhere", by=by, now=now, subject=f"staff:{staff.pk}", count=count)
    return count


def end_sessions(staff: Staff, but: str = "") -> int:
    """End somebody's sessions, without a line in the audit trail: part of what another action does."""
    rows = staff.sessions.exclude(key=but)
    count, _of = Session.objects.filter(session_key__in=list(rows.values_list("key", flat=True))).delete()
    rows.delete()
    return count


def forget_ended(now: datetime) -> None:
    """Forget the browsers whose session has ended."""
    alive = Session.objects.filter(expire_date__gt=now).values("session_key")
    StaffSession.objects.exclude(key__in=alive).delete()
