"""Alerts and standings in words."""

from dataclasses import dataclass
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from vafa.front.overview.texts import name_every, write_value
from vafa.kit.locale.formats import Style, format_period
from vafa.measure.metrics.queries import get_entry
from vafa.measure.metrics.types import Unit
from vafa.measure.segments.queries import find_saved
from vafa.measure.watching.queries import Alert
from vafa.measure.watching.types import Figure, Standing


@dataclass(frozen=True)
class AlertText:
    """An alert, ready to print: `tone` is that of a notice."""

    id: int
    title: str
    text: str
    tone: str
    url: str
    settled: str
    """Who has seen to it; a dash where that is not known any more, "" where nobody has."""


def write_alert(alert: Alert, style: Style) -> AlertText:
    """What was out of the ordinary, in a sentence with its numbers."""
    entry = get_entry(alert.metric)
    words = {"value": write_value(alert.value, entry.unit, style)}
    if alert.kind == "target":
        words["target"] = write_value(alert.target, entry.unit, style)
        text = (
            _("%(value)s is below the target of %(target)s.")
            if alert.side == "below"
            else _("%(value)s is above the target of %(target)s.")
        ) % words
    else:
        words["range"] = write_range(alert.low, alert.high, entry.unit, style)
        text = (
            _("%(value)s is less than its past let expect (%(range)s).")
            if alert.side == "below"
            else _("%(value)s is more than its past let expect (%(range)s).")
        ) % words
    return AlertText(
        id=alert.pk,
        title=", ".join(filter(None, (entry.title, name_segment(alert.segment), name_period(alert, style)))),
        text=text,
        tone="success" if alert.good else "warning",
        url=build_url(Figure(alert.metric, alert.segment, alert.every), **{"from": alert.start_on}),
        settled=str(alert.settled_by or "–") if alert.settled_at else "",
    )


def build_url(figure: Figure, **more: object) -> str:
    """The address at which the figure is shown over time."""
    asked = {
        "metric": figure.metric,
        "show": "trend",
        "every": figure.every,
        "segment": figure.segment,
        **more,
    }
    return f"{reverse('explore')}?{urlencode({name: value for name, value in asked.items() if value})}"


def name_segment(slug: str) -> str:
    """A segment's name; empty for everybody, and the slug where the segment is gone."""
    found = find_saved(slug) if slug else None
    return slug if found is None else found.name


def name_period(alert: Alert, style: Style) -> str:
    """The alert's period by its name."""
    return format_period(alert.start_on, alert.end_on, alert.every, style)


def write_range(low: float | None, high: float | None, unit: Unit, style: Style) -> str:
    """From where to where a value is expected; shares don't leave 0 to 100%, counts don't fall below 0."""
    if low is None or high is None:
        return ""
    least, most = {"share": (0.0, 1.0), "nps": (-1.0, 1.0)}.get(unit, (0.0, high))
    inside = (max(low, least), max(min(high, most), least))
    ends = [write_value(end, unit, style) or "" for end in inside]
    return _("%(low)s to %(high)s") % {"low": ends[0], "high": ends[1]}


@dataclass(frozen=True)
class FigureRow:
    """One figure of the list, ready to print."""

    figure: Figure
    title: str
    segment: str
    every: str
    period: str
    value: str
    target: str
    reached: bool | None
    expected: str
    strange: bool
    watched: bool
    by_mail: bool
    url: str


def write_standing(
    standing: Standing, style: Style, *, watched: bool, by_mail: bool, calendar: str
) -> FigureRow:
    """A figure's last complete period beside its target and what was expected."""
    figure, row = standing.figure, standing.row
    entry = get_entry(figure.metric)
    value = None if row is None else row.value
    expected = standing.expected
    return FigureRow(
        figure=figure,
        title=entry.title,
        segment=name_segment(figure.segment),
        every=name_every(figure.every, calendar),
        period="" if row is None else format_period(row.start, row.end, figure.every, style),
        value=write_value(value, entry.unit, style) or "–",
        target=write_value(standing.target, entry.unit, style) or "",
        reached=is_reached(value, standing.target, entry.good),
        expected="" if expected is None else write_range(expected.low, expected.high, entry.unit, style),
        strange=any(verdict.kind == "range" for verdict in standing.verdicts),
        watched=watched,
        by_mail=by_mail,
        url=build_url(figure),
    )


RAW_COLUMNS = (
    "metric", "segment", "every", "from", "to", "value", "expected", "expected_low", "expected_high", "target",
)  # fmt: skip


def list_raw(standing: Standing) -> list[object]:
    """A watched figure as a row of a file: plain numbers, ISO days."""
    figure, row, expected = standing.figure, standing.row, standing.expected
    return [
        figure.metric,
        figure.segment or None,
        figure.every,
        row.start if row else None,
        row.end if row else None,
        row.value if row else None,
        expected.value if expected else None,
        expected.low if expected else None,
        expected.high if expected else None,
        standing.target,
    ]


ALERT_COLUMNS = (
    "metric", "segment", "every", "from", "to", "kind", "side", "value", "low", "high", "target", "raised_at",
    "settled_at", "settled_by",
)  # fmt: skip


def list_raw_alert(alert: Alert, zone: ZoneInfo) -> list[object]:
    """An alert as a row of a file: plain numbers, ISO days, moments of the business's zone."""
    moments = [
        None if moment is None else moment.astimezone(zone).replace(microsecond=0).isoformat()
        for moment in (alert.raised_at, alert.settled_at)
    ]
    return [
        alert.metric,
        alert.segment or None,
        alert.every,
        alert.start_on,
        alert.end_on,
        alert.kind,
        alert.side,
        alert.value,
        alert.low,
        alert.high,
        alert.target,
        *moments,
        str(alert.settled_by) if alert.settled_by else None,
    ]


def is_reached(value: float | None, target: float | None, good: str) -> bool | None:
    """Whether a value is on the right side of its target; None where there is nothing to say."""
    if value is None or target is None or good == "none":
        return None
    return value >= target if good == "up" else value <= target
