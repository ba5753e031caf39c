"""A metric beside the business's own past and its target: the best, the median, the same period a year ago."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from vafa.front.overview.figures import TREND_PERIODS
from vafa.front.overview.question import Question, read_question
from vafa.front.overview.texts import Change, write_value
from vafa.front.overview.views import Page
from vafa.kit.locale.formats import format_number, format_period
from vafa.lab.benchmarks import find_best, find_median, find_year_before
from vafa.lab.errors import LabError
from vafa.lab.periods import build_period
from vafa.measure.metrics.queries import get_entry, get_metric
from vafa.measure.metrics.types import MetricEntry, MetricRow
from vafa.measure.watching.queries import find_target
from vafa.measure.watching.types import Figure

EVERY = ("month", "quarter", "year")
MOST_BACK = {"month": 60, "quarter": 24, "year": 12}


@dataclass(frozen=True)
class Beside:
    """Something of its own past or will that the newest value is held against."""

    label: str
    value: str
    note: str
    change: Change | None


@dataclass(frozen=True)
class Past:
    """The newest complete period of a metric, and what it is held against. `count` periods were looked at."""

    entry: MetricEntry
    value: str
    period: str
    beside: list[Beside]
    told: str


def build_past(page: Page, metric: str, every: str) -> Past | None:
    """The metric's newest complete period beside its past and target; None where there is no value."""
    entry = get_entry(metric)
    rows = page.asker.keep(
        ("past", metric, every, page.question.rule), lambda: _list_rows(page, metric, every)
    )
    if not rows:
        return None
    newest, values = rows[-1], [row.value for row in rows if row.value is not None]
    now = newest.value
    beside = []
    if entry.good != "none" and len(values) > 1:
        best = rows[find_best(values, more_is_better=entry.good == "up")]
        beside.append(_build(page, entry, _("The best"), best.value, now, _name(page, best, every)))
    if len(values) > 1:
        note = _("of %(count)s periods") % {"count": format_number(len(values), page.style)}
        beside.append(_build(page, entry, _("The median"), find_median(values), now, note))
    if (before := _find_year_before(page, rows, every)) is not None:
        beside.append(_build(page, entry, _("A year ago"), before.value, now, _name(page, before, every)))
    target = find_target(Figure(metric, "", every)) if page.asker.owner_id is None else None
    if target is not None:
        beside.append(_build(page, entry, _("Your target"), target, now, ""))
    return Past(
        entry=entry,
        value=write_value(now, entry.unit, page.style) or "",
        period=_name(page, newest, every),
        beside=beside,
        told="" if target is not None else _("No target is set for it."),
    )


def _list_rows(page: Page, metric: str, every: str) -> list[MetricRow]:
    """The complete periods with a value, oldest first."""
    rule = page.question.rule
    asked = {"every": every, **({"rule": rule} if rule else {})}
    question: Question = read_question(asked, page.business, page.freshness.data_until)
    if question.period is None:
        return []
    back = max(MOST_BACK[every], TREND_PERIODS[every])
    first = next(found for steps in range(back, -1, -1) if (found := question.shift(-steps)) is not None)
    table = get_metric(
        metric,
        start=first.start,
        end=question.period.end,
        every=every,
        rule=rule,
        visible=page.asker.visible,
        snapshot=page.asker.snapshot,
    )
    return [row for row in table.rows if row.value is not None and row.complete]


def _find_year_before(page: Page, rows: list[MetricRow], every: str) -> MetricRow | None:
    """The same period of the year before, in the calendar in which periods are cut."""
    cut = page.question.cutting
    try:
        day = find_year_before(rows[-1].start, cut.calendar)
        wanted = build_period(day, every, cut.calendar, cut.week_start, cut.first_month)  # type: ignore[arg-type]
    except LabError:
        return None
    return next((row for row in rows if row.start == wanted.start), None)


def _build(
    page: Page, entry: MetricEntry, label: str, value: float | None, now: float | None, note: str
) -> Beside:
    return Beside(
        label, write_value(value, entry.unit, page.style) or "–", note, _compare(entry, now, value, page)
    )


def _compare(entry: MetricEntry, now: float | None, other: float | None, page: Page) -> Change | None:
    if now is None or other is None:
        return None
    if write_value(now, entry.unit, page.style) == write_value(other, entry.unit, page.style):
        return Change("same", _("The same now"), None)
    good = None if entry.good == "none" else (now > other) == (entry.good == "up")
    return Change("up", _("Higher now"), good) if now > other else Change("down", _("Lower now"), good)


def _name(page: Page, row: MetricRow, every: str) -> str:
    return format_period(row.start, row.end, every, page.style, page.question.cutting.calendar)
