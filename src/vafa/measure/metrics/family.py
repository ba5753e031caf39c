"""What a family of metrics is: it measures what adds up over customers, and tells metrics from the sum.

A question is settled into `Asked`. A family measures one mergeable partial for each cell (group and period); the
partials of disjoint sets of customers are added with `+`, and `tell` makes a metric's value of the sum. So a question
may be cut by customer, measured by several processes or machines, and merged, with the same answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self

from django.utils.translation import gettext as _
from pyroaring import BitMap

from vafa.data.costs.types import ToldIndex
from vafa.lab.calendars import CalendarName
from vafa.lab.rates import Denominator
from vafa.lab.rules import ActivityRule
from vafa.measure.metrics.activity import SettledRule
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.types import AskedRule, Counts, LeftOutMoney, MetricEntry
from vafa.warehouse.queries import Snapshot
from vafa.warehouse.types import Group

if TYPE_CHECKING:
    from vafa.data.business.models import Business

Cell = tuple[int, int]
"""The places of a group and of a period in what is asked."""

Fit = Literal["order", "subscription", "customer", "answer", "ticket"]
"""Whose field a metric can be split by."""


class Partial(Protocol):
    """Something measured of some customers that adds up with the same of others."""

    def __add__(self, other: Self, /) -> Self: ...


@dataclass(frozen=True)
class Whose:
    """Who is looked at: those whom the asker may see, of a segment, of one shard.

    `chosen` gives a segment's members as of the day on which a period begins, so that nobody counts as kept because
    of what came later. `anonymous` says whether sales without a customer count; they never do where people are chosen.
    """

    visible: BitMap | None = None
    chosen: Callable[[date], BitMap] | None = None
    shard: BitMap | None = None
    anonymous: bool = True

    def at(self, start: date) -> BitMap | None:
        """The customers looked at in a period that begins on this day; None: everybody."""
        sets = [members for members in (self.visible, self.shard) if members is not None]
        if self.chosen is not None:
            sets.append(self.chosen(start))
        if not sets:
            return None
        return sets[0] if len(sets) == 1 else BitMap.intersection(*sets)

    @property
    def counts_anonymous(self) -> bool:
        """Whether sales without a customer are in."""
        return self.anonymous and self.visible is None and self.chosen is None

    @property
    def is_everybody(self) -> bool:
        """Whether nothing narrows the customers, so that what is found may be kept for the next who asks."""
        return self.visible is None and self.chosen is None and self.shard is None


EVERYBODY = Whose()


@dataclass(frozen=True)
class Options:
    """What some metrics can be told besides: `real` money is that of the price index's latest month, or of the month
    that holds `real_base`. `moved` says whether to count who of a group's lost is active in another group: as much
    work again as the rate, so it is left out where nothing shows it."""

    real: bool = False
    real_base: date | None = None
    first_periods: int = 1
    survival_months: int = 12
    moved: bool = True


NO_OPTIONS = Options()


@dataclass(frozen=True)
class Asked:
    """A settled question: which metric, of whom, by what, when. The periods are those that the data know of.

    `real` is the index by which money is deflated where `options.real` asks for it; None then means that the business
    keeps none. `calendar` is that in which time is cut. `prepared` is what the family's `prepare` found over all shards
    (thresholds, for example).
    """

    snapshot: Snapshot
    business: "Business"
    metric: str
    settled: SettledRule
    denominator: Denominator
    by: str | None
    groups: tuple[Group | None, ...]
    periods: tuple[KnownPeriod, ...]
    whose: Whose = EVERYBODY
    options: Options = NO_OPTIONS
    prepared: Any = None
    real: ToldIndex | None = None
    calendar: CalendarName = "gregorian"

    @property
    def lacks_index(self) -> bool:
        """Whether real terms are asked for without an index of prices: then no money has a value."""
        return self.options.real and self.real is None


@dataclass(frozen=True)
class Told:
    """What a row says beside its period and group. `n` counts the observations behind the value."""

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str | None = None
    n: int | None = None
    first_seen: bool = False
    counts: Counts | None = None
    moved: int | None = None
    article_value: float | None = None
    article_customers: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    left_out: tuple[LeftOutMoney, ...] = ()


class Family:
    """Metrics that are measured together. A family is made once and holds no state."""

    names: frozenset[str]

    def name(self) -> str:
        """What its metrics have in common, as a heading, in the active language."""
        return _("Other figures")

    def list_entries(self) -> list[MetricEntry]:
        """The dictionary's entries of its metrics, in the active language."""
        raise NotImplementedError

    def list_kinds(self, metric: str, rule: ActivityRule) -> tuple[str, ...]:
        """The feeds whose end is the end of the figure; none: those of the activity rule."""
        raise NotImplementedError

    def looks_back(self, metric: str, rule: ActivityRule) -> int:
        """How many days before a period's start the figure must know."""
        return 0

    def fits(self, metric: str, rule: ActivityRule) -> tuple[Fit, ...]:
        """Whose fields the metric can be split by."""
        return ("order", "customer")

    def deflates(self, metric: str) -> bool:
        """Whether it is made of money, so that it can be told in real terms."""
        return False

    def adds_up(self, asked: Asked) -> bool:
        """Whether the groups of a field of orders or subscriptions make up the whole: sums of rows that each have one
        value do, counts of customers, who may be in several groups, never."""
        return False

    def describe(self, asked: Asked) -> list[str]:
        """The sentences that follow the metric's meaning: what this figure rests on."""
        return []

    def tell_rule(self, asked: Asked) -> AskedRule:
        """By which activity rule the figure counts: the one asked for, unless it knows another one only."""
        return asked.settled.told

    def prepare(self, asked: Asked) -> Partial | None:
        """What must be known of everybody before anybody is measured; None where that is nothing."""
        return None

    def measure(self, asked: Asked) -> Mapping[Cell, Any]:
        """What is found in each cell, of those looked at. A cell without anything may be absent."""
        raise NotImplementedError

    def zero(self, asked: Asked) -> Any:
        """The partial of nobody."""
        raise NotImplementedError

    def tell(self, asked: Asked, partial: Any, group: Group | None, known: KnownPeriod) -> Told:
        """The metric's value of a summed partial."""
        raise NotImplementedError


def merge(parts: list[Mapping[Cell, Any]]) -> dict[Cell, Any]:
    """The sums of several shards' partials, cell by cell."""
    merged: dict[Cell, Any] = {}
    for part in parts:
        for cell, partial in part.items():
            merged[cell] = merged[cell] + partial if cell in merged else partial
    return merged
