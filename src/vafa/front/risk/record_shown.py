"""The track record as it is read: month by month, by band, by the size of the chance, and beside simpler ways."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from vafa.front.overview.charts import DIGITS
from vafa.front.overview.texts import write_sentence
from vafa.front.risk.words import BANDS, name_band
from vafa.kit.locale.formats import (
    Style,
    format_day,
    format_interval,
    format_number,
    format_percent,
    format_period,
)
from vafa.lab.calendars import CalendarName
from vafa.lab.periods import build_period
from vafa.lab.rates import build_wilson_interval
from vafa.predict.scores.types import Judged, Tally

FILE_COLUMNS = (
    "as_of", "until", "horizon_days", "told_in", "customers", "predicted_to_leave", "left", "left_share_low",
    "left_share_high", "auc", "recency_auc", "purchase_model_auc", "brier", "purchase_model_brier",
)  # fmt: skip


Columns = list[dict[str, Any]]


@dataclass(frozen=True)
class Shown:
    """A table with the drawing of its numbers; without `data` there is nothing to draw."""

    label: str
    columns: Columns
    rows: list[list[Any]]
    data: dict[str, Any] | None = None


def choose_monthly(judged: Sequence[Judged], calendar: CalendarName) -> list[Judged]:
    """The first prediction of each month of the business's calendar, so that each month counts once."""
    firsts: dict[date, Judged] = {}
    for one in sorted(judged, key=lambda one: one.as_of):
        firsts.setdefault(build_period(one.as_of, "month", calendar).start, one)
    return list(firsts.values())


def name_month_of(day: date, style: Style) -> str:
    """The month that holds a day, by its name."""
    period = build_period(day, "month", style.calendar)
    return format_period(period.start, period.end, "month", style, style.calendar)


def build_months(months: Sequence[Judged], style: Style) -> Shown:
    """Predicted beside happened, month by month, the newest first in the table."""
    label = _("Customers predicted to leave, and those who left, month by month")
    predicted, left = _("Predicted to leave"), _("Left")
    columns: Columns = [
        {"title": _("Predicted in")},
        {"title": _("Seen until")},
        {"title": _("Customers"), "number": True},
        {"title": predicted, "number": True},
        {"title": left, "number": True},
        {"title": _("Share predicted"), "number": True},
        {"title": _("Share that left"), "number": True},
        {"title": write_sentence(_("95% interval"), style), "number": True},
    ]
    rows = [
        [
            name_month_of(one.as_of, style),
            format_day(one.ends_on - timedelta(days=1), style, "short"),
            format_number(one.whole.n, style),
            _write_count(one.whole.expected, style),
            format_number(one.whole.left, style),
            format_percent(_share(one.whole.expected, one.whole), style),
            format_percent(_share(one.whole.left, one.whole), style),
            format_interval(*_find_interval(one.whole), style),
        ]
        for one in reversed(months)
    ]
    return Shown(label, columns, rows, _draw_months(months, (predicted, left), style))


def _draw_months(months: Sequence[Judged], names: tuple[str, str], style: Style) -> dict[str, Any] | None:
    if len(months) < 2:
        return None
    titles = [name_month_of(one.as_of, style) for one in months]
    happened = [_share(one.whole.left, one.whole) for one in months]
    ends = [_find_interval(one.whole) for one in months]
    series = [
        {
            "name": names[1],
            "values": happened,
            "texts": [format_percent(value, style) for value in happened],
            "low": [low for low, _high in ends],
            "high": [high for _low, high in ends],
            "interval_texts": [format_interval(low, high, style) for low, high in ends],
        }
    ]
    if any(one.whole.expected is not None for one in months):
        told = [_share(one.whole.expected, one.whole) for one in months]
        texts = [None if value is None else format_percent(value, style) for value in told]
        series.insert(0, {"name": names[0], "values": told, "texts": texts})
    return {
        "labels": titles,
        "titles": titles,
        "interval_text": write_sentence(_("95% interval"), style),
        "format": {
            "style": "percent", "digits": DIGITS[style.digits], "decimals": 0, "fromZero": True},
        "series": series,
    }  # fmt: skip


