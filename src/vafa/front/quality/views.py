"""What looks wrong in the data: each check with its count, the rows behind it, what it does and how it is mended."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from vafa.data.business.queries import Business, get_business, get_customer_word, get_style
from vafa.data.customers.actions import merge_customers, unmerge_customer
from vafa.data.customers.queries import find_customer, list_merged, list_owners
from vafa.front.customers.files import build_file
from vafa.front.navigation import find_url
from vafa.front.overview.exports import FORMATS, build_sheet, list_downloads
from vafa.front.overview.texts import write_sentence
from vafa.front.overview.viewer import get_owner_id, get_visible
from vafa.front.quality.cells import build_rows, list_export_columns, list_export_rows, name_columns
from vafa.front.quality.headline import write_headline
from vafa.front.settings_forms import get_page_language
from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.kit.ids import read_id
from vafa.kit.locale.formats import Style, format_number, format_percent
from vafa.kit.permissions import Permission, may, only_with, requires
from vafa.measure.quality.queries import (
    Looked,
    build_looked,
    get_check,
    get_result,
    list_all_findings,
    list_checks,
    list_findings,
    list_results,
)
from vafa.measure.quality.types import CheckEntry, CheckUnknown, Result
from vafa.warehouse.actions import refresh
from vafa.warehouse.queries import open_snapshot

PAGE_SIZE = 50
MOST_JOINED = 20


@dataclass(frozen=True)
class Line:
    """One check as the page lists it."""

    entry: CheckEntry
    count: str
    share: str
    state: str
    tone: str
    url: str | None


class Desk:
    """Who asks, and what may be looked at."""

    def __init__(self, request: HttpRequest) -> None:
        self.business: Business = get_business()
        self.style: Style = get_style(get_page_language(), self.business)
        snapshot = open_snapshot()
        self.owner_id = get_owner_id(request.user, self.business)
        visible = get_visible(snapshot, self.owner_id)
        today = clock.today(self.business.zone)
        self.looked: Looked = build_looked(snapshot, self.business, today, self.owner_id, visible)
        self.may_see_names = may(request.user, Permission.SEE_CUSTOMERS)


@requires(Permission.SEE_FIGURES)
def quality(request: HttpRequest) -> HttpResponse:
    """`/quality/`: all checks, those that found something first."""
    desk = Desk(request)
    entries = {entry.name: entry for entry in list_checks()}
    results = [result for result in list_results(desk.looked) if result.reason != "whole_only"]
    lines = [_build_line(entries[result.name], result, desk) for result in results]
    worth = sum(1 for result in results if result.count and entries[result.name].weight == "warning")
    context = {
        "found": [line for line in lines if line.url],
        "clean": [line for line in lines if not line.url and line.count],
        "silent": [line for line in lines if not line.count],
        "headline": write_headline(worth, desk.style),
        "is_clean": not worth,
        "downloads": list_downloads(request, "quality_checks_export"),
        "is_limited": desk.owner_id is not None,
        "import_url": find_url("imports") if may(request.user, Permission.IMPORT) else None,
    }
    return render(request, "quality/quality.html", context)


_COLUMNS = ("check", "title", "weight", "found", "total", "reason")


@requires(Permission.EXPORT)
@only_with(Permission.SEE_FIGURES)
def export_checks(request: HttpRequest, file_format: str) -> HttpResponse:
    """`/quality.<csv|xlsx>`: how much each check found, as plain numbers."""
    entries = {entry.name: entry for entry in list_checks()}
    rows = [
        [
            result.name, entries[result.name].title, entries[result.name].weight, result.count, result.total,
            result.reason,
        ]
        for result in list_results(Desk(request).looked)
        if result.reason != "whole_only"
    ]  # fmt: skip
    return build_sheet("quality", _COLUMNS, rows, file_format)


def _build_line(entry: CheckEntry, result: Result, desk: Desk) -> Line:
    if result.count is None:
        return Line(entry, "", "", _("No data for it"), "", None)
    style = desk.style
    count = _count(entry, result.count, style)
    if not result.count:
        return Line(entry, count, "", _("Fine"), "success", None)
    share = write_sentence(
        _("%(share)s of %(total)s")
        % {"share": format_percent(result.share, style), "total": _count(entry, result.total or 0, style)},
        style,
    )
    warning = entry.weight == "warning"
    state, tone = (_("Worth a look"), "warning") if warning else (_("Good to know"), "info")
    url = reverse("quality_check", args=[entry.name]) if desk.may_see_names else None
    return Line(entry, count, share, state, tone, url)


def _count(entry: CheckEntry, number: int, style: Style) -> str:
    shown = {"count": format_number(number, style)}
    if entry.counts == "customers":
        return get_customer_word(get_business()).counted(number, shown["count"])
    if entry.counts == "lines":
        return ngettext("%(count)s order line", "%(count)s order lines", number) % shown
    if entry.counts == "returns":
        return ngettext("%(count)s return", "%(count)s returns", number) % shown
    if entry.counts == "subscriptions":
        return ngettext("%(count)s subscription", "%(count)s subscriptions", number) % shown
    if entry.counts == "tickets":
        return ngettext("%(count)s ticket", "%(count)s tickets", number) % shown
    return ngettext("%(count)s day", "%(count)s days", number) % shown


@requires(Permission.SEE_CUSTOMERS)
def check(request: HttpRequest, name: str) -> HttpResponse:
    """`/quality/<check>/?page=`: the rows behind a count."""
    desk, entry, result = _open(request, name)
    place = _read_page(request)
    findings = list_findings(desk.looked, name, (place - 1) * PAGE_SIZE, PAGE_SIZE + 1)
    doubles = "customers" in entry.columns
    may_join = doubles and may(request.user, Permission.EDIT_CUSTOMERS)
    may_import = may(request.user, Permission.IMPORT)
    rows = build_rows(entry, findings[:PAGE_SIZE], desk.style, sees_imports=may_import, may_join=may_join)
    remedy_url = find_url(entry.remedy_page) if entry.remedy_page else None
    may_mend = may_import if entry.remedy_page == "imports" else may(request.user, Permission.CHANGE_SETTINGS)
    context: dict[str, Any] = {
        "entry": entry,
        "line": _build_line(entry, result, desk),
        "columns": name_columns(entry, get_customer_word(desk.business)),
        "rows": rows,
        "has_buttons": any(row.joins for row in rows),
        "summary": _write_place(place, len(rows), desk.style),
        "previous_url": f"?page={place - 1}" if place > 1 else None,
        "next_url": f"?page={place + 1}" if len(findings) > PAGE_SIZE else None,
        "remedy_url": remedy_url if may_mend else None,
        "may_export": may(request.user, Permission.EXPORT),
        "formats": FORMATS,
        "is_limited": desk.owner_id is not None,
        "joined": list_merged(MOST_JOINED, desk.owner_id) if may_join else [],
    }
    return render(request, "quality/check.html", context)


def _open(request: HttpRequest, name: str) -> tuple[Desk, CheckEntry, Result]:
    desk = Desk(request)
    try:
        entry, result = get_check(name), get_result(desk.looked, name)
    except CheckUnknown as error:
        raise Http404 from error
    if result.reason == "whole_only":
        raise Http404
    return desk, entry, result


def _read_page(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def _write_place(place: int, rows: int, style: Style) -> str:
    if not rows:
        return ""
    first = (place - 1) * PAGE_SIZE + 1
    return _("%(first)s to %(last)s") % {
        "first": format_number(first, style),
        "last": format_number(first + rows - 1, style),
    }


@requires(Permission.EXPORT)
def export(request: HttpRequest, name: str, file_format: str) -> HttpResponseBase:
    """`/quality/<check>.<csv|xlsx>`: all the rows behind a count."""
    if file_format not in FORMATS:
        raise Http404
    desk, entry, result = _open(request, name)
    rows = list_export_rows(entry, list_all_findings(desk.looked, name))
    return build_file(request, name, list_export_columns(entry), rows, file_format, result.count or 0)


@requires(Permission.EDIT_CUSTOMERS)
@require_POST
def join(request: HttpRequest) -> HttpResponseBase:
    """Take customers for one person from now on: the first of them is kept. It can be taken back."""
    desk = Desk(request)
    wanted = [pk for text in request.POST.getlist("customer") if (pk := read_id(text)) is not None]
    people = _list_own(desk, wanted)
    if len(people) < 2:
        raise Http404
    try:
        for merged in people[1:]:
            merge_customers(merged, people[0], by=request.user, now=clock.now())
    except VafaError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("They count as one person from now on. You can take that back below."))
    refresh(now=clock.now())
    return redirect(_find_way_back(request))


@requires(Permission.EDIT_CUSTOMERS)
@require_POST
def separate(request: HttpRequest, customer_id: int) -> HttpResponseBase:
    """Take it back that a customer is another one."""
    desk = Desk(request)
    if not _list_own(desk, [customer_id]):
        raise Http404
    try:
        unmerge_customer(customer_id, by=request.user, now=clock.now())
    except VafaError as error:
        messages.error(request, str(error))
    else:
        refresh(now=clock.now())
        messages.success(request, _("They are two persons again."))
    return redirect(_find_way_back(request))


def _list_own(desk: Desk, wanted: list[int]) -> list[int]:
    """Those of some customers who exist, in their order. Refuses where one of them, or the one that it was merged into,
    is another's."""
    owners = list_owners(wanted)
    kept = list_owners([found.pk for pk in owners if (found := find_customer(pk)) is not None])
    whose = [*owners.values(), *kept.values()]
    if desk.owner_id is not None and any(owner != desk.owner_id for owner in whose):
        raise PermissionDenied
    return [pk for pk in dict.fromkeys(wanted) if pk in owners]


def _find_way_back(request: HttpRequest) -> str:
    name = request.POST.get("check", "")
    known = {entry.name for entry in list_checks()}
    return reverse("quality_check", args=[name]) if name in known else reverse("quality")
