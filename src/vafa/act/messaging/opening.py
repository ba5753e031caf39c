"""Opening, starting, pausing, resuming and stopping messages."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.act.messaging.models import Message, Sending, Template
from vafa.act.messaging.types import MessageClosed, NoSuchMessage, TemplateContent
from vafa.data.consent.types import Channel, Purpose
from vafa.data.staff.queries import find_staff_by_id
from vafa.kit.audit import record

# One statement that ends many rows holds the only writer of SQLite; so many at once.
AT_ONCE = 1_000


@transaction.atomic
def open_message(
    *,
    origin: str,
    template: TemplateContent | int,
    channels: tuple[str, ...],
    purpose: Purpose,
    account_id: int | None = None,
    festive: bool = False,
    answers: bool = False,
    trial: str = "",
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    by: int | None,
    now: datetime,
) -> int:
    """The id of a message with this origin: a new one that takes recipients and sends nothing yet, or the one that was
    opened before, as it was. `answers`: a receipt, or an answer to a customer's own question. Raises NoSuchMessage for
    an unknown template."""
    if known := Message.objects.filter(origin=origin).first():
        return known.pk
    kept, number, content = _freeze(template)
    message, _made = Message.objects.get_or_create(
        origin=origin,
        defaults={
            "template": kept,
            "template_number": number,
            "content": content,
            "channels": [str(Channel(channel)) for channel in channels],
            "purpose": str(Purpose(purpose)),
            "festive": festive,
            "answers": answers,
            "trial": trial,
            "account_id": account_id,
            "not_before": not_before,
            "not_after": not_after,
            "by_id": by,
            "created_at": now,
        },
    )
    return message.pk


def _freeze(template: TemplateContent | int) -> tuple[Template | None, int | None, dict[str, Any]]:
    if isinstance(template, TemplateContent):
        return None, None, template.to_json()
    found = Template.objects.filter(pk=template).first()
    if found is None:
        raise NoSuchMessage(_("There is no such template any more."))
    return found, found.number, found.content


@transaction.atomic
def start_message(message_id: int, *, by: int | None, now: datetime) -> None:
    """Let a message go out to its recipients; one that runs goes on. Raises MessageClosed."""
    message = lock_message(message_id)
    if message.state == "stopped":
        raise build_closed()
    if message.state == "open":
        message.state, message.started_at = "running", now
        message.save(update_fields=["state", "started_at"])
        _record("message.started", message, by, now)


@transaction.atomic
def pause_message(message_id: int, *, by: int | None, now: datetime) -> bool:
    """Let a running message rest; whether it ran. What is being handed over at this moment still goes."""
    message = lock_message(message_id)
    if message.state != "running":
        return False
    message.state, message.paused_at = "paused", now
    message.save(update_fields=["state", "paused_at"])
    _record("message.paused", message, by, now)
    return True


@transaction.atomic
def resume_message(message_id: int, *, by: int | None, now: datetime) -> bool:
    """Let a paused message go on; whether it was paused."""
    message = lock_message(message_id)
    if message.state != "paused":
        return False
    message.state, message.paused_at = "running", None
    message.save(update_fields=["state", "paused_at"])
    _record("message.resumed", message, by, now)
    return True


def stop_message(message_id: int, *, by: int | None, now: datetime) -> bool:
    """End a message: whoever has not got it never will; whether it was not stopped yet."""
    with transaction.atomic():
        message = lock_message(message_id)
        stopped = message.state != "stopped"
        if stopped:
            message.state, message.stopped_at = "stopped", now
            message.save(update_fields=["state", "stopped_at"])
            _record("message.stopped", message, by, now)
    suppress_pending(message_id, "stopped", now)
    return stopped


def suppress_pending(message_id: int, why: str, now: datetime) -> int:
    """End all that wait of a message, for one reason; how many. Can be cut off, and called again."""
    ended = 0
    while True:
        with transaction.atomic():
            ids = list(
                Sending.objects.filter(message=message_id, state="pending")
                .order_by("not_before", "id")
                .values_list("pk", flat=True)[:AT_ONCE]
            )
            ended += Sending.objects.filter(pk__in=ids, state="pending").update(
                state="suppressed", why=why, ended_at=now
            )
        if len(ids) < AT_ONCE:
            break
    Message.objects.filter(pk=message_id).update(next_at=None, why="")
    return ended


def lock_message(message_id: int) -> Message:
    """A message, ours until the transaction ends. Raises NoSuchMessage."""
    found = Message.objects.select_for_update().filter(pk=message_id).first()
    if found is None:
        raise NoSuchMessage(_("There is no such message any more."))
    return found


def build_closed() -> MessageClosed:
    """What is said of a message that was stopped."""
    return MessageClosed(_("This message was stopped. It goes to nobody any more."))


def _record(action: str, message: Message, by: int | None, now: datetime) -> None:
    staff = None if by is None else find_staff_by_id(by)
    record(action, by=staff, now=now, subject=f"message:{message.pk}")
