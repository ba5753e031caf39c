"""What the rate page shows of an answer: ready texts, and the articles' worked examples."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from vafa.kit.locale.digits import rewrite_digits
from vafa.kit.locale.formats import (
    Style,
    format_interval,
    format_number,
    format_percent,
    isolate,
    strip_direction_marks,
)
from vafa.measure.metrics.counting import RateAnswer, explain_unknown
from vafa.measure.metrics.types import Benchmark


@dataclass(frozen=True)
class Line:
    """A formula in a left-to-right run, and what it is."""

    label: str
    formula: str


@dataclass(frozen=True)
class Example:
    """A worked example of the articles and its address."""

    title: str
    story: str
    formula: str
    address: str


@dataclass(frozen=True)
class Result:
    """The texts of an answer, ready to print."""

    crr: str
    churn: str
    net_change: str
    bounds: str | None
    sample: str | None
    unknown: str | None
    article: str | None
    yearly: str | None
    lines: tuple[Line, ...]
    benchmark: str | None
    benchmark_note: str | None
    benchmark_source: str | None


def build_result(answer: RateAnswer, style: Style) -> Result:
    """The texts of an answer in the reader's digits."""
    rate = answer.rate
    exact = rate.crr_low == rate.crr_high
    return Result(
        crr=format_percent(rate.crr, style),
        churn=format_percent(rate.churn, style),
        net_change=format_percent(rate.net_change, style),
        bounds=None if exact else _write_bounds(rate.crr_low, rate.crr_high, style),
        sample=_write_sample(rate.sample_low, rate.sample_high, style),
        unknown=None if rate.reason is None else explain_unknown(rate.reason),
        article=_write_article(answer.article_value, style),
        yearly=_write_yearly(answer, style),
        lines=tuple(_build_lines(answer, style)),
        benchmark=None if answer.benchmark is None else write_range(answer.benchmark, style),
        benchmark_note=None if answer.benchmark is None else _write_place(answer),
        benchmark_source=None if answer.benchmark is None else answer.benchmark.source,
    )


def _write_bounds(low: float, high: float, style: Style) -> str:
    return _(
        "Counts alone leave it open between %(bounds)s: a customer who was lost may have been a newcomer. "
        "Give the lost ones of the start to make it exact."
    ) % {"bounds": format_interval(low, high, style)}


def _write_sample(low: float | None, high: float | None, style: Style) -> str | None:
    if low is None or high is None:
        return None
    text = _("With this many customers, chance alone leaves it within %(interval)s (95%% sure).") % {
        "interval": format_interval(low, high, style)
    }
    return rewrite_digits(text, style.digits)


def _write_article(value: float | None, style: Style) -> str | None:
    if value is None:
        return None
    return _(
        "The plain formula %(formula)s gives %(value)s here, for it cannot tell apart those who came back or "
        "newcomers who left again."
    ) % {"formula": "\u2066(E − N) / S\u2069", "value": format_percent(value, style)}


def _write_yearly(answer: RateAnswer, style: Style) -> str | None:
    rate = answer.rate
    if rate.crr_annual is None:
        return None
    return _(
        "If every period went like this one, a year would keep %(kept)s and lose %(lost)s. This is an "
        "extrapolation, not a measurement."
    ) % {
        "kept": format_percent(rate.crr_annual, style),
        "lost": format_percent(rate.churn_annual, style),
    }


def _put(text: str) -> str:
    """A number as it stands in a formula: a left-to-right run of its own, whatever its digits."""
    return isolate(strip_direction_marks(text))


