"""Answers that a person has to read."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from vafa.act.messaging.channel_models import Incoming
from vafa.kit.audit import record


def count_unread(owner_id: int | None = None) -> int:
    """How many answers wait for a person to read them."""
    return list_answers(owner_id=owner_id).count()


def list_answers(*, owner_id: int | None = None, handled: bool = False) -> "QuerySet[Incoming]":
    """Answers with something to read, the newest first; `owner_id`: only of customers of one member of staff."""
    found = Incoming.objects.filter(kind__in=("answer", "word"), state="done").exclude(text="")
    found = found.filter(handled_at__isnull=not handled).select_related("customer", "account", "handled_by")
    return found if owner_id is None else found.filter(customer__owner=owner_id)


def list_obeyed(owner_id: int | None = None) -> "QuerySet[Incoming]":
    """Answers that were obeyed by themselves (to stop, to allow again), the newest first; limited as `list_answers`."""
    found = Incoming.objects.filter(meaning__in=("stop", "back", "blocked")).select_related(
        "customer", "account"
    )
    return found if owner_id is None else found.filter(customer__owner=owner_id)


@transaction.atomic
def mark_answer_read(incoming_id: int, *, owner_id: int | None, by: Any, now: datetime) -> bool:
    """Somebody has seen to an answer; whether it was waiting for that."""
    found = list_answers(owner_id=owner_id).filter(pk=incoming_id)
    if not Incoming.objects.filter(pk__in=found.values("pk")).update(handled_at=now, handled_by=by):
        return False
    record("answer.read", by=by, now=now, subject=f"incoming:{incoming_id}")
    return True
