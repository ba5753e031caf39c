"""The groups of RFM: how many customers are champions, loyal, at risk and so on when a period ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from vafa.lab.rfm import FIFTHS, RFM_GROUPS, RfmHistograms, build_limits, find_groups
from vafa.lab.rules import ActivityRule
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.definitions import describe_revenue
from vafa.measure.metrics.family import Asked, Cell, Family, Fit, Told
from vafa.measure.metrics.rfm import get_values, score_values
from vafa.measure.metrics.types import MetricEntry
from vafa.warehouse.types import Group

_SQUARES = FIFTHS**3


@dataclass(frozen=True)
class RfmLimitsOfPeriods:
    """What the limits of each period come from; those of customers apart add up."""

    histograms: tuple[RfmHistograms, ...]

    def __add__(self, other: "RfmLimitsOfPeriods") -> "RfmLimitsOfPeriods":
        pairs = zip(self.histograms, other.histograms, strict=True)
        return RfmLimitsOfPeriods(tuple(one + another for one, another in pairs))


@dataclass(frozen=True)
class RfmCounts:
    """How many customers have each of the 125 scores, in order of R, F and M. Those of customers apart add up."""

    squares: tuple[int, ...] = field(default=(0,) * _SQUARES)

    def __add__(self, other: "RfmCounts") -> "RfmCounts":
        pairs = zip(self.squares, other.squares, strict=True)
        return RfmCounts(tuple(one + another for one, another in pairs))


class RfmFamily(Family):
    """Counts by scores. The limits of the scores are those of everybody, found in a first pass."""

    names = frozenset(("rfm_groups",))

    def name(self) -> str:
        return _("Buying habits")

    def list_entries(self) -> list[MetricEntry]:
        return [
            MetricEntry(
                "rfm_groups",
                _("Customers by RFM group"),
                _(
                    "How many customers had bought when the period ended, and how many of them are in each group. "
                    "Scores from 1 to 5 for the last day of purchase, the number of purchase days and the money "
                    "(returns taken off) are fifths of all who have bought; equal values have equal scores. The "
                    "groups follow from the first score and the mean of the other two."
                ),
                "RFM = (recency, frequency, money), each 1..5",
                "customers",
                "none",
                _("A. M. Hughes, “Strategic Database Marketing”; the groups are those in common use"),
                (
                    "RFM",
                    "recency frequency money",
                    "تازگی، تعداد و مبلغ خرید",
                    "تحليل RFM",
                    "RFM 分群",
                    "RFM模型",
                ),
            )
        ]

    def list_kinds(self, metric: str, rule: ActivityRule) -> tuple[str, ...]:
        return ("orders",)

    def fits(self, metric: str, rule: ActivityRule) -> tuple[Fit, ...]:
        return ("customer",)

    def describe(self, asked: Asked) -> list[str]:
        return [describe_revenue(asked.business.revenue_parts)]

    def prepare(self, asked: Asked) -> RfmLimitsOfPeriods:
        """The histograms of everybody, in whose fifths also a segment or one agent's customers are scored."""
        whole = asked.snapshot.unlimited
        return RfmLimitsOfPeriods(
            tuple(
                get_values(whole, asked.business, date.fromordinal(known.end))
                .within(asked.whose.shard)
                .build_histograms()
                for known in asked.periods
            )
        )

    def measure(self, asked: Asked) -> Mapping[Cell, RfmCounts]:
        found: dict[Cell, RfmCounts] = {}
        for when, known in enumerate(asked.periods):
            limits = build_limits(asked.prepared.histograms[when])
            values = get_values(asked.snapshot, asked.business, date.fromordinal(known.end))
            seen = values.within(asked.whose.at(known.period.start))
            for place, group in enumerate(asked.groups):
                own = seen if group is None else seen.within(asked.snapshot.group_members(group))
                table = score_values(own, limits)
                places = (table.recency.astype(np.int64) - 1) * FIFTHS + table.frequency - 1
                counts = np.bincount(places * FIFTHS + table.money - 1, minlength=_SQUARES)
                found[place, when] = RfmCounts(tuple(counts.tolist()))
        return found

    def zero(self, asked: Asked) -> RfmCounts:
        return RfmCounts()

    def tell(self, asked: Asked, partial: Any, group: Group | None, known: KnownPeriod) -> Told:
        counts = np.array(partial.squares, dtype=np.int64)
        total = int(counts.sum())
        squares = np.indices((FIFTHS,) * 3).reshape(3, -1).astype(np.uint8) + 1
        places = find_groups(squares[0], squares[1], squares[2])
        sums = np.bincount(places, weights=counts, minlength=len(RFM_GROUPS)).astype(np.int64)
        details = {
            "groups": dict(zip(RFM_GROUPS, sums.tolist(), strict=True)),
            "scores": {
                "".join(map(str, square)): int(count)
                for square, count in zip(squares.T.tolist(), counts, strict=True)
                if count
            },
        }
        return Told(total, reason=None if total else "nobody_bought_before", n=total, details=details)
