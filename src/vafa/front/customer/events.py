"""What stands on a customer's timeline."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Detail:
    """A line of an order."""

    what: str
    quantity: str
    amount: str


@dataclass(frozen=True)
class EventFile:
    """A file beside something written."""

    name: str
    size: str
    url: str


@dataclass(frozen=True)
class Badge:
    """A small label: its words and its tone ("success", "warning", "error", "info" or "")."""

    text: str
    tone: str = ""


@dataclass(frozen=True)
class PromiseActions:
    """What can be said of a promise, and where to. `state` is open, kept or broken."""

    url: str
    state: str


@dataclass(frozen=True)
class Event:
    """One fact or order. `icon` is one of the sprite's; `notes` are small remarks; `source` where it came from.

    `open_url` leads to what was sent. What was written down by hand here may have `badges`, `files`, an address to
    change it at, and a promise's actions.
    """

    day: date
    when: str
    icon: str
    title: str
    amount: str
    source: str
    notes: tuple[str, ...] = ()
    text: str = ""
    details: list[Detail] = field(default_factory=list)
    badges: tuple[Badge, ...] = ()
    files: tuple[EventFile, ...] = ()
    edit_url: str = ""
    promise: PromiseActions | None = None
    changed: str = ""
    open_url: str = ""
