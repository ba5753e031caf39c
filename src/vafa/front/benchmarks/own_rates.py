"""The business's own retention of a year and of a month, to be held against rates of the same length only."""

from dataclasses import dataclass
from datetime import date

from vafa.front.overview.question import read_question
from vafa.front.overview.views import Page
from vafa.lab.benchmarks import find_year_before
from vafa.lab.errors import LabError
from vafa.lab.rates import build_proportion
from vafa.measure.metrics.queries import get_metric
from vafa.measure.metrics.types import MetricRow

MONTHS = 12


@dataclass(frozen=True)
class OwnRate:
    """A retention rate with its 95% interval, and the days [start, end) that it is of; `months` where it is pooled."""

    value: float
    low: float
    high: float
    start: date
    end: date
    months: int | None = None


def find_own_year(page: Page) -> OwnRate | None:
    """The retention of the twelve months that end where the data end; None where the data are younger."""
    until = page.freshness.data_until
    if until is None:
        return None
    try:
        start = find_year_before(until, page.question.cutting.calendar)
    except LabError:
        return None
    return page.asker.keep(("own_year", page.question.rule), lambda: _ask_year(page, start, until))


def _ask_year(page: Page, start: date, end: date) -> OwnRate | None:
    rows = _ask(page, start, end, None)
    row = rows[0] if rows else None
    if row is None or row.value is None or row.low is None or row.high is None or not row.complete:
        return None
    return OwnRate(row.value, row.low, row.high, start, end)


def find_own_month(page: Page) -> OwnRate | None:
    """The retention of a month, of the last twelve complete months together: all kept over all who were there at a
    start. None where the data know no whole month."""
    return page.asker.keep(("own_month", page.question.rule), lambda: _ask_months(page))


def _ask_months(page: Page) -> OwnRate | None:
    rule = page.question.rule
    month = read_question({"rule": rule} if rule else {}, page.business, page.freshness.data_until)
    if month.period is None:
        return None
    first = next(found for back in range(MONTHS - 1, -1, -1) if (found := month.shift(-back)) is not None)
    rows = [
        row
        for row in _ask(page, first.start, month.period.end, "month")
        if row.counts is not None and row.complete
    ]
    counts = [row.counts for row in rows if row.counts is not None]
    rate = build_proportion(sum(count.kept for count in counts), sum(count.start for count in counts))
    if rate is None or rate.low is None or rate.high is None:
        return None
    return OwnRate(rate.value, rate.low, rate.high, rows[0].start, rows[-1].end, len(rows))


def _ask(page: Page, start: date, end: date, every: str | None) -> list[MetricRow]:
    table = get_metric(
        "crr",
        start=start,
        end=end,
        every=every,
        rule=page.question.rule,
        visible=page.asker.visible,
        snapshot=page.asker.snapshot,
    )
    return list(table.rows)
