"""The trend and growth charts: data for the drawing, and the same numbers as a table."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from vafa.front.overview.cards import build_names_url
from vafa.front.overview.marks import add_marks
from vafa.front.overview.question import OWN, Question
from vafa.front.overview.texts import write_sentence
from vafa.kit.locale.formats import (
    Style,
    format_interval,
    format_number,
    format_percent,
    format_period,
    format_signed,
)
from vafa.lab.periods import Period
from vafa.measure.metrics.queries import explain_reason, find_benchmark
from vafa.measure.metrics.types import Benchmark, MetricRow, MetricTable

DIGITS = {"latn": "latn", "fa": "arabext", "arab": "arab"}
GROWTH_COLUMNS = (
    "from", "to", "start", "kept", "new", "reactivated", "lost", "net_change", "end", "complete",
)  # fmt: skip
Cell = str | dict[str, str]


@dataclass(frozen=True)
class Chart:
    """A chart with its table. `raw` are the same rows for a file: plain numbers, ISO days. `left_out` says how many
    groups have no line."""

    data: dict[str, Any]
    label: str
    columns: list[dict[str, Any]]
    rows: list[list[Cell]]
    raw_columns: list[str]
    raw: list[list[Any]]
    marks: list[dict[str, str]] = field(default_factory=list)
    left_out: str | None = None


def name_period(row: MetricRow, question: Question, style: Style) -> str:
    """A row's period by its name."""
    every = "" if question.every == OWN else question.every
    return format_period(row.start, row.end, every, style, question.cutting.calendar)


def _build_frame(rows: list[MetricRow], question: Question, style: Style) -> dict[str, Any]:
    names = [name_period(row, question, style) for row in rows]
    return {
        "labels": names,
        "titles": names,
        "complete": [row.complete for row in rows],
        "notes": [_write_note(row) for row in rows],
        "incomplete_text": _("Not complete"),
    }


def _write_note(row: MetricRow) -> str | None:
    if row.reason:
        return explain_reason(row.reason)
    if row.first_seen:
        return _("First seen: the data begin too near before this period.")
    return None if row.complete else _("Not over yet: the data end inside it.")


def list_known_rows(table: MetricTable) -> list[MetricRow]:
    """The rows from the first period of which anything is known."""
    rows = list(table.rows)
    first = next((place for place, row in enumerate(rows) if row.counts is not None), len(rows))
    return rows[first:]


def list_names_urls(
    rows: list[MetricRow], name_of_set: str, question: Question, *, may_see_names: bool
) -> list[str | None]:
    """The addresses of the names behind a count of each row; none where the asker may not see them."""
    if not may_see_names:
        return [None] * len(rows)
    return [
        build_names_url(question, name_of_set, period=Period(row.start, row.end)) if row.counts else None
        for row in rows
    ]


def build_trend(
    crr: MetricTable,
    churn: MetricTable,
    question: Question,
    style: Style,
    industry: str,
    *,
    may_see_names: bool = False,
) -> Chart | None:
    """Retention and churn by period with their intervals; None where no period is known."""
    kept, lost = list_known_rows(crr), list_known_rows(churn)
    if not kept:
        return None
    frame = _build_frame(kept, question, style)
    titles = (_("Retention rate"), _("Churn rate"))
    kept_urls = list_names_urls(kept, "kept", question, may_see_names=may_see_names)
    lost_urls = list_names_urls(lost, "lost", question, may_see_names=may_see_names)
    series = [
        _build_share_series(titles[0], kept, style) | {"urls": kept_urls},
        _build_share_series(titles[1], lost, style) | {"urls": lost_urls},
    ]
    data = frame | {
        "interval_text": write_sentence(_("95% interval"), style),
        "format": {"style": "percent", "digits": DIGITS[style.digits], "decimals": 0, "min": 0, "max": 1},
        "series": series,
    }
    if (mark := _build_mark(find_benchmark(industry), question, style)) is not None:
        data["benchmark"] = mark
    marks = add_marks(data, kept, str(question.every), style)
    columns: list[dict[str, Any]] = [
        {"title": _("Period")},
        *({"title": title, "number": True} for title in titles),
        {"title": write_sentence(_("95% interval of retention"), style), "number": True},
        {"title": _("Note")},
    ]
    rows: list[list[Cell]] = [
        [
            frame["labels"][place],
            _build_cell(format_percent(row.value, style), kept_urls[place]),
            _build_cell(format_percent(lost[place].value, style), lost_urls[place]),
            format_interval(row.low, row.high, style),
            frame["notes"][place] or "",
        ]
        for place, row in enumerate(kept)
    ]
    raw = [
        [row.start, row.end, row.value, row.low, row.high, lost[place].value, row.complete]
        for place, row in enumerate(kept)
    ]
    return Chart(
        data=data,
        label=_("Retention and churn rate, period by period"),
        columns=columns,
        rows=rows,
        raw_columns=["from", "to", "crr", "low", "high", "churn_rate", "complete"],
        raw=raw,
        marks=marks,
    )


def _build_cell(text: str, url: str | None) -> Cell:
    return {"text": text, "url": url} if url else text


