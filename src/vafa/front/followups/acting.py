"""What the buttons of tasks do, one task or many at once; and taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.act.followups.actions import (
    assign_tasks,
    cancel_tasks,
    finish_tasks,
    put_back_tasks,
    reopen_tasks,
    snooze_tasks,
)
from vafa.act.followups.queries import keep_visible
from vafa.act.followups.types import MOST_AT_ONCE, Done, TaskUnusable
from vafa.front.date_field import parse_day
from vafa.front.followups.asked import Eyes
from vafa.kit import clock
from vafa.kit.ids import read_id
from vafa.kit.locale.formats import format_number
from vafa.kit.permissions import Permission, may

UNDO = "tasks_undo"
_MOST_AHEAD = 3700


@dataclass(frozen=True)
class Undoable:
    """What was done last, in words, to be shown once with its button."""

    text: str


def act(request: HttpRequest, eyes: Eyes) -> Done | None:
    """Do with the chosen tasks what the form says; None where it can't be, which a message tells."""
    asked = request.POST
    # A button of one row names its task in `one`, and leaves the chosen ones alone.
    wanted = [asked["one"]] if asked.get("one") else asked.getlist("task")
    ids = [pk for text in wanted if (pk := read_id(text)) is not None][:MOST_AT_ONCE]
    ids = keep_visible(ids, eyes.viewer)
    if not ids:
        messages.warning(request, _("Choose at least one task."))
        return None
    try:
        what = asked.get("do") or request.GET.get("do", "")
        done = _do(request, what, ids, eyes)
    except (TaskUnusable, ValidationError) as problem:
        said = problem.messages[0] if isinstance(problem, ValidationError) else str(problem)
        messages.error(request, said)
        return None
    _remember(request, what, done, eyes)
    return done


def _do(request: HttpRequest, what: str, ids: Sequence[int], eyes: Eyes) -> Done:
    asked, by, now = request.POST, request.user, clock.now()
    if what == "finish":
        # The button of one row doesn't mean the outcome that stands in the bar below.
        outcome = "done" if "do" in request.GET else asked.get("outcome") or "done"
        return finish_tasks(ids, outcome, asked.get("note", ""), by=by, now=now)
    if what == "no_answer":
        return finish_tasks(ids, "no_answer", by=by, now=now)
    if what == "cancel":
        return cancel_tasks(ids, by=by, now=now)
    if what == "reopen":
        return reopen_tasks(ids, by=by, now=now)
    if what == "snooze":
        return snooze_tasks(ids, _read_until(asked, eyes), by=by, now=now)
    if what == "assign":
        staff_id = read_id(asked.get("staff", ""))
        if staff_id != request.user.pk and not may(request.user, Permission.ASSIGN_TASKS):
            raise PermissionDenied(Permission.ASSIGN_TASKS)
        return assign_tasks(ids, staff_id, by=by, now=now)
    raise TaskUnusable(_("There is no such action."))


def _read_until(asked: Any, eyes: Eyes) -> Any:
    if asked.get("until", "").strip():
        return parse_day(asked["until"], eyes.style.calendar)
    ahead = read_id(asked.get("ahead", "")) or 1
    return eyes.moment.today + timedelta(days=min(ahead, _MOST_AHEAD))


def _remember(request: HttpRequest, what: str, done: Done, eyes: Eyes) -> None:
    """Keep how the tasks were in the session, for one undo."""
    if done.skipped and not done.count:
        messages.warning(request, _("Nothing was changed: these tasks were that way already."))
        return
    images = {str(pk): dict(image) for pk, image in done.images.items()}
    request.session[UNDO] = {"images": images, "text": _say(what, done.count, eyes), "fresh": True}


def _say(what: str, count: int, eyes: Eyes) -> str:
    texts = {
        "finish": ngettext("%(count)s task is finished.", "%(count)s tasks are finished.", count),
        "cancel": ngettext("%(count)s task is cancelled.", "%(count)s tasks are cancelled.", count),
        "reopen": ngettext("%(count)s task is open again.", "%(count)s tasks are open again.", count),
        "snooze": ngettext("%(count)s task is put off.", "%(count)s tasks are put off.", count),
        "assign": ngettext("%(count)s task is given on.", "%(count)s tasks are given on.", count),
    }
    return texts["finish" if what == "no_answer" else what] % {"count": format_number(count, eyes.style)}


def take_undo(request: HttpRequest) -> Undoable | None:
    """What was done last, if it wasn't shown yet."""
    kept = request.session.get(UNDO)
    if not kept or not kept["fresh"]:
        return None
    request.session[UNDO] = kept | {"fresh": False}
    return Undoable(kept["text"])


def undo(request: HttpRequest, eyes: Eyes) -> None:
    """Take back what was done last."""
    kept = request.session.pop(UNDO, None)
    images = {int(pk): image for pk, image in (kept or {}).get("images", {}).items()}
    visible = set(keep_visible(images, eyes.viewer))
    images = {pk: image for pk, image in images.items() if pk in visible}
    done = put_back_tasks(images, by=request.user, now=clock.now())
    if done.count:
        messages.success(request, _("It is as it was."))
    else:
        messages.warning(request, _("It could not be taken back: somebody has changed it since."))


def read_next(request: HttpRequest, usual: str) -> str:
    """Where to go after a POST: where it came from, if that is one of our pages."""
    there = request.POST.get("next", "")
    return there if there.startswith("/") and url_has_allowed_host_and_scheme(there, None) else usual
