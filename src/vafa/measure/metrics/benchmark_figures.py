"""What customer retention by industry is said to be: every figure with its own source and period, none averaged.

The figures are claims of others, as their sources print them; churn is told as the retention that it leaves.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from django.utils.translation import gettext as _

from vafa.measure.metrics.benchmarks import list_benchmarks

_FILE = Path(__file__).with_name("benchmark_figures.json")

BenchmarkPeriod = Literal["year", "month"]


@dataclass(frozen=True)
class BenchmarkSource:
    """Who says so, where and when (None: undated); `note` says what kind of figures they are, "" nothing known."""

    publisher: str
    title: str
    year: int | None
    url: str
    note: str


@dataclass(frozen=True)
class BenchmarkFigure:
    """An industry's retention by one source, as a fraction: `low` to `high`, the same for a single figure.

    `named` is what the source calls the industry, `period` the length that it states: None where it states none.
    """

    industry: str
    named: str
    low: float
    high: float
    period: BenchmarkPeriod | None
    source: BenchmarkSource


@lru_cache(maxsize=1)
def _read_file() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return loaded


def list_industries() -> list[tuple[str, str]]:
    """The industries of which anything is claimed: code and title, in the active language."""
    titles = _get_titles()
    known = {figure.industry for figure in list_benchmark_figures()}
    return [(code, title) for code, title in titles.items() if code in known]


def _get_titles() -> dict[str, str]:
    return {
        "saas": _("Software as a service (SaaS)"),
        "retail": _("Retail and online shops"),
        "finance": _("Finance and banking"),
        "consulting": _("Customer service and consulting"),
        "club": _("Sports club or gym"),
        "education": _("School or courses"),
        "health": _("Clinic or health service"),
        "food": _("Restaurant or café"),
        "media": _("Media, content and games"),
        "telecom": _("Telecommunications"),
        "wholesale": _("Wholesale and industry"),
        "insurance": _("Insurance"),
        "automotive": _("Cars and transport"),
        "construction": _("Construction"),
        "it_services": _("IT services"),
        "consumer_services": _("Services to households"),
        "subscription": _("Subscriptions of any kind"),
    }


def list_benchmark_figures(industry: str | None = None) -> list[BenchmarkFigure]:
    """All figures, or one industry's: the articles' first, then by source."""
    stored = _read_file()
    sources = {key: _build_source(row) for key, row in stored["sources"].items()}
    others = [
        BenchmarkFigure(code, named, low, high, period, sources[source])
        for code, source, named, low, high, period in stored["figures"]
    ]
    figures = [*_list_of_articles(), *others]
    return [figure for figure in figures if industry is None or figure.industry == industry]


def _build_source(row: dict[str, Any]) -> BenchmarkSource:
    return BenchmarkSource(
        publisher=row["publisher"],
        title=row["title"],
        year=row["year"],
        url=row["url"],
        note=_get_notes()[row["note"]] if "note" in row else "",
    )


def _get_notes() -> dict[str, str]:
    return {
        "gathered": _(
            "Gathered from 14 other sources and drawn out to a year; some of them stand in this list."
        ),
        "aims": _("What such businesses aim for, not what was measured."),
        "medians": _("Medians of the subscriptions that the publisher bills: what remains of its churn."),
        "first_year": _("Members who stay at least twelve months."),
        "leaders": _("Medians of leading clubs."),
    }


def _list_of_articles() -> list[BenchmarkFigure]:
    """The churn of the four industries of the articles, as the retention that it leaves."""
    figures = []
    for row in list_benchmarks():
        source = BenchmarkSource(*_split_source(row.source), year=None, url="", note="")
        low, high = round(1 - row.churn_high, 4), round(1 - (row.churn_low or 0.0), 4)
        figures.append(BenchmarkFigure(row.industry, row.title, low, high, row.period, source))
    return figures


def _split_source(source: str) -> tuple[str, str]:
    publisher, _comma, title = source.partition(", ")
    return publisher, title.strip("“”")