def build_bands(judged: Judged, style: Style) -> Shown:
    """Predicted beside happened by band of risk, the highest first."""
    told = [(name_band(band), judged.bands[band]) for band in BANDS if band in judged.bands]
    columns: Columns = [
        {"title": _("Risk")},
        {"title": _("Customers"), "number": True},
        {"title": _("Predicted to leave"), "number": True},
        {"title": _("Left"), "number": True},
        {"title": _("Share that left"), "number": True},
        {"title": write_sentence(_("95% interval"), style), "number": True},
    ]
    rows = [
        [
            name,
            format_number(tally.n, style),
            _write_count(tally.expected, style),
            format_number(tally.left, style),
            format_percent(_share(tally.left, tally), style),
            format_interval(*_find_interval(tally), style),
        ]
        for name, tally in told
    ]
    return Shown(_("Those who left, by band of risk"), columns, rows)


def build_curve(judged: Judged, style: Style) -> Shown | None:
    """Of those with about the same chance, the share that left: where both are alike, the chances are right. None where
    no chances were told."""
    if not judged.curve:
        return None
    names = [
        _("%(low)s to %(high)s")
        % {"low": format_percent(one.low, style), "high": format_percent(one.high, style)}
        for one in judged.curve
    ]
    tallies = [Tally(one.n, one.left, one.told * one.n) for one in judged.curve]
    columns: Columns = [
        {"title": _("Chance of leaving")},
        {"title": _("Customers"), "number": True},
        {"title": _("Share predicted"), "number": True},
        {"title": _("Share that left"), "number": True},
        {"title": write_sentence(_("95% interval"), style), "number": True},
    ]
    rows = [
        [
            name,
            format_number(tally.n, style),
            format_percent(_share(tally.expected, tally), style),
            format_percent(_share(tally.left, tally), style),
            format_interval(*_find_interval(tally), style),
        ]
        for name, tally in zip(names, tallies, strict=True)
    ]
    return Shown(_("The share that left, by the chance that was predicted"), columns, rows)


def build_skill(months: Sequence[Judged], style: Style) -> Shown | None:
    """How well the predictions told who leaves, beside simpler ways, month by month, the newest first; None where it
    is not known."""
    known = [one for one in reversed(months) if one.auc is not None]
    if not known:
        return None
    columns: Columns = [
        {"title": _("Predicted in")},
        {"title": _("This prediction"), "number": True},
        *({"title": title, "number": True} for title in _name_simpler(known[0].question.kind)),
    ]
    rows = [
        [
            name_month_of(one.as_of, style),
            *(
                None if auc is None else format_number(auc, style, 3)
                for auc in (one.auc, one.recency_auc, one.baseline_auc)
            ),
        ]
        for one in known
    ]
    return Shown(_("How well it was told who leaves (AUC)"), columns, rows)


def _name_simpler(kind: str) -> tuple[str, str]:
    """The two simpler ways, by what binds the customers."""
    if kind == "contracts":
        return _("By the time as a customer alone"), _("By the model of that time alone")
    return _("By the last purchase alone"), _("By the purchase model alone")


def list_file_rows(judged: Sequence[Judged]) -> list[list[Any]]:
    """Every prediction that was judged, as a row of a file, the earliest first."""
    rows = []
    for one in judged:
        low, high = _find_interval(one.whole)
        rows.append(
            [
                one.as_of, one.ends_on - timedelta(days=1), one.question.horizon_days, one.level, one.whole.n,
                _round(one.whole.expected, 1), one.whole.left, _round(low), _round(high), _round(one.auc),
                _round(one.recency_auc), _round(one.baseline_auc), _round(one.brier), _round(one.baseline_brier),
            ]
        )  # fmt: skip
    return rows


def _round(value: float | None, places: int = 4) -> float | None:
    return None if value is None else round(value, places)


def _share(count: float | None, tally: Tally) -> float | None:
    return None if count is None or not tally.n else count / tally.n


def _find_interval(tally: Tally) -> tuple[float | None, float | None]:
    return build_wilson_interval(tally.left, tally.n) if tally.n else (None, None)


def _write_count(count: float | None, style: Style) -> str | None:
    return None if count is None else format_number(round(count), style)
