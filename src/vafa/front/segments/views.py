"""The pages of segments: the list of them, and the builder."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vafa.data.business.queries import get_customer_word
from vafa.data.staff.queries import list_staff
from vafa.front.overview.viewer import get_visible
from vafa.front.overview.views import Page
from vafa.front.segments.controls import Offers, build_group
from vafa.front.segments.draft import DraftCondition, DraftGroup, apply, list_used, read_draft
from vafa.front.segments.preview import Preview, build_preview
from vafa.front.segments.reading import Understood, understand, write_draft
from vafa.front.segments.shown import build_card, name_colour
from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.kit.permissions import Permission, may, requires
from vafa.lab.calendars import CalendarName
from vafa.measure.segments.actions import (
    archive_segment,
    change_segment,
    copy_segment,
    create_segment,
    make_presets,
    rebuild_segments,
    restore_segment,
)
from vafa.measure.segments.queries import (
    COLOURS,
    Names,
    describe_definition,
    find_saved,
    get_definition,
    list_segments,
)
from vafa.measure.segments.types import SavedSegment
from vafa.warehouse.queries import open_snapshot


@requires(Permission.SEE_CUSTOMERS)
@require_GET
def segments(request: HttpRequest) -> HttpResponse:
    """`/segments/`: the saved segments with how many are in each."""
    page = Page(request, "customer")
    archived = request.GET.get("show") == "archived"
    saved = list_segments(archived=archived)
    context = {
        "cards": [build_card(segment, page) for segment in saved],
        "archived": archived,
        "has_archived": bool(archived or list_segments(archived=True)),
        "is_limited": page.asker.owner_id is not None,
        "may_edit": may(request.user, Permission.EDIT_SEGMENTS),
        "has_data": page.has_data,
    }
    return render(request, "segments/segments.html", context)


@requires(Permission.EDIT_SEGMENTS)
@require_POST
def prepare(_request: HttpRequest) -> HttpResponseBase:
    """`/segments/ready/`: make the ready segments and build everything now, where no worker has done so yet."""
    now = clock.now()
    make_presets(now=now)
    rebuild_segments(now=now)
    return redirect("segments")


@requires(Permission.EDIT_SEGMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_segment(request: HttpRequest) -> HttpResponseBase:
    """`/segments/build/`."""
    return _Builder(request, None).answer()


@requires(Permission.EDIT_SEGMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_segment(request: HttpRequest, slug: str) -> HttpResponseBase:
    """`/segments/<slug>/edit/`."""
    segment = find_saved(slug)
    if segment is None or segment.archived:
        raise Http404
    return _Builder(request, segment).answer()


@requires(Permission.EDIT_SEGMENTS)
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """`/segments/preview/`: the figures of what the builder's form holds."""
    builder = _Builder(request, find_saved(request.POST.get("own", "")))
    return render(
        request, "segments/preview.html", {"preview": builder.build_preview(), "words": builder.words}
    )


