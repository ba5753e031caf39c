"""The figures of the overview, gathered once for each state of the data and kept with it."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, TypeVar

from django.utils import translation
from pyroaring import BitMap

from vafa.data.business.queries import Business, list_all_rates
from vafa.front.overview.question import OWN, Question
from vafa.kit.errors import VafaError
from vafa.lab.periods import Period
from vafa.measure.metrics.queries import get_cohorts, get_metric
from vafa.measure.metrics.types import CohortTable, MetricRow, MetricTable
from vafa.measure.segments.queries import (
    SET_DIMENSIONS,
    get_metric_by_segment,
    get_stamp_of_all,
)
from vafa.warehouse.queries import Snapshot

T = TypeVar("T")

CARD_METRICS = (
    "crr",
    "churn_rate",
    "customers_end",
    "customers_new",
    "customers_lost",
    "customers_reactivated",
    "net_change_rate",
    "growth_rate",
    "repeat_purchase_rate",
    "average_order_value",
    "mean_days_between_purchases",
)
# How many periods the trend shows; for own periods so many of the same length.
TREND_PERIODS = {"day": 31, "week": 26, "month": 13, "quarter": 12, "half": 8, "year": 8, OWN: 8}
COHORT_EVERY = {"day": "week", "week": "week", "quarter": "quarter", "half": "half", "year": "year"}
GROUPS_SHOWN = 50


@dataclass(frozen=True)
class ChosenSegment:
    """The segment that all figures of a page are of."""

    slug: str
    name: str
    choose: Callable[[date], BitMap] = field(compare=False)


@dataclass(frozen=True)
class Asker:
    """Whose eyes the figures are for: the limit to own customers, and the state of the data."""

    snapshot: Snapshot
    business: Business
    owner_id: int | None
    visible: BitMap | None
    segment: ChosenSegment | None = None

    @property
    def chosen(self) -> Callable[[date], BitMap] | None:
        """The segment's members as of a day; None without a segment."""
        return self.segment.choose if self.segment else None

    def keep(self, key: Hashable, build: Callable[[], T]) -> T:
        """A value made once for this state of the data and of the segments, the settings, language and limit."""
        segment = self.segment.slug if self.segment else None
        whose = (self.owner_id, self._visible_stamp, segment, self._segments_stamp)
        return self.keep_for_all((key, translation.get_language(), *whose), build)

    @cached_property
    def _segments_stamp(self) -> str:
        return get_stamp_of_all()

    @cached_property
    def _visible_stamp(self) -> int:
        """Changes when a customer is given away, which the state of the data learns of a little later."""
        return 0 if self.visible is None else hash(self.visible.serialize())

    def keep_for_all(self, key: Hashable, build: Callable[[], T]) -> T:
        """A value without words and of all customers, made once for this state of the data and the settings."""
        business = self.business
        settings = (
            business.activity_rule,
            business.counts_as,
            business.calendar,
            business.week_start,
            business.fiscal_first_month,
            business.zone,
            business.currency,
            tuple(sorted(business.revenue_parts.items())),
            tuple((rate.currency, rate.rate, rate.valid_from) for rate in list_all_rates()),
        )
        return self.snapshot.cached(("page", key, settings), build)


@dataclass(frozen=True)
class Figure:
    """One metric in the period and in the one before, where the data know of it."""

    table: MetricTable
    now: MetricRow | None
    before: MetricRow | None


@dataclass(frozen=True)
class Refusal:
    """Why a part can't be shown, in words."""

    text: str


def list_figures(asker: Asker, question: Question) -> list[Figure]:
    """The metrics of the cards, in their order; none without a period."""
    if question.period is None:
        return []
    return asker.keep(("cards", question), lambda: _build_figures(asker, question, question.period))


def _build_figures(asker: Asker, question: Question, period: Period | None) -> list[Figure]:
    if period is None:
        return []
    before = question.shift(-1)
    figures = []
    for name in CARD_METRICS:
        table = _ask(asker, question, name, before.start if before else period.start, period.end)
        rows = {row.start: row for row in table.rows}
        earlier = rows.get(before.start) if before else None
        figures.append(Figure(table, rows.get(period.start), earlier))
    return figures


def _ask(asker: Asker, question: Question, name: str, start: date, end: date) -> MetricTable:
    return ask_metric(asker, name, start=start, end=end, every=question.step, rule=question.rule)


def ask_metric(asker: Asker, name: str, *, by: str | None = None, **asked: Any) -> MetricTable:
    """A metric as `get_metric` tells it, of those whom the asker may see and of the page's segment; `by` may be the
    saved segments, or another field that is held as sets. Raises AskedWrongly."""
    told: dict[str, Any] = {
        "visible": asker.visible,
        "chosen": asker.chosen,
        "snapshot": asker.snapshot,
    } | asked
    if by in SET_DIMENSIONS:
        return get_metric_by_segment(name, by=by, **told)
    return get_metric(name, by=by, **told)


def list_trend_periods(question: Question, data_until: date | None) -> tuple[date, date] | None:
    """From where to where the trend goes: up to the period after the chosen one, where that has begun."""
    if question.period is None or data_until is None:
        return None
    count = TREND_PERIODS[question.every]
    after = question.shift(1)
    last = after if after is not None and after.start < data_until else question.period
    steps = count - (2 if last is after else 1)
    first = next(
        (found for back in range(steps, -1, -1) if (found := question.shift(-back)) is not None),
        question.period,
    )
    return first.start, last.end


def get_trend(
    asker: Asker, question: Question, data_until: date | None
) -> tuple[MetricTable, MetricTable] | None:
    """Retention and churn, period by period, without those that end before the first fact; None without data."""
    ends = list_trend_periods(question, data_until)
    if ends is None:
        return None
    return asker.keep(
        ("trend", question, ends),
        lambda: (
            _ask(asker, question, "crr", *ends),
            _ask(asker, question, "churn_rate", *ends),
        ),
    )


def get_cohort_table(asker: Asker, question: Question) -> CohortTable:
    """The cohorts by the length of the question's periods (weeks for days, months for own ones)."""
    every = COHORT_EVERY.get(question.every, "month")
    return asker.keep(
        ("cohorts", every),
        lambda: get_cohorts(every, visible=_limit_to_segment(asker), snapshot=asker.snapshot),
    )


def _limit_to_segment(asker: Asker) -> BitMap | None:
    """Who may be seen, of those who are in the page's segment at the end of data: nobody is in a segment yet when
    the period of their first coming begins."""
    until = asker.snapshot.freshness().data_until
    if asker.segment is None or until is None:
        return asker.visible
    members = asker.segment.choose(until)
    return members if asker.visible is None else members & asker.visible


def get_split(asker: Asker, question: Question) -> MetricTable | Refusal | None:
    """The retention of each group; None without a split, and words where this rule can't be split so."""
    if question.by is None or question.period is None:
        return None
    return asker.keep(("split", question), lambda: _build_split(asker, question, question.period))


def _build_split(asker: Asker, question: Question, period: Period | None) -> MetricTable | Refusal | None:
    if period is None:
        return None
    try:
        return ask_metric(
            asker,
            "crr",
            start=period.start,
            end=period.end,
            rule=question.rule,
            by=question.by,
            groups_limit=GROUPS_SHOWN,
        )
    except VafaError as error:
        return Refusal(str(error))


def describe_last_day(data_until: date | None) -> date | None:
    """The last day that is known."""
    return None if data_until is None else data_until - timedelta(days=1)