def _build_lines(answer: RateAnswer, style: Style) -> list[Line]:
    """The formulas with the numbers put in."""
    rate, counts = answer.rate, answer.rate.counts
    start = _put(format_number(counts.start, style))
    lines = []
    if rate.crr is not None and rate.churn is not None:
        crr, churn = _put(format_percent(rate.crr, style)), _put(format_percent(rate.churn, style))
        lines.append(Line(_("Customer retention rate (CRR)"), _write_crr(answer, start, crr, style)))
        whole = _put(format_percent(1, style, 0))
        lines.append(
            Line(_("Churn rate"), f"{_put(format_number(1, style))} − CRR = {whole} − {crr} = {churn}")
        )
    if rate.net_change is not None:
        end, net = _put(format_number(counts.end, style)), _put(format_percent(rate.net_change, style))
        lines.append(Line(_("Net change"), f"(E − S) ÷ S = ({end} − {start}) ÷ {start} = {net}"))
    return lines


def _write_crr(answer: RateAnswer, start: str, value: str, style: Style) -> str:
    counts = answer.rate.counts
    if counts.lost is not None:
        return (
            f"CRR = (S − L) ÷ S = ({start} − {_put(format_number(counts.lost, style))}) ÷ {start} = {value}"
        )
    end, new = _put(format_number(counts.end, style)), _put(format_number(counts.new, style))
    if counts.reactivated:
        back = _put(format_number(counts.reactivated, style))
        return f"CRR = (E − N − R) ÷ S = ({end} − {new} − {back}) ÷ {start} = {value}"
    return f"CRR = (E − N) ÷ S = ({end} − {new}) ÷ {start} = {value}"


def write_range(benchmark: Benchmark, style: Style) -> str:
    """An industry's churn, with its period or the word that none is stated."""
    if benchmark.churn_low is None:
        said = _("under %(share)s") % {"share": format_percent(benchmark.churn_high, style, 0)}
    else:
        said = format_interval(benchmark.churn_low, benchmark.churn_high, style, 0)
    if benchmark.period is None:
        return _("%(title)s: churn of %(range)s, period unstated") % {"title": benchmark.title, "range": said}
    return _("%(title)s: churn of %(range)s a year") % {"title": benchmark.title, "range": said}


def _write_place(answer: RateAnswer) -> str:
    if answer.benchmark is not None and answer.benchmark.period is None:
        return _("The source does not say for which period. Rates of unlike periods cannot be compared.")
    if answer.place == "above":
        return _("Your yearly churn would be above this range: more leave than is usual.")
    if answer.place == "below":
        return _("Your yearly churn would be below this range: fewer leave than is usual.")
    if answer.place == "within":
        return _("Your yearly churn would lie within this range.")
    return _("Say how long your period is, and the yearly churn can be compared.")


def write_unlike_periods(style: Style) -> str:
    """Why a month, a quarter and a year aren't compared as they are."""
    return _(
        "A month, a quarter and a year must not be compared as they are: %(month)s kept in each month leaves "
        "only %(year)s after a year."
    ) % {"month": format_percent(0.8, style, 0), "year": format_percent(0.8**12, style, 0)}


def list_examples(style: Style) -> list[Example]:
    """The articles' worked examples, each as an address of this page."""
    year, month, quarter = _("A year"), _("A month"), _("A quarter")
    return [
        _build(_("Online shop"), year, style, start=1000, end=900, new=200, period="year", industry="retail"),
        _build(_("Subscription service"), month, style, start=5000, end=4800, new=800, period="month"),
        _build(_("Sports club"), quarter, style, start=300, end=290, new=50, period="quarter"),
        _build(_("Small company"), month, style, start=100, end=105, new=15, lost=10, period="month"),
        _build(_("Start-up"), quarter, style, start=20, end=24, new=5, period="quarter"),
        _build(_("Only the lost are known"), month, style, start=1000, lost=150, period="month"),
    ]


def _build(title: str, length: str, style: Style, **asked: int | str) -> Example:
    numbers = {name: value for name, value in asked.items() if isinstance(value, int)}
    letters = {"start": "S", "end": "E", "new": "N", "lost": "L"}
    formula = ", ".join(
        f"{letters[name]} = {_put(format_number(value, style))}" for name, value in numbers.items()
    )
    return Example(title, length, formula, "?" + urlencode(asked))
