"""One metric's table: rule, periods and groups settled, then row by row."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from pyroaring import BitMap

from vafa.data.business.queries import get_business
from vafa.kit.errors import AskedWrongly
from vafa.lab.completeness import Completeness
from vafa.lab.periods import Period
from vafa.lab.rates import DENOMINATORS, Denominator
from vafa.measure.metrics.activity import SettledRule, settle_rule
from vafa.measure.metrics.asking import (
    KnownPeriod,
    decide_known,
    is_before_data,
    settle_cutting,
    settle_dimension,
    settle_every,
    settle_periods,
)
from vafa.measure.metrics.definitions import define
from vafa.measure.metrics.dictionary import get_entry
from vafa.measure.metrics.habits import build_habit_row
from vafa.measure.metrics.membership import (
    MEMBERSHIP_METRICS,
    Scope,
    is_customer_dimension,
)
from vafa.measure.metrics.money import MONEY_METRICS, OrderTotals, build_money_row, list_left_out
from vafa.measure.metrics.order_days import get_order_days
from vafa.measure.metrics.summaries import build_row
from vafa.measure.metrics.types import MetricRow, MetricTable
from vafa.warehouse.queries import Snapshot, open_snapshot
from vafa.warehouse.types import Freshness, Group

if TYPE_CHECKING:
    from vafa.data.business.models import Business

GROUPS_LIMIT = 200

BuildRow = Callable[[Group | None, KnownPeriod], tuple[MetricRow, OrderTotals | None]]


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
    groups_limit: int | None = GROUPS_LIMIT,
    snapshot: Snapshot | None = None,
) -> MetricTable:
    """The values of a metric, period by period and (with `by`) group by group, the largest groups first.

    `start` and `end` are the first day and the first day after; without both it is the last complete period.
    `visible` limits every count to these customers. Raises AskedWrongly for unknown names, and says which
    there are.
    """
    entry = get_entry(name)
    copy = snapshot or open_snapshot()
    business = get_business()
    settled = settle_rule(rule, copy)
    basis = settle_denominator(denominator, name)
    by = settle_dimension(by, copy, needs_orders=_needs_orders(name, settled))
    cutting = settle_cutting(calendar, week_start, business)
    length = settle_every(every)
    freshness = get_freshness(copy, name, settled)
    periods = settle_periods(start, end, length, cutting, freshness)
    looks_back = settled.rule.settled_days if name in MEMBERSHIP_METRICS else 0
    groups, left = _list_groups(copy, by, groups_limit)
    rows, totals = [], []
    build = _choose_builder(copy, name, settled, basis, visible, business, by, periods)
    for known in decide_known(periods, freshness, looks_back):
        for group in groups:
            if known.completeness.known and not is_before_data(known.period, freshness):
                row, total = build(group, known)
                totals.append(total)
            else:
                row = build_unknown_row(known, group, find_unknown_reason(known.completeness, freshness))
            rows.append(row)
    return MetricTable(
        metric=name,
        definition=define(entry, settled.told, basis, business.revenue_parts),
        rule=settled.told,
        denominator=basis,
        calendar=cutting.calendar,
        zone=business.zone,
        data_until=freshness.data_until,
        every=length,
        by=by,
        rows=tuple(rows),
        adds_up=by is None or is_customer_dimension(by),
        groups_left_out=left,
        currency=business.currency if entry.unit == "money" else None,
        left_out=list_left_out(total for total in totals if total is not None),
        reason="no_data" if freshness.data_until is None else None,
    )


def get_freshness(snapshot: Snapshot, metric: str, settled: SettledRule) -> Freshness:
    """How far the facts reach that the metric needs."""
    if metric in MEMBERSHIP_METRICS:
        return snapshot.freshness(settled.rule)
    return snapshot.freshness(kinds=("orders",))


def _needs_orders(metric: str, settled: SettledRule) -> bool:
    return metric not in MEMBERSHIP_METRICS or settled.rule.kind == "purchase"


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


def _list_groups(snapshot: Snapshot, by: str | None, limit: int | None) -> tuple[list[Group | None], int]:
    """The groups to show, largest first, and how many are left out."""
    if by is None:
        return [None], 0
    groups = snapshot.list_groups(by)
    shown: list[Group | None] = list(groups if limit is None else groups[:limit])
    return shown, len(groups) - len(shown)


def _choose_builder(
    snapshot: Snapshot,
    metric: str,
    settled: SettledRule,
    denominator: Denominator,
    visible: BitMap | None,
    business: "Business",
    by: str | None,
    periods: list[Period],
) -> BuildRow:
    """What makes one row of this metric; money is asked for once, for all rows."""
    if metric in MONEY_METRICS and periods:
        first, last = periods[0].start.toordinal(), periods[-1].end.toordinal()
        days = get_order_days(snapshot, by, business.revenue_parts, visible, first, last)
        return lambda group, known: build_money_row(days, group, business.currency, known)
    if metric in MEMBERSHIP_METRICS:
        return lambda group, known: (
            build_row(snapshot, Scope(settled.rule, group, visible), metric, known, denominator),
            None,
        )
    return lambda group, known: (
        build_habit_row(snapshot, Scope(settled.rule, group, visible), metric, known),
        None,
    )


def find_unknown_reason(completeness: Completeness, freshness: Freshness) -> str:
    """Why nothing is known of a period."""
    if freshness.data_until is None:
        return "no_data"
    return "before_the_data" if completeness.known else "after_the_data"


def build_unknown_row(known: KnownPeriod, group: Group | None, reason: str) -> MetricRow:
    """The row of a period of which nothing is known."""
    value = None if group is None else group.value
    return MetricRow(known.period.start, known.period.end, value, None, complete=False, reason=reason)
