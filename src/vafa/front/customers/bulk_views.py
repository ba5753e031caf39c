"""Doing something with many customers: counted, confirmed, done, and undone."""

from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from vafa.data.business.queries import get_business
from vafa.data.customers.actions import undo_batch
from vafa.data.customers.queries import list_seen
from vafa.front.customers.bulk import ACTIONS, LONG, BulkAction, Work
from vafa.front.customers.bulk_jobs import start_job
from vafa.front.customers.choosing import list_matching_ids
from vafa.front.customers.see_other import SeeOther
from vafa.front.overview.viewer import get_owner_id, get_visible
from vafa.front.overview.views import Page
from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.kit.ids import read_id
from vafa.kit.locale.formats import format_number
from vafa.kit.permissions import Permission, may, requires
from vafa.measure.segments.actions import undo_change
from vafa.warehouse.queries import open_snapshot

_UNDO = "bulk_undo"
_LONGEST_QUERY = 2000


@requires(Permission.SEE_CUSTOMERS)
@require_POST
def bulk(request: HttpRequest) -> HttpResponseBase:
    """`/customers/bulk/`: who is chosen (`id`, or `all` with the list's `query`) and what to do (`do`); asks first,
    and does it where `sure` is sent."""
    action = _find_action(request)
    query = request.POST.get("query", "")[:_LONGEST_QUERY]
    page = Page(request, "customer")
    ids, is_all = _list_chosen(request, page, query), "all" in request.POST
    back = f"{reverse('customers')}?{query}" if query else reverse("customers")
    if not ids or len(ids) > action.most:
        text = (
            _("Choose somebody first.")
            if not ids
            else _("At most %(count)s at once: narrow the filter.")
            % {"count": format_number(action.most, page.style)}
        )
        messages.warning(request, text)
        return SeeOther(back)
    is_sure = "sure" in request.POST
    form = action.build_form(request.POST if is_sure else None, request, page)
    if is_sure and form.is_valid() and action.build_job is not None and len(ids) >= LONG:
        return start_job(request, *action.build_job(form.cleaned_data), ids)
    if is_sure and form.is_valid():
        try:
            done = action.do(Work(request, page, ids, clock.now()), form.cleaned_data, form)
        except VafaError as problem:
            form.add_error(None, str(problem))
        else:
            if done.answer is not None:
                return done.answer
            if done.undo is not None:
                request.session[_UNDO] = {**done.undo, "do": action.code, "text": done.text, "back": back}
            else:
                messages.success(request, done.text)
            return SeeOther(back)
    count = ngettext("%(count)s customer", "%(count)s customers", len(ids)) % {
        "count": format_number(len(ids), page.style)
    }
    context = {
        "form": form,
        "title": action.get_title(),
        "code": action.code,
        "count": count,
        "ids": [] if is_all else ids,
        "is_all": is_all,
        "query": query,
        "back": back,
    }
    return render(request, "customers/bulk.html", context, status=422 if form.errors else 200)


@requires(Permission.SEE_CUSTOMERS)
@require_POST
def undo_bulk(request: HttpRequest) -> HttpResponseBase:
    """Undo what this person has just done with many."""
    told: dict[str, Any] = request.session.pop(_UNDO, None) or {}
    business, now = get_business(), clock.now()
    if not _may_still(request, told.get("do", "")):
        raise PermissionDenied
    if told.get("what") == "fields":
        owner_id = get_owner_id(request.user, business)
        count = undo_batch(
            told["batch"], by=request.user, now=now, language=business.language, owner_id=owner_id
        )
        text = ngettext("%(count)s customer is as before.", "%(count)s customers are as before.", count)
        messages.success(request, text % {"count": format_number(count, Page(request, "customer").style)})
    elif told.get("what") == "list":
        snapshot = open_snapshot()
        # Of whom was given to somebody else meanwhile, who asks may no longer decide.
        visible = get_visible(snapshot, get_owner_id(request.user, business))
        undo_change(
            told["slug"], told["change"], snapshot=snapshot, by=request.user, now=now, visible=visible
        )
        messages.success(request, _("It is as it was before."))
    return SeeOther(told.get("back") or reverse("customers"))


def _may_still(request: HttpRequest, code: str) -> bool:
    """Whether what was done may still be done: permissions may have been taken away since."""
    action = next((one for one in ACTIONS if one.code == code), None)
    return action is None or may(request.user, action.permission)


def find_undo(request: HttpRequest) -> str:
    """What was just done with many and can be undone, in words; "" for nothing."""
    told = request.session.get(_UNDO) or {}
    return str(told.get("text", ""))


def _find_action(request: HttpRequest) -> BulkAction:
    code = request.POST.get("do", "")
    action = next((one for one in ACTIONS if one.code == code), None)
    if action is None:
        raise Http404
    if not may(request.user, action.permission):
        raise PermissionDenied(action.permission)
    return action


def _list_chosen(request: HttpRequest, page: Page, query: str) -> list[int]:
    """The ids that are meant, of those whom this person may see."""
    if "all" in request.POST:
        return list_matching_ids(page, dict(parse_qsl(query)))
    told = {pk for text in request.POST.getlist("id")[:1000] if (pk := read_id(text)) is not None}
    return list_seen(told, page.asker.owner_id)
