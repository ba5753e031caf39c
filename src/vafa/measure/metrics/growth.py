"""Growth beside churn, period by period, with the ceiling that churn sets: for a chart and the sentence under it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from pyroaring import BitMap

from vafa.measure.metrics.asked_metric import get_metric
from vafa.measure.metrics.types import MetricRow
from vafa.warehouse.queries import Snapshot


@dataclass(frozen=True)
class GrowthPoint:
    """What one period did. `growth` and `churn` are shares of those at its start; None where nobody was there.

    `ceiling` is the number of customers towards which the business tends at this pace, with its interval, if nobody
    comes back; `with_reactivated` if as many do as did here. None, with the `reason`, where nobody was lost.
    """

    start: date
    end: date
    customers_start: int
    new: int
    reactivated: int
    lost: int
    complete: bool
    ceiling: float | None
    low: float | None
    high: float | None
    with_reactivated: float | None
    reason: str | None

    @property
    def customers_end(self) -> int:
        """How many there are when the period ends."""
        return self.customers_start - self.lost + self.new + self.reactivated

    @property
    def growth(self) -> float | None:
        """New and reactivated for each one of the start."""
        come = self.new + self.reactivated
        return come / self.customers_start if self.customers_start else None

    @property
    def churn(self) -> float | None:
        """The share of the start that was lost."""
        return self.lost / self.customers_start if self.customers_start else None


def get_growth_and_ceiling(
    *,
    start: date | None = None,
    end: date | None = None,
    every: str | int | None = None,
    rule: str | None = None,
    visible: BitMap | None = None,
    chosen: Callable[[date], BitMap] | None = None,
    snapshot: Snapshot | None = None,
) -> list[GrowthPoint]:
    """The periods of which something is known, as `get_metric` cuts them. Raises AskedWrongly."""
    table = get_metric(
        "growth_ceiling",
        start=start,
        end=end,
        every=every,
        rule=rule,
        visible=visible,
        chosen=chosen,
        snapshot=snapshot,
    )
    return [_build_point(row) for row in table.rows if row.details]


def _build_point(row: MetricRow) -> GrowthPoint:
    told = row.details
    return GrowthPoint(
        start=row.start,
        end=row.end,
        customers_start=told["start"],
        new=told["new"],
        reactivated=told["reactivated"],
        lost=told["lost"],
        complete=row.complete,
        ceiling=row.value,
        low=row.low,
        high=row.high,
        with_reactivated=told["with_reactivated"],
        reason=row.reason,
    )
