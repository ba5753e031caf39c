"""Subscriptions in the order of their last change, for those who follow."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from vafa.data.log.queries import filter_changed
from vafa.data.subscriptions.models import Subscription


def list_subscription_changes(
    after: int,
    limit: int,
    *,
    customers: Collection[int] | QuerySet[Any, Any] | None = None,
    source_id: int | None = None,
    ids: Collection[int] | None = None,
) -> list[Subscription]:
    """The subscriptions changed under a number after this one, the earliest first."""
    found = filter_changed(
        Subscription.objects.all(), after, customers=customers, source_id=source_id, ids=ids
    )
    return list(found.select_related("source").order_by("seq")[:limit])