@requires(Permission.EDIT_SEGMENTS)
@require_POST
def change(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Do one thing with a segment: `do` is copy, archive, restore or build."""
    asked, now, by = request.POST.get("do"), clock.now(), request.user
    if find_saved(slug) is None or asked not in ("copy", "archive", "restore", "build"):
        raise Http404
    try:
        if asked == "copy":
            copied = copy_segment(slug, by=by, now=now)
            return redirect("edit_segment" if copied.kind == "rule" else "segment", copied.slug)
        if asked == "archive":
            archive_segment(slug, by=by, now=now)
            messages.success(request, _("The segment is archived. It can be brought back below."))
            return redirect("segments")
        if asked == "restore":
            restore_segment(slug, by=by, now=now)
        else:
            rebuild_segments(slug, now=now)
    except VafaError as problem:
        messages.error(request, str(problem))
    return redirect("segment", slug)


class _Builder:
    """One visit to the builder: what is said so far, and what is made of it."""

    def __init__(self, request: HttpRequest, segment: SavedSegment | None) -> None:
        self.request = request
        self.segment = segment
        self.page = Page(request, "customer")
        self.words = get_customer_word(self.page.business)
        self.is_list = segment is not None and segment.kind == "list"
        self.calendar: CalendarName = self.page.style.calendar
        own = segment.slug if segment else ""
        self.others = {other.slug: other.name for other in list_segments() if other.slug != own}
        self.new: tuple[int, ...] | None = None
        self.problem = ""
        posted = request.POST if request.method == "POST" else None
        if posted is None:
            self.draft = self._begin()
        else:
            self.draft = read_draft(dict(posted.lists()))
        self.name = (posted.get("name", "") if posted else segment.name if segment else "").strip()
        self.description = (
            posted.get("description", "") if posted else segment.description if segment else ""
        ).strip()
        self.colour = posted.get("colour", "") if posted else segment.colour if segment else ""

    def _begin(self) -> DraftGroup:
        if self.segment is not None and not self.is_list:
            try:
                definition = get_definition(self.segment.slug)
            except VafaError as problem:
                self.problem = str(problem)
            else:
                if definition is not None:
                    return write_draft(definition, self.calendar)
        self.new = (0,)
        return DraftGroup("all", [DraftCondition(is_new=True)])

    def understand(self) -> Understood:
        """What the draft says."""
        return understand(self.draft, self.calendar, self.others)

    def build_preview(self) -> Preview | None:
        """The figures of the draft; None while it isn't complete."""
        understood = self.understand()
        if self.is_list or understood.definition is None or not understood.is_usable:
            return None
        return build_preview(self.page.asker, understood.definition, self.page.style, clock.now())

    def describe(self) -> str:
        """The draft as a sentence; "" while it isn't complete."""
        understood = self.understand()
        if self.is_list or understood.definition is None or not understood.is_usable:
            return ""
        staff = {str(one.pk): str(one) for one in list_staff()}
        return describe_definition(understood.definition, self.page.style, Names(self.others, staff))

    def answer(self) -> HttpResponseBase:
        """The page, changed as a button asked; or, once saved, the way to the segment."""
        asked = self.request.POST.get("do", "") if self.request.method == "POST" else ""
        if asked == "save":
            saved = self._save()
            if saved is not None:
                return self._go_to(reverse("segment", args=[saved]))
            return self._render(status=422)
        if asked:
            self.new = apply(self.draft, asked)
        return self._render()

    def _go_to(self, address: str) -> HttpResponseBase:
        """Lead the whole page there, also where a script sent the form: it would put the other page into this one."""
        if self.request.headers.get("HX-Request") != "true":
            return redirect(address)
        return HttpResponse(status=204, headers={"HX-Redirect": address})

    def _save(self) -> str | None:
        """Save what was said; the slug, or None with the reason beside what it is about."""
        understood, now, by = self.understand(), clock.now(), self.request.user
        if not self.is_list and not understood.is_usable:
            self.problem = _("The conditions are not complete. Every condition says what it still needs.")
            return None
        said: dict[str, Any] = {
            "name": self.name,
            "definition": None if self.is_list else understood.definition,
            "description": self.description,
            "colour": self.colour,
        }
        try:
            if self.segment is None:
                slug = create_segment(**said, by=by, now=now).slug
            else:
                slug = change_segment(self.segment.slug, **said, by=by, now=now).slug
        except VafaError as problem:
            self.problem = str(problem)
            return None
        if not self.is_list:
            rebuild_segments(slug, now=now)
        messages.success(self.request, _("The segment is saved."))
        return slug

    def _render(self, status: int = 200) -> HttpResponse:
        understood = self.understand()
        snapshot = open_snapshot()
        seen = get_visible(snapshot, self.page.asker.owner_id)
        offers = Offers(snapshot, self.page.style, self.others, used=list_used(self.draft), seen=seen)
        context = {
            "segment": self.segment,
            "is_list": self.is_list,
            "name": self.name,
            "description": self.description,
            "colours": [(colour, name_colour(colour), colour == self.colour) for colour in COLOURS],
            "problem": self.problem,
            "root": build_group(self.draft, understood, offers, new=self.new),
            "whats": offers.list_whats(),
            "own": self.segment.slug if self.segment else "",
            "sentence": self.describe(),
            "preview": self.build_preview(),
            "preview_url": reverse("segment_preview"),
        }
        return render(self.request, "segments/builder.html", context, status=status)
