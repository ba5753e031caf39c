"""Values and errors that cross messaging's doors."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal, Protocol

from vafa.act.messaging.contents import BLOCK_KINDS, LANGUAGES, RTL, Block, Rendered, TemplateContent, Text
from vafa.act.messaging.linking import Clicked, Links, Stopped, Visit
from vafa.act.messaging.rules import Go, Never, Wait
from vafa.kit.errors import AskedWrongly

__all__ = [
    "APART",
    "BLOCK_KINDS",
    "FINISHED",
    "LANGUAGES",
    "RTL",
    "UNIVERSAL",
    "WAITING",
    "Adapter",
    "Added",
    "BatchLine",
    "Block",
    "BudgetLeft",
    "Clicked",
    "Delivered",
    "Go",
    "Handed",
    "HappenedKind",
    "Held",
    "HoldoutUnfit",
    "Line",
    "Links",
    "MessageClosed",
    "Never",
    "NoSuchMessage",
    "NotHandedOver",
    "Outcome",
    "Outgoing",
    "Progress",
    "Recipient",
    "Rehearsal",
    "Rendered",
    "State",
    "Stopped",
    "TemplateContent",
    "TemplateUsed",
    "Text",
    "TrialChanged",
    "Use",
    "Visit",
    "Wait",
]

State = Literal["pending", "claimed", "accepted", "failed", "suppressed", "unknown"]
WAITING: tuple[State, ...] = ("pending", "claimed")
FINISHED: tuple[State, ...] = ("accepted", "failed", "suppressed", "unknown")
HappenedKind = Literal[
    "delivered", "bounced", "blocked", "complained", "replied", "clicked", "unsubscribed", "undelivered"
]
# Holds a few customers out of everything that is no service, if the business wants it: its reason on what is held back,
# and the beginning of its trials' keys.
UNIVERSAL = "universal"
# The arm of recipients who take no part in the trial of their message.
APART = "apart"


class NoSuchMessage(AskedWrongly):
    """There is no such message, account or template (any more)."""

    code = "no_such_message"


class MessageClosed(AskedWrongly):
    """The message was stopped, and takes nobody any more."""

    code = "message_closed"


class TemplateUsed(AskedWrongly):
    """A template is used by something, or messages of it were sent."""

    code = "template_used"


class TrialChanged(AskedWrongly):
    """A trial of this key was declared before, otherwise; what has begun is never changed."""

    code = "trial_changed"


class HoldoutUnfit(AskedWrongly):
    """The universal holdout can't be of this size or length; `field` names which."""

    code = "holdout_unfit"

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Use:
    """A campaign or an automation that uses a template. `state` is its own word for how it stands; `sends_newest`
    whether what it sends next takes the newest version; `numbers` the versions with which messages of it went out, and
    `running` those of them for which somebody still waits."""

    kind: Literal["campaign", "automation"]
    id: int
    name: str
    state: str
    sends_newest: bool
    numbers: tuple[int, ...] = ()
    running: tuple[int, ...] = ()


@dataclass(frozen=True)
class Recipient:
    """Somebody who is to get a message (id of the kept customer). `arm` is APART of whoever is in no arm of the
    message's trial. `values` are variables for this one alone, such as a code; `not_before` when the message's own is
    too early."""

    customer_id: int
    arm: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    not_before: datetime | None = None


@dataclass(frozen=True)
class Added:
    """How many recipients were written down, and how many stood there already."""

    added: int
    already: int


@dataclass(frozen=True)
class Delivered:
    """What a round of sending did, by outcome ("accepted", "failed", "later", "unknown", "suppressed", "waits")."""

    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Progress:
    """How many recipients of a message stand in each state, and in each state for which reason. `why` is what all that
    wait are waiting for, "" where each one's own reason is told."""

    states: Mapping[str, int]
    whys: Mapping[tuple[str, str], int]
    why: str = ""
    next_at: datetime | None = None

    @property
    def total(self) -> int:
        """All recipients."""
        return sum(self.states.values())

    @property
    def is_finished(self) -> bool:
        """Whether nobody waits any more."""
        return not any(self.states.get(state) for state in WAITING)


@dataclass(frozen=True)
class Held:
    """Somebody who would not get a message now: `kind` "waits" (until `until`) or "never"."""

    customer_id: int
    kind: Literal["waits", "never"]
    why: str
    until: datetime | None = None


@dataclass(frozen=True)
class Rehearsal:
    """Who would get a message if it went out now: how many by channel, who is held back and why, what it would cost
    (None: nobody can tell, or nothing) with the parts of the longest text."""

    goes: Mapping[str, int]
    held: tuple[Held, ...]
    parts: int | None = None
    cost: Decimal | None = None
    currency: str = ""

    def count_whys(self) -> dict[tuple[str, str], int]:
        """How many are held back, by kind and reason."""
        counts: dict[tuple[str, str], int] = {}
        for one in self.held:
            counts[one.kind, one.why] = counts.get((one.kind, one.why), 0) + 1
        return counts


@dataclass(frozen=True)
class BudgetLeft:
    """How many more messages a customer may get in the next day, week and month; None: as many as come."""

    day: int | None
    week: int | None
    month: int | None


@dataclass(frozen=True)
class Outgoing:
    """One message as it is handed over. `message_id` is the same however often it is made. `pattern` and `slots` are
    an approved pattern's; a mail has `subject`, `html` and `text`, a short message `text`."""

    sending_id: int
    to: str
    subject: str = ""
    html: str = ""
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    message_id: str = ""
    pattern: str = ""
    slots: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    purpose: str = ""


@dataclass(frozen=True)
class Handed:
    """What a provider said when it took a message."""

    provider_id: str = ""
    answer: str = ""
    parts: int | None = None
    cost: Decimal | None = None


class Outcome(StrEnum):
    """What became of a message that was not taken."""

    REFUSED = "refused"  # for good: this receiver's address or this text
    LATER = "later"  # this one may be taken another time
    UNREACHABLE = "unreachable"  # nothing gets through, or nothing would: says nothing of this one
    UNKNOWN = "unknown"  # handed over, and then no answer came


class NotHandedOver(Exception):
    """A message was not taken. `answer` is the provider's own; `code` says why in one word: "bad_address" (the receiver
    is none, and is not tried again), "blocked", "rejected", "credentials", "credit" ... `wait_seconds`: how long the
    provider asks to wait before anything more, 0 where it doesn't."""

    def __init__(self, outcome: Outcome, answer: str = "", code: str = "", wait_seconds: int = 0) -> None:
        super().__init__(answer or code or str(outcome))
        self.outcome, self.answer, self.code = Outcome(outcome), answer, code
        self.wait_seconds = wait_seconds


class Line(Protocol):
    """An open way to a provider, used by one thread."""

    def hand_over(self, outgoing: Outgoing) -> Handed:
        """Hand one message over. Raises NotHandedOver."""


class BatchLine(Line, Protocol):
    """A way by which many messages go in one request."""

    most_at_once: int

    def hand_over_many(self, outgoings: Sequence[Outgoing]) -> list[Handed | NotHandedOver]:
        """Hand messages over; what became of each, in their order. Raises nothing."""


class Adapter(Protocol):
    """A sending account's way out. Made by `channels.build_adapter`."""

    def open(self) -> AbstractContextManager[Line]:
        """A line that is kept open for one message after another."""
