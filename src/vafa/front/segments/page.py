"""The page of one segment: what it means, who is in it, how that moved; and what is done with a list by hand."""

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from pyroaring import BitMap

from vafa.data.staff.queries import list_staff
from vafa.front.customers.asked_list import build_links, find_asked_page, read_asked_order
from vafa.front.customers.files import build_file
from vafa.front.customers.paging import list_all
from vafa.front.customers.rows import build_rows, list_export_columns, list_export_rows
from vafa.front.customers.views import describe_page
from vafa.front.overview.exports import FORMATS, build_sheet, list_downloads
from vafa.front.overview.views import Page
from vafa.front.same_page import build_address
from vafa.front.segments.history import (
    CHANGE_COLUMNS,
    build_history,
    list_change_lines,
    list_change_rows,
)
from vafa.front.segments.listed import Listed, read_file, read_pasted
from vafa.front.segments.preview import build_preview
from vafa.front.segments.shown import count_people, describe_build, describe_state, name_kind
from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.kit.locale.formats import format_moment, format_number
from vafa.kit.permissions import Permission, may, requires
from vafa.measure.segments.actions import add_members, remove_members, undo_change
from vafa.measure.segments.queries import (
    Names,
    find_moved,
    find_saved,
    get_definition,
    get_segment_members,
    list_lines,
    list_segments,
)
from vafa.measure.segments.types import SavedSegment

_KEPT = ("sort", "dir")
SHOWN_REJECTS = 20
SHOWN_CHANGES = 5


class SegmentPage:
    """One segment as somebody sees it. Not found where there is none of that slug."""

    def __init__(self, request: HttpRequest, slug: str) -> None:
        found = find_saved(slug)
        if found is None:
            raise Http404
        self.segment: SavedSegment = found
        self.page = Page(request, "customer")
        self.problem = ""

    def find_members(self) -> BitMap:
        """The members whom the asker may see; nobody, with the reason, where it was never built."""
        try:
            members = get_segment_members(self.segment.slug, self.page.asker.snapshot)
        except VafaError as problem:
            self.problem = str(problem)
            return BitMap()
        return self.limit(members)

    def limit(self, members: BitMap) -> BitMap:
        """Those of the members whom the asker may see."""
        visible = self.page.asker.visible
        return members if visible is None else members & visible


@requires(Permission.SEE_CUSTOMERS)
@require_GET
def segment(request: HttpRequest, slug: str) -> HttpResponse:
    """`/segments/<slug>/`."""
    shown = SegmentPage(request, slug)
    page, saved = shown.page, shown.segment
    members = shown.find_members()
    # How many came and went among everybody is nothing for who may see own customers alone.
    lines = list_change_lines(saved.slug, page) if page.asker.owner_id is None else []
    context = _build_list(request, page, members) | {
        "segment": saved,
        "kind": name_kind(saved),
        "state": describe_state(saved),
        "built": describe_build(saved, page),
        "error_at": format_moment(saved.error_at, ZoneInfo(page.business.zone), page.style, "short")
        if saved.error_at
        else "",
        "problem": shown.problem,
        "definition": _describe(shown),
        "preview": _preview(shown),
        "history": build_history(saved.slug, page) if page.asker.owner_id is None else None,
        "changes_shown": lines[:SHOWN_CHANGES],
        "changes_more": lines[SHOWN_CHANGES:],
        "is_limited": page.asker.owner_id is not None,
        "may_edit": may(request.user, Permission.EDIT_SEGMENTS),
        "may_assign": may(request.user, Permission.ASSIGN_TASKS),
        "may_export": may(request.user, Permission.EXPORT),
        "formats": FORMATS,
        "changes_downloads": list_downloads(request, "segment_changes_export", slug),
        "overview_url": f"{reverse('overview')}?{urlencode({'segment': saved.slug})}",
        "customers_url": f"{reverse('customers')}?{urlencode({'segment': saved.slug})}",
        "rejected": request.session.pop(f"segment_rejects_{saved.id}", None),
    }
    return render(request, "segments/segment.html", context)


def _describe(shown: SegmentPage) -> Any:
    try:
        definition = get_definition(shown.segment.slug)
    except VafaError as problem:
        shown.problem = str(problem)
        return None
    if definition is None:
        return None
    names = Names(
        {other.slug: other.name for other in list_segments()},
        {str(staff.pk): str(staff) for staff in list_staff()},
    )
    return list_lines(definition, shown.page.style, names)


def _preview(shown: SegmentPage) -> Any:
    try:
        definition = get_definition(shown.segment.slug)
    except VafaError:
        return None
    if definition is None or not shown.page.has_data:
        return None
    return build_preview(shown.page.asker, definition, shown.page.style, clock.now())


def _build_list(request: HttpRequest, page: Page, members: BitMap) -> dict[str, Any]:
    found = find_asked_page(page.asker, members, request)
    return {
        "count": count_people(found.total, page),
        "rows": build_rows(page.asker, found.ids, page.style),
        "summary": describe_page(found, page),
        **build_links(page.asker, request, _KEPT, found),
        "query": build_address(request, _KEPT)[1:],
    }


@requires(Permission.EXPORT)
@require_GET
def export(request: HttpRequest, slug: str, file_format: str) -> HttpResponseBase:
    """`/segments/<slug>/members.<csv|xlsx>`: all members, sorted as they are shown."""
    if file_format not in FORMATS:
        raise Http404
    shown = SegmentPage(request, slug)
    order = read_asked_order(request)
    ids = list_all(shown.page.asker, shown.find_members(), order)
    rows = list_export_rows(shown.page.asker, ids)
    return build_file(
        request,
        f"segment-{shown.segment.id}",
        list_export_columns(shown.page.asker),
        rows,
        file_format,
        len(ids),
    )


