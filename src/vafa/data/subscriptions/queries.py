"""Asking about subscriptions."""

from collections.abc import Iterable

from vafa.data.subscriptions.models import Subscription


def list_subscriptions_of(customers: Iterable[int]) -> list[Subscription]:
    """All subscriptions of these customers (a kept one and those merged into it), by start."""
    return list(
        Subscription.objects.filter(customer_id__in=list(customers))
        .select_related("source")
        .order_by("started_on", "id")
    )
