"""Interactions in the order of their last change, for those who follow."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import QuerySet

from vafa.data.interactions.models import Interaction
from vafa.data.log.queries import filter_changed


def list_interaction_changes(
    after: int,
    limit: int,
    *,
    customers: Collection[int] | QuerySet[Any, Any] | None = None,
    source_id: int | None = None,
    ids: Collection[int] | None = None,
    kinds: Sequence[str] | None = None,
    without: str = "",
) -> list[Interaction]:
    """The interactions changed under a number after this one, the earliest first."""
    found = filter_changed(
        Interaction.objects.all(), after, customers=customers, source_id=source_id, ids=ids
    )
    if kinds is not None:
        found = found.filter(kind__in=list(kinds))
    if without:
        found = found.exclude(kind=without)
    return list(found.select_related("source").order_by("seq")[:limit])
