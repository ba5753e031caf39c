"""By which of a message's channels each customer is reached best."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pyroaring import BitMap

from vafa.act.messaging.folding import list_family
from vafa.data.consent.queries import judge
from vafa.data.consent.types import Channel, Purpose
from vafa.data.customers.queries import list_preferred_channels

# What people write down as somebody's favourite way, in the words of consent's channels.
MEANS = {"phone": "phone", "sms": "sms", "email": "email", "whatsapp": "messenger", "telegram": "messenger"}


def choose_channels(told: Sequence[str], purpose: str, ids: Sequence[int], now: datetime) -> dict[int, str]:
    """Of a message's channels that of each customer (ids of kept ones): the one that they like best where they may be
    reached by it, else the first by which they may be; the first where there is none, so that the reason stands on the
    row."""
    channels = [str(channel) for channel in told]
    if len(channels) == 1 or not ids:
        return dict.fromkeys(ids, channels[0])
    allowed = {
        channel: judge(Channel(channel), Purpose(purpose), now, among=ids).allowed for channel in channels
    }
    liked = list_liked(list_family(ids))
    return {pk: _choose(pk, channels, allowed, liked.get(pk, "")) for pk in ids}


def list_liked(family: Mapping[int, int]) -> dict[int, str]:
    """The channel that each customer likes best, of whom somebody told one; the kept one's word goes first. `family`
    are ids, each with that of the kept one."""
    told = list_preferred_channels(family)
    found: dict[int, str] = {}
    for pk in sorted(told, key=lambda pk: (pk != family[pk], -pk)):
        if channel := MEANS.get(told[pk], ""):
            found.setdefault(family[pk], channel)
    return found


def _choose(pk: int, channels: Sequence[str], allowed: Mapping[str, BitMap], liked: str) -> str:
    fit = [channel for channel in channels if pk in allowed[channel]]
    return liked if liked in fit else next(iter(fit), channels[0])
