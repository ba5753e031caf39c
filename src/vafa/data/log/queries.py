"""Asking the log."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from vafa.data.log.models import Feed, Happening, Removal, Sequence, Source

Row = TypeVar("Row", bound=Model)


def get_last_number() -> int:
    """The newest sequence number that is visible."""
    return Sequence.objects.filter(pk=1).values_list("value", flat=True).first() or 0


def filter_changed(
    facts: QuerySet[Row, Row],
    after: int,
    *,
    customers: Collection[int] | QuerySet[Any, Any] | None = None,
    source_id: int | None = None,
    ids: Collection[int] | None = None,
) -> QuerySet[Row, Row]:
    """Of facts those changed under a number after this one: of these customers, of this source, with these ids."""
    found = facts.filter(seq__gt=after)
    if customers is not None:
        found = found.filter(customer_id__in=customers)
    if source_id is not None:
        found = found.filter(source_id=source_id)
    return found if ids is None else found.filter(pk__in=list(ids))


def has_removals(after: int, until: int) -> bool:
    """Whether any fact was taken away (undone, erased) under a number of (after, until]."""
    return Removal.objects.filter(seq__gt=after, seq__lte=until).exists()


@dataclass(frozen=True)
class Happened:
    """One happening, as the log keeps it."""

    seq: int
    kind: str
    at: datetime
    recorded_at: datetime
    subject: int | None
    details: dict[str, Any]


def list_live_happenings(
    after: int, until: int, limit: int, *, since: datetime, kinds: Collection[str] | None = None
) -> list[Happened]:
    """The live happenings under the numbers (after, until] that were recorded since a moment, in their order; only
    those of some kinds, if named."""
    found = Happening.objects.filter(live=True, seq__gt=after, seq__lte=until, recorded_at__gte=since)
    if kinds is not None:
        found = found.filter(kind__in=list(kinds))
    rows = found.order_by("seq").values_list("seq", "kind", "at", "recorded_at", "subject", "details")
    return [Happened(*row) for row in rows[:limit]]


def find_source_id(name: str) -> int | None:
    """The id of the source of that name."""
    return Source.objects.filter(name=name).values_list("pk", flat=True).first()


def list_source_ids() -> list[int]:
    """The ids of all sources."""
    return list(Source.objects.order_by("pk").values_list("pk", flat=True))


def list_source_names() -> list[str]:
    """The names of all sources."""
    return list(Source.objects.order_by("name").values_list("name", flat=True))


def list_source_names_by_id() -> dict[int, str]:
    """The name of every source, by its id."""
    return dict(Source.objects.values_list("pk", "name"))


def list_feeds() -> list[Feed]:
    """Every kind of fact of every source, with the day it is said to be complete through."""
    return list(Feed.objects.select_related("source").order_by("source__name", "kind"))


def find_feed(feed_id: int) -> Feed | None:
    """One feed, or None."""
    return Feed.objects.select_related("source").filter(pk=feed_id).first()
