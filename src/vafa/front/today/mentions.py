"""Where one was called by name in a note: what is still to be read stands on the page of the day, all of it here."""

from dataclasses import dataclass
from typing import Any
from unicodedata import bidirectional
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from vafa.data.business.queries import Business, get_business, get_style
from vafa.data.customers.queries import list_customer_rows
from vafa.data.interactions.actions import mark_mentions
from vafa.data.interactions.queries import count_mentions, list_mentions
from vafa.front.customer.kinds import KNOWN
from vafa.front.customers.rows import name_customer
from vafa.front.followups.acting import read_next
from vafa.front.overview.viewer import get_owner_id
from vafa.kit import clock
from vafa.kit.ids import read_id
from vafa.kit.locale.formats import Style, format_moment, format_number
from vafa.kit.permissions import Permission, requires

PAGE_SIZE = 25
# On the page of the day.
FEW = 5
_LONGEST_TEXT = 280
_SHOWS = ("unread", "all")


@dataclass(frozen=True)
class Row:
    """One call, ready to print."""

    id: int
    by: str
    kind: str
    customer: str
    at: str
    text: str
    direction: str
    is_read: bool


@dataclass(frozen=True)
class Waiting:
    """The newest calls that are still to be read, and how many there are of them in all."""

    rows: list[Row]
    count: str
    has_more: bool


def list_waiting(request: HttpRequest, business: Business, style: Style) -> Waiting:
    """What is still to be read, for the page of the day."""
    owner_id, staff_id = get_owner_id(request.user, business), _get_id(request)
    total = count_mentions(staff_id, owner_id=owner_id, unread=True)
    found = list_mentions(staff_id, owner_id=owner_id, unread=True, count=FEW) if total else []
    return Waiting(_build_rows(found, business, style), format_number(total, style), total > len(found))


@requires(Permission.SEE_CUSTOMERS)
@require_safe
def mentions(request: HttpRequest) -> HttpResponseBase:
    """`/today/mentions/?show=&page=`: where one was called by name, what is still to be read (the default) or all."""
    business = get_business()
    style = get_style(translation.get_language() or "en", business)
    owner_id, staff_id = get_owner_id(request.user, business), _get_id(request)
    show = request.GET.get("show", "")
    show = show if show in _SHOWS else "unread"
    page = read_id(request.GET.get("page", "")) or 1
    start = (min(page, 10**6) - 1) * PAGE_SIZE
    found = list_mentions(
        staff_id, owner_id=owner_id, unread=show == "unread", start=start, count=PAGE_SIZE + 1
    )
    counts = {one: count_mentions(staff_id, owner_id=owner_id, unread=one == "unread") for one in _SHOWS}
    titles = {"unread": pgettext("mentions", "To be read"), "all": pgettext("mentions", "All")}
    context = {
        "rows": _build_rows(found[:PAGE_SIZE], business, style),
        "show": show,
        "has_any": bool(counts["all"]),
        "has_unread": bool(counts["unread"]),
        "here": request.get_full_path(),
        "tabs": [
            {
                "url": _build_url(one, 1),
                "title": titles[one],
                "active": one == show,
                "count": format_number(counts[one], style),
            }
            for one in _SHOWS
        ],
        "previous_url": _build_url(show, page - 1) if page > 1 else None,
        "next_url": _build_url(show, page + 1) if len(found) > PAGE_SIZE else None,
    }
    return render(request, "today/mentions.html", context)


@requires(Permission.SEE_CUSTOMERS)
@require_POST
def mark(request: HttpRequest) -> HttpResponseBase:
    """`do`: "open" (read `one` and go to the customer's file), "read" or "unread" (`one`), "all" (everything read)."""
    owner_id, staff_id, now = get_owner_id(request.user, get_business()), _get_id(request), clock.now()
    what, one = request.POST.get("do", ""), read_id(request.POST.get("one", ""))
    if what == "all":
        mark_mentions(staff_id, None, owner_id=owner_id, now=now)
        messages.success(request, _("Everything is read."))
    elif what in ("open", "read", "unread") and one is not None:
        mark_mentions(staff_id, [one], owner_id=owner_id, read=what != "unread", now=now)
    else:
        raise Http404
    if what == "open" and (customer_id := _find_customer(staff_id, one, owner_id)) is not None:
        return redirect(f"{reverse('customer', args=[customer_id])}#story")
    return redirect(read_next(request, "mentions"))


def _find_customer(staff_id: int, one: int | None, owner_id: int | None) -> int | None:
    found = list_mentions(staff_id, owner_id=owner_id, only=one, count=1)
    return found[0].customer_id if found else None


def _get_id(request: HttpRequest) -> int:
    return int(getattr(request.user, "pk", None) or 0)


def _build_url(show: str, page: int) -> str:
    return "?" + urlencode({"show": show} | ({"page": page} if page > 1 else {}))


def _build_rows(found: list[Any], business: Business, style: Style) -> list[Row]:
    names = {row.id: name_customer(row) for row in list_customer_rows({one.customer_id for one in found})}
    zone = ZoneInfo(business.zone)
    return [
        Row(
            id=one.id,
            by=one.by,
            kind=KNOWN[one.kind].get_name() if one.kind in KNOWN else "",
            customer=names.get(one.customer_id, ""),
            at=format_moment(one.at, zone, style, "short"),
            text=one.text if len(one.text) <= _LONGEST_TEXT else f"{one.text[:_LONGEST_TEXT]}…",
            direction=_find_direction(one.text),
            is_read=one.is_read,
        )
        for one in found
    ]


def _find_direction(text: str) -> str:
    """The direction of the words beside the calls: a note that begins with a Latin @name is none of a Latin script."""
    words = (letter for word in text.split() if not word.startswith("@") for letter in word)
    found = next((kind for letter in words if (kind := bidirectional(letter)) in ("L", "R", "AL")), "")
    return {"L": "ltr", "": "auto"}.get(found, "rtl")
