"""What crosses this room's door: groups in which more customers left, with what they are worth."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pyroaring import BitMap

from vafa.lab.design import Feature
from vafa.lab.rates import Rate
from vafa.lab.subgroups import Condition

Agreement = Literal["agrees", "differs", "unseen"]


@dataclass(frozen=True)
class CommonGroup:
    """A group that holds on the half of the customers on which it was not searched.

    `members` are all who met the conditions when the period began, `lost` how many of them left in it; `confirmed` and
    `rest` are the shares that left, of members and of others, of that other half. `revenue` is what the members brought
    in the 12 months before the period, or None where contracts without a price are among theirs. `stated` are the
    reasons that those of them who left gave since it began (see `stated`), and how many gave each, the most first.
    """

    conditions: tuple[Condition, ...]
    members: BitMap
    lost: int
    confirmed: Rate
    rest: Rate
    revenue: float | None
    stated: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class StatedReason:
    """A reason for leaving as a code or in a source's words, and how many gave it since the period began: of those who
    left in it, and of those who were still there."""

    reason: str
    left: int
    stayed: int


@dataclass(frozen=True)
class Common:
    """What those who left in [start, end) have in common. `customers` were active when it began, `lost` of them not
    when it ended; `searched` of them were looked at. `left_out` are the fields that know the answer, `stated` the
    reasons given."""

    start: date
    end: date
    customers: int
    lost: int
    searched: int
    features: tuple[Feature, ...]
    left_out: tuple[str, ...]
    groups: tuple[CommonGroup, ...]
    stated: tuple[StatedReason, ...] = ()


@dataclass(frozen=True)
class Beside:
    """A reason that customers gave (a code, or words), how many, the group of features that weighed most with most of
    them before ("": none), with how many, and whether both tell the same."""

    reason: str
    customers: int
    most: str
    with_most: int
    agreement: Agreement


@dataclass(frozen=True)
class Driver:
    """A group of reasons. `weight` is by how much it moves the log-odds of leaving on average, either way;
    `weight_before` the same on the earlier day. `strongest` is the share that left since then of the third on whom it
    weighed most towards leaving, `rest` that of all others. Without `is_stable` its direction is not sure."""

    group: str
    weight: float
    weight_before: float | None
    is_stable: bool
    strongest: Rate | None
    rest: Rate | None


@dataclass(frozen=True)
class Factor:
    """One feature. `push` is by how much it moves the log-odds of leaving on average, above zero towards leaving,
    against the average row of training; `weight` the same whichever way. `direction` is 1 where more of it goes with
    leaving, -1 with staying, 0 where it depends, None where it is no number. Those before are of the earlier day."""

    name: str
    group: str
    push: float
    weight: float
    direction: int | None
    push_before: float | None
    weight_before: float | None
    is_stable: bool
