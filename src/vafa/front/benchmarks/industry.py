"""What is claimed of an industry, beside the own rate of the same length."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from vafa.front.benchmarks.own_rates import OwnRate
from vafa.front.overview.texts import write_sentence
from vafa.kit.locale.formats import Style, format_interval, format_percent
from vafa.lab.benchmarks import decide_place, do_claims_disagree
from vafa.measure.metrics.queries import BenchmarkFigure


@dataclass(frozen=True)
class ClaimRow:
    """One source's figure as the table shows it; `verdict` says where the own rate stands, or why it isn't said."""

    named: str
    rate: str
    period: str
    publisher: str
    title: str
    year: str
    url: str
    note: str
    verdict: str
    tone: str


def build_claims(
    figures: Iterable[BenchmarkFigure], year: OwnRate | None, month: OwnRate | None, style: Style
) -> list[ClaimRow]:
    """The figures of an industry, each held against the own rate of its own length only."""
    return [_build_claim(figure, year, month, style) for figure in figures]


def _build_claim(
    figure: BenchmarkFigure, year: OwnRate | None, month: OwnRate | None, style: Style
) -> ClaimRow:
    verdict, tone = _judge(figure, {"year": year, "month": month}, style)
    source = figure.source
    return ClaimRow(
        named=figure.named,
        rate=write_claim(figure, style),
        period=name_period(figure),
        publisher=source.publisher,
        title=source.title,
        year=_("undated") if source.year is None else write_sentence(str(source.year), style),
        url=source.url,
        note=source.note,
        verdict=verdict,
        tone=tone,
    )


def write_claim(figure: BenchmarkFigure, style: Style) -> str:
    """A figure, or from where to where it goes."""
    decimals = 0 if _is_whole(figure.low) and _is_whole(figure.high) else 1
    if figure.low == figure.high:
        return format_percent(figure.low, style, decimals)
    return format_interval(figure.low, figure.high, style, decimals)


def _is_whole(share: float) -> bool:
    return round(share * 100, 6) == round(share * 100)


def name_period(figure: BenchmarkFigure) -> str:
    """The length of period that the source states."""
    if figure.period is None:
        return _("Period unstated")
    return _("A year") if figure.period == "year" else _("A month")


def _judge(figure: BenchmarkFigure, own: dict[str, OwnRate | None], style: Style) -> tuple[str, str]:
    if figure.period is None:
        return _("Not compared: the source does not say for which period."), ""
    rate = own[figure.period]
    if rate is None:
        return _("Not compared: your data know no such period yet."), ""
    place = decide_place((rate.low, rate.high), (figure.low, figure.high))
    value = {"own": format_percent(rate.value, style)}
    if place == "above":
        return _("Yours (%(own)s) is higher.") % value, "success"
    if place == "below":
        return _("Yours (%(own)s) is lower.") % value, "warning"
    if figure.low <= rate.value <= figure.high:
        return _("Yours (%(own)s) lies within it.") % value, "info"
    return _("Yours (%(own)s) cannot be told from it with so few customers.") % value, "info"


def write_disagreement(figures: list[BenchmarkFigure], style: Style) -> str | None:
    """How far the sources of one industry are apart; None where they agree, or only one speaks."""
    if len({figure.source for figure in figures}) < 2:
        return None
    if not do_claims_disagree([(figure.low, figure.high) for figure in figures]):
        return None
    low, high = min(figure.low for figure in figures), max(figure.high for figure in figures)
    return _("The sources disagree: they claim from %(low)s to %(high)s. Nothing is averaged here.") % {
        "low": format_percent(low, style, 0),
        "high": format_percent(high, style, 0),
    }
