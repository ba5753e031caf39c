"""What happened on which days, for a chart: the business's own marks and the occasions of its country."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from vafa.kit.locale.formats import Style, format_day_range
from vafa.measure.metrics.types import MetricRow
from vafa.measure.watching.queries import list_marks


def add_marks(
    data: dict[str, Any], rows: Sequence[MetricRow], every: str, style: Style
) -> list[dict[str, str]]:
    """Put the marks of these periods into a chart's data, and give them as a list for people."""
    if not rows:
        return []
    found = list_marks(rows[0].start, rows[-1].end, every, style.language)
    data["marks"] = [
        {"index": place, "text": mark.title}
        for mark in found
        if (place := _find_place(rows, mark.start)) is not None
    ]
    return [
        {"title": mark.title, "when": format_day_range(mark.start, mark.end - timedelta(days=1), style)}
        for mark in found
    ]


def _find_place(rows: Sequence[MetricRow], day: date) -> int | None:
    """The period on which something began; the first one for what began before it."""
    if day < rows[0].start:
        return 0
    return next((place for place, row in enumerate(rows) if row.start <= day < row.end), None)