def _build_share_series(name: str, rows: list[MetricRow], style: Style) -> dict[str, Any]:
    return {
        "name": name,
        "values": [row.value for row in rows],
        "texts": [None if row.value is None else format_percent(row.value, style) for row in rows],
        "low": [row.low for row in rows],
        "high": [row.high for row in rows],
        "interval_texts": [
            None if row.low is None else format_interval(row.low, row.high, style) for row in rows
        ],
    }


def build_growth(
    crr: MetricTable, question: Question, style: Style, *, may_see_names: bool = False
) -> Chart | None:
    """Who came, came back and left in each period; None where no period is known."""
    rows = [row for row in list_known_rows(crr) if row.counts is not None]
    if not rows:
        return None
    frame = _build_frame(rows, question, style)
    counts = [row.counts for row in rows if row.counts is not None]
    columns: list[tuple[str, str, list[int]]] = [
        ("new", _("New"), [count.new for count in counts]),
        ("reactivated", _("Reactivated"), [count.reactivated for count in counts]),
        ("lost", _("Lost"), [count.lost for count in counts]),
        ("net", _("Net change"), [count.end - count.start for count in counts]),
    ]
    urls = {
        name: list_names_urls(rows, name, question, may_see_names=may_see_names)
        for name in ("start", "kept", "new", "reactivated", "lost", "end")
    }
    data = frame | {
        "format": {"style": "number", "digits": DIGITS[style.digits], "decimals": 0},
        "series": [
            _build_count_series(role, name, values, style) | ({"urls": urls[role]} if role in urls else {})
            for role, name, values in columns
        ],
    }
    marks = add_marks(data, rows, str(question.every), style)
    kept = [count.kept for count in counts]
    table_columns: list[dict[str, Any]] = [
        {"title": _("Period")},
        {"title": _("At the start"), "number": True},
        {"title": _("Kept"), "number": True},
        *({"title": name, "number": True} for _role, name, _values in columns),
        {"title": _("At the end"), "number": True},
    ]
    table: list[list[Cell]] = []
    raw: list[list[Any]] = []
    for place, (row, count) in enumerate(zip(rows, counts, strict=True)):
        moved = [values[place] for _role, _name, values in columns]
        shown = {
            "start": count.start,
            "kept": kept[place],
            "new": count.new,
            "reactivated": count.reactivated,
        }
        table.append(
            [
                frame["labels"][place],
                *(
                    _build_cell(format_number(value, style), urls[name][place])
                    for name, value in (*shown.items(), ("lost", count.lost))
                ),
                format_signed(moved[3], style),
                _build_cell(format_number(count.end, style), urls["end"][place]),
            ]
        )
        raw.append([row.start, row.end, count.start, kept[place], *moved, count.end, row.complete])
    return Chart(
        data=data,
        label=_("New, reactivated and lost customers, period by period"),
        columns=table_columns,
        rows=table,
        raw_columns=list(GROWTH_COLUMNS),
        raw=raw,
        marks=marks,
    )


def _build_count_series(role: str, name: str, values: list[int], style: Style) -> dict[str, Any]:
    write = format_signed if role == "net" else format_number
    return {"name": name, "role": role, "values": values, "texts": [write(value, style) for value in values]}


def _build_mark(benchmark: Benchmark | None, question: Question, style: Style) -> dict[str, Any] | None:
    """The industry's yearly retention as a line, among years only: unlike periods are never compared."""
    if benchmark is None or benchmark.period != "year" or question.every != "year":
        return None
    value = 1 - benchmark.churn_high
    return {
        "value": value,
        "text": _("%(industry)s: retention of at least %(share)s a year")
        % {"industry": benchmark.title, "share": format_percent(value, style, 0)},
    }


def describe_benchmark(
    row: MetricRow | None, yearly: tuple[float, float] | None, industry: str, question: Question, style: Style
) -> str | None:
    """What the industry's figure says beside ours; None where none is known or there is nothing to compare.

    `yearly` is our retention and churn drawn out to a year, where the period is another length.
    """
    benchmark = find_benchmark(industry)
    if benchmark is None:
        return None
    values = {
        "industry": benchmark.title,
        "churn": _write_churn(benchmark, style),
        "source": benchmark.source,
    }
    if benchmark.period is None:
        return (
            _(
                "%(industry)s: churn of %(churn)s, but %(source)s does not say for which period, so it is not drawn: "
                "rates of unlike periods cannot be compared."
            )
            % values
        )
    if question.every == "year" or row is None or row.value is None or yearly is None:
        return _("%(industry)s: churn of %(churn)s a year (%(source)s).") % values
    values["own"] = format_percent(yearly[1], style)
    return (
        _(
            "%(industry)s: churn of %(churn)s a year (%(source)s). If every period went like this one, yours would be "
            "%(own)s a year: an extrapolation, not a measurement."
        )
        % values
    )


def _write_churn(benchmark: Benchmark, style: Style) -> str:
    if benchmark.churn_low is None:
        return _("under %(share)s") % {"share": format_percent(benchmark.churn_high, style, 0)}
    return format_interval(benchmark.churn_low, benchmark.churn_high, style, 0)
