"""The explorer: any metric by any field, over time, as a table, as a heat map, and compared."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from vafa.front.customers.asked_list import build_links, find_asked_page, read_asked_order
from vafa.front.customers.files import build_file
from vafa.front.customers.paging import list_all
from vafa.front.customers.rows import build_rows, list_export_columns, list_export_rows
from vafa.front.customers.views import describe_page
from vafa.front.explore.asked import Exploration, read_exploration, read_metric
from vafa.front.explore.choices import build_choices
from vafa.front.explore.compare import SIDES, build_comparison, find_people
from vafa.front.explore.compare_sides import list_sides
from vafa.front.explore.figures import find_span, get_table
from vafa.front.explore.groups import build_groups
from vafa.front.explore.heat import build_heat
from vafa.front.explore.trend import build_trend
from vafa.front.overview.exports import FORMATS, build_sheet
from vafa.front.overview.figures import Refusal
from vafa.front.overview.known import describe_known
from vafa.front.overview.pickers import build_pickers
from vafa.front.overview.sources import list_source_lines
from vafa.front.overview.texts import write_sentence
from vafa.front.overview.views import Page
from vafa.front.same_page import build_address
from vafa.kit import clock
from vafa.kit.locale.formats import format_number
from vafa.kit.permissions import Permission, may, only_with, requires
from vafa.measure.metrics.queries import get_freshness_of, list_splits
from vafa.warehouse.types import ANSWER_DIMENSIONS, TICKET_DIMENSIONS, Freshness


class ExplorePage(Page):
    """The overview's page with the explorer's question."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.asked: Exploration = read_exploration(
            request.GET.dict(), self.question, self.list_fields(request.GET.dict())
        )

    def list_fields(self, asked: Mapping[str, str]) -> tuple[str, ...]:
        """All fields of the data; for a figure of answers or tickets theirs too."""
        snapshot = self.asker.snapshot
        entry = read_metric(asked.get("metric", ""))
        own = {"answer": ANSWER_DIMENSIONS, "ticket": TICKET_DIMENSIONS}.get(entry.entity, ())
        voice = tuple(name for name in snapshot.list_voice_dimensions() if name in own)
        return (*voice, *snapshot.list_dimensions())

    def get_sources(self) -> Freshness:
        """How far the sources of the figure reach."""
        return get_freshness_of(self.asked.entry.name, rule=self.question.rule, snapshot=self.asker.snapshot)

    def list_splits(self) -> list[str] | None:
        """The fields that fit the figure, for the picker; None for those of membership."""
        if self.asked.entry.entity not in ("answer", "ticket"):
            return None
        return list(list_splits(self.asked.entry.name, rule=self.question.rule, snapshot=self.asker.snapshot))


@requires(Permission.SEE_FIGURES)
def explore(request: HttpRequest) -> HttpResponse:
    """`/explore/?metric=&show=&by=&across=…`: the whole question is in the address."""
    page = ExplorePage(request)
    asked, style = page.asked, page.style
    shown = _build_shown(page)
    context: dict[str, Any] = {
        "asked": asked,
        "question": page.question,
        "problems": page.problems,
        "pickers": build_pickers(
            page.question,
            page.asker.snapshot,
            page.rule,
            page.freshness.data_until,
            style,
            page.list_splits(),
        ),
        "choices": build_choices(page.asker, asked, style),
        "shown": None if isinstance(shown, Refusal) else shown,
        "refusal": shown.text if isinstance(shown, Refusal) else None,
        **_describe_figure(page),
        "sources": list_source_lines(page.get_sources(), clock.today(page.business.zone), style),
        "is_limited": page.asker.owner_id is not None,
        "segment": page.asker.segment,
        "may_export": may(request.user, Permission.EXPORT),
        "formats": FORMATS,
        "query": asked.build_query(),
    }
    return render(request, "explore/explore.html", context)


def _build_shown(page: ExplorePage) -> Any:
    """What the chosen view shows: its own value, a refusal, or None where there is nothing."""
    asker, asked, style = page.asker, page.asked, page.style
    if asked.show == "groups":
        return build_groups(asker, asked, style, may_see_names=page.may_see_names)
    if asked.show == "heat":
        return build_heat(asker, asked, style)
    if asked.show == "compare":
        return build_comparison(asker, asked, style, _list_addresses(page))
    return build_trend(asker, asked, style)


