"""Cohorts: of those who first came in one period, how many came again in each period after."""

from datetime import date

from django.utils.translation import gettext as _
from pyroaring import BitMap

from vafa.kit.errors import AskedWrongly
from vafa.lab.cohorts import build_cohorts
from vafa.lab.periods import EVERY, Every, Period, list_periods
from vafa.measure.metrics.asking import MOST_PERIODS, settle_cutting
from vafa.measure.metrics.counted import open_counted
from vafa.measure.metrics.types import CohortRow, CohortTable, Counting
from vafa.warehouse.queries import Snapshot, open_snapshot

COUNTINGS: tuple[Counting, ...] = ("all", "purchases")


def get_cohorts(
    every: str = "month",
    *,
    calendar: str | None = None,
    week_start: str | None = None,
    count: str = "all",
    visible: BitMap | None = None,
    snapshot: Snapshot | None = None,
) -> CohortTable:
    """The cohort table from the first row through the period that holds the end of data.

    `count` says what coming is: any row of an order that names the customer ("all", cancellations too), or a
    purchase. Raises AskedWrongly for unknown names.
    """
    length = _settle_length(every)
    counting = _settle_counting(count)
    copy, visible = open_counted(snapshot or open_snapshot(), visible)
    cutting = settle_cutting(calendar, week_start)
    freshness = copy.freshness(kinds=("orders",))
    first, until = freshness.first_on, freshness.data_until
    if first is None or until is None:
        return CohortTable(length, cutting.calendar, counting, until, (), "no_data")
    if length == "day" and (until - first).days > MOST_PERIODS:
        raise AskedWrongly(
            _("These are too many periods: at most %(most)s can be asked for at once.")
            % {"most": MOST_PERIODS},
            _("Choose longer periods."),
            code="too_many_periods",
        )
    periods = list_periods(first, until, length, cutting.calendar, cutting.week_start, cutting.first_month)
    sets = [_list_seen(copy, period, until, counting, visible) for period in periods]
    ends = {period.start: period.end for period in periods}
    rows = tuple(
        CohortRow(row.start, ends[row.start], row.size, row.kept, row.partial)
        for row in build_cohorts(periods, sets, until)
    )
    return CohortTable(length, cutting.calendar, counting, until, rows)


def _list_seen(
    snapshot: Snapshot, period: Period, until: date, counting: Counting, visible: BitMap | None
) -> BitMap:
    # Facts past the end of data come from a source that is ahead of another one: not everybody's are known.
    end = min(period.end, until)
    seek = snapshot.buyers if counting == "purchases" else snapshot.with_rows
    seen: BitMap = snapshot.cached(
        ("cohort_period", counting, period.start, end), lambda: seek(period.start, end)
    )
    return seen if visible is None else seen & visible


def _settle_length(every: str) -> Every:
    length = next((name for name in EVERY if name == every), None)
    if length is None:
        raise AskedWrongly(
            _("“%(name)s” names no length of time.") % {"name": every},
            _("Choose one of: %(names)s.") % {"names": ", ".join(EVERY)},
            code="name_unknown",
            names=list(EVERY),
        )
    return length


def _settle_counting(count: str) -> Counting:
    counting = next((name for name in COUNTINGS if name == count), None)
    if counting is None:
        raise AskedWrongly(
            _("“%(name)s” is no way of counting.") % {"name": count},
            _("Choose one of: %(names)s.") % {"names": ", ".join(COUNTINGS)},
            code="name_unknown",
            names=list(COUNTINGS),
        )
    return counting
