"""One metric's table: the question is settled, the family measures, and each row is told from what was found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from pyroaring import BitMap

from vafa.data.business.queries import get_business
from vafa.kit.errors import AskedWrongly
from vafa.lab.completeness import Completeness
from vafa.lab.periods import Every
from vafa.lab.rates import DENOMINATORS, Denominator
from vafa.measure.metrics.activity import SettledRule, settle_rule
from vafa.measure.metrics.asking import (
    Cutting,
    KnownPeriod,
    decide_known,
    is_before_data,
    list_fitting,
    settle_cutting,
    settle_dimension,
    settle_every,
    settle_periods,
)
from vafa.measure.metrics.counted import count_as, describe_entity, settle_entity
from vafa.measure.metrics.dictionary import get_entry, get_family
from vafa.measure.metrics.family import EVERYBODY, NO_OPTIONS, Asked, Cell, Family, Options, Told, Whose
from vafa.measure.metrics.membership import is_customer_dimension
from vafa.measure.metrics.real_terms import build_real_terms, describe_real, settle_real
from vafa.measure.metrics.types import LeftOutMoney, MetricEntry, MetricRow, MetricTable
from vafa.warehouse.queries import Snapshot, open_snapshot
from vafa.warehouse.types import ANSWER_DIMENSIONS, TICKET_DIMENSIONS, Freshness, Group

GROUPS_LIMIT = 200
VOICE_DIMENSIONS = (*ANSWER_DIMENSIONS, *TICKET_DIMENSIONS)


@dataclass(frozen=True)
class SettledQuestion:
    """A question about one metric, settled: what its family is asked, and what the table tells besides.

    `periods` are all that were asked for; `asked.periods` only those that the data know of, at the places `known_at`.
    """

    entry: MetricEntry
    family: Family
    asked: Asked
    cutting: Cutting
    every: Every | int | None
    freshness: Freshness
    periods: tuple[KnownPeriod, ...]
    known_at: tuple[int | None, ...]
    groups_left_out: int


def get_metric(
    name: str,
    *,
    start: date | None = None,
    end: date | None = None,
    every: str | int | None = None,
    calendar: str | None = None,
    week_start: str | None = None,
    by: str | None = None,
    rule: str | None = None,
    denominator: str = "start",
    visible: BitMap | None = None,
    chosen: Callable[[date], BitMap] | None = None,
    options: Options = NO_OPTIONS,
    entity: str | None = None,
    groups_limit: int | None = GROUPS_LIMIT,
    snapshot: Snapshot | None = None,
) -> MetricTable:
    """The values of a metric, period by period and (with `by`) group by group, the largest groups first.

    `start` and `end` are the first day and the first day after; without both it is the last complete period.
    `visible` limits every count to these customers, `chosen` to those of a segment as of each period's start.
    `entity` says what counts as one, "customer" or "company", where it is not what the business counts.
    Raises AskedWrongly for unknown names, and says which there are.
    """
    question = settle_question(
        name,
        start=start,
        end=end,
        every=every,
        calendar=calendar,
        week_start=week_start,
        by=by,
        rule=rule,
        denominator=denominator,
        whose=Whose(visible, chosen),
        options=options,
        entity=entity,
        groups_limit=groups_limit,
        snapshot=snapshot,
    )
    return build_table(question, measure(question))


def settle_question(
    name: str,
    *,
    start: date | None = None,
    end: date | None = None,
    every: str | int | None = None,
    calendar: str | None = None,
    week_start: str | None = None,
    by: str | None = None,
    rule: str | None = None,
    denominator: str = "start",
    whose: Whose = EVERYBODY,
    options: Options = NO_OPTIONS,
    entity: str | None = None,
    groups_limit: int | None = GROUPS_LIMIT,
    snapshot: Snapshot | None = None,
) -> SettledQuestion:
    """What is asked, as `get_metric` says it, checked and complete. Raises AskedWrongly."""
    family, entry = get_family(name), get_entry(name)
    business = get_business()
    copy, whose = count_as(settle_entity(entity, business), snapshot or open_snapshot(), whose)
    settled = settle_rule(rule, copy)
    dimension = settle_dimension(by, copy, family.fits(name, settled.rule))
    cutting = settle_cutting(calendar, week_start, business)
    length = settle_every(every)
    freshness = get_freshness(copy, name, settled)
    periods = decide_known(
        # Where nothing has told of such facts, the periods are those of the business, each without a value.
        settle_periods(start, end, length, cutting, freshness if freshness.data_until else copy.freshness()),
        freshness,
        family.looks_back(name, settled.rule),
    )
    groups, left = _list_groups(copy, dimension, groups_limit, whose.visible)
    told = [known.completeness.known and not is_before_data(known.period, freshness) for known in periods]
    places = iter(range(len(periods)))
    return SettledQuestion(
        entry=entry,
        family=family,
        asked=Asked(
            snapshot=copy,
            business=business,
            metric=name,
            settled=settled,
            denominator=settle_denominator(denominator, name),
            by=dimension,
            groups=groups,
            periods=tuple(known for known, is_told in zip(periods, told, strict=True) if is_told),
            whose=whose,
            options=options,
            calendar=cutting.calendar,
            real=settle_real(entry, deflates=family.deflates(name), base=options.real_base)
            if options.real
            else None,
        ),
        cutting=cutting,
        every=length,
        freshness=freshness,
        periods=tuple(periods),
        known_at=tuple(next(places) if is_told else None for is_told in told),
        groups_left_out=left,
    )


def get_freshness_of(name: str, *, rule: str | None = None, snapshot: Snapshot | None = None) -> Freshness:
    """How far the sources reach that a metric needs under a rule."""
    copy = snapshot or open_snapshot()
    return get_freshness(copy, name, settle_rule(rule, copy))


def list_splits(name: str, *, rule: str | None = None, snapshot: Snapshot | None = None) -> tuple[str, ...]:
    """The fields by which a metric can be split under a rule, as the warehouse names them."""
    copy = snapshot or open_snapshot()
    return list_fitting(copy, get_family(name).fits(name, settle_rule(rule, copy).rule))


def measure(question: SettledQuestion) -> Mapping[Cell, Any]:
    """What the family finds, of everybody looked at."""
    family, asked = question.family, question.asked
    prepared = family.prepare(asked) if asked.periods else None
    return family.measure(replace(asked, prepared=prepared))


def build_table(question: SettledQuestion, found: Mapping[Cell, Any]) -> MetricTable:
    """The table told from what was found, in one piece or merged from shards."""
    asked, entry = question.asked, question.entry
    said = [entry.meaning, *question.family.describe(asked)]
    if entry.entity == "customer":
        said.extend(describe_entity(asked.snapshot))
    if asked.whose.chosen is not None:
        said.append(_("Only of those who were in the segment when the period began."))
    if asked.options.real:
        said.append(describe_real(asked.real))
    rows: list[MetricRow] = []
    left_out: list[list[LeftOutMoney]] = []
    for known, place in zip(question.periods, question.known_at, strict=True):
        left_out.append([])
        for at, group in enumerate(asked.groups):
            if place is None:
                reason = find_unknown_reason(known.completeness, question.freshness)
                rows.append(build_unknown_row(known, group, reason))
                continue
            partial = found[at, place] if (at, place) in found else question.family.zero(asked)
            told = question.family.tell(asked, partial, group, known)
            rows.append(_build_row(told, group, known))
            left_out[-1].extend(told.left_out)
    return MetricTable(
        metric=entry.name,
        definition=" ".join(said),
        rule=question.family.tell_rule(asked),
        denominator=asked.denominator,
        calendar=question.cutting.calendar,
        zone=asked.business.zone,
        data_until=question.freshness.data_until,
        every=question.every,
        by=asked.by,
        rows=tuple(rows),
        # An answer or a ticket is in one group, as a customer is in one group of a field of theirs.
        adds_up=asked.by is None
        or is_customer_dimension(asked.by)
        or asked.by in VOICE_DIMENSIONS
        or question.family.adds_up(asked),
        groups_left_out=question.groups_left_out,
        currency=asked.business.currency if entry.unit == "money" else None,
        left_out=_sum_left_out(left_out),
        reason="no_data" if question.freshness.data_until is None else None,
        real=None if asked.real is None else build_real_terms(asked.real),
        entity=asked.snapshot.entity if entry.entity == "customer" else entry.entity,
    )


def _build_row(told: Told, group: Group | None, known: KnownPeriod) -> MetricRow:
    return MetricRow(
        start=known.period.start,
        end=known.period.end,
        group=None if group is None else group.value,
        value=told.value,
        low=told.low,
        high=told.high,
        counts=told.counts,
        complete=known.completeness.complete,
        first_seen=told.first_seen,
        reason=told.reason,
        article_value=told.article_value,
        article_customers=told.article_customers,
        moved=told.moved,
        n=told.n,
        details=told.details,
    )


def _sum_left_out(periods: list[list[LeftOutMoney]]) -> tuple[LeftOutMoney, ...]:
    """What stayed out of all groups and periods, by currency. What recurs is the same money in every period, so the
    period with the most of it tells."""
    found: dict[str, LeftOutMoney] = {}
    for period in periods:
        own: dict[str, LeftOutMoney] = {}
        for row in period:
            own[row.currency] = _add_left_out(own.get(row.currency), row)
        for currency, row in own.items():
            so_far = found.get(currency)
            if row.of == "orders" or so_far is None:
                found[currency] = _add_left_out(so_far, row)
            else:
                found[currency] = max(so_far, row, key=lambda left: left.amount)
    return tuple(found[currency] for currency in sorted(found))


def _add_left_out(one: LeftOutMoney | None, other: LeftOutMoney) -> LeftOutMoney:
    if one is None:
        return other
    return replace(other, amount=one.amount + other.amount, orders=one.orders + other.orders)


def get_freshness(snapshot: Snapshot, metric: str, settled: SettledRule) -> Freshness:
    """How far the facts reach that the metric needs."""
    kinds = get_family(metric).list_kinds(metric, settled.rule)
    return snapshot.freshness(kinds=kinds) if kinds else snapshot.freshness(settled.rule)


def settle_denominator(denominator: str, metric: str) -> Denominator:
    """The denominator asked for. Raises AskedWrongly for an unknown one, or where the metric has only one."""
    chosen = next((name for name in DENOMINATORS if name == denominator), None)
    if chosen is None:
        raise AskedWrongly(
            _("There is no denominator named “%(name)s”.") % {"name": denominator},
            _("Choose one of: %(names)s.") % {"names": ", ".join(DENOMINATORS)},
            code="name_unknown",
            names=list(DENOMINATORS),
        )
    if chosen != "start" and metric != "churn_rate":
        raise AskedWrongly(
            _("Only the churn rate can be asked for over another denominator than the start."),
            _("Leave the denominator away, or ask for churn_rate."),
            code="denominator_not_for_metric",
        )
    return chosen


def _list_groups(
    snapshot: Snapshot, by: str | None, limit: int | None, visible: BitMap | None
) -> tuple[tuple[Group | None, ...], int]:
    """The groups to show, largest first, and how many are left out. Of a field of customers only those in which
    somebody is who may be seen: their names alone would tell of others."""
    if by is None:
        return (None,), 0
    groups = snapshot.list_groups(by)
    if visible is not None and is_customer_dimension(by):
        groups = [group for group in groups if snapshot.group_members(group) & visible]
    shown = tuple(groups if limit is None else groups[:limit])
    return shown, len(groups) - len(shown)


def find_unknown_reason(completeness: Completeness, freshness: Freshness) -> str:
    """Why nothing is known of a period."""
    if freshness.data_until is None:
        return "no_data"
    return "before_the_data" if completeness.known else "after_the_data"


def build_unknown_row(known: KnownPeriod, group: Group | None, reason: str) -> MetricRow:
    """The row of a period of which nothing is known."""
    value = None if group is None else group.value
    return MetricRow(known.period.start, known.period.end, value, None, complete=False, reason=reason)
