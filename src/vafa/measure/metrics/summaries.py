"""The figures of a period's movement: small, so they are kept where the sets behind them are let go."""

from dataclasses import dataclass

from vafa.lab.rates import (
    DENOMINATORS,
    Denominator,
    Rate,
    build_article_rate,
    build_churn_rate,
    build_crr,
    build_growth_rate,
    build_net_change_rate,
)
from vafa.lab.sets import Movement
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.membership import COUNT_METRICS, MEMBERSHIP_METRICS, Scope, get_moved, get_movement
from vafa.measure.metrics.types import Counts, MetricRow, Value
from vafa.warehouse.queries import Snapshot

_SUMMARIES_KEPT = 20_000


@dataclass(frozen=True)
class Summary:
    """All figures of one movement. `churn` is by denominator, `article` by metric."""

    counts: Counts
    moved: int | None
    values: dict[str, Value]
    churn: dict[Denominator, Value]
    article: dict[str, float]
    article_customers: int


def get_summary(snapshot: Snapshot, scope: Scope, start: int, end: int) -> Summary:
    """The figures of [start, end) (ordinals) of those whom the asker may see."""
    if scope.visible is not None:
        return _summarise(snapshot, scope, start, end)
    kept: dict[object, Summary] = snapshot.cached(("summaries",), dict)
    key = (scope.rule, scope.group, start, end)
    found = kept.get(key)
    if found is None:
        found = _summarise(snapshot, scope, start, end)
        if len(kept) >= _SUMMARIES_KEPT:
            kept.clear()
        kept[key] = found
    return found


def _summarise(snapshot: Snapshot, scope: Scope, start: int, end: int) -> Summary:
    movement = get_movement(snapshot, scope, start, end)
    moved = get_moved(snapshot, scope, movement, end)
    article = build_article_rate(movement)
    value = article.value
    return Summary(
        counts=count_movement(movement),
        moved=None if moved is None else len(moved),
        values={metric: build_value(metric, movement) for metric in MEMBERSHIP_METRICS},
        churn={name: build_value("churn_rate", movement, name) for name in DENOMINATORS},
        article={} if value is None else {"crr": value, "churn_rate": 1 - value},
        article_customers=len(article.counted_too_much) + len(article.counted_too_little),
    )


def build_row(
    snapshot: Snapshot, scope: Scope, metric: str, known: KnownPeriod, denominator: Denominator
) -> MetricRow:
    """One metric's row for a period that the data know."""
    summary = get_summary(snapshot, scope, known.start, known.end)
    value = summary.churn[denominator] if metric == "churn_rate" else summary.values[metric]
    article = summary.article.get(metric) if denominator == "start" else None
    return MetricRow(
        start=known.period.start,
        end=known.period.end,
        group=None if scope.group is None else scope.group.value,
        value=value.value,
        low=value.low,
        high=value.high,
        counts=summary.counts,
        complete=known.completeness.complete,
        first_seen=known.completeness.first_seen,
        reason=value.reason,
        article_value=article,
        article_customers=None if article is None else summary.article_customers,
        moved=summary.moved,
    )


def build_value(metric: str, movement: Movement, denominator: Denominator = "start") -> Value:
    """A metric of a movement; without a value where nobody is in the denominator."""
    if metric in COUNT_METRICS:
        return Value(len(getattr(movement, COUNT_METRICS[metric])))
    rate = _build_rate(metric, movement, denominator)
    if rate is None:
        return Value(None, reason="nobody_at_the_start" if denominator == "start" else "nobody_active")
    return Value(rate.value, rate.low, rate.high)


def _build_rate(metric: str, movement: Movement, denominator: Denominator) -> Rate | None:
    if metric == "crr":
        return build_crr(movement)
    if metric == "churn_rate":
        return build_churn_rate(movement, denominator)
    if metric == "growth_rate":
        return build_growth_rate(movement)
    return build_net_change_rate(movement)


def count_movement(movement: Movement) -> Counts:
    """The sizes of a movement's sets."""
    return Counts(
        start=len(movement.start),
        end=len(movement.end),
        new=len(movement.new),
        kept=len(movement.kept),
        lost=len(movement.lost),
        reactivated=len(movement.reactivated),
        joined_and_left=len(movement.joined_and_left),
    )
