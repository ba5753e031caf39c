"""How long customers stay: survival, the median lifetime, who is there after how many months, and who leaves early."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pyroaring import BitMap

from vafa.lab.early import EarlyChurn, Span, build_early_churn, measure_span
from vafa.lab.rules import ActivityRule
from vafa.lab.sets import list_members
from vafa.lab.spells import OPEN_END
from vafa.lab.survival import (
    Lifetimes,
    SurvivalCurve,
    build_survival_curve,
    find_median_lifetime,
)
from vafa.lab.tenure import MONTH_TICKS, TenureTable, build_tenure_table
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.definitions import describe_rule
from vafa.measure.metrics.family import Asked, Cell, Family, Fit, Told
from vafa.measure.metrics.lifetime_entries import list_lifetime_entries
from vafa.measure.metrics.lifetimes import get_lifetimes, list_begun
from vafa.measure.metrics.membership import Scope, get_movement, is_customer_dimension
from vafa.measure.metrics.types import MetricEntry
from vafa.warehouse.types import Group

SURVIVAL_METRICS = ("survival_rate", "median_lifetime")
TENURE_METRIC = "active_share_by_tenure"
EARLY_METRIC = "early_churn_rate"

LifetimePartial = Lifetimes | TenureTable | EarlyChurn


class LifetimeFamily(Family):
    """What the lengths of first spells tell, as they were known when the period ended."""

    names = frozenset((*SURVIVAL_METRICS, TENURE_METRIC, EARLY_METRIC))

    def name(self) -> str:
        return _("How long customers stay")

    def list_entries(self) -> list[MetricEntry]:
        return list_lifetime_entries()

    def list_kinds(self, metric: str, rule: ActivityRule) -> tuple[str, ...]:
        return ()

    def looks_back(self, metric: str, rule: ActivityRule) -> int:
        return rule.settled_days if metric == EARLY_METRIC else 0

    def fits(self, metric: str, rule: ActivityRule) -> tuple[Fit, ...]:
        return ("order" if rule.kind == "purchase" else "subscription", "customer")

    def describe(self, asked: Asked) -> list[str]:
        said = [describe_rule(asked.settled.told)]
        months = asked.options.survival_months
        if asked.metric in ("survival_rate", TENURE_METRIC):
            told = ngettext(
                "Here it is told for %(count)s month.", "Here it is told for %(count)s months.", months
            )
            said.insert(0, told % {"count": months})
        if asked.metric == EARLY_METRIC:
            count = asked.options.first_periods
            told = ngettext(
                "Here it is the first period of each newcomer's own.",
                "Here it is the first %(count)s periods of each newcomer's own.",
                count,
            )
            said.insert(0, told % {"count": count})
        return said

    def measure(self, asked: Asked) -> Mapping[Cell, LifetimePartial]:
        return {
            (place, when): _measure(asked, group, known)
            for when, known in enumerate(asked.periods)
            for place, group in enumerate(asked.groups)
        }

    def zero(self, asked: Asked) -> LifetimePartial:
        if asked.metric in SURVIVAL_METRICS:
            return Lifetimes()
        return TenureTable() if asked.metric == TENURE_METRIC else EarlyChurn()

    def tell(self, asked: Asked, partial: Any, group: Group | None, known: KnownPeriod) -> Told:
        if asked.metric == "survival_rate":
            return _tell_survival(partial, asked.options.survival_months)
        if asked.metric == "median_lifetime":
            return _tell_median(partial)
        if asked.metric == TENURE_METRIC:
            return _tell_tenure(partial, asked.options.survival_months)
        return _tell_early(asked, partial, known)


def _measure(asked: Asked, group: Group | None, known: KnownPeriod) -> LifetimePartial:
    members = asked.whose.at(known.period.start)
    if asked.metric == EARLY_METRIC:
        return _measure_early(asked, group, known, members)
    if asked.metric == TENURE_METRIC:
        if group is not None and is_customer_dimension(group.dimension):
            own = asked.snapshot.group_members(group)
            members = own if members is None else own & members
        return _measure_tenure(asked, group, known.end, members)
    return get_lifetimes(
        asked.snapshot,
        asked.settled.rule,
        known.end,
        asked.calendar,
        group,
        members,
        in_days=asked.metric == "median_lifetime",
    )


def _measure_tenure(asked: Asked, group: Group | None, boundary: int, members: BitMap | None) -> TenureTable:
    numbers, starts, _ends = list_begun(
        asked.snapshot, asked.settled.rule, group, boundary, asked.calendar, members
    )
    is_active = np.zeros(asked.snapshot.numbers, dtype=np.bool_)
    active = asked.snapshot.active(asked.settled.rule, date.fromordinal(boundary), group)
    is_active[list_members(active)] = True
    return build_tenure_table(starts, is_active[numbers], boundary, asked.calendar)


def _measure_early(
    asked: Asked, group: Group | None, known: KnownPeriod, members: BitMap | None
) -> EarlyChurn:
    rule = asked.settled.rule
    movement = get_movement(asked.snapshot, Scope(rule, group, members), known.start, known.end)
    newcomers = list_members(movement.new | movement.joined_and_left)
    starts, ends = asked.snapshot.first_spells(rule, group)
    until = asked.snapshot.freshness(rule).data_until
    return build_early_churn(
        starts[newcomers],
        ends[newcomers],
        _find_span(asked, known),
        asked.calendar,
        OPEN_END if until is None else until.toordinal(),
    )


def _find_span(asked: Asked, known: KnownPeriod) -> Span:
    """How long the first periods are in all."""
    period = known.period
    span = measure_span(period.start.toordinal(), period.end.toordinal(), asked.calendar)
    return span.times(asked.options.first_periods)


def _tell_survival(lifetimes: Lifetimes, months: int) -> Told:
    if not lifetimes.customers:
        return Told(None, reason="nobody_began")
    curve = build_survival_curve(lifetimes)
    details = {
        "months": months,
        "customers": lifetimes.customers,
        "ended": lifetimes.ended.n,
        "interval": "Greenwood, log(-log)",
        "curve": _list_curve(curve),
    }
    found = curve.at(months * MONTH_TICKS)
    if found is None:
        return Told(None, reason="nobody_seen_so_long", n=lifetimes.customers, details=details)
    return Told(
        found.value,
        found.low,
        found.high,
        n=lifetimes.customers,
        details=details | {"at_risk": found.at_risk},
    )


def _list_curve(curve: SurvivalCurve) -> list[dict[str, Any]]:
    """The estimate month by month, as far as anybody was seen."""
    last = 0 if curve.longest is None else curve.longest // MONTH_TICKS
    points = [(month, curve.at(month * MONTH_TICKS)) for month in range(last + 1)]
    return [
        {"month": month, "share": point.value, "low": point.low, "high": point.high}
        for month, point in points
        if point is not None
    ]


def _tell_median(lifetimes: Lifetimes) -> Told:
    if not lifetimes.customers:
        return Told(None, reason="nobody_began")
    median = find_median_lifetime(build_survival_curve(lifetimes))
    reason = "more_than_half_still_there" if median.value is None else None
    return Told(
        median.value,
        median.low,
        median.high,
        reason,
        n=lifetimes.customers,
        details={"customers": lifetimes.customers, "ended": lifetimes.ended.n},
    )


def _tell_tenure(table: TenureTable, months: int) -> Told:
    curve = [
        {"month": month, "customers": customers, "active": active}
        for month, (customers, active) in enumerate(zip(table.customers, table.active, strict=True))
    ]
    details = {"months": months, "curve": curve}
    found = table.share_at(months)
    if found is None:
        return Told(None, reason="nobody_of_that_time", details=details)
    return Told(found.value, found.low, found.high, n=int(found.denominator), details=details)


def _tell_early(asked: Asked, partial: EarlyChurn, known: KnownPeriod) -> Told:
    immature = partial.newcomers - partial.mature
    details = {"newcomers": partial.newcomers, "too_new": immature, "left": partial.left}
    rate = partial.rate
    reason = None
    if not partial.newcomers:
        reason = "nobody_new"
    elif _find_span(asked, known).most_days <= asked.settled.rule.settled_days:
        reason, rate = "rule_outlasts_first_periods", None
    elif rate is None:
        reason = "too_early_to_tell"
    return Told(
        None if rate is None else rate.value,
        None if rate is None else rate.low,
        None if rate is None else rate.high,
        reason,
        n=partial.mature,
        first_seen=known.completeness.first_seen,
        details=details,
    )
