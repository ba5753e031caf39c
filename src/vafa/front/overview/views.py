"""The overview: who stays, who leaves, who comes, in one period."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from vafa.data.business.queries import Business, get_business, get_style
from vafa.front.navigation import find_url
from vafa.front.overview.cards import build_article_note, build_cards
from vafa.front.overview.ceiling import build_ceiling_note
from vafa.front.overview.charts import build_growth, build_trend, describe_benchmark
from vafa.front.overview.exports import FIGURE_COLUMNS, FORMATS, build_sheet, list_figure_rows
from vafa.front.overview.figures import (
    Asker,
    Refusal,
    get_cohort_table,
    get_split,
    get_trend,
    list_figures,
)
from vafa.front.overview.heat import build_heat
from vafa.front.overview.pickers import build_pickers
from vafa.front.overview.question import Question, read_question
from vafa.front.overview.segment import find_chosen
from vafa.front.overview.sources import list_source_lines
from vafa.front.overview.split import Split, build_split
from vafa.front.overview.texts import name_every, write_sentence
from vafa.front.overview.viewer import get_owner_id, open_for
from vafa.front.quality.headline import find_headline
from vafa.front.risk.money import MoneyAtRisk, find_money_at_risk
from vafa.front.watching.texts import AlertText, write_alert
from vafa.kit import clock
from vafa.kit.errors import AskedWrongly, VafaError
from vafa.kit.locale.formats import Style
from vafa.kit.permissions import Permission, may, only_with, requires
from vafa.lab.rates import annualise_churn, annualise_retention, get_periods_a_year
from vafa.measure.history.queries import find_changed, get_newest_look
from vafa.measure.history.types import Was
from vafa.measure.metrics.queries import describe_rule, settle_rule
from vafa.measure.metrics.types import AskedRule
from vafa.measure.segments.queries import SET_DIMENSIONS
from vafa.measure.watching.queries import get_marks_state, list_open_alerts
from vafa.warehouse.types import Entity, Freshness


class Page:
    """What every part of the overview rests on: who asks, what is asked, and how far the data go."""

    def __init__(self, request: HttpRequest, entity: Entity | None = None) -> None:
        """`entity` is what the page lists or counts, where that is not the business's setting."""
        self.business: Business = get_business()
        self.style: Style = get_style(translation.get_language() or "en", self.business)
        owner_id = get_owner_id(request.user, self.business)
        snapshot, visible = open_for(self.business, owner_id, entity)
        self.asker = Asker(snapshot, self.business, owner_id, visible)
        self.problems: list[str] = []
        asked = request.GET.dict()
        try:
            settled = settle_rule(asked.get("rule") or None, snapshot)
        except AskedWrongly as error:
            self.problems.append(str(error))
            asked.pop("rule")
            settled = settle_rule(None, snapshot)
        self.rule: AskedRule = settled.told
        self.freshness: Freshness = snapshot.freshness(settled.rule)
        if asked.get("by") and asked["by"] not in (*self.list_fields(asked), *SET_DIMENSIONS):
            asked.pop("by")
        self._choose_segment(asked)
        self.question: Question = read_question(
            asked, self.business, self.freshness.data_until, self.style.calendar
        )
        self.problems.extend(self.question.problems)
        self.may_see_names = may(request.user, Permission.SEE_CUSTOMERS)

    def list_fields(self, asked: Mapping[str, str]) -> tuple[str, ...]:
        """The fields by which the page can be split."""
        return self.asker.snapshot.list_dimensions()

    def _choose_segment(self, asked: dict[str, str]) -> None:
        """Let all figures be of the segment that the address names; one that isn't there is told of."""
        slug = asked.get("segment")
        if not slug:
            return
        try:
            chosen = find_chosen(slug, self.asker.snapshot, asked.get("rule") or None)
        except VafaError as error:
            self.problems.append(str(error))
            asked.pop("segment")
        else:
            self.asker = replace(self.asker, segment=chosen)

    @property
    def has_data(self) -> bool:
        """Whether there is anything to show."""
        return self.freshness.data_until is not None

    def add_problem(self, text: str) -> None:
        """Tell of something in the address that could not be read."""
        self.problems.append(text)


@requires(Permission.SEE_FIGURES)
def overview(request: HttpRequest) -> HttpResponse:
    """`/overview/`: the address holds the whole question, so it can be shared."""
    page = Page(request)
    if not page.has_data:
        return render(request, "overview/empty.html", _build_empty(request, page))
    return render(request, "overview/overview.html", _build_context(request, page))


def _build_empty(request: HttpRequest, page: Page) -> dict[str, Any]:
    return {
        "import_url": find_url("imports") if may(request.user, Permission.IMPORT) else None,
        "rate_url": find_url("rate"),
        "problems": page.problems,
    }


