"""What may cross this room's door: the conditions of a segment, as frozen values, and errors.

A definition is a tree: groups (all, any or none of their parts hold) over conditions. It says nothing of when:
it is always evaluated as of a day, the midnight that begins it, by what is known of the days before.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, get_args

from vafa.kit.errors import AskedWrongly, VafaError
from vafa.lab.calendars import CalendarName
from vafa.lab.periods import Every, WeekStart

Mode = Literal["all", "any", "none"]
FieldOp = Literal["is", "is_not", "contains", "known", "unknown", "within", "not_within"]
State = Literal["active", "lost", "never", "new", "won_back"]
Fact = Literal[
    "purchase", "order", "cancelled_order", "return", "subscription_start", "subscription_end", "interaction",
    "ticket", "answer",
]  # fmt: skip
Count = Literal["at_least", "at_most", "exactly"]
Measure = Literal[
    "orders", "revenue", "average_order_value", "days_since_last_purchase", "own_rhythm", "lateness",
    "rfm_recency", "rfm_frequency", "rfm_money", "mrr", "last_nps", "clv", "days_since_last_contact",
    "purchase_day_value", "discount_share", "return_share", "product_lines", "risk", "value_at_risk", "next_order_days",
]  # fmt: skip
MeasureOp = Literal["at_least", "at_most", "more_than", "less_than", "between", "top", "known", "unknown"]
SpanKind = Literal["ever", "last_days", "before_days", "between", "this", "previous"]
Kind = Literal["rule", "list", "preset"]

MODES: tuple[Mode, ...] = get_args(Mode)
FIELD_OPS: tuple[FieldOp, ...] = get_args(FieldOp)
STATES: tuple[State, ...] = get_args(State)
FACTS: tuple[Fact, ...] = get_args(Fact)
COUNTS: tuple[Count, ...] = get_args(Count)
MEASURES: tuple[Measure, ...] = get_args(Measure)
MEASURE_OPS: tuple[MeasureOp, ...] = get_args(MeasureOp)
SPAN_KINDS: tuple[SpanKind, ...] = get_args(SpanKind)

CUSTOM_PREFIX = "custom:"
TEXT_FIELDS = ("customer_location", "company", "tag")
"""Fields with texts for values, beside the business's own (`custom:<field>`)."""
FACT_FIELDS = (
    "plan", "main_line", "first_line", "first_product", "first_location", "contact_kind", "ticket_category",
    "ticket_channel",
)  # fmt: skip
"""Texts that follow from the facts before the day, so that they have a history: see `known_texts`."""
FIELDS = (*TEXT_FIELDS, *FACT_FIELDS, "owner", "birthday_month", "joined_on", "risk_band")
KINDS_AT_THE_END = ("leaving", "cancellation", "cancelled", "win-back")
"""Kinds of interaction that are written since somebody leaves or has left: they are no contact as others are."""

LINE_FILTERS = ("location", "product_line", "product")
FILTERS_OF: dict[Fact, tuple[str, ...]] = {
    "purchase": LINE_FILTERS,
    "order": LINE_FILTERS,
    "cancelled_order": LINE_FILTERS,
    "return": ("product",),
    "subscription_start": ("plan",),
    "subscription_end": ("plan",),
    "interaction": ("kind",),
    "ticket": ("category",),
    "answer": ("survey",),
}
"""The fields by which the facts of a kind may be narrowed."""
FACTS_WITH_AMOUNT: tuple[Fact, ...] = ("purchase", "order", "subscription_start", "subscription_end")
MEASURES_WITH_SPAN: tuple[Measure, ...] = ("orders", "revenue", "average_order_value")
MEASURES_OF_MONEY: tuple[Measure, ...] = (
    "revenue", "average_order_value", "mrr", "clv", "purchase_day_value", "value_at_risk",
)  # fmt: skip
MEASURES_IN_PERCENT: tuple[Measure, ...] = ("risk", "discount_share", "return_share")
PREDICTED_MEASURES: tuple[Measure, ...] = ("risk", "value_at_risk", "next_order_days")
"""Numbers that are predicted, and known from the day of the prediction on only; so is the field "risk_band"."""
RISK_BANDS = ("low", "raised", "high")
"""The bands of risk, by the number under which they are published."""
RFM_MEASURES: tuple[Measure, ...] = ("rfm_recency", "rfm_frequency", "rfm_money")


@dataclass(frozen=True)
class Span:
    """A stretch of days, told relatively: it is settled by the day as of which a segment is evaluated.

    `last_days`: the so many days before that day · `before_days`: everything earlier than these ·
    `between`: both days included, either may be open · `this`: the week, month, quarter (season), half or year
    of the business's calendar that holds the day, as far as it is known · `previous`: the whole one before it.
    """

    kind: SpanKind = "ever"
    days: int | None = None
    start: date | None = None
    end: date | None = None
    every: Every | None = None


@dataclass(frozen=True)
class FieldCondition:
    """A field of the customer: one of the values, none of them, a text that holds one of them, known or not;
    the day of joining lies within a span or doesn't. "Is not" holds for whom nothing is known as well.

    Fields have no history, but for FACT_FIELDS: the plan of the contract that runs at the boundary (of several the
    last begun; else of the last that ended), the product line bought on most days, line, product and location of
    the first purchase, the kind of the last contact, category and channel of the last ticket."""

    field: str
    op: FieldOp
    values: tuple[str, ...] = ()
    span: Span | None = None


