"""Sending by hand once more what nobody knows to have arrived: never by itself, and only what somebody chose."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from vafa.act.messaging.models import Sending
from vafa.act.messaging.opening import lock_message
from vafa.data.staff.queries import find_staff_by_id
from vafa.kit.audit import record

MOST_AT_ONCE = 500


@transaction.atomic
def resend_unknown(sending_ids: Collection[int], *, by: int, now: datetime) -> int:
    """Let chosen rows that are unknown wait again, to go through the gate like any other; how many. Rows of stopped
    messages, and those that are not unknown (any more), stay as they are. The mail keeps its Message-ID, so that a
    mailbox that has it already may show it once."""
    wanted = Sending.objects.filter(pk__in=list(sending_ids)[:MOST_AT_ONCE], state="unknown")
    done = 0
    for message_id in sorted(set(wanted.values_list("message_id", flat=True))):
        message = lock_message(message_id)
        if message.state == "stopped":
            continue
        ids = list(wanted.filter(message=message).order_by("pk").values_list("pk", flat=True))
        # Whether the first one took of the budget nobody knows: it is not held against the second.
        count = Sending.objects.filter(pk__in=ids, state="unknown").update(
            state="pending", why="", worker="", lease_until=None, handed_at=None, not_before=now, spent_at=None,
            ended_at=None, provider_id="", answer="",
        )  # fmt: skip
        if message.next_at is None or message.next_at > now:
            message.next_at = now
            message.save(update_fields=["next_at"])
        record(
            "message.resent", by=find_staff_by_id(by), now=now, subject=f"message:{message.pk}", count=count,
            sendings=ids,
        )  # fmt: skip
        done += count
    return done
