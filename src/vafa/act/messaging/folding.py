"""Several ids that are one person: what went to any of them went to the kept one, and what waits for two goes once.

A row keeps the id that it was written for, so that each gets its own back when the two are taken apart again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from vafa.act.messaging.models import Message, Sending
from vafa.act.messaging.types import Recipient
from vafa.data.customers.queries import list_kept_ids, list_merged_ids
from vafa.kit.bulk import select_where_in

# These have not got it, and never will: they stand in nobody's way.
_WITHOUT = ("suppressed", "failed")


def list_family(ids: Collection[int]) -> dict[int, int]:
    """These kept customers and all who were merged into them, each with the kept one's id."""
    return {pk: pk for pk in ids} | list_merged_ids(ids)


def fold_recipients(recipients: Iterable[Recipient]) -> dict[int, Recipient]:
    """Recipients by the kept one's id, each person once: the first that was told."""
    told = list(recipients)
    kept = list_kept_ids([one.customer_id for one in told])
    found: dict[int, Recipient] = {}
    for one in told:
        found.setdefault(kept.get(one.customer_id, one.customer_id), one)
    return found


def fold_claimed(message: Message, claimed: Sequence[Sending]) -> tuple[list[Sending], list[Sending]]:
    """Rows of a message by the person: those that are to go, each with the kept one's id (not saved), and those of
    people who have it, or for whom an earlier row waits, by another of their ids."""
    own = {one.pk: one.customer_id for one in claimed if one.customer_id}
    kept = list_kept_ids(own.values())
    for one in claimed:
        one.customer_id = kept.get(one.customer_id or 0, one.customer_id)
    family = list_family({one.customer_id for one in claimed if one.customer_id})
    several = {pk for own_id, pk in family.items() if own_id != pk}
    if not several:
        return list(claimed), []
    winners = _list_winners(message, {own_id: pk for own_id, pk in family.items() if pk in several})
    doubles = [
        one
        for one in claimed
        if one.customer_id in several and winners.get(one.customer_id, one.pk) != one.pk
    ]
    return [one for one in claimed if one not in doubles], doubles


def _list_winners(message: Message, family: Mapping[int, int]) -> dict[int, int]:
    """The row of each person by which the message went, or is to go."""
    marks = ", ".join(["%s"] * len(_WITHOUT))
    rows = select_where_in(
        f"SELECT customer_id, id, state FROM {Sending._meta.db_table}", "customer_id", family,
        f"message_id = %s AND state NOT IN ({marks})", [message.pk, *_WITHOUT],
    )  # fmt: skip
    ranked = sorted(
        (state not in ("accepted", "unknown"), pk, family[customer]) for customer, pk, state in rows
    )
    winners: dict[int, int] = {}
    for _waits, pk, person in ranked:
        winners.setdefault(person, pk)
    return winners