def _list_addresses(page: ExplorePage) -> dict[str, str]:
    """The addresses of the customers on one side only; none where names may not be seen."""
    if not page.may_see_names:
        return {}
    return {side: f"{reverse('explore_people', args=[side])}?{page.asked.build_query()}" for side in SIDES}


def _describe_figure(page: ExplorePage) -> dict[str, Any]:
    """The sentence of what exactly is counted, and what it rests on; the plain meaning where there is no period."""
    asked, period = page.asked, page.question.period
    plain = {"definition": asked.entry.meaning, "known": []}
    if find_span(asked) is None or period is None:
        return plain
    table = get_table(page.asker, asked, period.start, period.end)
    if isinstance(table, Refusal):
        return plain
    # Where several periods are shown, each says beside its value whether it is complete.
    row = table.rows[0] if asked.show == "groups" and table.rows else None
    return {
        "definition": write_sentence(table.definition, page.style),
        "known": describe_known(table, row, page.style),
    }


@requires(Permission.EXPORT)
@only_with(Permission.SEE_FIGURES)
def export(request: HttpRequest, file_format: str) -> HttpResponse:
    """`/explore/export.<csv|xlsx>`: the numbers of the view, as plain numbers."""
    if file_format not in FORMATS:
        raise Http404
    page = ExplorePage(request)
    shown = _build_shown(page)
    if shown is None or isinstance(shown, Refusal):
        raise Http404
    columns: Sequence[str] = shown.raw_columns
    return build_sheet(page.asked.entry.name, columns, shown.raw, file_format)


class People:
    """The customers whom a metric counts on one side of a comparison only."""

    def __init__(self, request: HttpRequest, side: str) -> None:
        if side not in SIDES:
            raise Http404
        self.page = ExplorePage(request)
        sides = list_sides(self.page.asked, self.page.style)
        if sides is None or isinstance(sides, Refusal):
            raise Http404
        self.side = side
        self.first, self.second = sides
        self.members = find_people(self.page.asker, self.page.asked, sides)[SIDES.index(side)]

    @property
    def title(self) -> str:
        """Which customers these are."""
        words = {"first": self.first.title, "second": self.second.title}
        if self.side == "only_first":
            return _("Counted in %(first)s but not in %(second)s") % words
        return _("Counted in %(second)s but not in %(first)s") % words


@requires(Permission.SEE_CUSTOMERS)
def people(request: HttpRequest, side: str) -> HttpResponse:
    """`/explore/people/<side>/`: the customers who make the difference."""
    found = People(request, side)
    page = found.page
    shown = find_asked_page(page.asker, found.members, request)
    context: dict[str, Any] = {
        "title": found.title,
        "metric": page.asked.entry.title,
        "count": format_number(shown.total, page.style),
        "rows": build_rows(page.asker, shown.ids, page.style),
        "summary": describe_page(shown, page),
        **build_links(page.asker, request, _list_kept(request), shown),
        "back_url": f"{reverse('explore')}?{page.asked.build_query()}",
        "is_limited": page.asker.owner_id is not None,
        "may_export": may(request.user, Permission.EXPORT),
        "formats": FORMATS,
        "side": side,
        "query": build_address(request, _list_kept(request))[1:],
    }
    return render(request, "explore/people.html", context)


@requires(Permission.EXPORT)
def export_people(request: HttpRequest, side: str, file_format: str) -> HttpResponseBase:
    """`/explore/people/<side>.<csv|xlsx>`: all of these customers."""
    if file_format not in FORMATS:
        raise Http404
    found = People(request, side)
    order = read_asked_order(request)
    ids = list_all(found.page.asker, found.members, order)
    rows = list_export_rows(found.page.asker, ids)
    return build_file(request, side, list_export_columns(found.page.asker), rows, file_format, len(ids))


def _list_kept(request: HttpRequest) -> list[str]:
    return [name for name in request.GET if name not in ("after", "before")]
