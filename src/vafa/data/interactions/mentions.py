"""Who was called by name in what is written: the list of each, and which of it they have read."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from vafa.data.interactions.models import Interaction, Mention
from vafa.data.interactions.types import Called
from vafa.data.log.types import BY_HAND


def list_mentions(
    staff_id: int,
    *,
    owner_id: int | None,
    unread: bool = False,
    only: int | None = None,
    start: int = 0,
    count: int = 50,
) -> list[Called]:
    """Where somebody was called by name, the newest first; with `owner_id` only about customers whom that member of
    staff looks after now, with `only` one of them. What was taken away is not told."""
    found = _find(staff_id, owner_id, unread=unread).select_related("written", "written__author")
    if only is not None:
        found = found.filter(pk=only)
    rows = list(found.order_by("-at", "-pk")[start : start + count])
    keys = [row.written.key for row in rows]
    told = Interaction.objects.filter(source__name=BY_HAND, key__in=keys).values_list("key", "text")
    texts = dict(told)
    return [
        Called(
            id=row.pk,
            key=row.written.key,
            customer_id=row.kept_id,
            kind=row.written.kind,
            text=texts.get(row.written.key, ""),
            by=str(row.written.author) if row.written.author else "",
            at=row.at,
            is_read=row.read_at is not None,
        )
        for row in rows
    ]


def count_mentions(staff_id: int, *, owner_id: int | None, unread: bool = False) -> int:
    """How many `list_mentions` would tell of."""
    return _find(staff_id, owner_id, unread=unread).count()


def mark_mentions(
    staff_id: int,
    mentions: Collection[int] | None,
    *,
    owner_id: int | None,
    read: bool = True,
    now: datetime,
) -> int:
    """Remember that somebody has read where they were called (`read=False`: has not); of all that they see where none
    are named. How many changed. Only one's own can be marked."""
    found = _find(staff_id, owner_id).filter(read_at__isnull=read)
    if mentions is not None:
        found = found.filter(pk__in=list(mentions))
    ids = list(found.values_list("pk", flat=True))
    return Mention.objects.filter(pk__in=ids).update(read_at=now if read else None)


def _find(staff_id: int, owner_id: int | None, *, unread: bool = False) -> "QuerySet[Any]":
    customer = Coalesce(F("written__customer__kept_id"), F("written__customer_id"))
    found = Mention.objects.filter(staff=staff_id, written__removed_at=None).annotate(kept_id=customer)
    if unread:
        found = found.filter(read_at=None)
    if owner_id is not None:
        kept = Q(written__customer__kept=None, written__customer__owner=owner_id)
        found = found.filter(kept | Q(written__customer__kept__owner=owner_id))
    return found
