"""Who uses a template. The rooms above register how they tell it, so that nothing here knows of them."""

from collections.abc import Callable
from datetime import datetime

from vafa.act.messaging.models import Message, Sending
from vafa.act.messaging.types import WAITING, Use

Finder = Callable[[int, datetime], list[Use]]
_finders: dict[str, Finder] = {}


def register_uses(room: str, finder: Finder) -> None:
    """Let a room tell what of it uses a template."""
    _finders[room] = finder


def list_uses(template_id: int, now: datetime) -> list[Use]:
    """Everything that uses a template, or has sent it."""
    return [use for _room, finder in sorted(_finders.items()) for use in finder(template_id, now)]


def is_used(template_id: int, now: datetime) -> bool:
    """Whether something uses a template, or a message of it was ever opened."""
    return Message.objects.filter(template=template_id).exists() or bool(list_uses(template_id, now))


def map_versions(template_id: int, prefix: str) -> dict[int, tuple[tuple[int, ...], tuple[int, ...]]]:
    """The versions of a template that each sender of a kind ("campaign", "automation") has sent, and those for which
    somebody waits, by the sender's id: messages name it in their origin."""
    rows = Message.objects.filter(template=template_id, origin__startswith=f"{prefix}:").order_by()
    found: dict[int, dict[int, bool]] = {}
    told = list(rows.values_list("pk", "origin", "template_number"))
    waits = Sending.objects.filter(message__in=[pk for pk, _origin, _number in told], state__in=WAITING)
    waiting = set(waits.order_by().values_list("message_id", flat=True).distinct())
    for pk, origin, number in told:
        sender = origin.split(":")[1]
        if sender.isdigit() and number is not None:
            own = found.setdefault(int(sender), {})
            own[number] = own.get(number, False) or pk in waiting
    return {
        sender: (tuple(sorted(own)), tuple(sorted(number for number, runs in own.items() if runs)))
        for sender, own in found.items()
    }
