"""What may cross this room's door: dictionary entries, values of metrics, cohorts and explanations."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from vafa.lab.calendars import CalendarName
from vafa.lab.periods import Every, Period
from vafa.lab.rates import Denominator

Unit = Literal["customers", "share", "days", "money", "ratio", "orders", "hours", "months", "score", "nps"]
"""`share` and `nps` are fractions (nps from -1 to 1), `ratio` a plain quotient, `score` a mean on a scale, `orders`
orders for each customer, `money` in the business's currency."""
Direction = Literal["up", "down", "none"]
SetName = Literal[
    "start", "end", "new", "kept", "lost", "reactivated", "joined_and_left", "moved", "article_difference"
]
Counting = Literal["all", "purchases"]


@dataclass(frozen=True)
class MetricEntry:
    """A metric's entry in the dictionary. `formula` is a left-to-right run; `good` is where good lies; `entity` is
    what it counts or averages over."""

    name: str
    title: str
    meaning: str
    formula: str
    unit: Unit
    good: Direction
    source: str
    synonyms: tuple[str, ...]
    entity: Literal["customer", "order", "subscription", "answer", "ticket"] = "customer"


@dataclass(frozen=True)
class Benchmark:
    """An industry's yearly churn as an article gives it: fractions, None where an end is open.

    `period` is "year", or None where the source states no period (then it compares with nothing safely).
    """

    industry: str
    title: str
    churn_low: float | None
    churn_high: float
    good_below: float | None
    period: Literal["year"] | None
    source: str


@dataclass(frozen=True)
class Counts:
    """The numbers of customers behind a row: kept + lost = start, kept + new + reactivated = end."""

    start: int
    end: int
    new: int
    kept: int
    lost: int
    reactivated: int
    joined_and_left: int


@dataclass(frozen=True)
class Value:
    """A value with its interval, or None with its reason."""

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class MetricRow:
    """One metric for one period and group.

    `value` is a count, a fraction 0..1, days, or money in the business's currency; None with its `reason`.
    `low` and `high` are its 95% Wilson bounds where it is a share. `complete` is False where the data end
    inside the period or begin too near before it; then newcomers are only `first_seen`. `moved` counts those
    of the lost who are active in another group at the end. `article_value` is (E - N) / S of the articles,
    for the retention rate (for churn, 1 minus it), and `article_customers` how many make it differ.
    `n` counts the observations behind the value, and `details` holds what a single number can't tell (a
    distribution, a scale): plain values only.
    """

    start: date
    end: date
    group: str | None
    value: float | None
    low: float | None = None
    high: float | None = None
    counts: Counts | None = None
    complete: bool = True
    first_seen: bool = False
    reason: str | None = None
    article_value: float | None = None
    article_customers: int | None = None
    moved: int | None = None
    n: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class LeftOutMoney:
    """Money of a currency that has no rate: in no total. `amount` is in that currency, of so many `orders`, or of
    subscriptions a month, of so many customers, where `of` says so."""

    currency: str
    amount: Decimal
    orders: int
    of: Literal["orders", "subscriptions"] = "orders"


@dataclass(frozen=True)
class RealTerms:
    """The index of prices behind values in real terms: they are in the money of the month [base_start, base_end), and
    known for the days [first, until) at most."""

    base_start: date
    base_end: date
    source: str
    first: date
    until: date


@dataclass(frozen=True)
class AskedRule:
    """The activity rule behind a figure, always with its days ("purchase:77d").

    `automatic`: the days come from the business's own gaps, of which there were `gaps`, and `covered_share`
    of them are no longer; `learned` is False where there were too few, and a usual number was taken.
    """

    text: str
    asked: bool = False
    automatic: bool = False
    learned: bool = False
    gaps: int | None = None
    covered_share: float | None = None


@dataclass(frozen=True)
class MetricTable:
    """The values of one metric. `data_until` is the first day that isn't known; None without any data.

    `adds_up` is False where groups overlap, so that their counts may not be summed. `groups_left_out` says
    how many smaller groups aren't shown. `real` is the index that money was deflated by, None where it is nominal.
    `entity` is what counts as one: a customer or a company, or what else the metric counts.
    """

    metric: str
    definition: str
    rule: AskedRule
    denominator: Denominator
    calendar: CalendarName
    zone: str
    data_until: date | None
    every: Every | int | None
    by: str | None
    rows: tuple[MetricRow, ...]
    adds_up: bool = True
    groups_left_out: int = 0
    currency: str | None = None
    left_out: tuple[LeftOutMoney, ...] = ()
    reason: str | None = None
    real: RealTerms | None = None
    entity: str = "customer"


@dataclass(frozen=True)
class CohortRow:
    """The customers who first came in one period, and how many came 0, 1, 2 ... periods after it.

    `kept` is None from the first period that begins after the end of data. `partial` says that the last
    given period isn't over.
    """

    start: date
    end: date
    size: int
    kept: tuple[int | None, ...]
    partial: bool


@dataclass(frozen=True)
class CohortTable:
    """All cohorts of a business, oldest first."""

    every: Every
    calendar: CalendarName
    count: Counting
    data_until: date | None
    cohorts: tuple[CohortRow, ...]
    reason: str | None = None


@dataclass(frozen=True)
class SourceRow:
    """A row of facts behind an explanation: where it came from, and what it says.

    `until` is the first day without a subscription; None for order lines and what runs on. `decisive` rows
    are those that cover the day, or that ran out last before it. Unnamed files (None) came by another way.
    """

    kind: Literal["order_line", "subscription"]
    row: int
    source: str
    key: str
    file: str | None
    day: date
    until: date | None
    what: str
    amount: Decimal | None
    currency: str
    decisive: bool


@dataclass(frozen=True)
class Explanation:
    """Why a customer is active or not at the midnight that begins a day.

    `active` is None where no source has told of that day. `spell_end` is the first boundary at which the
    spell no longer holds (None: it goes on). `keys` are the ids by which sources know the customer.
    `row_count` is how many rows of sources there are, of which `rows` may hold only those that were asked for.
    """

    customer: int
    name: str
    keys: tuple[str, ...]
    on: date
    active: bool | None
    verdict: str
    because: str
    rule: AskedRule
    spell_start: date | None
    spell_end: date | None
    first_start: date | None
    rows: tuple[SourceRow, ...]
    data_until: date | None
    row_count: int = 0


@dataclass(frozen=True)
class RuleEffect:
    """The figures under one rule: active customers at the end of data, the last month's retention.

    All are None where there are no data for such a rule.
    """

    rule: AskedRule
    active: int | None
    period: Period | None
    crr: float | None
    low: float | None
    high: float | None
