"""Benchmarks: the own retention beside what is claimed of an industry, beside the target and beside the own past."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from vafa.front.benchmarks.industry import build_claims, write_claim, write_disagreement
from vafa.front.benchmarks.own_rates import OwnRate, find_own_month, find_own_year
from vafa.front.benchmarks.past import EVERY, build_past
from vafa.front.navigation import find_url
from vafa.front.overview.exports import build_sheet, list_downloads
from vafa.front.overview.pickers import Option
from vafa.front.overview.texts import name_every, name_rule, write_sentence
from vafa.front.overview.views import Page
from vafa.kit.locale.formats import Style, format_interval, format_percent, format_period
from vafa.kit.permissions import Permission, requires
from vafa.measure.metrics.queries import list_benchmark_figures, list_entries, list_industries


@requires(Permission.SEE_FIGURES)
def benchmarks(request: HttpRequest) -> HttpResponse:
    """`/benchmarks/?industry=&metric=&every=`: the industry is the business's own unless another is chosen."""
    page = Page(request)
    industries = list_industries()
    asked = request.GET.get("industry", page.business.industry)
    industry = asked if asked in dict(industries) else ""
    metrics = {entry.name: entry for entry in list_entries() if entry.entity == "customer"}
    metric = request.GET.get("metric", "crr")
    metric = metric if metric in metrics else "crr"
    every = request.GET.get("every", "month")
    every = every if every in EVERY else "month"
    year, month = find_own_year(page), find_own_month(page)
    figures = list_benchmark_figures(industry) if industry else []
    calendar = page.question.cutting.calendar
    context: dict[str, Any] = {
        "problems": page.problems,
        "is_limited": page.asker.owner_id is not None,
        "industries": [Option(code, title, code == industry) for code, title in industries],
        "industry_title": dict(industries).get(industry),
        "is_own_industry": industry == page.business.industry,
        "year": _write_own(year, page.style),
        "month": _write_own(month, page.style),
        "rule": name_rule(page.rule.text, page.style),
        "claims": build_claims(figures, year, month, page.style),
        "disagreement": write_disagreement(figures, page.style),
        "metrics": [Option(name, entry.title, name == metric) for name, entry in metrics.items()],
        "everies": [Option(name, name_every(name, calendar), name == every) for name in EVERY],
        "past": build_past(page, metric, every),
        "targets_url": find_url("targets"),
        "all": _list_all(page.style),
        "downloads": list_downloads(request, "benchmarks_export"),
        "asked_industry": industry,
        "asked_metric": metric,
        "asked_every": every,
    }
    return render(request, "benchmarks/benchmarks.html", context)


_COLUMNS = ("industry", "named", "low", "high", "period", "publisher", "title", "year", "address", "note")


@requires(Permission.EXPORT)
def export(_request: HttpRequest, file_format: str) -> HttpResponse:
    """`/benchmarks.<csv|xlsx>`: everything that is claimed of any industry, as fractions, each with its source."""
    rows = [
        [
            figure.industry, figure.named, figure.low, figure.high, figure.period, figure.source.publisher,
            figure.source.title, figure.source.year, figure.source.url or None, figure.source.note or None,
        ]
        for figure in list_benchmark_figures()
    ]  # fmt: skip
    return build_sheet("benchmarks", _COLUMNS, rows, file_format)


def _write_own(rate: OwnRate | None, style: Style) -> dict[str, str] | None:
    """An own rate with its interval and its days, ready written."""
    if rate is None:
        return None
    interval = _("95%% interval: %(interval)s") % {"interval": format_interval(rate.low, rate.high, style)}
    return {
        "value": format_percent(rate.value, style),
        "interval": write_sentence(interval, style),
        "period": format_period(rate.start, rate.end, "own", style),
    }


def _list_all(style: Style) -> list[dict[str, Any]]:
    """Every industry with all that is claimed of it."""
    titles = dict(list_industries())
    rows: dict[str, list[str]] = {code: [] for code in titles}
    words = {"year": _("%(rate)s a year (%(who)s)"), "month": _("%(rate)s a month (%(who)s)")}
    for figure in list_benchmark_figures():
        text = words.get(figure.period or "", _("%(rate)s (%(who)s)"))
        rows[figure.industry].append(
            text % {"rate": write_claim(figure, style), "who": f"{figure.source.publisher}: {figure.named}"}
        )
    return [{"code": code, "title": titles[code], "claims": claims} for code, claims in rows.items()]