@dataclass(frozen=True)
class Since:
    """For how long a state holds: at least, or at most, so many days."""

    op: Literal["at_least", "at_most"]
    days: int


@dataclass(frozen=True)
class StateCondition:
    """The customer's state under the activity rule, perhaps since so many days.

    `active` and `lost`: at the boundary; `never`: no spell has begun before it; `new`: active, and a customer
    for the first time ever since so long; `won_back`: active again since so long, after having been lost.
    """

    state: State
    since: Since | None = None


@dataclass(frozen=True)
class FactFilter:
    """Only facts with one of these values of a field."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class FactCondition:
    """The customer did something so many times within a span; "did not" is at most 0 times.

    Purchases and returns are counted by days; interactions, tickets (by their opening) and answers (by the day of the
    answer) one by one, orders and subscriptions each once.
    `amount` narrows to those worth at least so much in the business's currency.
    """

    fact: Fact
    op: Count = "at_least"
    times: int = 1
    span: Span = field(default_factory=Span)
    filters: tuple[FactFilter, ...] = ()
    amount: Decimal | None = None


@dataclass(frozen=True)
class MeasureCondition:
    """A number of each customer compared; who has no such number (no purchase, no rhythm) meets only `unknown`.

    Scores of RFM (1 to 5) are those among all who have bought; MRR is that of the boundary, 0 without a subscription
    and unknown with one that has no price or no rate; NPS is the last answer's score on the scale it was asked on. CLV
    is the margin of all revenue before the boundary, or the revenue itself where the business has entered no margin;
    it is unknown with revenue of days before the first margin. Who never was in touch has no days since the last
    contact. The value of a purchase day is the revenue for each day with a purchase. The share of discounts is the part
    of the price of all purchases that was taken off; that of returns, the days with a return for each day with a
    purchase; who never bought has neither. Product lines are those of which anything was bought. Risk and shares are in
    percent.

    `top`: of all customers whose number is above zero, fewer than `value` percent have a larger one (numbers are
    compared to four places).
    """

    measure: Measure
    op: MeasureOp
    value: Decimal | None = None
    upper: Decimal | None = None
    span: Span = field(default_factory=Span)


@dataclass(frozen=True)
class SegmentCondition:
    """The customer is a member of another segment, named by its slug; or is none."""

    segment: str
    member: bool = True


Condition = FieldCondition | StateCondition | FactCondition | MeasureCondition | SegmentCondition


@dataclass(frozen=True)
class Group:
    """All, any or none of the parts hold. Without parts `all` and `none` are everybody and `any` is nobody."""

    mode: Mode
    parts: "tuple[Condition | Group, ...]" = ()


Node = Condition | Group


@dataclass(frozen=True)
class Definition:
    """What makes somebody a member."""

    root: Group


@dataclass(frozen=True)
class Cutting:
    """How the business cuts time: calendar, first day of the week, first month of the year."""

    calendar: CalendarName = "gregorian"
    week_start: WeekStart = "mon"
    first_month: int = 1


Path = tuple[int, ...]
"""Where in the tree a part stands: the place in its group, group by group from the root, which is ()."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with one part of a definition: a stable code, and the path to the part."""

    path: Path
    code: str


@dataclass(frozen=True)
class SavedSegment:
    """A segment as lists of segments show it.

    `count` and `previous_count` are after the last good build and before it; None before the first. `as_of` is the
    boundary it was evaluated at, `error` what the last build failed with ("" if it didn't).
    """

    id: int
    slug: str
    name: str
    description: str
    colour: str
    kind: Kind
    preset: str
    archived: bool
    count: int | None
    previous_count: int | None
    as_of: date | None
    built_at: datetime | None
    error: str
    error_at: datetime | None
    is_waiting: bool


class DefinitionUnusable(AskedWrongly):
    """A definition has parts that can't be evaluated; `problems` says which."""

    code = "definition_unusable"

    def __init__(self, message: str, remedy: str = "", problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message, remedy)
        self.problems = problems


class PredictionUnknown(AskedWrongly):
    """A condition asks for what is predicted, and nothing may be told, or nothing was as of that day."""

    code = "prediction_unknown"


class SegmentUnknown(AskedWrongly):
    """There is no such segment."""

    code = "segment_unknown"


class SegmentNameTaken(AskedWrongly):
    """Another segment has that name."""

    code = "segment_name_taken"


class SegmentsInCircle(AskedWrongly):
    """Segments would be defined by each other in a circle."""

    code = "segments_in_circle"


class SegmentInUse(AskedWrongly):
    """Other segments are defined by this one."""

    code = "segment_in_use"


class SegmentNotAList(AskedWrongly):
    """Members of this segment follow from its conditions and are not chosen by hand."""

    code = "segment_not_a_list"


class SegmentNotBuilt(VafaError):
    """A segment has no members yet, because it has never been built."""

    code = "segment_not_built"
