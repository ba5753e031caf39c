"""Values that cross consent's doors."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Channel(StrEnum):
    """A way to reach somebody."""

    EMAIL = "email"
    SMS = "sms"
    PHONE = "phone"
    MESSENGER = "messenger"
    POST = "post"


class Purpose(StrEnum):
    """What a message is for. Service messages go to whoever has not refused them; the others need permission."""

    SERVICE = "service"
    MARKETING = "marketing"
    SURVEY = "survey"


class Way(StrEnum):
    """By which way permission or refusal came in."""

    HAND = "hand"
    IMPORT = "import"
    PAGE = "page"
    ONE_CLICK = "one_click"
    REPLY = "reply"
    API = "api"


class StopKind(StrEnum):
    """Why somebody, or a number of theirs, is never to be contacted."""

    DECEASED = "deceased"
    NOT_ME = "not_me"
    CHANGED_HANDS = "changed_hands"


class Reason(StrEnum):
    """Why somebody may or may not be contacted; the first that holds is told."""

    UNKNOWN = "unknown"
    DECEASED = "deceased"
    NOT_REACHABLE = "not_reachable"
    NOT_THEIRS = "not_theirs"
    SUPPRESSED = "suppressed"
    REFUSED = "refused"
    NO_PERMISSION = "no_permission"
    NO_SOURCE = "no_source"
    SERVICE = "service"
    PERMITTED = "permitted"


MAY = frozenset({Reason.SERVICE, Reason.PERMITTED})

# The kind of contact point that a channel needs; None: a letter goes to an address that is not kept here.
POINT_KINDS: dict[Channel, str | None] = {
    Channel.EMAIL: "email",
    Channel.SMS: "phone",
    Channel.PHONE: "phone",
    Channel.MESSENGER: "messenger",
    Channel.POST: None,
}


@dataclass(frozen=True)
class Proof:
    """Where permission or refusal came from: in whose words, with what evidence, when."""

    source: str
    wording: str = ""
    evidence: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Told:
    """What a file tells of one customer: allowed or not, by channel and purpose."""

    customer_id: int
    channel: Channel
    purpose: Purpose
    allowed: bool


@dataclass(frozen=True)
class Decision:
    """Whether a customer may be contacted, and why. `points` are the addresses or numbers that may be used."""

    customer_id: int
    allowed: bool
    reason: Reason
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class State:
    """What holds for a customer on one channel for one purpose; `allowed` is None where nothing was ever said."""

    channel: Channel
    purpose: Purpose
    allowed: bool | None
    source: str = ""
    wording: str = ""
    evidence: str = ""
    way: str = ""
    at: datetime | None = None
    by_name: str = ""
