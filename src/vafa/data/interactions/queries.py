"""Asking about interactions."""

from collections.abc import Iterable
from datetime import date

from vafa.data.interactions.models import Interaction


def list_interaction_days(customers: Iterable[int], before: date, count: int) -> list[date]:
    """The last days before one with an interaction of these customers, at most so many, newest first."""
    found = Interaction.objects.filter(customer_id__in=list(customers), day__lt=before)
    return list(found.order_by("-day").values_list("day", flat=True).distinct()[:count])


def list_interactions_between(customers: Iterable[int], start: date, end: date) -> list[Interaction]:
    """The interactions of these customers on the days of [start, end), the newest day first."""
    found = Interaction.objects.filter(customer_id__in=list(customers), day__gte=start, day__lt=end)
    return list(found.select_related("source").order_by("-day", "-pk"))
