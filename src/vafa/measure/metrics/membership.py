"""Who stayed, left, came and came back: a period's movement as sets, and the metrics made of it."""

from dataclasses import dataclass
from datetime import date

from pyroaring import BitMap

from vafa.lab.rates import (
    Denominator,
    Rate,
    build_article_rate,
    build_churn_rate,
    build_crr,
    build_growth_rate,
    build_net_change_rate,
)
from vafa.lab.rules import ActivityRule
from vafa.lab.sets import Movement, build_movement
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.types import Counts, MetricRow, SetName
from vafa.warehouse.queries import Snapshot
from vafa.warehouse.types import CUSTOM_PREFIX, CUSTOMER_DIMENSIONS, Group

COUNT_METRICS: dict[str, SetName] = {
    "customers_start": "start",
    "customers_end": "end",
    "customers_new": "new",
    "customers_kept": "kept",
    "customers_lost": "lost",
    "customers_reactivated": "reactivated",
}
RATE_METRICS = ("crr", "churn_rate", "net_change_rate", "growth_rate")
MEMBERSHIP_METRICS = (*COUNT_METRICS, *RATE_METRICS)


@dataclass(frozen=True)
class Value:
    """A value with its interval, or None with its reason."""

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Scope:
    """What is looked at: the rule, the group (None: all) and whom the asker may see (None: everybody)."""

    rule: ActivityRule
    group: Group | None = None
    visible: BitMap | None = None


def is_customer_dimension(dimension: str) -> bool:
    """Whether a field belongs to customers, so that its groups add up."""
    return dimension in CUSTOMER_DIMENSIONS or dimension.startswith(CUSTOM_PREFIX)


def get_movement(snapshot: Snapshot, scope: Scope, start: int, end: int) -> Movement:
    """The movement of [start, end) (ordinals) of those whom the asker may see."""
    key = ("movement", str(scope.rule), scope.group, start, end)
    whole: Movement = snapshot.cached(key, lambda: _build(snapshot, scope, start, end))
    return whole if scope.visible is None else whole.within(scope.visible)


def _build(snapshot: Snapshot, scope: Scope, start: int, end: int) -> Movement:
    rule, group = scope.rule, scope.group
    # By a customer's own field a newcomer is new to the business; by a field of orders, new to the group.
    own_start = group if group is not None and not is_customer_dimension(group.dimension) else None
    return build_movement(
        snapshot.active(rule, _day(start), group),
        snapshot.active(rule, _day(end), group),
        snapshot.first_start_days(rule, own_start),
        start,
        end,
        snapshot.active_between(rule, _day(start + 1), _day(end - 1), group) if end - start > 1 else None,
    )


def get_moved(snapshot: Snapshot, scope: Scope, movement: Movement, end: int) -> BitMap | None:
    """Those of a group's lost who are active elsewhere at the end; None where groups don't overlap."""
    if scope.group is None or is_customer_dimension(scope.group.dimension):
        return None
    return movement.lost & snapshot.active(scope.rule, _day(end))


def get_set(snapshot: Snapshot, scope: Scope, name: SetName, start: int, end: int) -> BitMap:
    """The customers behind one count of a period, as the same code counts them."""
    movement = get_movement(snapshot, scope, start, end)
    if name == "moved":
        return get_moved(snapshot, scope, movement, end) or BitMap()
    if name == "article_difference":
        article = build_article_rate(movement)
        return article.counted_too_much | article.counted_too_little
    found: BitMap = getattr(movement, name)
    return found


def build_row(
    snapshot: Snapshot, scope: Scope, metric: str, known: KnownPeriod, denominator: Denominator
) -> MetricRow:
    """One metric's row for a period that the data know."""
    movement = get_movement(snapshot, scope, known.start, known.end)
    moved = get_moved(snapshot, scope, movement, known.end)
    value = build_value(metric, movement, denominator)
    article_value, article_customers = build_article(metric, movement, denominator)
    return MetricRow(
        start=known.period.start,
        end=known.period.end,
        group=None if scope.group is None else scope.group.value,
        value=value.value,
        low=value.low,
        high=value.high,
        counts=count_movement(movement),
        complete=known.completeness.complete,
        first_seen=known.completeness.first_seen,
        reason=value.reason,
        article_value=article_value,
        article_customers=article_customers,
        moved=None if moved is None else len(moved),
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


def build_article(
    metric: str, movement: Movement, denominator: Denominator
) -> tuple[float | None, int | None]:
    """(E - N) / S for the retention rate, 1 minus it for churn over the start, and who makes it differ."""
    if metric not in ("crr", "churn_rate") or denominator != "start":
        return None, None
    article = build_article_rate(movement)
    if article.value is None:
        return None, None
    value = article.value if metric == "crr" else 1 - article.value
    return value, len(article.counted_too_much) + len(article.counted_too_little)


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


def _day(ordinal: int) -> date:
    return date.fromordinal(ordinal)
