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
class Event:
    """One fact or order. `icon` is one of the sprite's; `notes` are small remarks; `source` where it came from."""

    day: date
    when: str
    icon: str
    title: str
    amount: str
    source: str
    notes: tuple[str, ...] = ()
    text: str = ""
    details: list[Detail] = field(default_factory=list)
