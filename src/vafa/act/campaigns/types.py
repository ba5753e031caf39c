"""What crosses this room's doors: what is said of a campaign, how it stands, and errors."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, get_args

from vafa.data.consent.types import Channel, Purpose
from vafa.kit.errors import AskedWrongly
from vafa.lab.cadences import Cadence, CadenceEvery, Weekday

State = Literal["draft", "on", "paused", "stopped"]
"""What somebody has decided about a campaign."""

Stage = Literal["draft", "scheduled", "preparing", "sending", "sent", "paused", "stopped", "held"]
"""How a campaign stands, as pages say it: `scheduled` waits for its time, `preparing` freezes whom it goes to,
`sending` has messages that wait or are under way, `sent` has none, `held` could not start and says why."""

RunState = Literal["waiting", "preparing", "handed", "refused", "stopped"]
"""How one sending out of a campaign stands: its audience is frozen while it is `preparing`, and from `handed` on its
messages are messaging's. `refused` for good, with a problem that says why; `stopped` before anything was handed
over."""

Hindrance = Literal[
    "no_name", "no_audience", "audience_archived", "audience_not_built", "audience_empty", "no_text", "text_broken",
    "no_account", "account_paused", "account_unfit", "address_unknown", "address_silent", "starter_gone", "missed",
    "time_past", "nothing_new", "text_forbidden", "audience_grown",
]  # fmt: skip
"""Why a campaign can't start, or one of its runs can't: stable codes."""

HINDRANCES: tuple[Hindrance, ...] = get_args(Hindrance)
# What may be over in a while: such a run waits, and is tried again.
PASSING: frozenset[Hindrance] = frozenset({"audience_not_built", "account_paused", "address_silent"})

LONGEST_NAME = 120
MOST_HORIZON_DAYS = 365
DEFAULT_HORIZON_DAYS = 30


@dataclass(frozen=True)
class When:
    """When a campaign goes out: at once, at a moment (`at`), or again and again by a cadence, in the calendar and zone
    of the business, from a day on and until a day, both included (None: open)."""

    at: datetime | None = None
    cadence: Cadence | None = None
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True)
class Told:
    """All that is said of a campaign in its form. `content` is a document of messaging's content, used where no
    `template_id` is; `holdout` the share that receives nothing (0: nobody; None: what suits the list when it
    starts); `once_each`: who has had one run's message
    is left out of the later ones."""

    name: str
    channel: Channel = Channel.EMAIL
    purpose: Purpose = Purpose.MARKETING
    festive: bool = False
    segment: str = ""
    template_id: int | None = None
    content: dict[str, Any] = field(default_factory=dict)
    account_id: int | None = None
    holdout: float | None = None
    horizon_days: int = DEFAULT_HORIZON_DAYS
    once_each: bool = False
    hours_valid: int | None = None
    when: When = When()


@dataclass(frozen=True)
class Asked:
    """Which campaigns are asked for: those in a stage, of a channel, whose name holds a text; archived ones or not."""

    stage: Stage | None = None
    channel: Channel | None = None
    find: str = ""
    archived: bool = False


class CampaignUnusable(AskedWrongly):
    """What is said of a campaign can't be, or it can't do what is asked; `field` names what of it, `hindrances` why."""

    code = "campaign_unusable"

    def __init__(
        self, message: str, remedy: str = "", field: str = "", hindrances: tuple[Hindrance, ...] = ()
    ) -> None:
        super().__init__(message, remedy)
        self.field = field
        self.hindrances = hindrances


__all__ = [
    "DEFAULT_HORIZON_DAYS", "HINDRANCES", "LONGEST_NAME", "MOST_HORIZON_DAYS", "PASSING", "Asked", "Cadence",
    "CadenceEvery", "CampaignUnusable", "Channel", "Hindrance", "Purpose", "RunState", "Stage", "State", "Told",
    "Weekday", "When",
]  # fmt: skip