def _build_context(request: HttpRequest, page: Page) -> dict[str, Any]:
    question, style = page.question, page.style
    until = page.freshness.data_until
    parts = ("cards", "trend", "growth", *(["split"] if question.by else []), "heat")
    may_export = may(request.user, Permission.EXPORT)
    return {
        "question": question,
        "problems": page.problems,
        "pickers": build_pickers(question, page.asker.snapshot, page.rule, until, style),
        "rule_definition": write_sentence(describe_rule(page.rule), style),
        "parts": [_render_part(page, name, may_export) for name in parts],
        "sources": list_source_lines(page.freshness, clock.today(page.business.zone), style),
        "is_limited": page.asker.owner_id is not None,
        "segment": page.asker.segment,
        "alerts": _list_alerts(page),
        "may_settle": may(request.user, Permission.SET_TARGETS),
        "quality": find_headline(request.user, style),
        "at_risk": _find_money_at_risk(page),
    }


def _find_money_at_risk(page: Page) -> MoneyAtRisk | None:
    segment = page.asker.segment
    found = find_money_at_risk(
        page.business, page.asker.owner_id, segment.slug if segment else None, page.style
    )
    return found if found is None or page.may_see_names else replace(found, url=None)


def _list_alerts(page: Page) -> list[AlertText]:
    """What nobody has seen to yet; not for those who see own customers alone, as alerts are of everybody."""
    if page.asker.owner_id is not None:
        return []
    return [write_alert(alert, page.style) for alert in list_open_alerts()]


def _render_part(page: Page, name: str, may_export: bool) -> SafeString:
    """A part's HTML, made once for this state of the data: it holds nothing of the request but its question."""

    def render_it() -> SafeString:
        files = {"may_export": may_export, "query": page.question.build_query(), "formats": FORMATS}
        return render_to_string(f"overview/{name}.html", build_part(page, name) | files)

    settled = (page.business.industry, page.may_see_names, may_export, get_marks_state(), get_newest_look())
    asked = (name, page.question, page.style, settled)
    return page.asker.keep(("part", asked), render_it)


def build_part(page: Page, name: str) -> dict[str, Any]:
    """What one part of the overview shows."""
    question, style, sees = page.question, page.style, page.may_see_names
    if name == "cards":
        figures = list_figures(page.asker, question)
        return {
            "cards": build_cards(figures, question, style, may_see_names=sees, was=_find_was(page)),
            "article": build_article_note(figures, question, style, may_see_names=sees),
        }
    if name == "trend":
        return _build_trend_part(page)
    if name == "growth":
        tables = get_trend(page.asker, question, page.freshness.data_until)
        return {
            "growth": build_growth(tables[0], question, style, may_see_names=sees) if tables else None,
            "ceiling": build_ceiling_note(page.asker, question, style),
        }
    if name == "split":
        return {"split": _build_split_part(page)}
    cohorts = get_cohort_table(page.asker, question)
    every = name_every(cohorts.every, question.cutting.calendar)
    return {"heat": build_heat(cohorts, question, style), "heat_every": every}


def _find_was(page: Page) -> dict[str, Was]:
    """What the figures of the period were before; known only of the whole business under its own rule."""
    question, asker = page.question, page.asker
    if question.period is None or question.rule or asker.owner_id is not None or asker.segment is not None:
        return {}
    return find_changed(question.period.start, question.period.end)


def _build_trend_part(page: Page) -> dict[str, Any]:
    question, style, industry = page.question, page.style, page.business.industry
    tables = get_trend(page.asker, question, page.freshness.data_until)
    if tables is None:
        return {"trend": None}
    figures = list_figures(page.asker, question)
    crr = next((figure.now for figure in figures if figure.table.metric == "crr"), None)
    return {
        "trend": build_trend(*tables, question, style, industry, may_see_names=page.may_see_names),
        "benchmark": describe_benchmark(crr, _draw_out(crr, question), industry, question, style),
    }


def _draw_out(row: Any, question: Question) -> tuple[float, float] | None:
    """A rate drawn out to a year: retention and churn."""
    if row is None or row.value is None or question.step is None:
        return None
    periods = get_periods_a_year(question.step)
    return annualise_retention(row.value, periods), annualise_churn(1 - row.value, periods)


def _build_split_part(page: Page) -> Split | Refusal | None:
    table = get_split(page.asker, page.question)
    if table is None or isinstance(table, Refusal):
        return table
    return build_split(table, page.question, page.style, may_see_names=page.may_see_names)


@requires(Permission.EXPORT)
@only_with(Permission.SEE_FIGURES)
def export(request: HttpRequest, part: str, file_format: str) -> HttpResponse:
    """`/overview/export/<part>.<csv|xlsx>`: one part of the overview as it is shown."""
    if file_format not in FORMATS:
        raise Http404
    page = Page(request)
    columns, rows = _list_part(page, part)
    return build_sheet(part, columns, rows, file_format)


def _list_part(page: Page, part: str) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
    if part == "figures":
        return FIGURE_COLUMNS, list_figure_rows(list_figures(page.asker, page.question))
    names = {"trend": "trend", "growth": "growth", "split": "split", "cohorts": "heat"}
    if part not in names:
        raise Http404
    shown = build_part(page, names[part])[names[part]]
    if shown is None or isinstance(shown, Refusal):
        raise Http404
    return shown.raw_columns, shown.raw
