"""What crosses this room's door: groups in which more customers left, with what they are worth."""

from dataclasses import dataclass
from datetime import date

from pyroaring import BitMap

from vafa.lab.design import Feature
from vafa.lab.rates import Rate
from vafa.lab.subgroups import Condition


@dataclass(frozen=True)
class CommonGroup:
    """A group that holds on the half of the customers on which it was not searched.

    `members` are all who met the conditions when the period began, `lost` how many of them left in it; `confirmed` and
    `rest` are the shares that left, of members and of others, of that other half. `revenue` is what the members brought
    in the 12 months before the period, or None where contracts without a price are among theirs.
    """

    conditions: tuple[Condition, ...]
    members: BitMap
    lost: int
    confirmed: Rate
    rest: Rate
    revenue: float | None


@dataclass(frozen=True)
class Common:
    """What those who left in [start, end) have in common. `customers` were active when it began, `lost` of them not
    when it ended; `searched` of them were looked at. `left_out` are the fields that know the answer."""

    start: date
    end: date
    customers: int
    lost: int
    searched: int
    features: tuple[Feature, ...]
    left_out: tuple[str, ...]
    groups: tuple[CommonGroup, ...]


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
