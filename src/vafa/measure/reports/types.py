"""What may cross this room's door: what a dashboard shows, when a report is due, and errors."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from vafa.kit.errors import AskedWrongly, VafaError
from vafa.lab.cadences import CADENCES, LAST_MONTH_DAY, WEEKDAYS, Cadence
from vafa.lab.periods import EVERY, Every, Period
from vafa.measure.metrics.types import MetricEntry, MetricTable

__all__ = [
    "CADENCES", "CHARTS", "LAST_MONTH_DAY", "LENGTHS", "MOST_ITEMS", "MOST_PERIODS", "WEEKDAYS", "Cadence", "Chart",
    "DashboardMissing", "Figures", "Item", "ItemUnusable", "LinkState", "MailState", "NobodyToSendTo", "PastRun",
    "RunState", "TooManyItems",
]  # fmt: skip

Chart = Literal["number", "trend", "table"]
RunState = Literal["pending", "claimed", "done", "failed"]
LinkState = Literal["open", "expired", "revoked", "closed"]

CHARTS: tuple[Chart, ...] = get_args(Chart)
LENGTHS: tuple[Every, ...] = EVERY
MOST_PERIODS = 60
MOST_ITEMS = 40


@dataclass(frozen=True)
class Item:
    """One metric of a dashboard: the last `periods` complete periods of a length, of everybody or of a segment,
    perhaps split by a field, under the business's activity rule or another one. `title` stands over its own name."""

    metric: str
    chart: Chart = "trend"
    every: Every = "month"
    periods: int = 12
    by: str = ""
    segment: str = ""
    rule: str = ""
    real: bool = False
    title: str = ""


@dataclass(frozen=True)
class Figures:
    """An item's figures: a row for each period and group, the oldest period first.

    `latest` is the last complete period, `before` the one before it; the table may go on with a period that is not
    over. `problem` says in words why there are none, and then there is no table.
    """

    item: Item
    entry: MetricEntry | None
    table: MetricTable | None = None
    latest: Period | None = None
    before: Period | None = None
    problem: str = ""


@dataclass(frozen=True)
class MailState:
    """What became of one report to one member of staff."""

    staff: str
    address: str
    state: str
    answer: str


@dataclass(frozen=True)
class PastRun:
    """One time that a report went out, or was to: for which day, and what became of each mail."""

    due_on: date
    by_hand: bool
    state: RunState
    problem: str
    ended_at: datetime | None
    mails: tuple[MailState, ...]


class DashboardMissing(VafaError):
    """There is no such dashboard, or not for this member of staff."""

    code = "dashboard_missing"


class ItemUnusable(AskedWrongly):
    """An item can't be kept as it was given."""

    code = "item_unusable"


class TooManyItems(AskedWrongly):
    """A dashboard holds as many metrics as it may."""

    code = "too_many_items"


class NobodyToSendTo(AskedWrongly):
    """A report has nobody to go to."""

    code = "nobody_to_send_to"
