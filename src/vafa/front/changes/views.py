"""Why a figure is not what it was: what happened since, how much each did, and which customers make the difference."""

from dataclasses import dataclass
from datetime import date
from typing import Any, get_args
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from pyroaring import BitMap

from vafa.data.business.queries import get_customer_word
from vafa.front.changes.texts import (
    describe_change,
    find_change_url,
    name_set,
    write_effect,
    write_figure,
)
from vafa.front.customers.asked_list import build_links, find_asked_page
from vafa.front.customers.rows import build_rows
from vafa.front.customers.views import describe_page
from vafa.front.overview.exports import build_sheet, list_downloads
from vafa.front.overview.views import Page
from vafa.kit.errors import AskedWrongly
from vafa.kit.ids import read_id
from vafa.kit.locale.formats import Style, format_moment, format_number, format_period
from vafa.kit.permissions import Permission, may, only_with, requires
from vafa.lab.errors import LabError
from vafa.lab.periods import EVERY, Period, build_period
from vafa.measure.history.queries import find_moved, find_story, list_changed
from vafa.measure.history.types import SET_CHANGES, Change, Key, SetChange, StepTold
from vafa.measure.metrics.queries import get_entry
from vafa.measure.metrics.types import MetricEntry

_KEPT = ("metric", "from", "to", "state", "set", "side", "sort", "dir")


@dataclass(frozen=True)
class Cause:
    """One change of a step, and what it did alone ("" where that can't be told apart)."""

    text: str
    url: str | None
    effect: str


@dataclass(frozen=True)
class Moved:
    """How many came into or left a set, with the address of their names."""

    name: str
    came: str
    came_url: str | None
    left: str
    left_url: str | None


@dataclass(frozen=True)
class ShownStep:
    """One step of the story, ready to print."""

    at: str
    before: str
    after: str
    effect: str
    causes: list[Cause]
    together: str
    moved: list[Moved]


@requires(Permission.SEE_FIGURES)
def changes(request: HttpRequest) -> HttpResponse:
    """`/changes/?metric=&from=&to=`: the story of a figure; without a metric, all figures that moved."""
    page = Page(request)
    if page.asker.owner_id is not None:
        return render(request, "changes/limited.html", {})
    key = _read_key(request)
    if key is None:
        downloads = list_downloads(request, "changes_export")
        return render(request, "changes/list.html", {"rows": _list_rows(page), "downloads": downloads})
    story = find_story(key)
    if story is None:
        raise Http404
    entry = get_entry(key.metric)
    sees = page.may_see_names
    context: dict[str, Any] = {
        "entry": entry,
        "period": _name_period(key, page),
        "was": write_figure(story.was, entry, page.style),
        "now": write_figure(story.now, entry, page.style),
        "difference": write_effect(story.difference, entry, page.style),
        "since": _write_moment(story.since, page),
        "steps": [_build_step(key, entry, step, page, sees, request.user) for step in reversed(story.steps)],
    }
    return render(request, "changes/story.html", context)


_COLUMNS = ("metric", "from", "to", "before", "now", "since")


@requires(Permission.EXPORT)
@only_with(Permission.SEE_FIGURES)
def export(request: HttpRequest, file_format: str) -> HttpResponse:
    """`/changes.<csv|xlsx>`: the figures that are not what they were, as plain numbers."""
    page = Page(request)
    if page.asker.owner_id is not None:
        raise PermissionDenied
    zone = ZoneInfo(page.business.zone)
    rows = [
        [
            key.metric, key.start, key.end, was.value, was.now,
            was.moved_at.astimezone(zone).isoformat(timespec="seconds"),
        ]
        for key, was in list_changed()
        if was.value != was.now
    ]  # fmt: skip
    return build_sheet("changed-figures", _COLUMNS, rows, file_format)


def _read_key(request: HttpRequest) -> Key | None:
    metric = request.GET.get("metric", "")
    if not metric:
        return None
    try:
        get_entry(metric)
        return Key(metric, date.fromisoformat(request.GET["from"]), date.fromisoformat(request.GET["to"]))
    except (AskedWrongly, KeyError, ValueError) as error:
        raise Http404 from error


def build_changes_url(key: Key) -> str:
    """The address of a figure's story."""
    asked = {"metric": key.metric, "from": key.start.isoformat(), "to": key.end.isoformat()}
    return f"{reverse('changes')}?{urlencode(asked)}"


