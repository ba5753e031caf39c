"""Which figures are seen, and what they are now."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import cast

import numpy as np
from pyroaring import BitMap

from vafa.data.business.queries import Business, list_all_rates
from vafa.lab.calendars import CalendarName
from vafa.lab.errors import LabError
from vafa.lab.periods import Every, Period, WeekStart, find_last_complete_period, shift_period
from vafa.measure.history.types import Key
from vafa.measure.metrics.queries import get_metric, list_metric_names, list_names, settle_rule
from vafa.measure.metrics.types import SetName
from vafa.warehouse.queries import Snapshot

# The overview's figures; those that the dictionary doesn't have are passed over.
METRICS = (
    "crr", "churn_rate", "customers_start", "customers_end", "customers_kept", "customers_new", "customers_lost",
    "customers_reactivated", "net_change_rate", "growth_rate", "repeat_purchase_rate", "average_order_value",
    "mean_days_between_purchases", "revenue", "mrr",
)  # fmt: skip
# How many of the last complete periods are seen.
PERIODS: dict[Every, int] = {"month": 6, "quarter": 4, "year": 2}
# The settings of the business that figures rest on.
SETTINGS = (
    "activity_rule", "calendar", "week_start", "fiscal_first_month", "zone", "currency", "revenue_parts", "counts_as",
    "exclusions",
)  # fmt: skip

# Who was kept, lost or came back follows from these three.
SETS: tuple[SetName, ...] = ("start", "end", "new")
SetKey = tuple[date, date, SetName]


def list_periods_seen(snapshot: Snapshot, business: Business) -> dict[Every, list[Period]]:
    """The last complete periods of each length, oldest first; none without data."""
    rule = settle_rule(None, snapshot).rule
    until = snapshot.freshness(rule).data_until
    return {} if until is None else {every: _list_last(until, every, business) for every in PERIODS}


def _list_last(until: date, every: Every, business: Business) -> list[Period]:
    calendar, week = cast("CalendarName", business.calendar), cast("WeekStart", business.week_start)
    first_month = business.fiscal_first_month
    found: list[Period] = []
    try:
        period = find_last_complete_period(until, every, calendar, week, first_month)
        while len(found) < PERIODS[every]:
            found.append(period)
            period = shift_period(period, -1, every, calendar, week, first_month)
    except LabError:  # the calendar isn't known further back
        pass
    return found[::-1]


def measure(
    snapshot: Snapshot, business: Business, only: Iterable[Key] | None = None
) -> dict[Key, float | None]:
    """The figures that are seen, or some of them; a period of which the data know nothing has none."""
    wanted = None if only is None else set(only)
    known = [name for name in METRICS if name in list_metric_names()]
    found: dict[Key, float | None] = {}
    for every, periods in list_periods_seen(snapshot, business).items():
        for name in known:
            keys = {Key(name, period.start, period.end) for period in periods}
            if not periods or (wanted is not None and not keys & wanted):
                continue
            table = get_metric(
                name, start=periods[0].start, end=periods[-1].end, every=every, snapshot=snapshot
            )
            for row in table.rows:
                key = Key(name, row.start, row.end)
                if key in keys and row.complete and (wanted is None or key in wanted):
                    found[key] = row.value
    return found


def build_sets(snapshot: Snapshot, business: Business) -> dict[SetKey, bytes]:
    """Who stands behind these periods (at the start, at the end, new), as serialised bitmaps of ids."""
    found: dict[SetKey, bytes] = {}
    for periods in list_periods_seen(snapshot, business).values():
        for period in periods:
            for name in SETS:
                ids = list_names(name, period, snapshot=snapshot)
                found[period.start, period.end, name] = BitMap(np.sort(ids).astype(np.uint32)).serialize()
    return found


def build_fingerprint(snapshot: Snapshot, business: Business) -> str:
    """What stands for the settings that figures rest on: it changes whenever one of them does."""
    told = {name: getattr(business, name) for name in SETTINGS}
    told["rule"] = settle_rule(None, snapshot).told.text
    told["rates"] = [(rate.currency, str(rate.rate), str(rate.valid_from)) for rate in list_all_rates()]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()
