"""`vafa rate`: retention from counts alone."""

from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _

from vafa.kit.errors import AskedWrongly
from vafa.kit.locale.formats import build_default_style, format_interval, format_percent
from vafa.kit.terminal import JsonOption, answer, open_command
from vafa.lab.errors import LabError
from vafa.lab.from_counts import Counts
from vafa.lab.periods import parse_every
from vafa.measure.metrics.counting import (
    MOST_CUSTOMERS,
    RateAnswer,
    answer_counts,
    build_asked_wrongly,
    explain_too_many,
    explain_unknown,
)
from vafa.measure.metrics.types import Benchmark

_STYLE = build_default_style("en")

CountOption = int | None


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("rate")(rate)


@open_command("It works on the counts it is given and touches no data.")
def rate(
    start: Annotated[CountOption, typer.Option(help="Customers at the start of the period.")] = None,
    end: Annotated[CountOption, typer.Option(help="Customers at its end.")] = None,
    new: Annotated[CountOption, typer.Option(help="Customers won in the period.")] = None,
    lost: Annotated[CountOption, typer.Option(help="Customers of the start who were lost.")] = None,
    reactivated: Annotated[CountOption, typer.Option(help="Former customers who came back.")] = None,
    period: Annotated[
        str | None, typer.Option(help="month, quarter, half, year, week, or days: 30d.")
    ] = None,
    industry: Annotated[str | None, typer.Option(help="saas, retail, finance or consulting.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Work out retention and churn from counts alone: --start 1000 --end 1200 --new 200."""
    counts = Counts(start, end, new, lost, reactivated)
    check_sizes(counts)
    try:
        every = parse_every(period) if period is not None else None
        result = answer_counts(counts, every, industry)
    except LabError as error:
        raise build_asked_wrongly(error) from error
    answer(build_document(result, period), as_json, lambda: write_answer(result))


def check_sizes(counts: Counts) -> None:
    """Raise AskedWrongly for a count that no business can have."""
    for field in ("start", "end", "new", "lost", "reactivated"):
        value: int | None = getattr(counts, field)
        if value is not None and value > MOST_CUSTOMERS:
            refusal = explain_too_many(field)
            raise AskedWrongly(refusal.message, refusal.remedy, code=refusal.code, field=field)


def build_document(result: RateAnswer, period: str | None) -> dict[str, Any]:
    """The JSON document: fractions, or null where unknown (`reason` says why)."""
    rate_ = result.rate
    return {
        "crr": rate_.crr,
        "churn": rate_.churn,
        "net_change": rate_.net_change,
        "crr_low": rate_.crr_low,
        "crr_high": rate_.crr_high,
        "crr_annual": rate_.crr_annual,
        "churn_annual": rate_.churn_annual,
        "annual_is": None if rate_.crr_annual is None else "extrapolation",
        "sample_low": rate_.sample_low,
        "sample_high": rate_.sample_high,
        "article_value": result.article_value,
        "period": period,
        "reason": rate_.reason,
        "benchmark": None if result.benchmark is None else _build_benchmark(result.benchmark, result.place),
    }


def _build_benchmark(benchmark: Benchmark, place: str | None) -> dict[str, Any]:
    return {
        "industry": benchmark.industry,
        "title": benchmark.title,
        "churn_low": benchmark.churn_low,
        "churn_high": benchmark.churn_high,
        "good_below": benchmark.good_below,
        "period": benchmark.period or "unstated",
        "source": benchmark.source,
        "churn_annual_is": place,
    }


def write_answer(result: RateAnswer) -> str:
    """The same for people."""
    rate_ = result.rate
    lines = [
        f"{_('Customer retention rate (CRR)')}: {format_percent(rate_.crr, _STYLE)}",
        f"{_('Churn rate')}: {format_percent(rate_.churn, _STYLE)}",
        f"{_('Net change')}: {format_percent(rate_.net_change, _STYLE)}",
    ]
    if rate_.crr_low != rate_.crr_high:
        lines.append(
            _("By these counts the retention rate lies within %(bounds)s.")
            % {"bounds": format_interval(rate_.crr_low, rate_.crr_high, _STYLE)}
        )
    if rate_.reason is not None:
        lines.append(explain_unknown(rate_.reason))
    if result.article_value is not None:
        lines.append(
            _("The plain formula (E − N) / S gives %(value)s; it cannot tell who came back or left again.")
            % {"value": format_percent(result.article_value, _STYLE)}
        )
    if rate_.crr_annual is not None:
        lines.append(
            _(
                "If every period went like this one, a year would keep %(kept)s and lose %(lost)s (an extrapolation)."
            )
            % {
                "kept": format_percent(rate_.crr_annual, _STYLE),
                "lost": format_percent(rate_.churn_annual, _STYLE),
            }
        )
    if result.benchmark is not None:
        lines.append(write_benchmark(result.benchmark))
    return "\n".join(lines)


def write_benchmark(benchmark: Benchmark) -> str:
    """One line about an industry's churn, its source and its period."""
    said = {
        "title": benchmark.title,
        "range": format_interval(benchmark.churn_low or 0, benchmark.churn_high, _STYLE, 0),
        "source": benchmark.source,
    }
    if benchmark.period is None:
        return _("Churn in %(title)s: %(range)s, period unstated (%(source)s).") % said
    return _("Churn in %(title)s: %(range)s a year (%(source)s).") % said
