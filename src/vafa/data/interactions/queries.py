"""Asking about interactions, answers and tickets."""

from collections.abc import Iterable
from datetime import date

from vafa.data.interactions.models import Interaction, SurveyAnswer, Ticket


def list_contact_days(customers: Iterable[int], before: date, count: int) -> list[date]:
    """The last days before one with an interaction, answer or ticket of these customers: at most so many, the newest
    first."""
    ids = list(customers)
    days: set[date] = set()
    for model in (Interaction, SurveyAnswer, Ticket):
        found = model.objects.filter(customer_id__in=ids, day__lt=before).order_by("-day")
        days.update(found.values_list("day", flat=True).distinct()[:count])
    return sorted(days, reverse=True)[:count]


def list_interactions_between(customers: Iterable[int], start: date, end: date) -> list[Interaction]:
    """The interactions of these customers on the days of [start, end), the newest day first."""
    found = Interaction.objects.filter(customer_id__in=list(customers), day__gte=start, day__lt=end)
    return list(found.select_related("source").order_by("-day", "-pk"))


def list_answers_between(customers: Iterable[int], start: date, end: date) -> list[SurveyAnswer]:
    """The answers and invitations of these customers on the days of [start, end), the newest day first."""
    found = SurveyAnswer.objects.filter(customer_id__in=list(customers), day__gte=start, day__lt=end)
    return list(found.select_related("source").order_by("-day", "-pk"))


def list_ticket_origins(rows: Iterable[int]) -> dict[int, tuple[str, str, int | None]]:
    """The key, the source and the import (None: not by a file) of each of these tickets, by row."""
    found = Ticket.objects.filter(pk__in=list(rows))
    return {
        pk: (key, source, import_id)
        for pk, key, source, import_id in found.values_list("pk", "key", "source__name", "import_id")
    }


def list_tickets_between(customers: Iterable[int], start: date, end: date) -> list[Ticket]:
    """The tickets that these customers opened on the days of [start, end), the newest day first."""
    found = Ticket.objects.filter(customer_id__in=list(customers), day__gte=start, day__lt=end)
    return list(found.select_related("source").order_by("-day", "-pk"))
