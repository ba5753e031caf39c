"""A change of very many customers that the worker does: its progress, and taking it back."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from vafa.data.business.queries import get_business, get_style
from vafa.data.customers.actions import ask_to_undo_bulk_change, start_bulk_change
from vafa.data.customers.queries import find_bulk_change, list_bulk_changes
from vafa.data.customers.types import BulkKind
from vafa.data.staff.queries import find_staff_by_id
from vafa.front.customers.see_other import SeeOther
from vafa.front.customers.tasks import may_change_many, work_on
from vafa.kit import clock
from vafa.kit.locale.formats import Style, format_number
from vafa.kit.permissions import Permission, may, requires
from vafa.kit.worker import is_worker_alive

_SHOWN_FOR = timedelta(hours=12)


@dataclass(frozen=True)
class ShownJob:
    """A job in words. `progress` is None where it isn't known how far it is."""

    key: str
    title: str
    state: str
    tone: str
    text: str
    result: str
    done: int
    total: int
    polls: bool
    waits_for_worker: bool
    may_undo: bool
    is_refused: bool


def start_job(request: HttpRequest, kind: BulkKind, value: str, ids: list[int]) -> HttpResponseBase:
    """Have it done, and lead to the page that shows how far it is."""
    job = start_bulk_change(kind, value, ids, by=request.user, now=clock.now())
    work_on.enqueue(job.key)
    return SeeOther(reverse("bulk_job", args=[job.key]))


@requires(Permission.SEE_CUSTOMERS)
@require_safe
def bulk_job(request: HttpRequest, key: str) -> HttpResponseBase:
    """`/customers/bulk/<key>/`: how far a change of many is."""
    job = _find(request, key)
    style = get_style(translation.get_language() or "en", get_business())
    shown = show_job(job, style)
    if not may_change_many(request.user, job.kind):
        shown = replace(shown, may_undo=False)
    return render(request, "customers/bulk_job.html", {"job": shown})


@requires(Permission.SEE_CUSTOMERS)
@require_POST
def undo_bulk_job(request: HttpRequest, key: str) -> HttpResponseBase:
    """Stop a change of many, if it runs, and take it back: for who may still do such a change."""
    job = _find(request, key)
    if not may_change_many(request.user, job.kind):
        raise PermissionDenied
    if ask_to_undo_bulk_change(job.key, by=request.user):
        work_on.enqueue(job.key)
    return SeeOther(reverse("bulk_job", args=[job.key]))


def list_jobs(request: HttpRequest, style: Style) -> list[ShownJob]:
    """This person's own jobs that run or have just ended."""
    return [show_job(job, style) for job in list_bulk_changes(request.user, clock.now() - _SHOWN_FOR)]


def _find(request: HttpRequest, key: str) -> Any:
    """A job of this person; those who manage the staff may see and undo anybody's."""
    job = find_bulk_change(key)
    if job is None or (job.by_id != request.user.pk and not may(request.user, Permission.MANAGE_STAFF)):
        raise Http404
    return job


def show_job(job: Any, style: Style) -> ShownJob:
    """A job in the words of a page."""
    changed = ngettext("%(count)s customer was changed.", "%(count)s customers were changed.", job.changed)
    waits = job.state in ("waiting", "running", "undoing")
    return ShownJob(
        key=job.key,
        title=_name(job),
        state=_name_state(job.state),
        tone={"done": "success", "undone": "", "undoing": "warning"}.get(job.state, "info"),
        text=_("%(done)s of %(total)s")
        % {"done": format_number(job.done, style), "total": format_number(job.total, style)},
        result=changed % {"count": format_number(job.changed, style)},
        done=job.done,
        total=max(1, job.total),
        polls=waits,
        waits_for_worker=waits and not is_worker_alive(clock.now()),
        may_undo=job.state in ("waiting", "running", "done"),
        is_refused=job.refused,
    )


def _name(job: Any) -> str:
    if job.kind == "assign":
        staff = find_staff_by_id(int(job.value)) if job.value else None
        if staff is None:
            return _("Customers are looked after by nobody")
        return _("Customers are given to %(name)s") % {"name": staff}
    if job.kind == "tag":
        return _("The tag %(tag)s is put on") % {"tag": job.value}
    return _("The tag %(tag)s is taken off") % {"tag": job.value}


def _name_state(state: str) -> str:
    return {
        "waiting": _("Waiting for its turn…"),
        "running": _("Under way"),
        "done": _("Done"),
        "undoing": _("Being taken back"),
        "undone": _("Taken back"),
    }[state]
