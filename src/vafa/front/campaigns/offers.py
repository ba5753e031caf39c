"""What can be chosen for a campaign: channels, segments, templates, sending accounts."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from vafa.act.messaging.queries import Account, Template, list_accounts
from vafa.data.consent.types import Channel
from vafa.front.privacy.words import CHANNEL_NAMES
from vafa.kit.locale.formats import Style, format_number
from vafa.measure.segments.queries import list_segments

_CHANNELS = (Channel.EMAIL, Channel.SMS, Channel.MESSENGER, Channel.PHONE, Channel.POST)


Group = tuple[str, list[tuple[str, str]]]
"""A channel's name, and what can be chosen of it."""


@dataclass(frozen=True)
class Offers:
    """The choices of a campaign's form; templates and accounts by channel, and of which channel each template is."""

    channels: tuple[Channel, ...] = (Channel.EMAIL,)
    segments: list[tuple[str, str]] = field(default_factory=list)
    templates: list[Group] = field(default_factory=list)
    accounts: list[Group] = field(default_factory=list)
    channel_of: dict[str, str] = field(default_factory=dict)


def build_offers(style: Style, channel: str = "") -> Offers:
    """What can be chosen; a channel without an account is left out, but for mail and the one that is chosen already."""
    accounts = list_accounts()
    having = {str(account.channel) for account in accounts} | {str(Channel.EMAIL), channel}
    channels = tuple(one for one in _CHANNELS if str(one) in having)
    templates = list(Template.objects.filter(channel__in=list(map(str, channels)), archived_at=None))
    saved = list_segments()
    return Offers(
        channels=channels,
        segments=[(one.slug, _name(one.name, one.count, style)) for one in saved],
        templates=_group(channels, templates),
        accounts=_group(channels, accounts),
        channel_of={str(one.pk): one.channel for one in templates},
    )


def _name(name: str, count: int | None, style: Style) -> str:
    return name if count is None else f"{name} ({format_number(count, style)})"


def _group(channels: Sequence[Channel], found: Sequence[Template] | Sequence[Account]) -> list[Group]:
    groups = [
        (str(CHANNEL_NAMES[channel]), [(str(one.pk), one.name) for one in found if one.channel == channel])
        for channel in channels
    ]
    return [group for group in groups if group[1]]