@requires(Permission.EXPORT)
@require_GET
def export_changes(request: HttpRequest, slug: str, file_format: str) -> HttpResponseBase:
    """`/segments/<slug>/changes.<csv|xlsx>`: how many came and went, change by change, the newest first."""
    shown = SegmentPage(request, slug)
    if shown.page.asker.owner_id is not None:
        raise PermissionDenied
    rows = list_change_rows(shown.segment.slug, shown.page)
    return build_sheet(f"segment-{shown.segment.id}-changes", CHANGE_COLUMNS, rows, file_format)


@requires(Permission.SEE_CUSTOMERS)
@require_GET
def moved(request: HttpRequest, slug: str, change_id: int, direction: str) -> HttpResponse:
    """`/segments/<slug>/changes/<id>/<entered|left>/`: who came or went by one change."""
    if direction not in ("entered", "left"):
        raise Http404
    shown = SegmentPage(request, slug)
    line = next((one for one in list_change_lines(slug, shown.page) if one.id == change_id), None)
    if line is None:
        raise Http404
    members = shown.limit(find_moved(slug, change_id, direction, shown.page.asker.snapshot))
    context = _build_list(request, shown.page, members) | {
        "segment": shown.segment,
        "line": line,
        "is_entered": direction == "entered",
        "is_limited": shown.page.asker.owner_id is not None,
    }
    return render(request, "segments/moved.html", context)


# Lists by hand


@requires(Permission.EDIT_SEGMENTS)
@require_POST
def change_members(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Add to a list, or take off it, whom pasted texts or a file mean: `do` is add or remove."""
    shown = SegmentPage(request, slug)
    if shown.segment.kind != "list" or request.POST.get("do") not in ("add", "remove"):
        raise Http404
    try:
        listed, cause = _read_listed(request, shown)
        change = add_members if request.POST["do"] == "add" else remove_members
        if listed.ids:
            found = change(
                slug,
                listed.ids,
                snapshot=shown.page.asker.snapshot,
                by=request.user,
                now=clock.now(),
                cause=cause,
            )
            _say(request, shown, found)
        elif not listed.read:
            messages.error(
                request, _("Write at least one number, phone or e-mail address, or choose a file.")
            )
    except VafaError as problem:
        messages.error(request, str(problem))
        return redirect("segment", slug)
    if listed.rejected:
        request.session[f"segment_rejects_{shown.segment.id}"] = {
            "count": len(listed.rejected),
            "rows": [[one.line, one.value, one.reason] for one in listed.rejected[:SHOWN_REJECTS]],
        }
    return redirect("segment", slug)


def _read_listed(request: HttpRequest, shown: SegmentPage) -> tuple[Listed, str]:
    """Whom the form means, and what the change came by: typed by hand, or a file."""
    business, owner_id = shown.page.business, shown.page.asker.owner_id
    upload = request.FILES.get("file")
    if upload is None:
        return read_pasted(request.POST.get("texts", ""), business, owner_id), "hand"
    with tempfile.NamedTemporaryFile(prefix="vafa-list-") as file:
        for piece in upload.chunks():
            file.write(piece)
        file.flush()
        return read_file(Path(file.name), business, name=upload.name, owner_id=owner_id), "import"


def _say(request: HttpRequest, shown: SegmentPage, change: Any) -> None:
    style = shown.page.style
    if change is None:
        messages.info(request, _("That changes nobody."))
        return
    entered, left = change.entered_count, change.left_count
    if entered:
        text = ngettext("%(count)s customer was added.", "%(count)s customers were added.", entered)
        messages.success(request, text % {"count": format_number(entered, style)})
    if left:
        text = ngettext("%(count)s customer was taken off.", "%(count)s customers were taken off.", left)
        messages.success(request, text % {"count": format_number(left, style)})


@requires(Permission.EDIT_SEGMENTS)
@require_POST
def undo(request: HttpRequest, slug: str, change_id: int) -> HttpResponseBase:
    """Take one change of a list back."""
    shown = SegmentPage(request, slug)
    if not _sees_all_of(shown, slug, change_id):
        raise Http404
    try:
        change = undo_change(
            slug, change_id, snapshot=shown.page.asker.snapshot, by=request.user, now=clock.now()
        )
    except VafaError as problem:
        messages.error(request, str(problem))
    else:
        _say(request, shown, change)
    return redirect("segment", slug)


def _sees_all_of(shown: SegmentPage, slug: str, change_id: int) -> bool:
    """Whether who asks may see everybody whom a change moved: else taking it back would move others' customers."""
    moved_by = [
        find_moved(slug, change_id, direction, shown.page.asker.snapshot) for direction in ("entered", "left")
    ]
    return all(shown.limit(members) == members for members in moved_by)


@requires(Permission.EDIT_SEGMENTS)
def new_list(request: HttpRequest) -> HttpResponseBase:
    """`/segments/list/`: a list chosen by hand."""
    from vafa.measure.segments.actions import create_segment

    problem, name = "", request.POST.get("name", "").strip()
    if request.method == "POST":
        try:
            made = create_segment(
                name,
                None,
                description=request.POST.get("description", ""),
                by=request.user,
                now=clock.now(),
            )
        except VafaError as error:
            problem = str(error)
        else:
            return redirect("segment", made.slug)
    context = {
        "name": name,
        "description": request.POST.get("description", ""),
        "problem": problem,
    }
    return render(request, "segments/new_list.html", context, status=422 if problem else 200)
