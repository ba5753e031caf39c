"""What can be chosen for a campaign: channels, segments, templates, sending accounts."""

from dataclasses import dataclass, field

from vafa.act.messaging.queries import Template, list_accounts
from vafa.data.consent.types import Channel
from vafa.kit.locale.formats import Style, format_number
from vafa.measure.segments.queries import list_segments

_CHANNELS = (Channel.EMAIL, Channel.SMS, Channel.MESSENGER, Channel.PHONE, Channel.POST)


@dataclass(frozen=True)
class Offers:
    """The choices of a campaign's form."""

    channels: tuple[Channel, ...] = (Channel.EMAIL,)
    segments: list[tuple[str, str]] = field(default_factory=list)
    templates: list[tuple[str, str]] = field(default_factory=list)
    accounts: list[tuple[str, str]] = field(default_factory=list)


def build_offers(style: Style, channel: str = "") -> Offers:
    """What can be chosen; a channel without an account is left out, but for mail and the one that is chosen already."""
    accounts = list_accounts()
    having = {str(account.channel) for account in accounts} | {str(Channel.EMAIL), channel}
    saved = list_segments()
    return Offers(
        channels=tuple(one for one in _CHANNELS if str(one) in having),
        segments=[(one.slug, _name(one.name, one.count, style)) for one in saved],
        templates=[(str(one.pk), one.name) for one in _list_templates(channel or str(Channel.EMAIL))],
        accounts=[(str(one.pk), one.name) for one in accounts],
    )


def _name(name: str, count: int | None, style: Style) -> str:
    return name if count is None else f"{name} ({format_number(count, style)})"


def _list_templates(channel: str) -> list[Template]:
    return list(Template.objects.filter(channel=channel, archived_at=None))
