"""Writing to the log: sequence numbers, happenings, removals."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction

from vafa.data.log.models import Feed, Happening, Removal, Source
from vafa.data.log.types import BY_HAND
from vafa.kit.audit import record

# A happening older than this when it is recorded is history, and history never acts.
LIVE_WITHIN = timedelta(days=3)


def take_numbers(count: int) -> int:
    """Take `count` consecutive sequence numbers and return the first.

    Call it inside the transaction that writes the rows: the counter's row stays locked until that commits,
    so numbers become visible in their order, and a slow commit is never skipped by a follower.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO log_sequence (id, value) VALUES (1, %s)"
            " ON CONFLICT (id) DO UPDATE SET value = log_sequence.value + excluded.value RETURNING value",
            [count],
        )
        row = cursor.fetchone()
    return int(row[0]) - count + 1


def add_happening(
    kind: str, *, at: datetime, now: datetime, live: bool, subject: int | None = None, **details: Any
) -> Happening:
    """Note that something happened. `live` is what the way in says; what is too old is not live whatever it says."""
    return Happening.objects.create(
        seq=take_numbers(1),
        kind=kind,
        at=at,
        recorded_at=now,
        live=live and now - at <= LIVE_WITHIN,
        subject=subject,
        details=details,
    )


def add_happenings(
    kind: str, subjects: Sequence[int], *, at: datetime, now: datetime, live: bool, **details: Any
) -> None:
    """Note that the same happened to several, at most 1,000 at once, as `add_happening` does for one."""
    if not subjects:
        return
    first = take_numbers(len(subjects))
    is_live = live and now - at <= LIVE_WITHIN
    Happening.objects.bulk_create(
        [
            Happening(
                seq=first + n,
                kind=kind,
                at=at,
                recorded_at=now,
                live=is_live,
                subject=subject,
                details=details,
            )
            for n, subject in enumerate(subjects)
        ]
    )


class Told(NamedTuple):
    """Something that happened to one thing, to be noted with others."""

    kind: str
    subject: int | None
    at: datetime
    details: dict[str, Any]


def add_live_happenings(told: Sequence[Told], *, now: datetime) -> None:
    """Note those that are new enough for others to react to; of the rest the rows themselves tell."""
    live = [one for one in told if now - one.at <= LIVE_WITHIN]
    if not live:
        return
    first = take_numbers(len(live))
    Happening.objects.bulk_create(
        [
            Happening(
                seq=first + n, kind=one.kind, at=min(one.at, now), recorded_at=now, live=True,
                subject=one.subject, details=one.details,
            )
            for n, one in enumerate(live)
        ],
        batch_size=1000,
    )  # fmt: skip


def add_removals(table: str, rows: Iterable[int]) -> None:
    """Tell the followers that rows of a table of facts are gone."""
    ids = list(rows)
    if not ids:
        return
    first = take_numbers(len(ids))
    Removal.objects.bulk_create(
        [Removal(seq=first + n, table=table, row=row) for n, row in enumerate(ids)], batch_size=1000
    )


def get_or_add_source(name: str) -> Source:
    """The source of that name, made when it is new."""
    return Source.objects.get_or_create(name=name)[0]


def get_hand_source(kind: str, *, now: datetime | None = None) -> Source:
    """The source of what is entered by hand, with `now` noted as the moment of receiving a kind of fact.

    Its feeds are closed from the start: that nobody has written anything since Monday says nothing of Tuesday, so
    they hold the end of data back for no figure.
    """
    source = get_or_add_source(BY_HAND)
    if now is not None:
        Feed.objects.update_or_create(
            source=source,
            kind=kind,
            defaults={"last_received_at": now},
            create_defaults={"closed": True, "last_received_at": now},
        )
    return source


def mark_received(source: Source, kind: str, *, now: datetime, complete_through: Any = None) -> Feed:
    """Note that a source has told of a kind of fact, and through which day it says it is complete."""
    feed, _made = Feed.objects.get_or_create(source=source, kind=kind)
    feed.last_received_at = now
    if complete_through is not None:
        feed.complete_through = complete_through
    feed.save()
    return feed


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
