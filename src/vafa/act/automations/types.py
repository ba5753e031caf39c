"""What crosses this room's doors: an automation's document (when, if, steps) as frozen values, and errors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, get_args

from vafa.kit.errors import AskedWrongly

WhenKind = Literal[
    "order", "first_order", "return", "payment_failed", "customer", "subscription", "interaction",
    "risk_rose", "risk_fell", "entered_segment", "left_segment",
    "birthday", "joined", "subscription_end", "occasion", "silence", "draw",
]  # fmt: skip
StepKind = Literal[
    "wait", "wait_until", "message", "task", "tag", "field", "list", "code", "webhook", "branch", "stop"
]
AgainRule = Literal["once", "key", "exit"]
Goal = Literal["", "order", "subscription"]
State = Literal["draft", "on", "paused", "off"]
RunState = Literal["running", "done", "goal", "exited", "held_out", "stopped"]
StepState = Literal["waiting", "claimed", "done", "failed", "ended"]
By = Literal["segment", "rules", "band", "reason", "reachable"]

WHEN_KINDS: tuple[WhenKind, ...] = get_args(WhenKind)
STEP_KINDS: tuple[StepKind, ...] = get_args(StepKind)
AGAIN_RULES: tuple[AgainRule, ...] = get_args(AgainRule)
GOALS: tuple[Goal, ...] = get_args(Goal)
RUN_STATES: tuple[RunState, ...] = get_args(RunState)
BYS: tuple[By, ...] = get_args(By)
REASONS = ("price", "silence", "quality", "competition", "experience")
"""Why somebody may leave, as playbooks tell them apart; "other" where none of them is known."""
BANDS = ("low", "raised", "high")
WAYS: dict[By, tuple[str, ...]] = {
    "segment": ("yes", "no"),
    "rules": ("yes", "no"),
    "band": (*BANDS, "other"),
    "reason": (*REASONS, "other"),
    "reachable": ("yes", "no"),
}
"""The ways of a branch, by what it asks."""
CODE_WAYS = ("empty",)
DAILY_KINDS: tuple[WhenKind, ...] = ("birthday", "joined", "subscription_end", "occasion", "draw")
"""What is looked for once a day, at a time of day, instead of followed in the log."""
MOST_STEPS = 60
MOST_DEPTH = 4


@dataclass(frozen=True)
class When:
    """What lets a customer enter.

    `segment` (slug) for entering, leaving and draws; `band` for risk that rose or fell to it ("": any); `days` before
    (negative) or after the day for dates, and of silence; `at` the time of day for what is looked for daily;
    `occasion` the code of a festive day; `kind_of` the kind of an interaction. A draw is on day `day` of the month of
    the business's calendar, of as many as the `budget` pays at `cost` each, and nobody again within `rest` days.
    """

    kind: WhenKind
    segment: str = ""
    band: str = ""
    days: int = 0
    at: str = "10:00"
    occasion: str = ""
    kind_of: str = ""
    day: int = 1
    budget: str = ""
    cost: str = ""
    rest: int = 365


@dataclass(frozen=True)
class Condition:
    """The customer is in a saved segment or not; or meets a definition, as segments write theirs."""

    segment: str = ""
    member: bool = True
    definition: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Again:
    """Whether somebody enters more than once: never, once for each key (an order, a year's birthday), or whenever the
    run before has ended; and not within so many days of the entry before."""

    rule: AgainRule = "once"
    days: int = 0


@dataclass(frozen=True)
class StepTold:
    """One step: its id (unique in the document, never reused), kind, settings, and the steps of each of its ways."""

    id: str
    kind: StepKind
    told: Mapping[str, Any] = field(default_factory=dict)
    ways: "Mapping[str, tuple[StepTold, ...]]" = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """What an automation does. `exits`: who stops meeting the conditions of entry leaves; `goal`: who has ordered, or
    begun a subscription, since entering has arrived. `holdout` is the share that receives nothing; None in a
    draft: what the customers who are expected can prove decides when it is published.
    Steps whose `owed` is set, such as an apology, are for the control group too."""

    when: When
    conditions: tuple[Condition, ...] = ()
    again: Again = field(default_factory=Again)
    goal: Goal = ""
    exits: bool = False
    purpose: Literal["marketing", "service"] = "marketing"
    holdout: float | None = 0.0
    horizon_days: int = 30
    steps: tuple[StepTold, ...] = ()


@dataclass(frozen=True)
class Node:
    """A step as runs go through it: what comes next, and where each of its ways leads. None is the end."""

    id: str
    kind: StepKind
    told: Mapping[str, Any]
    next: str | None
    ways: Mapping[str, str | None]
    place: int
    depth: int


@dataclass(frozen=True)
class Entry:
    """Somebody who would enter: by which key, when, under which number of the log."""

    customer_id: int
    key: str
    at: datetime
    seq: int = 0


@dataclass(frozen=True)
class Problem:
    """What keeps an automation from being published: a stable code, and the step it is about ("": none)."""

    code: str
    step: str = ""


@dataclass(frozen=True)
class Counts:
    """How many entered an automation, and what became of them."""

    entered: int = 0
    running: int = 0
    done: int = 0
    goal: int = 0
    exited: int = 0
    held_out: int = 0
    stopped: int = 0


@dataclass(frozen=True)
class WouldEnter:
    """Somebody who would have entered, on which day; `reason` says what would have held the message back ("": nothing),
    `control` whether the holdout would."""

    customer_id: int
    on: date
    reason: str = ""
    control: bool = False


@dataclass(frozen=True)
class DryRun:
    """What an automation would have done over [start, end). `known` is False where nothing kept can tell."""

    start: date
    end: date
    rows: tuple[WouldEnter, ...] = ()
    known: bool = True

    @property
    def entered(self) -> int:
        """How many would have entered, those of the control group included."""
        return len(self.rows)


class AutomationUnusable(AskedWrongly):
    """The automation can't be published as it is; `problems` says why."""

    code = "automation_unusable"

    def __init__(self, message: str, remedy: str = "", problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message, remedy)
        self.problems = problems


class CodesUnusable(AskedWrongly):
    """The codes can't be kept as they were given; `field` says which of the inputs."""

    code = "codes_unusable"

    def __init__(self, message: str, remedy: str = "", field: str = "") -> None:
        super().__init__(message, remedy)
        self.field = field
