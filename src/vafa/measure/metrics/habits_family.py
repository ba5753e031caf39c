"""Buying habits of a period: who buys again, and how long between."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from vafa.lab.histograms import Histogram
from vafa.lab.purchases import PurchaseHabits
from vafa.lab.rules import ActivityRule
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.family import Asked, Cell, Family, Told
from vafa.measure.metrics.habits import HABIT_METRICS, MEDIAN_METRIC, build_gap_histograms, get_habits
from vafa.measure.metrics.membership import Scope
from vafa.measure.metrics.membership_entries import PARSVT_CRR
from vafa.measure.metrics.types import MetricEntry
from vafa.warehouse.types import Group


class HabitsFamily(Family):
    """Repeat purchases, and the mean gap between purchases."""

    names = frozenset(HABIT_METRICS)

    def name(self) -> str:
        return _("Buying habits")

    def list_entries(self) -> list[MetricEntry]:
        return list_habit_entries()

    def list_kinds(self, metric: str, rule: ActivityRule) -> tuple[str, ...]:
        return ("orders",)

    def measure(self, asked: Asked) -> Mapping[Cell, PurchaseHabits | Histogram]:
        if asked.metric == MEDIAN_METRIC:
            return _measure_gaps(asked)
        return {
            (place, when): get_habits(
                asked.snapshot,
                Scope(asked.settled.rule, group, asked.whose.at(known.period.start)),
                known.start,
                known.end,
            )
            for place, group in enumerate(asked.groups)
            for when, known in enumerate(asked.periods)
        }

    def zero(self, asked: Asked) -> PurchaseHabits | Histogram:
        return Histogram() if asked.metric == MEDIAN_METRIC else PurchaseHabits(0, 0, 0, 0)

    def tell(self, asked: Asked, partial: Any, group: Group | None, known: KnownPeriod) -> Told:
        if asked.metric == MEDIAN_METRIC:
            return _tell_median(partial)
        if not partial.buyers:
            return Told(None, reason="nobody_bought")
        if asked.metric == "repeat_purchase_rate":
            rate = partial.repeat_purchase_rate
            return Told(None) if rate is None else Told(rate.value, rate.low, rate.high, n=partial.buyers)
        if not partial.gaps:
            return Told(None, reason="nobody_bought_twice")
        return Told(partial.mean_days_between_purchases, n=partial.gaps)


def _measure_gaps(asked: Asked) -> dict[Cell, Histogram]:
    found: dict[Cell, Histogram] = {}
    for when, known in enumerate(asked.periods):
        members = asked.whose.at(known.period.start)
        gaps = build_gap_histograms(asked.snapshot, asked.groups, members, known.start, known.end)
        found |= {(place, when): histogram for place, histogram in enumerate(gaps)}
    return found


def _tell_median(gaps: Histogram) -> Told:
    if not gaps.n:
        return Told(None, reason="nobody_bought_twice", n=0)
    quartiles = {"quarter": gaps.find_quantile(0.25), "three_quarters": gaps.find_quantile(0.75)}
    return Told(gaps.median, n=gaps.n, details={**quartiles, "gaps": gaps.to_dict()})


def list_habit_entries() -> list[MetricEntry]:
    """The dictionary's entries of habits."""
    return [
        MetricEntry(
            "repeat_purchase_rate",
            _("Repeat purchase rate"),
            _("Of the customers who bought in the period, the share who bought on two or more days of it."),
            "repeat = buyers(days ≥ 2) / buyers",
            "share",
            "up",
            PARSVT_CRR,
            ("repurchase", "نرخ تکرار خرید", "معدل تكرار الشراء", "复购率"),
        ),
        MetricEntry(
            "mean_days_between_purchases",
            _("Mean time between purchases"),
            _(
                "The mean number of days from one purchase day to the same customer's next, both inside the "
                "period. A growing gap is an early sign of leaving. Short periods cannot show long gaps."
            ),
            "gap = Σ(last day − first day) / Σ(purchase days − 1)",
            "days",
            "down",
            PARSVT_CRR,
            ("gap", "میانگین زمان بین خرید", "متوسط المدة بين عمليات الشراء", "平均购买间隔"),
        ),
        MetricEntry(
            MEDIAN_METRIC,
            _("Median time between purchases"),
            _(
                "Half of the gaps between a customer's purchase days, both inside the period, are no longer than so "
                "many days. A few very long gaps do not move it, as they do the mean."
            ),
            "median gap = middle of (next purchase day − purchase day)",
            "days",
            "down",
            _("Common usage; read it beside the mean"),
            ("median gap", "میانهٔ فاصلهٔ خریدها", "وسيط المدة بين عمليات الشراء", "购买间隔中位数"),
        ),
    ]
