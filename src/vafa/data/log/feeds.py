"""What the owner says of a source: complete through a day, or closed for good."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from vafa.data.log.actions import take_numbers
from vafa.data.log.models import Feed
from vafa.kit.audit import record


@transaction.atomic
def set_complete_through(feed: Feed, day: date | None, *, by: Any, now: datetime) -> None:
    """Say through which day (inclusive) a feed is complete; None: through the day of its last fact."""
    if feed.complete_through == day:
        return
    feed.complete_through = day
    feed.save(update_fields=["complete_through"])
    _tell(feed, "feed.completeness_set", by, now, day=day.isoformat() if day else None)


@transaction.atomic
def close_feed(feed: Feed, *, by: Any, now: datetime) -> None:
    """Say that nothing more will come by this feed: it no longer holds back the end of data."""
    feed.closed = True
    feed.save(update_fields=["closed"])
    _tell(feed, "feed.closed", by, now)


@transaction.atomic
def reopen_feed(feed: Feed, *, by: Any, now: datetime) -> None:
    """Take back that a feed is closed."""
    feed.closed = False
    feed.save(update_fields=["closed"])
    _tell(feed, "feed.reopened", by, now)


def _tell(feed: Feed, action: str, by: Any, now: datetime, **details: Any) -> None:
    take_numbers(1)  # so that those who follow the sequence look again
    record(action, by=by, now=now, subject=f"feed:{feed.pk}", kind=feed.kind, **details)
