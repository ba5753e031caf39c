"""The names behind every number: the customers whom a count counted, as many as it said."""

from dataclasses import dataclass
from datetime import date
from typing import Any, get_args
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from pyroaring import BitMap

from vafa.data.business.queries import get_customer_word
from vafa.front.customers.asked_list import build_links, find_asked_page, read_asked_order
from vafa.front.customers.files import build_file
from vafa.front.customers.paging import list_all
from vafa.front.customers.rows import build_rows, list_export_columns, list_export_rows
from vafa.front.customers.views import describe_page
from vafa.front.explore.figures import narrow
from vafa.front.overview.exports import FORMATS
from vafa.front.overview.pickers import name_question_period
from vafa.front.overview.texts import name_dimension, name_group, name_rule
from vafa.front.overview.views import Page
from vafa.front.same_page import build_address
from vafa.kit.errors import VafaError
from vafa.kit.locale.formats import format_number
from vafa.kit.permissions import Permission, may, requires
from vafa.measure.metrics.queries import list_names
from vafa.measure.metrics.types import SetName
from vafa.measure.segments.queries import SET_DIMENSIONS
from vafa.warehouse.types import Group

_KEPT = ("every", "from", "to", "through", "named", "segment", "by", "group", "rule", "sort", "dir")


@dataclass(frozen=True)
class Meaning:
    """A set's title and who is in it."""

    title: str
    text: str


def get_meaning(name: SetName) -> Meaning:
    """What a set of a period means."""
    meanings = {
        "start": Meaning(_("At the start"), _("Active at the midnight that begins the period.")),
        "end": Meaning(_("At the end"), _("Active at the midnight that ends the period.")),
        "new": Meaning(
            _("New"), _("Active at the end, and customers for the first time ever in this period.")
        ),
        "kept": Meaning(_("Kept"), _("Active at the start and still active at the end.")),
        "lost": Meaning(_("Lost"), _("Active at the start and no longer active at the end.")),
        "reactivated": Meaning(
            _("Reactivated"),
            _("Active at the end, not at the start, but customers already before: they came back."),
        ),
        "joined_and_left": Meaning(
            _("Joined and left"), _("First came in this period, and were gone again by its end.")
        ),
        "moved": Meaning(_("Moved"), _("Lost to this group, but active elsewhere at the end.")),
        "article_difference": Meaning(
            _("Between the two formulas"),
            _("They make (E − N) / S differ from the exact rate: they came back, or joined and left."),
        ),
    }
    return meanings[name]


class Names:
    """One list: the set, and its members as this person may see them."""

    def __init__(self, request: HttpRequest, name_of_set: str) -> None:
        chosen = next((name for name in get_args(SetName) if name == name_of_set), None)
        if chosen is None:
            raise Http404
        self.name: SetName = chosen
        self.page = Page(request)
        if self.page.question.period is None:
            raise Http404
        self.group = self._read_group()
        self.members: BitMap = self.page.asker.keep(
            ("names", self.name, self.page.question, self.group), self._find_members
        )

    def _read_group(self) -> Group | None:
        question = self.page.question
        return None if question.by is None or question.group is None else Group(question.by, question.group)

    @property
    def _is_by_segment(self) -> bool:
        return self.group is not None and self.group.dimension in SET_DIMENSIONS

    def _find_members(self) -> BitMap:
        question, asker = self.page.question, self.page.asker
        assert question.period is not None
        try:
            ids = list_names(
                self.name,
                question.period,
                rule=question.rule,
                **narrow(asker, self.group if self._is_by_segment else None, question.rule),
                group=None if self._is_by_segment else self.group,
            )
        except VafaError as error:  # a field that this rule can't be told by
            raise Http404(str(error)) from error
        return asker.snapshot.ix_set(ids) if len(ids) else BitMap()

    @property
    def why_day(self) -> date:
        """The boundary that the set is about."""
        period = self.page.question.period
        assert period is not None
        until = self.page.freshness.data_until
        end = period.end if until is None else min(period.end, until)
        return period.start if self.name == "start" else end


@requires(Permission.SEE_CUSTOMERS)
def names(request: HttpRequest, name_of_set: str) -> HttpResponse:
    """`/names/<set>/?from=&to=&rule=&by=&group=`: as many names as the number says."""
    found = Names(request, name_of_set)
    page, question = found.page, found.page.question
    shown = find_asked_page(page.asker, found.members, request)
    meaning = get_meaning(found.name)
    why = {"on": found.why_day.isoformat(), **({"rule": question.rule} if question.rule else {})}
    context: dict[str, Any] = {
        "problems": page.problems,
        "meaning": meaning,
        "count": get_customer_word(page.business).counted(
            shown.total, format_number(shown.total, page.style)
        ),
        "period": name_question_period(question, page.style),
        "rule_text": name_rule(page.rule.text, page.style),
        "group_title": name_dimension(found.group.dimension) if found.group else "",
        "group": name_group(found.group.value) if found.group else "",
        "segment": page.asker.segment,
        "rows": build_rows(page.asker, shown.ids, page.style, why=urlencode(why)),
        "summary": describe_page(shown, page),
        **build_links(page.asker, request, _KEPT, shown),
        "overview_url": f"{reverse('overview')}?{question.build_query(group=None)}",
        "is_limited": page.asker.owner_id is not None,
        "may_export": may(request.user, Permission.EXPORT),
        "formats": FORMATS,
        "name_of_set": found.name,
        "query": build_address(request, _KEPT)[1:],
    }
    return render(request, "names/names.html", context)


@requires(Permission.EXPORT)
def export(request: HttpRequest, name_of_set: str, file_format: str) -> HttpResponseBase:
    """`/names/<set>.<csv|xlsx>`: all the names of the list, sorted as it is shown."""
    if file_format not in FORMATS:
        raise Http404
    found = Names(request, name_of_set)
    order = read_asked_order(request)
    ids = list_all(found.page.asker, found.members, order)
    rows = list_export_rows(found.page.asker, ids)
    return build_file(request, found.name, list_export_columns(found.page.asker), rows, file_format, len(ids))
