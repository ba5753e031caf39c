"""Whose band of risk has risen lately."""

from datetime import date, datetime

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


def list_moves(start: date, end: date) -> list[Risen]:
    """The changes of band that were told as of the days of [start, end), by day, each of the kept customer."""
    moves = (
        Move.objects.filter(as_of__gte=start, as_of__lt=end)
        .select_related("customer")
        .order_by("as_of", "pk")
    )
    return [
        Risen(move.customer.kept_id or move.customer_id, move.as_of, move.before, move.after)
        for move in moves
    ]
