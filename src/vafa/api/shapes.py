"""What the API asks and answers, field by field. Days in pairs are half-open: `to`, `until` are not included."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Field, Schema

from vafa.api.texts import PARAMETERS


class MetricQuery(Schema):
    """A question about a metric; the same as the options of `vafa metric`."""

    from_: date | None = Field(None, alias="from", description=PARAMETERS["from"])
    to: date | None = Field(None, description=PARAMETERS["to"])
    every: str | None = Field(None, description=PARAMETERS["every"])
    calendar: str | None = Field(None, description=PARAMETERS["calendar"])
    week_start: str | None = Field(None, description=PARAMETERS["week_start"])
    by: str | None = Field(None, description=PARAMETERS["by"])
    rule: str | None = Field(None, description=PARAMETERS["rule"])
    segment: str | None = Field(None, description=PARAMETERS["segment"])
    denominator: Literal["start", "average", "ever"] = Field("start", description=PARAMETERS["denominator"])
    entity: Literal["customer", "company"] | None = Field(None, description=PARAMETERS["entity"])
    real: bool = Field(False, description=PARAMETERS["real"])
    real_base: date | None = Field(None, description=PARAMETERS["real_base"])
    first_periods: int = Field(1, ge=1, le=120, description=PARAMETERS["first_periods"])
    survival_months: int = Field(12, ge=1, le=1200, description=PARAMETERS["survival_months"])
    language: str | None = Field(None, description=PARAMETERS["language"])


class CohortQuery(Schema):
    """A question about cohorts; the same as the options of `vafa cohorts`."""

    every: Literal["day", "week", "month", "quarter", "half", "year"] = Field(
        "month", description=PARAMETERS["every"]
    )
    calendar: str | None = Field(None, description=PARAMETERS["calendar"])
    week_start: str | None = Field(None, description=PARAMETERS["week_start"])
    count: Literal["all", "purchases"] = Field("all", description=PARAMETERS["count"])
    language: str | None = Field(None, description=PARAMETERS["language"])


class LanguageQuery(Schema):
    """A question of which only the language can be chosen."""

    language: str | None = Field(None, description=PARAMETERS["language"])


class MemberQuery(Schema):
    """Which page of a segment's members."""

    cursor: int = Field(0, ge=0, description=PARAMETERS["cursor"])
    limit: int = Field(100, ge=1, le=1000, description=PARAMETERS["limit"])
    language: str | None = Field(None, description=PARAMETERS["language"])


class ScoreQuery(Schema):
    """Which page of whose scores."""

    band: Literal["low", "raised", "high"] | None = Field(None, description=PARAMETERS["band"])
    least_risk: float | None = Field(None, ge=0, le=1, description=PARAMETERS["least_risk"])
    cursor: int = Field(0, ge=0, description=PARAMETERS["cursor"])
    limit: int = Field(100, ge=1, le=1000, description=PARAMETERS["limit"])
    language: str | None = Field(None, description=PARAMETERS["language"])


class LackOut(Schema):
    """What there is too little of to predict."""

    code: str
    have: int
    needed: int


class ScoreOut(Schema):
    """What is predicted of a customer. `risk` is the chance of leaving (null where only bands may be told), money is
    in the business's currency."""

    customer: int
    risk_band: Literal["low", "raised", "high"] | None
    risk: float | None
    value_12m: float | None
    value_36m: float | None
    value_at_risk: float | None
    expected_orders: float | None
    next_order_days: float | None


class ScoresOut(Schema):
    """A page of scores. `verdict` says how much may be told: percent, bands, refused (`lacks` says what is missing), or
    none where nothing was worked out yet. `kind`: orders (no order within the horizon) or contracts (no contract after
    it)."""

    kind: Literal["orders", "contracts"] | None
    horizon_days: int | None
    as_of: date | None
    verdict: Literal["none", "refused", "bands", "percent"]
    lacks: list[LackOut]
    count: int
    rows: list[ScoreOut]
    next_cursor: int | None


class EntryOut(Schema):
    """A metric's entry in the dictionary."""

    name: str
    title: str
    unit: str
    good: str
    entity: str
    meaning: str
    formula: str
    source: str
    synonyms: list[str]


class EntriesOut(Schema):
    """The dictionary."""

    metrics: list[EntryOut]


class LeftOutOut(Schema):
    """Money in a currency without a rate: in no total."""

    currency: str
    amount: float
    orders: int


class RowOut(Schema):
    """A metric in one period and group. `value` is a count, a fraction, days or money, by the metric's unit; null with
    its `reason`. `low` and `high` are the ends of its 95% interval."""

    from_: date = Field(alias="from")
    to: date
    group: str | None
    value: float | None
    low: float | None
    high: float | None
    start: int | None
    end: int | None
    new: int | None
    kept: int | None
    lost: int | None
    reactivated: int | None
    joined_and_left: int | None
    moved: int | None
    complete: bool
    first_seen: bool
    reason: str | None
    article_value: float | None
    article_customers: int | None
    n: int | None
    details: dict[str, Any]


class MetricOut(Schema):
    """The values of a metric, with what they rest on. The figures end before `data_until`."""

    metric: str
    definition: str
    rule: str
    rule_learned: dict[str, Any] | None
    denominator: str
    entity: str
    calendar: str
    zone: str
    data_until: date | None
    every: str | int | None
    by: str | None
    adds_up: bool
    groups_left_out: int
    currency: str | None
    real: dict[str, Any] | None
    left_out: list[LeftOutOut]
    reason: str | None
    segment: str | None = None
    rows: list[RowOut]


class CohortOut(Schema):
    """Those who first came in one period: how many, and how many of them came 0, 1, 2 ... periods after."""

    start: date
    size: int
    kept: list[int | None]
    partial: bool


class CohortsOut(Schema):
    """All cohorts, oldest first."""

    every: str
    calendar: str
    count: str
    data_until: date | None
    reason: str | None
    cohorts: list[CohortOut]


class SegmentOut(Schema):
    """A saved segment. `count` is of those whom the token's maker may see; null before the first build."""

    slug: str
    name: str
    description: str
    kind: str
    count: int | None
    as_of: date | None
    built_at: datetime | None
    error: str


class SegmentsOut(Schema):
    """The saved segments."""

    segments: list[SegmentOut]


class MemberOut(Schema):
    """A customer in a segment. `key` is the id by which a source knows the customer."""

    id: int
    key: str
    name: str
    company: str
    location: str


class MembersOut(Schema):
    """One page of a segment's members; `next_cursor` is null on the last."""

    segment: str
    count: int
    members: list[MemberOut]
    next_cursor: int | None


class ProblemOut(Schema):
    """Why there is no answer: `code` never changes, `detail` is for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
