"""The choices above the figures: period, split and rule, each as a part of the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from vafa.data.business.queries import list_named_periods
from vafa.front.date_field import write_day
from vafa.front.overview.question import OWN, Question
from vafa.front.overview.texts import name_dimension, name_every, name_rule
from vafa.kit.locale.formats import Style, format_period
from vafa.lab.periods import EVERY
from vafa.measure.metrics.types import AskedRule
from vafa.measure.segments.queries import list_set_dimensions, list_usable
from vafa.warehouse.queries import Snapshot
from vafa.warehouse.types import CUSTOM_PREFIX, CUSTOMER_DIMENSIONS, SUBSCRIPTION_DIMENSIONS

PURCHASE_RULES = (
    "purchase:auto",
    "purchase:30d",
    "purchase:60d",
    "purchase:90d",
    "purchase:180d",
    "purchase:365d",
)
SUBSCRIPTION_RULES = ("subscription", "subscription+7d", "subscription+30d")


@dataclass(frozen=True)
class Option:
    """One choice of a list."""

    value: str
    title: str
    chosen: bool


@dataclass(frozen=True)
class Link:
    """A choice that is an address."""

    title: str
    query: str
    active: bool = False


@dataclass(frozen=True)
class Pickers:
    """Everything the form above the figures needs, ready to print."""

    title: str
    every: list[Option]
    by: list[Option]
    segments: list[Option]
    rules: list[Option]
    earlier: Link | None
    later: Link | None
    named: list[Link]
    kept: list[tuple[str, str]]
    first_day: str
    last_day: str


def build_pickers(
    question: Question,
    snapshot: Snapshot,
    rule: AskedRule,
    data_until: date | None,
    style: Style,
    fields: Sequence[str] | None = None,
) -> Pickers:
    """The pickers with what is chosen in them; `fields` are those to split by, where not those of membership."""
    return Pickers(
        title=name_question_period(question, style),
        every=_list_every(question),
        by=_list_splits(question, snapshot, rule, fields),
        segments=list_segment_options(question.segment),
        rules=_list_rules(question, snapshot, style),
        earlier=_build_step(question, -1, style),
        later=_build_later(question, data_until, style),
        named=[
            Link(
                row.name,
                question.build_query(period=None, every=None, named=str(row.pk)),
                row.name == question.name,
            )
            for row in list_named_periods()
        ],
        kept=_list_kept(question),
        first_day=write_day(question.period.start, style.calendar) if question.period else "",
        last_day=_write_last(question, style),
    )


def name_question_period(question: Question, style: Style) -> str:
    """The chosen period by its name; empty where there is none."""
    period = question.period
    if question.name or period is None:
        return question.name
    every = "" if question.every == OWN else question.every
    return format_period(period.start, period.end, every, style, question.cutting.calendar)


def _write_last(question: Question, style: Style) -> str:
    if question.period is None:
        return ""
    return write_day(question.period.end - timedelta(days=1), style.calendar)


def _list_kept(question: Question) -> list[tuple[str, str]]:
    """What the form sends unseen: the days, when they were chosen."""
    if not question.chosen or question.period is None:
        return []
    days = [("from", question.period.start.isoformat())]
    return [*days, ("to", question.period.end.isoformat())] if question.every == OWN else days


def _list_every(question: Question) -> list[Option]:
    lengths = [*EVERY, OWN] if question.every == OWN else list(EVERY)
    return [
        Option(name, name_every(name, question.cutting.calendar), name == question.every) for name in lengths
    ]


def _list_splits(
    question: Question, snapshot: Snapshot, rule: AskedRule, fields: Sequence[str] | None
) -> list[Option]:
    fits = list(fields or (name for name in snapshot.list_dimensions() if _fits(name, rule.text)))
    fits += list_set_dimensions(snapshot)
    if question.by and question.by not in fits:
        fits.append(question.by)
    options = [Option(name, name_dimension(name), name == question.by) for name in fits]
    return [Option("", _("Not split"), question.by is None), *options]


def list_segment_options(chosen: str | None) -> list[Option]:
    """The segments that figures and lists can be narrowed to; none where there are none."""
    usable = list_usable()
    if not usable:
        return []
    options = [Option(segment.slug, segment.name, segment.slug == chosen) for segment in usable]
    return [Option("", _("Everybody"), chosen is None), *options]


def _fits(dimension: str, rule: str) -> bool:
    """Whether membership by this rule can be told by this field."""
    if dimension in CUSTOMER_DIMENSIONS or dimension.startswith(CUSTOM_PREFIX):
        return True
    return (dimension in SUBSCRIPTION_DIMENSIONS) == rule.startswith("subscription")


def list_rule_names(snapshot: Snapshot) -> list[str]:
    """The activity rules to choose from, by what there is to count."""
    names: list[str] = []
    if snapshot.has_orders:
        names += PURCHASE_RULES
    if snapshot.has_subscriptions:
        names += SUBSCRIPTION_RULES
    return names


def _list_rules(question: Question, snapshot: Snapshot, style: Style) -> list[Option]:
    names = list_rule_names(snapshot)
    if question.rule and question.rule not in names:
        names.append(question.rule)
    options = [Option(name, name_rule(name, style), name == question.rule) for name in names]
    return [Option("", _("The rule of this business"), question.rule is None), *options]


def _build_step(question: Question, count: int, style: Style) -> Link | None:
    period = question.shift(count)
    if period is None or question.name:
        return None
    every = "" if question.every == OWN else question.every
    title = format_period(period.start, period.end, every, style, question.cutting.calendar)
    return Link(title, question.build_query(period=period))


def _build_later(question: Question, data_until: date | None, style: Style) -> Link | None:
    """The next period, unless nothing is known of it."""
    period = question.shift(1)
    if period is None or data_until is None or period.start >= data_until:
        return None
    return _build_step(question, 1, style)