def _list_rows(page: Page) -> list[dict[str, Any]]:
    rows = []
    for key, was in list_changed():
        entry = get_entry(key.metric)
        before, after = write_figure(was.value, entry, page.style), write_figure(was.now, entry, page.style)
        if before != after:
            rows.append(
                {
                    "title": entry.title,
                    "url": build_changes_url(key),
                    "period": _name_period(key, page),
                    "was": before,
                    "now": after,
                    "at": _write_moment(was.moved_at, page),
                }
            )
    return rows


def _build_step(
    key: Key, entry: MetricEntry, step: StepTold, page: Page, sees: bool, staff: Any
) -> ShownStep:
    style = page.style
    effects = {part.change: write_effect(part.effect, entry, style) for part in step.parts}
    causes = [
        Cause(
            describe_change(change, style),
            find_change_url(change) if _may_follow(change, staff, sees) else None,
            effects.get(change, ""),
        )
        for change in step.changes
    ]
    single = len(step.changes) == 1
    return ShownStep(
        at=_write_moment(step.seen_at, page),
        before=write_figure(step.before, entry, style),
        after=write_figure(step.after, entry, style),
        effect=write_effect(
            None if step.before is None or step.after is None else step.after - step.before, entry, style
        ),
        causes=causes,
        together="" if single or step.together is None else write_effect(step.together, entry, style),
        moved=[_build_moved(key, step, name, style, sees) for name in SET_CHANGES if name in step.moved],
    )


def _may_follow(change: Change, staff: Any, sees: bool) -> bool:
    """Whether the page of what happened would open for this person."""
    if change.kind in ("import", "undo"):
        return may(staff, Permission.IMPORT)
    if change.kind in ("joining", "parting"):
        return may(staff, Permission.EDIT_CUSTOMERS)
    return sees


def _build_moved(key: Key, step: StepTold, name: SetChange, style: Style, sees: bool) -> Moved:
    came, left = step.moved[name]

    def find_names(count: int, side: str) -> str | None:
        if not sees or not count:
            return None
        asked = {
            "metric": key.metric, "from": key.start.isoformat(), "to": key.end.isoformat(),
            "state": step.state, "set": name, "side": side,
        }  # fmt: skip
        return f"{reverse('changes_names')}?{urlencode(asked)}"

    return Moved(
        name_set(name),
        format_number(came, style),
        find_names(came, "came"),
        format_number(left, style),
        find_names(left, "left"),
    )


def _write_moment(moment: Any, page: Page) -> str:
    return format_moment(moment, ZoneInfo(page.business.zone), page.style, "short")


def _name_period(key: Key, page: Page) -> str:
    """A period by its name: that of the length whose grid it lies on."""
    cut = page.question.cutting
    for every in EVERY:
        try:
            if build_period(key.start, every, cut.calendar, cut.week_start, cut.first_month) == Period(
                key.start, key.end
            ):
                return format_period(key.start, key.end, every, page.style, cut.calendar)
        except LabError:
            continue
    return format_period(key.start, key.end, "own", page.style)


@requires(Permission.SEE_CUSTOMERS)
def names(request: HttpRequest) -> HttpResponse:
    """`/changes/names/?metric=&from=&to=&state=&set=&side=`: who came into or left a set behind a figure."""
    page = Page(request)
    key = _read_key(request)
    name = next((one for one in get_args(SetChange) if one == request.GET.get("set")), None)
    side = request.GET.get("side")
    state = read_id(request.GET.get("state", ""))
    if page.asker.owner_id is not None or key is None or name is None or side not in ("came", "left"):
        raise Http404
    moved = find_moved(key, state) if state is not None else {}
    if name not in moved:
        raise Http404
    ids: BitMap = moved[name][0 if side == "came" else 1]
    members = page.asker.snapshot.ix_set(list(ids))
    shown = find_asked_page(page.asker, members, request)
    gone = len(ids) - len(members)
    came = _("Came into “%(set)s”") if side == "came" else _("Left “%(set)s”")
    context = {
        "title": came % {"set": name_set(name)},
        "count": get_customer_word(page.business).counted(len(ids), format_number(len(ids), page.style)),
        "gone": format_number(gone, page.style) if gone else "",
        "period": _name_period(key, page),
        "story_url": build_changes_url(key),
        "rows": build_rows(page.asker, shown.ids, page.style),
        "summary": describe_page(shown, page),
        **build_links(page.asker, request, _KEPT, shown),
    }
    return render(request, "changes/names.html", context)
