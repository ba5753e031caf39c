"""Who is locked out after wrong passwords, until when, and lifting it."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from vafa.front.address import get_address, get_tried_email
from vafa.kit.audit import record

COOL_OFF = timedelta(hours=settings.AXES_COOLOFF_TIME)


def list_locked(now: datetime) -> dict[str, datetime]:
    """The e-mail addresses that are locked out, each with the moment at which that ends by itself."""
    tries: Counter[tuple[str, str]] = Counter()
    last: dict[tuple[str, str], datetime] = {}
    for attempt in AccessAttempt.objects.filter(attempt_time__gt=now - COOL_OFF):
        key = (attempt.username or "", attempt.ip_address or "")
        tries[key] += attempt.failures_since_start
        last[key] = max(last.get(key, attempt.attempt_time), attempt.attempt_time)
    locked: dict[str, datetime] = {}
    for (email, address), count in tries.items():
        if count >= settings.AXES_FAILURE_LIMIT:
            until = last[email, address] + COOL_OFF
            locked[email] = max(locked.get(email, until), until)
    return locked


def find_wait(request: HttpRequest, now: datetime) -> timedelta:
    """How long whoever is locked out here has still to wait."""
    tried = AccessAttempt.objects.filter(username=get_tried_email(request), ip_address=get_address(request))
    newest = tried.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    wait = COOL_OFF if newest is None else newest + COOL_OFF - now
    return min(max(wait, timedelta(seconds=1)), COOL_OFF)


@transaction.atomic
def lift(staff: Any, *, by: Any, now: datetime) -> None:
    """Let somebody try again at once, from everywhere."""
    if reset(username=staff.email):
        record("staff.lock_lifted", by=by, now=now, subject=f"staff:{staff.pk}")
