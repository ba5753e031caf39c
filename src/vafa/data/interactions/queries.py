"""Asking about interactions, answers and tickets."""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from django.db.models import F, Model, QuerySet
from django.db.models.functions import Lower

from vafa.data.interactions.attachments import MOST_BYTES, MOST_FILES, get_path
from vafa.data.interactions.changes import list_interaction_changes
from vafa.data.interactions.mentions import count_mentions, list_mentions
from vafa.data.interactions.models import (
    Attachment,
    Interaction,
    SurveyAnswer,
    Ticket,
    Written,
    WrittenChange,
)
from vafa.data.interactions.promises import list_promises
from vafa.data.interactions.topics import list_topics, name_topic
from vafa.data.interactions.writing import can_change, find_fact
from vafa.kit.bulk import select_where_in
from vafa.kit.keyset import Place, build_after, build_search

_Fact = TypeVar("_Fact", bound=Model)

__all__ = [
    "MOST_BYTES",
    "MOST_FILES",
    "can_change",
    "count_mentions",
    "find_attachment",
    "find_fact",
    "find_written",
    "get_path",
    "list_answers_after",
    "list_changes_of",
    "list_customers_since",
    "list_interaction_changes",
    "list_interactions_after",
    "list_kinds_of_rows",
    "list_mentions",
    "list_promises",
    "list_stated_topics",
    "list_ticket_origins",
    "list_tickets_after",
    "list_topics",
    "list_with_open_tickets",
    "list_written",
    "name_topic",
]


def find_written(key: str) -> Written | None:
    """What was written under this key, even if it was taken away since; None where there is no such thing."""
    return Written.objects.select_related("author").filter(key=key).first()


def list_written(keys: Iterable[str]) -> dict[str, Written]:
    """What was written under each of these keys, with its author, its files and whom it calls by name."""
    found = Written.objects.filter(key__in=list(keys), removed_at=None).select_related("author")
    return {row.key: row for row in found.prefetch_related("attachments", "mentions__staff", "changes")}


def list_stated_topics(kind: str, start: date | None, end: date | None) -> list[tuple[int, str]]:
    """What was written of such a kind ("leaving", "feedback") on the days of [start, end) and what it was about: the
    customer's id and the code of the cause or theme, the earliest first."""
    found = Written.objects.filter(kind=kind, removed_at=None).exclude(topic="")
    if start is not None:
        found = found.filter(written_at__date__gte=start)
    if end is not None:
        found = found.filter(written_at__date__lt=end)
    return list(found.order_by("written_at", "pk").values_list("customer_id", "topic"))


def list_kinds_of_rows(rows: Iterable[int]) -> dict[int, str]:
    """Of what kind each of these interactions is, by row."""
    return dict(Interaction.objects.filter(pk__in=list(rows)).values_list("pk", "kind"))


def find_attachment(attachment_id: int) -> Attachment | None:
    """A file beside something that is still there, or None."""
    found = Attachment.objects.select_related("written").filter(pk=attachment_id, written__removed_at=None)
    return found.first()


def list_changes_of(customers: Iterable[int], count: int) -> list[WrittenChange]:
    """What was last changed, taken away or put back of what is written about these customers, the newest first."""
    found = WrittenChange.objects.filter(written__customer__in=list(customers))
    return list(found.select_related("by", "written").order_by("-pk")[:count])


def list_interactions_after(
    customers: Iterable[int],
    place: Place | None,
    count: int,
    *,
    rank: int,
    text: str = "",
    kinds: Iterable[str] = (),
    but: Iterable[str] = (),
) -> list[Interaction]:
    """The next interactions of a story (see `kit.keyset`): only those that sources call `kinds`, and none called
    `but`, in any case of their letters."""
    found = _follow(Interaction, customers, place, rank, text, ("text", "subject", "outcome", "staff_name"))
    if wanted := [kind.lower() for kind in kinds]:
        found = found.annotate(told=Lower("kind")).filter(told__in=wanted)
    if unwanted := [kind.lower() for kind in but]:
        found = found.annotate(told=Lower("kind")).exclude(told__in=unwanted)
    return list(found[:count])


def list_answers_after(
    customers: Iterable[int], place: Place | None, count: int, *, rank: int, text: str = ""
) -> list[SurveyAnswer]:
    """The next answers and invitations of a story. Of their day only the day is compared."""
    return list(
        _follow(SurveyAnswer, customers, place, rank, text, ("comment", "survey", "channel"), at=None)[:count]
    )


def list_tickets_after(
    customers: Iterable[int], place: Place | None, count: int, *, rank: int, text: str = ""
) -> list[Ticket]:
    """The next tickets of a story, by their opening."""
    columns = ("subject", "category", "agent_name", "status")
    return list(_follow(Ticket, customers, place, rank, text, columns, at="opened_at")[:count])


def _follow(
    model: type[_Fact],
    customers: Iterable[int],
    place: Place | None,
    rank: int,
    text: str,
    columns: tuple[str, ...],
    at: str | None = "at",
) -> QuerySet[_Fact]:
    after = build_after(place, rank, at=at) & build_search(text, columns)
    found = model._default_manager.filter(after, customer_id__in=list(customers)).select_related("source")
    order: list[Any] = ["-day", *([F(at).desc(nulls_last=True)] if at else []), "-pk"]
    return found.order_by(*order)


def list_ticket_origins(rows: Iterable[int]) -> dict[int, tuple[str, str, int | None]]:
    """The key, the source and the import (None: not by a file) of each of these tickets, by row."""
    found = Ticket.objects.filter(pk__in=list(rows))
    return {
        pk: (key, source, import_id)
        for pk, key, source, import_id in found.values_list("pk", "key", "source__name", "import_id")
    }


def list_customers_since(day: date) -> set[int]:
    """The ids under which customers were in touch, answered or asked on this day or later."""
    found: set[int] = set()
    for model in (Interaction, SurveyAnswer, Ticket):
        rows: Any = model.objects.filter(day__gte=day).exclude(customer=None).order_by()
        found.update(rows.values_list("customer_id", flat=True).distinct())
    return found


def list_with_open_tickets(customers: Iterable[int], *, since: date) -> set[int]:
    """Those of these ids who asked for help on a day or after it, and have had no end of it."""
    where = (
        "day >= %s AND solved_at IS NULL AND solved_on IS NULL AND closed_at IS NULL AND closed_on IS NULL"
    )
    select = f"SELECT customer_id FROM {Ticket._meta.db_table}"
    return {int(row[0]) for row in select_where_in(select, "customer_id", customers, where, [since])}
