"""How staff are reminded: the page they start on, the hour of the digest, the secret address of their calendar."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django.db import IntegrityError, transaction

from vafa.act.followups.models import DigestSent, Reminding
from vafa.act.followups.rules import tell_moment
from vafa.data.business.queries import get_business
from vafa.kit.audit import record
from vafa.kit.permissions import Permission

START_PAGES = ("", "today", "overview")


def get_reminding(staff: Any) -> Reminding:
    """How somebody is reminded; the usual where they never said."""
    return Reminding.objects.filter(staff=staff).first() or Reminding(staff=staff)


def get_start_page(staff: Any) -> str:
    """The page after signing in: "today" or "overview". Whoever works on tasks and gives none to others starts with the
    page of the day, unless they chose."""
    chosen = str(get_reminding(staff).start_page)
    if not staff.may(Permission.WORK_TASKS):
        return "overview"
    return chosen or ("overview" if staff.may(Permission.ASSIGN_TASKS) else "today")


@transaction.atomic
def save_reminding(staff: Any, *, start_page: str, digest_at: time | None, now: datetime) -> None:
    """Keep how somebody wants to be reminded. Where today's hour of the digest is over already, the first one comes
    tomorrow."""
    kept, _made = Reminding.objects.select_for_update().get_or_create(staff=staff)
    moment = tell_moment(now, get_business().zone)
    if digest_at is not None and digest_at != kept.digest_at and digest_at <= moment.time:
        DigestSent.objects.get_or_create(
            staff=staff, on=moment.today, defaults={"at": now, "was_empty": True}
        )
    kept.start_page = start_page if start_page in START_PAGES else ""
    kept.digest_at = digest_at
    kept.save(update_fields=["start_page", "digest_at"])


@transaction.atomic
def make_feed(staff: Any, *, now: datetime) -> str:
    """A new secret for somebody's calendar, told only now; an older one opens nothing from then on."""
    secret = secrets.token_urlsafe(32)
    Reminding.objects.update_or_create(
        staff=staff, defaults={"feed_digest": _build_digest(secret), "feed_made_at": now}
    )
    record("calendar.address_made", by=staff, now=now, subject=f"staff:{staff.pk}")
    return secret


@transaction.atomic
def revoke_feed(staff: Any, *, now: datetime) -> None:
    """Let the secret address of somebody's calendar open nothing any more."""
    open_feed = Reminding.objects.filter(staff=staff).exclude(feed_digest="")
    if open_feed.update(feed_digest="", feed_made_at=None):
        record("calendar.address_revoked", by=staff, now=now, subject=f"staff:{staff.pk}")


def find_feed_staff(secret: str) -> Any:
    """Whose calendar a secret opens; None if nobody's, or that of somebody who may not work on tasks any more."""
    found = Reminding.objects.select_related("staff").filter(feed_digest=_build_digest(secret)).first()
    if found is None or not found.staff.is_active or not found.staff.may(Permission.WORK_TASKS):
        return None
    return found.staff


def list_due_digests(now: datetime) -> list[Any]:
    """The staff whose digest of today is due and not seen to yet."""
    moment = tell_moment(now, get_business().zone)
    due = Reminding.objects.filter(digest_at__lte=moment.time, staff__is_active=True).select_related("staff")
    done = set(DigestSent.objects.filter(on=moment.today).values_list("staff_id", flat=True))
    return [one.staff for one in due if one.staff_id not in done and one.staff.may(Permission.WORK_TASKS)]


def see_to_digest(staff: Any, send: Callable[[], bool], *, now: datetime) -> bool:
    """Write somebody's digest of today, once whoever comes first: `send` puts it into the outbox and says whether there
    was anything to tell. In one transaction with the row that says so; if `send` fails, it is tried again."""
    today = tell_moment(now, get_business().zone).today
    try:
        with transaction.atomic():
            row = DigestSent.objects.create(staff=staff, on=today, at=now)
            if send():
                return True
            row.was_empty = True
            row.save(update_fields=["was_empty"])
    except IntegrityError:  # another worker has it
        pass
    return False


def _build_digest(secret: str) -> str:
    # The secret is long and random, so a plain digest can't be turned back.
    return hashlib.sha256(secret.encode()).hexdigest()
