"""By which of a message's channels each customer is reached best."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pyroaring import BitMap

from vafa.act.messaging.models import Message
from vafa.data.consent.queries import judge
from vafa.data.consent.types import Channel, Purpose
from vafa.data.customers.queries import list_preferred_channels

# What people write down as somebody's favourite way, in the words of consent's channels.
MEANS = {"phone": "phone", "sms": "sms", "email": "email", "whatsapp": "messenger", "telegram": "messenger"}


def choose_channels(message: Message, ids: Sequence[int], now: datetime) -> dict[int, str]:
    """The channel of each: the one that they like best where they may be reached by it, else the message's first by
    which they may be; its first where there is none, so that the reason stands on the row."""
    channels = [str(channel) for channel in message.channels]
    if len(channels) == 1 or not ids:
        return dict.fromkeys(ids, channels[0])
    purpose = Purpose(message.purpose)
    allowed = {channel: judge(Channel(channel), purpose, now, among=ids).allowed for channel in channels}
    liked = list_preferred_channels(ids)
    return {pk: _choose(pk, channels, allowed, MEANS.get(liked.get(pk, ""), "")) for pk in ids}


def _choose(pk: int, channels: Sequence[str], allowed: Mapping[str, BitMap], liked: str) -> str:
    fit = [channel for channel in channels if pk in allowed[channel]]
    return liked if liked in fit else next(iter(fit), channels[0])
