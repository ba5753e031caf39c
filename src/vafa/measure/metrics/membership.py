"""Who stayed, left, came and came back: a period's movement as sets, and the metrics made of it."""

from dataclasses import dataclass
from datetime import date

from pyroaring import BitMap

from vafa.lab.rates import build_article_rate
from vafa.lab.rules import ActivityRule
from vafa.lab.sets import Movement, build_movement
from vafa.measure.metrics.types import SetName
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

# A movement of a million customers takes most of a megabyte.
_WHOLE_MOVEMENTS_KEPT = 64


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
    group = scope.group
    if group is None or is_customer_dimension(group.dimension):
        movement = _get_whole(snapshot, scope.rule, start, end)
        if group is not None:
            movement = movement.within(snapshot.group_members(group))
    else:
        movement = _build(snapshot, scope.rule, group, start, end)
    return movement if scope.visible is None else movement.within(scope.visible)


def _get_whole(snapshot: Snapshot, rule: ActivityRule, start: int, end: int) -> Movement:
    """The movement of everybody, kept for a while: the groups of a field of customers are cut from it."""
    kept: dict[tuple[ActivityRule, int, int], Movement] = snapshot.cached(("whole_movements",), dict)
    found = kept.get((rule, start, end))
    if found is None:
        found = _build(snapshot, rule, None, start, end)
        if len(kept) >= _WHOLE_MOVEMENTS_KEPT:
            kept.clear()
        kept[rule, start, end] = found
    return found


def _build(snapshot: Snapshot, rule: ActivityRule, group: Group | None, start: int, end: int) -> Movement:
    inside = snapshot.active_between(rule, _day(start + 1), _day(end - 1), group) if end - start > 1 else None
    return build_movement(
        snapshot.active(rule, _day(start), group),
        snapshot.active(rule, _day(end), group),
        snapshot.first_start_days(rule, group),
        start,
        end,
        inside,
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


def _day(ordinal: int) -> date:
    return date.fromordinal(ordinal)
