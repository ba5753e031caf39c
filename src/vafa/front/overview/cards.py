"""The cards at the top of the overview: one number each, with what it means and the names behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from vafa.front.overview.figures import Figure
from vafa.front.overview.known import describe_known
from vafa.front.overview.question import Question
from vafa.front.overview.texts import (
    Change,
    write_change,
    write_formula,
    write_interval,
    write_sentence,
    write_value,
)
from vafa.kit.locale.formats import Style, format_number, format_percent
from vafa.lab.periods import Period
from vafa.measure.history.types import Was
from vafa.measure.metrics.queries import explain_reason, get_entry
from vafa.measure.metrics.types import MetricEntry, MetricRow

NAMES_OF = {
    "crr": "kept",
    "churn_rate": "lost",
    "customers_start": "start",
    "customers_end": "end",
    "customers_kept": "kept",
    "customers_new": "new",
    "customers_lost": "lost",
    "customers_reactivated": "reactivated",
    "win_back_rate": "reactivated",
}
LEADING = ("crr", "churn_rate")


@dataclass(frozen=True)
class Card:
    """One number, ready to print; `hint` is safe HTML."""

    name: str
    label: str
    value: str | None
    interval: str | None
    change: Change | None
    hint: SafeString
    definition_url: str
    note: str | None
    url: str | None
    lead: bool
    was: "WasLink | None" = None


@dataclass(frozen=True)
class WasLink:
    """That a figure was seen with another value before, and where it is explained."""

    text: str
    url: str


@dataclass(frozen=True)
class ArticleNote:
    """What the articles' formula would say, and who makes the difference."""

    text: str
    names_text: str
    url: str | None


def build_cards(
    figures: list[Figure],
    question: Question,
    style: Style,
    *,
    may_see_names: bool,
    was: Mapping[str, Was] | None = None,
) -> list[Card]:
    """The cards in the order of the figures. `was` are the metrics that were seen with another value before."""
    cards = [_build_card(figure, question, style, may_see_names) for figure in figures]
    return [
        replace(card, was=_build_was(card, question, style, (was or {}).get(card.name))) for card in cards
    ]


def _build_was(card: Card, question: Question, style: Style, was: Was | None) -> WasLink | None:
    """None where it would be written just as now."""
    if was is None or question.period is None:
        return None
    before = write_value(was.value, get_entry(card.name).unit, style)
    if before is None or before == card.value:
        return None
    period = question.period
    asked = {"metric": card.name, "from": period.start.isoformat(), "to": period.end.isoformat()}
    text = _("It was %(value)s before: why?") % {"value": before}
    return WasLink(text, f"{reverse('changes')}?{urlencode(asked)}")


def build_names_url(
    question: Question, name_of_set: str, group: str | None = None, period: Period | None = None
) -> str | None:
    """The address of the names behind a count of a period (the question's own, unless another is given)."""
    chosen = period or question.period
    if chosen is None:
        return None
    asked: dict[str, str | None] = {"from": chosen.start.isoformat(), "to": chosen.end.isoformat()}
    asked |= {"every": "own", "by": question.by if group is not None else None, "group": group}
    query = question.build_query(**{**asked, "period": None})
    return f"{reverse('names', args=[name_of_set])}?{query}"


def _build_card(figure: Figure, question: Question, style: Style, may_see_names: bool) -> Card:
    entry = get_entry(figure.table.metric)
    now = figure.now
    names = NAMES_OF.get(entry.name)
    has_names = may_see_names and names is not None and now is not None and now.value is not None
    return Card(
        name=entry.name,
        label=_("Active customers") if entry.name == "customers_end" else entry.title,
        value=write_value(now.value, entry.unit, style) if now else None,
        interval=write_interval(now, style, entry.unit),
        change=write_change(entry, now.value if now else None, _get_comparable(figure), style),
        hint=_build_hint(figure, entry, style),
        definition_url=reverse("metric", args=[entry.name]),
        note=_write_note(now),
        url=build_names_url(question, names) if has_names and names else None,
        lead=entry.name in LEADING,
    )


def _get_comparable(figure: Figure) -> float | None:
    """The earlier value, unless that period or this one is only known in part: they'd be unlike."""
    if figure.now is None or figure.before is None:
        return None
    if not figure.now.complete or not figure.before.complete:
        return None
    return figure.before.value


def _write_note(row: MetricRow | None) -> str | None:
    if row is None:
        return explain_reason("no_data")
    if row.reason:
        return explain_reason(row.reason)
    if row.first_seen:
        return _("The data begin too near before this period: newcomers are only first seen in it.")
    if not row.complete:
        return _("So far: the data end inside this period.")
    return None


def _build_hint(figure: Figure, entry: MetricEntry, style: Style) -> SafeString:
    """The definition with what it rests on and its formula."""
    lines = [write_sentence(figure.table.definition, style), *describe_known(figure.table, figure.now, style)]
    said = format_html_join(" ", "{}", ((line,) for line in lines))
    return format_html('{} <code class="formula" dir="ltr">{}</code>', said, entry.formula)


def build_article_note(
    figures: list[Figure], question: Question, style: Style, *, may_see_names: bool
) -> ArticleNote | None:
    """Where the articles' (E - N) / S differs from the exact rate: both, and the customers between them."""
    row = next((figure.now for figure in figures if figure.table.metric == "crr"), None)
    if row is None or row.value is None or row.article_value is None or not row.article_customers:
        return None
    if row.article_value == row.value:
        return None
    values = {
        "formula": write_formula("(E − N) / S"),
        "value": format_percent(row.article_value, style),
        "exact": format_percent(row.value, style),
    }
    return ArticleNote(
        text=_(
            "The plain formula %(formula)s gives %(value)s instead of %(exact)s, because it counts those who came "
            "back as if they had stayed, and misses those who joined and left within the period."
        )
        % values,
        names_text=_("See the %(count)s who make the difference")
        % {"count": format_number(row.article_customers, style)},
        url=build_names_url(question, "article_difference") if may_see_names else None,
    )
