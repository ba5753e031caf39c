"""What crosses this room's doors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args

from vafa.kit.errors import AskedWrongly

Stage = Literal["at_risk", "plan_made", "being_saved", "saved", "lost"]
Why = Literal["opened", "hand", "ordered", "renewed", "stayed", "left"]
Hint = Literal["ordered_before", "ordered_late", "left_before"]

STAGES: tuple[Stage, ...] = get_args(Stage)
OPEN_STAGES: tuple[Stage, ...] = STAGES[:3]
CLOSED_STAGES: tuple[Stage, ...] = STAGES[3:]
MOST_AT_ONCE = 1000

Images = Mapping[int, Mapping[str, Any]]
"""Cases as they were: id -> the values that were changed, as plain values."""


@dataclass(frozen=True)
class AtStake:
    """What is known of a customer when a case is opened: the money that may be lost, the chance of leaving and its
    band (0 low, 1 raised, 2 high). None is unknown."""

    value: Decimal | None = None
    chance: float | None = None
    band: int | None = None


@dataclass(frozen=True)
class CaseFacts:
    """What the facts say of a customer with a case, each None where they say nothing.

    `came_on`: the first purchase, or begin of a subscription, after the moment of opening. `came_before_on`: the last
    one that came before that moment, on a day that was not known yet. `lost_on`: the first boundary at which the
    customer is not active any more, or was not at the opening. `is_active`: whether so at the end of data.
    """

    came_on: date | None = None
    came_before_on: date | None = None
    lost_on: date | None = None
    is_active: bool | None = None


@dataclass(frozen=True)
class Closing:
    """That the facts close a case: how, why, and on which day it came so."""

    stage: Stage
    why: Why
    on: date


@dataclass(frozen=True)
class Noted:
    """Something that the facts say of a case, without closing it."""

    hint: Hint
    on: date


@dataclass(frozen=True)
class CaseFilter:
    """Which cases are asked for: those of an owner ("nobody's" where `of_nobody`), closed ones since a day."""

    closed_since: date
    staff_id: int | None = None
    of_nobody: bool = False


@dataclass(frozen=True)
class Done:
    """What became of some cases or customers: how many were changed, which could not be, and all as they were before
    (`opened`: the cases that were not there before)."""

    count: int
    skipped: int = 0
    images: Images = field(default_factory=dict)
    opened: tuple[int, ...] = ()


class CaseUnusable(AskedWrongly):
    """What is asked of a case can't be; `field` says what of it."""

    code = "case_unusable"

    def __init__(self, message: str, remedy: str = "", field: str = "") -> None:
        super().__init__(message, remedy)
        self.field = field
