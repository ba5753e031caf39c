"""Messages that we sent as events of a customer's story, with what became of them."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from vafa.act.messaging.queries import Happened, Sending, list_happened
from vafa.front.campaigns.whys import describe_why, get_state_tone, name_state
from vafa.front.customer.events import Badge, Event
from vafa.front.messages.queue_words import find_why, name_messages
from vafa.front.privacy.words import CHANNEL_NAMES
from vafa.kit.locale.formats import Style, format_moment


def write_sent(customer_id: int, rows: Sequence[Sending], zone: ZoneInfo, style: Style) -> list[Event]:
    """The events of these messages, in their order."""
    happened = list_happened([one.pk for one in rows])
    names = name_messages({one.message for one in rows}, links=False)
    return [_write(customer_id, one, names[one.message_id][0], happened[one.pk], zone, style) for one in rows]


def _write(
    customer_id: int, one: Sending, name: str, happened: list[Happened], zone: ZoneInfo, style: Style
) -> Event:
    at = one.ended_at or one.created_at
    why = describe_why(find_why(one))
    notes = [why] if why else []
    if one.state == "pending":
        until = format_moment(one.not_before, zone, style, "short")
        notes.append(_("It goes out %(moment)s at the earliest.") % {"moment": until})
    notes += describe_happened(happened, zone, style)
    return Event(
        day=at.astimezone(zone).date(),
        when=format_moment(at, zone, style, "short"),
        icon="send",
        title=name,
        amount="",
        source=str(CHANNEL_NAMES[one.channel]),
        notes=tuple(notes),
        badges=(Badge(name_state(one.state), get_state_tone(one.state)),),
        open_url=reverse("customer_message", args=[customer_id, one.pk]),
    )


def describe_happened(happened: Sequence[Happened], zone: ZoneInfo, style: Style) -> list[str]:
    """What became of a message, one line each; several clicks are one line, with the last."""
    told: dict[str, datetime] = {}
    for one in happened:
        told[_name(one)] = one.at
    return [
        _("%(what)s, %(moment)s") % {"what": what, "moment": format_moment(at, zone, style, "short")}
        for what, at in told.items()
    ]


def _name(one: Happened) -> str:
    if one.kind == "bounced":
        return _("Came back for good") if one.detail == "hard" else _("Came back for now")
    if one.kind == "clicked" and one.bot:
        return _("A link was opened, probably by a program")
    return {
        "delivered": _("Delivered"),
        "undelivered": _("Not delivered"),
        "blocked": _("Blocked at the operator"),
        "complained": _("Complained about"),
        "replied": _("Answered"),
        "clicked": _("A link was opened"),
        "unsubscribed": _("Unsubscribed by it"),
    }.get(one.kind, one.kind)
