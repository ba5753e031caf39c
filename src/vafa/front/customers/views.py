"""The list of customers."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from pyroaring import BitMap

from vafa.data.customers.queries import search_customers
from vafa.front.customers.asked_list import build_links, find_asked_page, read_asked_order
from vafa.front.customers.bulk import list_actions
from vafa.front.customers.bulk_jobs import list_jobs
from vafa.front.customers.bulk_views import find_undo
from vafa.front.customers.files import build_file
from vafa.front.customers.filters import STATES, Filter, find_members, is_customer_field, narrows, read_filter
from vafa.front.customers.paging import ListPage, list_all
from vafa.front.customers.risk import has_risk
from vafa.front.customers.rows import build_rows, list_export_columns, list_export_rows
from vafa.front.customers.several import list_single_choices
from vafa.front.overview.exports import FORMATS
from vafa.front.overview.pickers import Option, list_segment_options
from vafa.front.overview.texts import name_dimension, name_group, name_rule
from vafa.front.overview.viewer import list_seen_groups
from vafa.front.overview.views import Page
from vafa.front.risk.outlook import read_outlook
from vafa.front.risk.words import BANDS as HIGH_FIRST
from vafa.front.risk.words import name_band
from vafa.front.same_page import build_address
from vafa.kit import clock
from vafa.kit.audit import record_seen
from vafa.kit.locale.formats import format_number
from vafa.kit.permissions import Permission, may, requires
from vafa.predict.scores.types import BAND_NAMES

MOST_FOUND = 200
MOST_VALUES = 300
_KEPT = ("q", "state", "segment", "risk", "tag", "field", "value", "rule", "sort", "dir")


@requires(Permission.SEE_CUSTOMERS)
def customers(request: HttpRequest) -> HttpResponse:
    """`/customers/`: search, sort and filter, all in the address."""
    page = Page(request, "customer")
    asked = read_filter(request.GET.dict(), page.asker.snapshot.list_dimensions())
    members = find_members(page.asker, asked, page.question.rule)
    seen = "customers.searched" if asked.text else "customers.list_seen"
    record_seen(seen, by=request.user, now=clock.now())
    shown = _search(page, asked, members) if asked.text else find_asked_page(page.asker, members, request)
    context = {
        "asked": asked,
        "problems": [*page.problems, *_explain_risk(page, asked)],
        "rows": build_rows(page.asker, shown.ids, page.style),
        "sort": request.GET.get("sort", ""),
        "dir": request.GET.get("dir", ""),
        "summary": describe_page(shown, page),
        **build_links(page.asker, request, _list_kept(request), shown),
        "states": [Option(state, _name_state(state), state == asked.state) for state in STATES],
        "segments": list_segment_options(asked.segment or None),
        "bands": _list_bands(page, asked),
        "fields": _list_fields(page, asked),
        "values": _list_values(page, asked),
        "rule": page.rule,
        "rule_text": name_rule(page.rule.text, page.style),
        "is_empty": not page.asker.snapshot.customer_count and not asked.text,
        "may_export": may(request.user, Permission.EXPORT) and not asked.text,
        "may_import": may(request.user, Permission.IMPORT),
        "query": build_address(request, _list_kept(request))[1:],
        "bulk_actions": [(one.code, one.get_title()) for one in list_actions(request.user)],
        "undo_text": find_undo(request),
        "jobs": list_jobs(request, page.style),
        "formats": FORMATS,
    }
    return render(request, "customers/customers.html", context)


@requires(Permission.EXPORT)
def export(request: HttpRequest, file_format: str) -> HttpResponseBase:
    """`/customers/export.<csv|xlsx>`: the whole list, filtered and sorted as it is shown."""
    if file_format not in FORMATS:
        raise Http404
    page = Page(request, "customer")
    asked = read_filter(request.GET.dict(), page.asker.snapshot.list_dimensions())
    order = read_asked_order(request)
    ids = list_all(page.asker, find_members(page.asker, asked, page.question.rule), order)
    return build_file(
        request,
        "customers",
        list_export_columns(page.asker),
        list_export_rows(page.asker, ids),
        file_format,
        len(ids),
    )


def _list_kept(request: HttpRequest) -> list[str]:
    return [name for name in _KEPT if request.GET.get(name)]


def _search(page: Page, asked: Filter, members: BitMap) -> ListPage:
    """Who is found by a text, the surest first. The excluded are found too where nothing else is asked."""
    asker = page.asker
    found = search_customers(
        asked.text,
        region=page.business.phone_region or page.business.country,
        limit=MOST_FOUND,
        owner_id=asker.owner_id,
        companies="company" in asker.snapshot.list_dimensions(),
    )
    if narrows(asked):
        inside = set(asker.snapshot.ids(asker.snapshot.ix_set(found) & members).tolist()) if found else set()
        found = [pk for pk in found if pk in inside]
    return ListPage(found, 1 if found else 0, len(found), has_earlier=False, has_later=False)


def describe_page(shown: ListPage, page: Page) -> str:
    """Where in the list the page is."""
    if not shown.total:
        return ""
    return _("%(first)s to %(last)s of %(total)s") % {
        "first": format_number(shown.first_place, page.style),
        "last": format_number(shown.first_place + len(shown.ids) - 1, page.style),
        "total": format_number(shown.total, page.style),
    }


def _name_state(state: str) -> str:
    return {
        "all": _("All"),
        "active": _("Active"),
        "lost": _("No longer active"),
        "never": _("Never active"),
    }[state]


def _list_bands(page: Page, asked: Filter) -> list[Option]:
    """The bands of risk to choose from; none where no risk may be told and none is asked for."""
    if not (asked.risk or has_risk(page.asker)):
        return []
    names = [(BAND_NAMES[band], name_band(band)) for band in HIGH_FIRST]
    return [Option(name, title, name == asked.risk) for name, title in names]


def _explain_risk(page: Page, asked: Filter) -> list[str]:
    """Why nobody is found by a band that is asked for, where no risk may be told."""
    if not asked.risk or has_risk(page.asker):
        return []
    return [
        _("Nobody can be chosen by the risk of leaving: none may be told at present."),
        *read_outlook(page.asker, page.style).lacks,
    ]


def _list_fields(page: Page, asked: Filter) -> list[Option]:
    names = [name for name in page.asker.snapshot.list_dimensions() if is_customer_field(name)]
    return [Option(name, name_dimension(name), name == asked.field) for name in names]


def _list_values(page: Page, asked: Filter) -> list[Option]:
    if not asked.field:
        return []
    snapshot = page.asker.snapshot
    values = list_single_choices(snapshot, asked.field, page.asker.visible)
    if values is None:
        values = [group.value for group in list_seen_groups(snapshot, asked.field, page.asker.visible)]
    return [Option(value, name_group(value), value == asked.value) for value in values[:MOST_VALUES]]
