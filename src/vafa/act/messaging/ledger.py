"""Writing recipients into the ledger, before anything is sent."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from django.db import transaction

from vafa.act.messaging.choosing import choose_channels
from vafa.act.messaging.exposures import deal_recorded, list_arms
from vafa.act.messaging.folding import fold_recipients, list_family
from vafa.act.messaging.models import Message, Sending
from vafa.act.messaging.opening import build_closed, lock_message
from vafa.act.messaging.types import APART, Added, Recipient
from vafa.kit.bulk import select_where_in
from vafa.lab.trials import CONTROL

AT_ONCE = 1_000


def add_recipients(message_id: int, recipients: Iterable[Recipient], *, now: datetime) -> Added:
    """Write recipients down, each once however often they are told, by the channel that fits each best. Who is in the
    control arm of the message's trial stands there too, and gets nothing. Raises NoSuchMessage, MessageClosed."""
    added = already = 0
    told = iter(recipients)
    while piece := list(islice(told, AT_ONCE)):
        # In a trial, customers are dealt before their rows exist.
        done = _add_piece(message_id, piece, now)
        added, already = added + done.added, already + done.already
    return Added(added, already)


@transaction.atomic
def _add_piece(message_id: int, piece: Sequence[Recipient], now: datetime) -> Added:
    message = lock_message(message_id)
    if message.state == "stopped":
        raise build_closed()
    fresh = _list_fresh(message, piece)
    arms = _list_arms(message, fresh, now)
    channels = choose_channels(message.channels, message.purpose, [one.customer_id for one in fresh], now)
    rows = [_build(message, one, channels[one.customer_id], arms, now) for one in fresh]
    Sending.objects.bulk_create(rows, ignore_conflicts=True)
    dues = [row.not_before for row in rows if row.state == "pending"]
    if dues and (message.next_at is None or min(dues) < message.next_at):
        message.next_at = min(dues)
        message.save(update_fields=["next_at"])
    return Added(len(rows), len(piece) - len(rows))


def _list_fresh(message: Message, piece: Sequence[Recipient]) -> list[Recipient]:
    """Those who don't stand in the ledger by any channel or by any of their ids, each once, as the kept one."""
    told = fold_recipients(piece)
    family = list_family(told)
    known = select_where_in(
        f"SELECT customer_id FROM {Sending._meta.db_table}",
        "customer_id",
        family,
        "message_id = %s",
        [message.pk],
    )
    for (customer,) in known:
        told.pop(family[int(customer)], None)
    return [replace(one, customer_id=pk) for pk, one in told.items()]


def _list_arms(message: Message, fresh: Sequence[Recipient], now: datetime) -> dict[int, str]:
    """The arms that were recorded; those whom nobody has dealt yet are dealt now."""
    if not message.trial:
        return {}
    ids = [one.customer_id for one in fresh if one.arm != APART]
    deal_recorded(message.trial, ids, now)
    return list_arms(message.trial, ids)


def _build(message: Message, one: Recipient, channel: str, arms: dict[int, str], now: datetime) -> Sending:
    arm = "" if one.arm == APART else arms.get(one.customer_id, one.arm)
    held = CONTROL in (arm, one.arm)
    due = max(moment for moment in (now, message.not_before, one.not_before) if moment is not None)
    return Sending(
        message=message,
        customer_id=one.customer_id,
        channel=channel,
        state="suppressed" if held else "pending",
        why="holdout" if held else "",
        not_before=due,
        arm=arm,
        values=dict(one.values),
        created_at=now,
        ended_at=now if held else None,
    )
