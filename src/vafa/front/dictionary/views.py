"""The dictionary of metrics: what every number means, and what it is now."""

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from vafa.front.dictionary.details import build_details
from vafa.front.overview.cards import NAMES_OF, build_names_url
from vafa.front.overview.exports import build_sheet, list_downloads
from vafa.front.overview.figures import Figure, ask_metric, list_figures
from vafa.front.overview.known import describe_known
from vafa.front.overview.pickers import name_question_period
from vafa.front.overview.texts import write_interval, write_sentence, write_value
from vafa.front.overview.views import Page
from vafa.kit.errors import AskedWrongly
from vafa.kit.locale.letters import fold
from vafa.kit.permissions import Permission, requires
from vafa.measure.metrics.queries import explain_reason, get_entry, list_entries_by_family
from vafa.measure.metrics.types import MetricEntry, MetricRow

# The letters of the movements in formulas.
_LETTERS = re.compile(r"\b[SEKLNR]\b")


@requires(Permission.SEE_FIGURES)
def dictionary(request: HttpRequest) -> HttpResponse:
    """`/dictionary/?q=`: all metrics, or those that a word finds."""
    asked = request.GET.get("q", "").strip()
    families = [
        (title, found)
        for title, entries in list_entries_by_family()
        if (found := [entry for entry in entries if matches(entry, asked)])
    ]
    context = {
        "families": families,
        "asked": asked,
        "downloads": list_downloads(request, "metrics_export"),
    }
    return render(request, "dictionary/dictionary.html", context)


_COLUMNS = (
    "metric", "family", "title", "meaning", "formula", "unit", "good", "entity", "source", "synonyms",
)  # fmt: skip


@requires(Permission.EXPORT)
def export(_request: HttpRequest, file_format: str) -> HttpResponse:
    """`/dictionary.<csv|xlsx>`: every metric with what it means, in the language of the page."""
    rows = [
        [
            entry.name, family, entry.title, entry.meaning, entry.formula, entry.unit, entry.good, entry.entity,
            entry.source, ", ".join(entry.synonyms),
        ]
        for family, entries in list_entries_by_family()
        for entry in entries
    ]  # fmt: skip
    return build_sheet("dictionary", _COLUMNS, rows, file_format)


def matches(entry: MetricEntry, asked: str) -> bool:
    """Whether every word that is asked stands in the entry, or in another name of the metric."""
    held = fold(
        " ".join((entry.name.replace("_", " "), entry.name, entry.title, entry.meaning, *entry.synonyms))
    )
    return all(word in held for word in fold(asked).split())


@requires(Permission.SEE_FIGURES)
def metric(request: HttpRequest, name: str) -> HttpResponse:
    """`/dictionary/<metric>/`: the entry, with the value of the last complete month."""
    try:
        entry = get_entry(name)
    except AskedWrongly as error:
        raise Http404 from error
    page = Page(request)
    figure = _find_figure(page, name)
    row = figure.now if figure else None
    names = NAMES_OF.get(name)
    context: dict[str, Any] = {
        "entry": entry,
        "unit": _name_unit(entry),
        "has_letters": _LETTERS.search(entry.formula) is not None,
        "good": _name_direction(entry),
        "value": write_value(row.value, entry.unit, page.style) if row else None,
        "interval": write_interval(row, page.style, entry.unit),
        "note": explain_reason(row.reason) if row and row.reason else None,
        "definition": write_sentence(figure.table.definition, page.style) if figure else entry.meaning,
        "known": describe_known(figure.table, row, page.style) if figure else [],
        "period": name_question_period(page.question, page.style),
        "names_url": build_names_url(page.question, names) if names and page.may_see_names and row else None,
        "explore_url": f"{reverse('explore')}?metric={name}",
        "target_url": f"{reverse('targets')}?metric={name}" if page.asker.owner_id is None else None,
        "counts": _name_entity(entry),
        "rows_url": _find_rows_url(page, row),
        "more": build_details(entry, row.details, page.style) if row else None,
        "command": f"vafa metric {name} --every month --json",
    }
    return render(request, "dictionary/metric.html", context)


def _find_rows_url(page: Page, row: MetricRow | None) -> str | None:
    """Where the rows are listed that the figure leaves out, for whoever may see them."""
    if row is None or "impossible" not in row.details or not page.may_see_names:
        return None
    return reverse("quality_check", args=["impossible_times"])


def _find_figure(page: Page, name: str) -> Figure | None:
    """The metric in the last complete period: one of the overview's where it is there."""
    found = next(
        (figure for figure in list_figures(page.asker, page.question) if figure.table.metric == name), None
    )
    period = page.question.period
    if found is not None or period is None:
        return found
    table = ask_metric(page.asker, name, start=period.start, end=period.end, rule=page.question.rule)
    return Figure(table, table.rows[0] if table.rows else None, None)


def _name_unit(entry: MetricEntry) -> str:
    return {
        "customers": _("Customers"),
        "share": _("A share (a percentage); the formula says of whom or of what"),
        "days": _("Days"),
        "money": _("Money, in the currency of the business"),
        "ratio": _("A plain quotient: 2 means twice as many"),
        "orders": _("Orders for each customer"),
        "hours": _("Hours"),
        "months": _("Months"),
        "score": _("A mean on the scale of the question"),
        "nps": _("From −100 to 100: the share of promoters minus the share of detractors"),
    }[entry.unit]


def _name_entity(entry: MetricEntry) -> str:
    """What the metric counts, or averages over."""
    return {
        "customer": _("Customers (or companies, where the business counts these)"),
        "order": _("Orders"),
        "subscription": _("Subscriptions"),
        "answer": _("Answers to surveys"),
        "ticket": _("Tickets"),
    }[entry.entity]


def _name_direction(entry: MetricEntry) -> str:
    return {
        "up": _("More is better"),
        "down": _("Less is better"),
        "none": _("Neither more nor less is better in itself"),
    }[entry.good]
