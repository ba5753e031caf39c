"""Growth beside churn: how many come for each who leaves, where that leads, and who is won back."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from pyroaring import BitMap

from vafa.lab.growth import Pace, Returns, build_ceiling, build_returns
from vafa.lab.rates import build_quick_ratio, build_win_back_rate
from vafa.lab.rules import ActivityRule
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.definitions import describe_rule
from vafa.measure.metrics.family import Asked, Cell, Family, Fit, Told
from vafa.measure.metrics.membership import Scope, get_movement, is_customer_dimension
from vafa.measure.metrics.membership_entries import PARSVT_CHURN
from vafa.measure.metrics.types import MetricEntry
from vafa.warehouse.types import Group


class GrowthFamily(Family):
    """What a period's movement says of growth."""

    names = frozenset(("quick_ratio", "growth_ceiling", "win_back_rate"))

    def name(self) -> str:
        return _("Growth beside churn")

    def list_entries(self) -> list[MetricEntry]:
        return list_growth_entries()

    def list_kinds(self, metric: str, rule: ActivityRule) -> tuple[str, ...]:
        return ()

    def looks_back(self, metric: str, rule: ActivityRule) -> int:
        return rule.settled_days

    def fits(self, metric: str, rule: ActivityRule) -> tuple[Fit, ...]:
        return ("order" if rule.kind == "purchase" else "subscription", "customer")

    def describe(self, asked: Asked) -> list[str]:
        return [describe_rule(asked.settled.told)]

    def measure(self, asked: Asked) -> Mapping[Cell, Pace | Returns]:
        build = _measure_returns if asked.metric == "win_back_rate" else _measure_pace
        return {
            (place, when): build(asked, group, known)
            for when, known in enumerate(asked.periods)
            for place, group in enumerate(asked.groups)
        }

    def zero(self, asked: Asked) -> Pace | Returns:
        return Returns() if asked.metric == "win_back_rate" else Pace()

    def tell(self, asked: Asked, partial: Any, group: Group | None, known: KnownPeriod) -> Told:
        first_seen = known.completeness.first_seen
        if asked.metric == "win_back_rate":
            return tell_returns(partial, first_seen=first_seen)
        return (tell_ratio if asked.metric == "quick_ratio" else tell_ceiling)(partial, first_seen=first_seen)


def tell_ratio(pace: Pace, *, first_seen: bool = False) -> Told:
    """How many come for each who leaves."""
    ratio = build_quick_ratio(pace.new, pace.reactivated, pace.lost)
    details = {"new": pace.new, "reactivated": pace.reactivated, "lost": pace.lost}
    if ratio is None:
        return Told(None, reason="nobody_lost", n=pace.lost, first_seen=first_seen, details=details)
    return Told(ratio.value, n=pace.lost, first_seen=first_seen, details=details)


def tell_ceiling(pace: Pace, *, first_seen: bool = False) -> Told:
    """The number of customers towards which the pace tends, with the bounds that the churn's interval sets."""
    ceiling = build_ceiling(pace)
    details: dict[str, Any] = {
        "start": pace.start,
        "new": pace.new,
        "reactivated": pace.reactivated,
        "lost": pace.lost,
        "with_reactivated": None if ceiling is None else ceiling.with_reactivated,
    }
    if ceiling is None:
        reason = "nobody_lost" if pace.start else "nobody_at_the_start"
        return Told(None, reason=reason, n=pace.start, first_seen=first_seen, details=details)
    return Told(
        ceiling.value, ceiling.low, ceiling.high, n=pace.start, first_seen=first_seen, details=details
    )


def tell_returns(returns: Returns, *, first_seen: bool = False) -> Told:
    """The share of those who had gone that came back."""
    rate = build_win_back_rate(returns.lapsed, returns.won_back)
    details = {"lapsed": returns.lapsed, "won_back": returns.won_back}
    if rate is None:
        return Told(None, reason="nobody_had_gone", n=0, first_seen=first_seen, details=details)
    return Told(rate.value, rate.low, rate.high, n=returns.lapsed, first_seen=first_seen, details=details)


def _measure_pace(asked: Asked, group: Group | None, known: KnownPeriod) -> Pace:
    scope = Scope(asked.settled.rule, group, asked.whose.at(known.period.start))
    movement = get_movement(asked.snapshot, scope, known.start, known.end)
    return Pace(
        start=len(movement.start),
        new=len(movement.new),
        reactivated=len(movement.reactivated),
        lost=len(movement.lost),
    )


def _measure_returns(asked: Asked, group: Group | None, known: KnownPeriod) -> Returns:
    rule, snapshot = asked.settled.rule, asked.snapshot
    scope = Scope(rule, group, asked.whose.at(known.period.start))
    movement = get_movement(snapshot, scope, known.start, known.end)
    starts, _ends = snapshot.first_spells(rule, group)
    members = _find_members(asked, group, known)
    return build_returns(starts, movement.start, movement.end, known.start, members)


def _find_members(asked: Asked, group: Group | None, known: KnownPeriod) -> BitMap | None:
    members = asked.whose.at(known.period.start)
    if group is None or not is_customer_dimension(group.dimension):
        return members
    own = asked.snapshot.group_members(group)
    return own if members is None else own & members


def list_growth_entries() -> list[MetricEntry]:
    """The dictionary's entries of growth."""
    return [
        MetricEntry(
            "quick_ratio",
            _("Quick ratio of customers"),
            _(
                "How many customers were won or won back in the period for each one lost. Below 1 the business "
                "shrinks. It says nothing where nobody was lost."
            ),
            "quick ratio = (N + R) / L",
            "ratio",
            "up",
            _("Common usage among subscription businesses, counted in customers"),
            ("quick ratio", "نسبت سریع رشد", "نسبة النمو السريعة", "速动比率", "增长速动比"),
        ),
        MetricEntry(
            "growth_ceiling",
            _("Ceiling of growth"),
            _(
                "The number of customers towards which the business tends if every period brings as many new ones "
                "and loses the same share of those there. Whoever comes back is not counted in it."
            ),
            "ceiling = N / churn = N × S / L",
            "customers",
            "up",
            PARSVT_CHURN,
            ("ceiling", "steady state", "سقف رشد", "سقف النمو", "增长上限"),
        ),
        MetricEntry(
            "win_back_rate",
            _("Win-back rate"),
            _(
                "Of the customers who had been active before the period began but were not when it did, the share "
                "who are active when it ends."
            ),
            "win-back = back at the end / gone at the start",
            "share",
            "up",
            _("Common usage; Vafa counts everybody who had ever gone"),
            ("win-back", "reactivation rate", "نرخ بازگشت مشتری", "معدل استعادة العملاء", "挽回率", "召回率"),
        ),
    ]
