"""Whose band of risk has risen lately."""

from datetime import datetime

from vafa.predict.scores.models import Move
from vafa.predict.scores.types import Risen


def list_rises(since: datetime, owner_ids: tuple[int, ...] | None = None) -> list[Risen]:
    """The customers (kept ones) whose newest change of band that was told since a moment is a rise, the highest band
    first, then the newest; with `owner_ids` only the customers of these members of staff."""
    moves = Move.objects.filter(at__gte=since).select_related("customer__kept").order_by("-as_of", "-pk")
    newest: dict[int, Risen] = {}
    for move in moves:
        person = move.customer.kept or move.customer
        if owner_ids is None or person.owner_id in owner_ids:
            newest.setdefault(person.pk, Risen(person.pk, move.as_of, move.before, move.after))
    risen = [one for one in newest.values() if one.after > one.before]
    return sorted(risen, key=lambda one: (-one.after, -one.as_of.toordinal(), one.customer_id))
