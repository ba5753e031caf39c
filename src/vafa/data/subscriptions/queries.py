"""Asking about subscriptions."""

from collections.abc import Iterable

from vafa.data.subscriptions.changes import list_subscription_changes
from vafa.data.subscriptions.models import Subscription
from vafa.kit.keyset import Place, build_after, build_search

__all__ = [
    "list_subscription_changes",
    "list_subscription_origins",
    "list_subscriptions_of",
]


def list_subscriptions_of(customers: Iterable[int]) -> list[Subscription]:
    """All subscriptions of these customers (a kept one and those merged into it), by start."""
    return list(
        Subscription.objects.filter(customer_id__in=list(customers))
        .select_related("source")
        .order_by("started_on", "id")
    )


def list_subscriptions_after(
    customers: Iterable[int], place: Place | None, count: int, *, rank: int, text: str = ""
) -> list[Subscription]:
    """The next subscriptions of a story (see `kit.keyset`), by their start."""
    after = build_after(place, rank, day="started_on", at=None) & build_search(
        text, ("plan", "cancel_reason")
    )
    found = Subscription.objects.filter(after, customer_id__in=list(customers)).select_related("source")
    return list(found.order_by("-started_on", "-pk")[:count])


def list_subscription_origins(rows: Iterable[int]) -> dict[int, tuple[str, str, int | None]]:
    """The key, the source and the import (None: not by a file) of each of these subscriptions, by row."""
    found = Subscription.objects.filter(pk__in=list(rows))
    return {
        pk: (key, source, import_id)
        for pk, key, source, import_id in found.values_list("pk", "key", "source__name", "import_id")
    }
