"""Links that show a dashboard to whoever has them, until they expire or are revoked."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from vafa.kit.audit import record
from vafa.measure.reports.links import build_digest, make_token
from vafa.measure.reports.models import Dashboard, SharedLink


@transaction.atomic
def share_dashboard(
    dashboard: Dashboard, *, days: int, label: str, by: Any, now: datetime
) -> tuple[SharedLink, str]:
    """A link that opens for so many days, and its token, which is told only now."""
    token = make_token()
    link = SharedLink.objects.create(
        dashboard=dashboard,
        label=label,
        digest=build_digest(token),
        created_by=by,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    record("dashboard.shared", by=by, now=now, subject=f"dashboard:{dashboard.pk}", link=link.pk, days=days)
    return link, token


@transaction.atomic
def revoke_link(link: SharedLink, *, by: Any, now: datetime) -> None:
    """Let a link open nothing any more."""
    if SharedLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now):
        record(
            "dashboard.link_revoked", by=by, now=now, subject=f"dashboard:{link.dashboard_id}", link=link.pk
        )


def note_seen(link: SharedLink, now: datetime) -> None:
    """Count that a link was opened."""
    SharedLink.objects.filter(pk=link.pk).update(seen=F("seen") + 1, last_seen_at=now)
