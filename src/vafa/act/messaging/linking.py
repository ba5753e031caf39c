"""What the links of messages tell."""

from collections.abc import Callable
from dataclasses import dataclass

from vafa.data.consent.types import Channel, Purpose


@dataclass(frozen=True)
class Clicked:
    """Which link of which sending."""

    sending_id: int
    number: int


@dataclass(frozen=True)
class Stopped:
    """Who wants no more of what; `sending_id` is 0 where the link came with no message."""

    customer_id: int
    channel: Channel
    purpose: Purpose
    sending_id: int


@dataclass(frozen=True)
class Links:
    """The addresses in one sending: `click` gives that of a link by its number."""

    click: Callable[[int], str]
    stop: str
    preferences: str


@dataclass(frozen=True)
class Visit:
    """What is known of whoever followed a link; the network address is looked at, never kept."""

    method: str
    agent: str
    address: str | None
