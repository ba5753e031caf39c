"""An item's figures: its last complete periods, and the one that is not over where it has begun."""

from datetime import date
from typing import cast

from django.utils.translation import gettext as _
from pyroaring import BitMap

from vafa.data.business.queries import Business, get_business
from vafa.kit.errors import VafaError
from vafa.lab.errors import LabError
from vafa.lab.periods import Every, Period, WeekStart, shift_period
from vafa.measure.metrics.queries import Options, get_entry, get_metric, list_metric_names
from vafa.measure.metrics.types import MetricTable
from vafa.measure.reports.types import Figures, Item
from vafa.measure.segments.queries import build_chosen
from vafa.warehouse.queries import Snapshot

GROUPS_SHOWN = 20


def get_figures(item: Item, *, snapshot: Snapshot, visible: BitMap | None) -> Figures:
    """An item's figures as whoever may see `visible` sees them. Words instead where they can't be told."""
    if item.metric not in list_metric_names():
        return Figures(item, None, problem=_("There is no metric named “%(name)s”.") % {"name": item.metric})
    entry = get_entry(item.metric)
    try:
        return _find_figures(item, snapshot, visible)
    except VafaError as error:
        return Figures(item, entry, problem=str(error))


def _find_figures(item: Item, snapshot: Snapshot, visible: BitMap | None) -> Figures:
    chosen = build_chosen(item.segment, snapshot, item.rule or None) if item.segment else None

    def ask(start: date | None, end: date | None, by: str | None) -> MetricTable:
        return get_metric(
            item.metric,
            start=start,
            end=end,
            every=item.every,
            by=by,
            rule=item.rule or None,
            visible=visible,
            chosen=chosen,
            options=Options(real=item.real),
            groups_limit=GROUPS_SHOWN,
            snapshot=snapshot,
        )

    entry = get_entry(item.metric)
    last = ask(None, None, None)
    if not last.rows or last.data_until is None:
        return Figures(item, entry, table=last)
    latest = Period(last.rows[0].start, last.rows[0].end)
    business = get_business()
    first = _find_first(latest, item, last, business)
    running = _shift(latest, 1, item.every, last, business)
    goes_on = item.chart != "number" and running is not None and running.start < last.data_until
    end = running.end if running is not None and goes_on else latest.end
    table = ask(first, end, item.by or None)
    return Figures(item, entry, table, latest, _shift(latest, -1, item.every, last, business))


def _find_first(latest: Period, item: Item, table: MetricTable, business: Business) -> date:
    """Where the oldest period begins; there is always one to compare the latest with."""
    count = 2 if item.chart == "number" and not item.by else max(item.periods, 2)
    for back in range(count - 1, 0, -1):
        earlier = _shift(latest, -back, item.every, table, business)
        if earlier is not None:
            return earlier.start
    return latest.start


def _shift(period: Period, count: int, every: Every, table: MetricTable, business: Business) -> Period | None:
    """The period so many steps later; None where the calendar ends."""
    week = cast("WeekStart", business.week_start)
    first_month = business.fiscal_first_month if table.calendar == business.calendar else 1
    try:
        return shift_period(period, count, every, table.calendar, week, first_month)
    except LabError:
        return None
