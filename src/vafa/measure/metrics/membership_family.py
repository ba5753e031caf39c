"""Who stayed, left, came and came back: retention, churn and the counts behind them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from vafa.lab.rates import (
    MovementCounts,
    Rate,
    build_churn_rate,
    build_crr,
    build_growth_rate,
    build_net_change_rate,
    find_article_value,
)
from vafa.lab.rules import ActivityRule
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.definitions import describe_rule
from vafa.measure.metrics.family import Asked, Cell, Family, Fit, Told
from vafa.measure.metrics.membership import (
    COUNT_METRICS,
    MEMBERSHIP_METRICS,
    Scope,
    States,
    count_members,
    count_moved,
)
from vafa.measure.metrics.membership_entries import list_membership_entries
from vafa.measure.metrics.types import Counts, MetricEntry
from vafa.warehouse.types import Group


@dataclass(frozen=True)
class Moves:
    """The counts of a movement, and how many of the lost are active in another group (None: groups don't overlap)."""

    counts: MovementCounts = field(default_factory=MovementCounts)
    moved: int | None = None

    def __add__(self, other: "Moves") -> "Moves":
        known = [moved for moved in (self.moved, other.moved) if moved is not None]
        return Moves(self.counts + other.counts, sum(known) if known else None)


class MembershipFamily(Family):
    """Counts and rates of a period's movement."""

    names = frozenset(MEMBERSHIP_METRICS)

    def name(self) -> str:
        return _("Membership")

    def list_entries(self) -> list[MetricEntry]:
        return list_membership_entries()

    def list_kinds(self, metric: str, rule: ActivityRule) -> tuple[str, ...]:
        return ()

    def looks_back(self, metric: str, rule: ActivityRule) -> int:
        return rule.settled_days

    def fits(self, metric: str, rule: ActivityRule) -> tuple[Fit, ...]:
        return ("order" if rule.kind == "purchase" else "subscription", "customer")

    def describe(self, asked: Asked) -> list[str]:
        said = []
        if asked.denominator == "average":
            said.append(_("Here the lost ones are divided by the mean of the start and the end."))
        if asked.denominator == "ever":
            said.append(
                _("Here the lost ones are divided by everybody who was active at any time of the period.")
            )
        return [*said, describe_rule(asked.settled.told)]

    def measure(self, asked: Asked) -> Mapping[Cell, Moves]:
        found = {}
        for place, group in enumerate(asked.groups):
            states = States(asked.snapshot, asked.settled.rule, group)
            for when, known in enumerate(asked.periods):
                found[place, when] = _get_moves(asked, group, known, states)
        return found

    def zero(self, asked: Asked) -> Moves:
        return Moves()

    def tell(self, asked: Asked, partial: Moves, group: Group | None, known: KnownPeriod) -> Told:
        counts = partial.counts
        value, low, high, reason = _tell_value(asked, counts)
        article = find_article_value(counts) if asked.denominator == "start" else None
        if article is not None and asked.metric not in ("crr", "churn_rate"):
            article = None
        if article is not None and asked.metric == "churn_rate":
            article = 1 - article
        return Told(
            value,
            low,
            high,
            reason,
            first_seen=known.completeness.first_seen,
            counts=Counts(
                start=counts.start,
                end=counts.end,
                new=counts.new,
                kept=counts.kept,
                lost=counts.lost,
                reactivated=counts.reactivated,
                joined_and_left=counts.joined_and_left,
            ),
            moved=partial.moved,
            article_value=article,
            article_customers=None if article is None else counts.reactivated + counts.joined_and_left,
        )


def _get_moves(asked: Asked, group: Group | None, known: KnownPeriod, states: States) -> Moves:
    """The counts of a period; small, so those of everybody are kept where the sets behind them are let go."""
    whose = asked.whose.at(known.period.start)
    scope = Scope(asked.settled.rule, group, whose)
    if whose is not None:
        return _count(asked, scope, known, states)
    key = (states.name, known.start, asked.denominator == "ever", asked.options.moved)
    end = date.fromordinal(known.end)
    if scope.rule.kind == "subscription":
        return asked.snapshot.cached((*key, group, end), lambda: _count(asked, scope, known, states))
    return asked.snapshot.cached_until(
        end, group, key, lambda: _count(asked, scope, known, states), small=True
    )


def _count(asked: Asked, scope: Scope, known: KnownPeriod, states: States) -> Moves:
    with_ever = asked.denominator == "ever"
    counts = count_members(asked.snapshot, scope, known.start, known.end, with_ever=with_ever, states=states)
    if not asked.options.moved:
        return Moves(counts)
    return Moves(counts, count_moved(asked.snapshot, scope, known.start, known.end, counts.kept))


def _tell_value(
    asked: Asked, counts: MovementCounts
) -> tuple[float | None, float | None, float | None, str | None]:
    """A metric of a movement and its interval; without a value where nobody is in the denominator."""
    if asked.metric in COUNT_METRICS:
        return getattr(counts, COUNT_METRICS[asked.metric]), None, None, None
    rate = _build_rate(asked, counts)
    if rate is None:
        return None, None, None, "nobody_at_the_start" if asked.denominator == "start" else "nobody_active"
    return rate.value, rate.low, rate.high, None


def _build_rate(asked: Asked, counts: MovementCounts) -> Rate | None:
    if asked.metric == "crr":
        return build_crr(counts)
    if asked.metric == "churn_rate":
        return build_churn_rate(counts, asked.denominator)
    if asked.metric == "growth_rate":
        return build_growth_rate(counts)
    return build_net_change_rate(counts)
