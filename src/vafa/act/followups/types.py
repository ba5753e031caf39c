"""What crosses this room's doors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, Literal, get_args

from vafa.kit.errors import AskedWrongly
from vafa.lab.recurrence import Repeat

OccasionKind = Literal["birthday", "joined", "ending", "quiet"]
OCCASION_KINDS: tuple[OccasionKind, ...] = get_args(OccasionKind)
State = Literal["open", "done", "cancelled"]
Outcome = Literal["done", "no_answer", "declined", "later", "not_needed", "wrong_contact"]
Show = Literal["open", "overdue", "today", "next", "done", "cancelled", "all"]
Whose = Literal["mine", "nobody", "all"]
Sharing = Literal["owner", "evenly"]

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
SHOWS: tuple[Show, ...] = get_args(Show)
WHOSE: tuple[Whose, ...] = get_args(Whose)
SHARINGS: tuple[Sharing, ...] = get_args(Sharing)
HIGH, NORMAL, LOW = 1, 2, 3
PRIORITIES = (HIGH, NORMAL, LOW)
NEXT_DAYS = 7
MOST_AT_ONCE = 1000

Images = Mapping[int, Mapping[str, Any]]
"""Tasks as they were: id -> the values that were changed, as plain values."""


@dataclass(frozen=True)
class Viewer:
    """Whose eyes a list is for. With `own_only` only tasks of own customers, and own tasks about nobody."""

    staff_id: int
    own_only: bool


@dataclass(frozen=True)
class TaskTold:
    """What somebody says of a task. `due_time` is the time of day in the business's zone; None: any time that day."""

    title: str
    due_on: date
    notes: str = ""
    customer_id: int | None = None
    due_time: time | None = None
    priority: int = NORMAL
    assignee_id: int | None = None
    repeat: Repeat | None = None


@dataclass(frozen=True)
class BatchTold:
    """One task for each of many customers. `key` is the form's own, so that a form sent twice makes them once.

    They fall due from `due_on` on, spread evenly over so many days; `staff` share them (see `rules.share_out`)."""

    key: str
    title: str
    due_on: date
    segment: str = ""
    notes: str = ""
    priority: int = NORMAL
    sharing: Sharing = "owner"
    staff: tuple[int, ...] = ()
    days: int = 1


@dataclass(frozen=True)
class Share:
    """How many tasks of a batch somebody gets; `staff_id` None: nobody yet."""

    staff_id: int | None
    count: int


@dataclass(frozen=True)
class BatchPlan:
    """What a batch would make: a task for so many customers, by person. `left_out` have died and get none."""

    count: int
    left_out: int
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class RuleTold:
    """What somebody says of a rule of contact. `segment` "": all customers who are active."""

    name: str
    segment: str
    gap_days: int
    title: str
    assignee_id: int | None = None
    priority: int = NORMAL
    most_a_day: int = 20
    catches_up: bool = False


@dataclass(frozen=True)
class RuleOutlook:
    """How a rule stands on a day: whom it is for (those that no rule before it has), who of them is due by it, and who
    would be if those were counted who were late already when it was switched on. `as_of` is the day through which
    contacts are known: who was in touch later can't be told; None: nothing is known."""

    members: int
    due: int
    late_before: int
    as_of: date | None


@dataclass(frozen=True)
class TaskFilter:
    """Which tasks are asked for. `customers` are the ids of one customer and of those merged into it."""

    show: Show = "open"
    whose: Whose = "all"
    staff_id: int | None = None
    customers: tuple[int, ...] = ()
    rule_id: int | None = None
    batch_id: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Moment:
    """Now, as the business's clock and calendar say it."""

    today: date
    time: time


@dataclass(frozen=True)
class TaskCounts:
    """How many open tasks there are: late, of today, and of the next seven days."""

    overdue: int = 0
    today: int = 0
    next: int = 0


@dataclass(frozen=True)
class Coming:
    """A day of a customer that comes back soon: the day it is kept on, and how many years have passed then."""

    kind: OccasionKind
    customer_id: int
    on: date
    years: int


@dataclass(frozen=True)
class Done:
    """What became of some tasks: how many were changed, which could not be, and all as they were before."""

    count: int
    skipped: int = 0
    images: Images = field(default_factory=dict)


class TaskUnusable(AskedWrongly):
    """The task can't be as it is told; `field` says what of it."""

    code = "task_unusable"

    def __init__(self, message: str, remedy: str = "", field: str = "") -> None:
        super().__init__(message, remedy)
        self.field = field


class AssigneeBlind(TaskUnusable):
    """Whoever sees own customers only can't be given a task about somebody else's."""

    code = "assignee_blind"


class BatchUnusable(AskedWrongly):
    """The tasks can't be shared out so: too many at once, or nobody is chosen."""

    code = "batch_unusable"

    def __init__(self, message: str, remedy: str = "", field: str = "") -> None:
        super().__init__(message, remedy)
        self.field = field


class RuleUnusable(AskedWrongly):
    """The rule of contact can't be so; `field` says what of it."""

    code = "rule_unusable"

    def __init__(self, message: str, remedy: str = "", field: str = "") -> None:
        super().__init__(message, remedy)
        self.field = field
