"""What the buttons of the risk board do, one case or many at once; and taking it back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from vafa.act.followups.types import AssigneeBlind
from vafa.act.saving.actions import (
    assign_cases,
    move_cases,
    open_cases,
    put_back_cases,
    take_back_opened,
)
from vafa.act.saving.queries import keep_visible
from vafa.act.saving.types import MOST_AT_ONCE, CaseUnusable, Done
from vafa.data.customers.queries import list_seen
from vafa.front.customers.see_other import SeeOther
from vafa.front.followups.acting import Undoable, read_next
from vafa.front.followups.asked import Eyes, open_eyes
from vafa.front.risk.words import name_stage
from vafa.kit import clock
from vafa.kit.ids import read_id
from vafa.kit.locale.formats import format_number
from vafa.kit.permissions import Permission, may, requires

UNDO = "risk_undo"


@requires(Permission.WORK_TASKS)
@require_POST
def act(request: HttpRequest) -> HttpResponseBase:
    """`/risk/act/`: move cases (`case`, `to`), give them to somebody (`do=assign`, `staff`), or take customers on
    (`do=take_on`, `customer`; a row's button names its one in `one`)."""
    eyes = open_eyes(request)
    try:
        done = _do(request, eyes)
    except (CaseUnusable, AssigneeBlind) as problem:
        messages.error(request, str(problem))
        done = None
    if done is not None and not done.count:
        messages.warning(request, _("Nothing was changed: it is that way already."))
    return SeeOther(read_next(request, reverse("risk")))


def _do(request: HttpRequest, eyes: Eyes) -> Done | None:
    asked, by, now = request.POST, request.user, clock.now()
    what = asked.get("do", "")
    if what == "take_on" or asked.get("one"):
        owner_id = eyes.viewer.staff_id if eyes.viewer.own_only else None
        ids = list_seen(_read_ids(request, "one") or _read_ids(request, "customer"), owner_id)
        if not ids:
            messages.warning(request, _("Choose somebody first."))
            return None
        done = open_cases(ids, by=by, now=now)
        remember(request, done, describe_opened(done, eyes))
        return done
    ids = keep_visible(_read_ids(request, "case"), eyes.viewer)
    if what == "assign":
        staff_id = read_id(asked.get("staff", ""))
        if staff_id != eyes.viewer.staff_id and not may(by, Permission.ASSIGN_TASKS):
            raise CaseUnusable(_("Your role may not give cases to others."))
        done = assign_cases(ids, staff_id, by=by, now=now)
        text = ngettext("%(count)s case is given on.", "%(count)s cases are given on.", done.count)
        remember(request, done, text % {"count": format_number(done.count, eyes.style)})
        return done
    done = move_cases(ids, asked.get("to", ""), by=by, now=now, today=eyes.moment.today)
    if done.count:
        remember(request, done, _("Moved to “%(stage)s”.") % {"stage": name_stage(asked["to"])})
    return done


def describe_opened(done: Done, eyes: Eyes) -> str:
    """How many were taken on, in words."""
    text = ngettext("%(count)s customer is taken on.", "%(count)s customers are taken on.", done.count)
    return text % {"count": format_number(done.count, eyes.style)}


def _read_ids(request: HttpRequest, name: str) -> list[int]:
    found = [pk for text in request.POST.getlist(name) if (pk := read_id(text)) is not None]
    return found[:MOST_AT_ONCE]


def remember(request: HttpRequest, done: Done, text: str) -> None:
    """Keep how the cases were in the session, for one undo."""
    if done.count:
        images = {str(pk): dict(image) for pk, image in done.images.items()}
        request.session[UNDO] = {"images": images, "opened": list(done.opened), "text": text, "fresh": True}


def take_undo(request: HttpRequest) -> Undoable | None:
    """What was done last, if it wasn't shown yet."""
    kept: dict[str, Any] | None = request.session.get(UNDO)
    if not kept or not kept["fresh"]:
        return None
    request.session[UNDO] = kept | {"fresh": False}
    return Undoable(kept["text"])


@requires(Permission.WORK_TASKS)
@require_POST
def undo(request: HttpRequest) -> HttpResponseBase:
    """`/risk/undo/`: take back what was done last."""
    kept: dict[str, Any] = request.session.pop(UNDO, None) or {}
    viewer, by, now = open_eyes(request).viewer, request.user, clock.now()
    images = {int(pk): image for pk, image in kept.get("images", {}).items()}
    visible = set(keep_visible([*images, *kept.get("opened", [])], viewer))
    done = put_back_cases({pk: image for pk, image in images.items() if pk in visible}, by=by, now=now)
    taken = take_back_opened([pk for pk in kept.get("opened", []) if pk in visible], by=by, now=now)
    if done.count or taken.count:
        messages.success(request, _("It is as it was."))
    else:
        messages.warning(request, _("It could not be taken back: somebody has changed it since."))
    return SeeOther(read_next(request, reverse("risk")))
