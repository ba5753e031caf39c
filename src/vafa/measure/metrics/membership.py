"""Who stayed, left, came and came back: a period's movement as sets, and the metrics made of it."""

from dataclasses import dataclass
from datetime import date

from pyroaring import BitMap

from vafa.lab.rates import MovementCounts, build_article_rate, count_moves
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
    return snapshot.cached(
        ("whole_movement", rule, start, end), lambda: _build(snapshot, rule, None, start, end)
    )


def _build(snapshot: Snapshot, rule: ActivityRule, group: Group | None, start: int, end: int) -> Movement:
    inside = snapshot.active_between(rule, _day(start + 1), _day(end - 1), group) if end - start > 1 else None
    return build_movement(
        snapshot.active(rule, _day(start), group),
        snapshot.active(rule, _day(end), group),
        snapshot.newcomers(rule, _day(start), _day(end), group),
        inside,
    )


class States:
    """Who is active at boundaries. The last two are remembered: the end of a period is the start of the next."""

    def __init__(self, snapshot: Snapshot, rule: ActivityRule, group: Group | None) -> None:
        self._snapshot, self._rule, self._group = snapshot, rule, group
        self.name = f"moves by {rule!r}"
        """Tells such states from others in a key: a text, because what is asked of it is asked hundreds of times."""
        self._known: dict[int, BitMap] = {}

    def at(self, boundary: int) -> BitMap:
        """Who is active at the midnight that begins this day (an ordinal)."""
        if boundary not in self._known:
            while len(self._known) > 1:
                self._known.pop(next(iter(self._known)))
            self._known[boundary] = self._snapshot.active(self._rule, _day(boundary), self._group)
        return self._known[boundary]


def count_members(
    snapshot: Snapshot,
    scope: Scope,
    start: int,
    end: int,
    *,
    with_ever: bool = False,
    states: States | None = None,
) -> MovementCounts:
    """The sizes of the sets of `get_movement`, told from the two states without making these sets.

    `ever` is 0 unless it is asked for: everybody who was active at any time is far more work than two states.
    `states` are those of the scope's rule and group, where several periods are counted one after another.
    """
    rule, group, first, last = scope.rule, scope.group, _day(start), _day(end)
    known = states or States(snapshot, rule, group)
    active_start = _narrow(known.at(start), scope.visible)
    active_end = _narrow(known.at(end), scope.visible)
    new, left = _count_newcomers(snapshot, scope, active_end, first, last)
    ever = 0
    if with_ever:
        ever = len(_narrow(snapshot.active_between(rule, first, last, group), scope.visible))
    return count_moves(active_start, active_end, new, left, ever)


def _count_newcomers(
    snapshot: Snapshot, scope: Scope, active_end: BitMap, first: date, last: date
) -> tuple[int, int]:
    """How many started for the first time in [first, last) and are active at its end; and how many were inside only."""
    rule, group = scope.rule, scope.group
    outlasts = rule.kind == "purchase" and rule.settled_days >= (last - first).days
    if (
        outlasts
        and group is not None
        and scope.visible is None
        and not is_customer_dimension(group.dimension)
    ):
        # Whoever bought in the period is active at its end, and in a group nobody comes otherwise than by buying.
        return snapshot.count_newcomers(first, last, group), 0
    new = active_end.intersection_cardinality(snapshot.newcomers(rule, first, last, group))
    if outlasts:
        return new, 0
    passing = _narrow(snapshot.passing_newcomers(rule, first, last, group), scope.visible)
    return new, len(passing) - active_end.intersection_cardinality(passing)


def _narrow(members: BitMap, visible: BitMap | None) -> BitMap:
    return members if visible is None else members & visible


def count_moved(snapshot: Snapshot, scope: Scope, start: int, end: int, kept: int) -> int | None:
    """How many `get_moved` are, by how many were kept; None where groups don't overlap."""
    if scope.group is None or is_customer_dimension(scope.group.dimension):
        return None
    before = _narrow(snapshot.active(scope.rule, _day(start), scope.group), scope.visible)
    # Whoever is active in the group is active in the whole, so of those still active the kept are a part.
    return before.intersection_cardinality(snapshot.active(scope.rule, _day(end))) - kept


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
