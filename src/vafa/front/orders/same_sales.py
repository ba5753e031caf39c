"""Sales that two sources tell of: proposed with the evidence, joined so that one counts, and parted again."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from vafa.data.business.queries import get_business, get_style
from vafa.data.customers.queries import find_customer, list_customer_rows
from vafa.data.orders.actions import join_sales, keep_sales_apart, part_sales
from vafa.data.orders.queries import (
    ToldTwice,
    WholeOrder,
    count_same_sales,
    find_same_sale,
    list_same_sales,
)
from vafa.front.customers.rows import name_customer
from vafa.front.orders.same_sales_file import STATES
from vafa.front.overview.exports import list_downloads
from vafa.front.overview.viewer import get_owner_id
from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.kit.locale.formats import Style, format_day, format_moment, format_money, format_number
from vafa.kit.permissions import Permission, requires
from vafa.measure.quality.actions import look_for_same_sales
from vafa.warehouse.actions import refresh

PAGE_SIZE = 25
_AGAINST = ("other_amount", "next_day")


@requires(Permission.EDIT_CUSTOMERS)
def same_sales(request: HttpRequest) -> HttpResponse:
    """`/orders/same/?state=&page=`: the proposals, or what has been joined."""
    business = get_business()
    style = get_style(translation.get_language() or "en", business)
    owner_id = get_owner_id(request.user, business)
    state = request.GET.get("state", "open")
    state = state if state in STATES else "open"
    text = request.GET.get("page", "")
    place = max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    found = list_same_sales(state, owner_id=owner_id, start=(place - 1) * PAGE_SIZE, count=PAGE_SIZE + 1)
    titles = {"open": _("Proposed"), "joined": pgettext("same sales", "Joined")}
    context = {
        "state": state,
        "rows": [build_row(pair, style, ZoneInfo(business.zone)) for pair in found[:PAGE_SIZE]],
        "tabs": [
            {
                "url": f"?state={one}",
                "title": titles[one],
                "active": one == state,
                "count": format_number(count_same_sales(one, owner_id), style),
            }
            for one in STATES
        ],
        "downloads": [
            (name, f"{url}?state={state}") for name, url in list_downloads(request, "export_same_sales")
        ],
        "is_limited": owner_id is not None,
        "previous_url": f"?state={state}&page={place - 1}" if place > 1 else None,
        "next_url": f"?state={state}&page={place + 1}" if len(found) > PAGE_SIZE else None,
    }
    return render(request, "orders/same_sales.html", context)


def name_evidence(code: str) -> str:
    """One thing that agrees between two orders, or doesn't."""
    return {
        "customer": _("Same customer"),
        "number": _("Same order number"),
        "amount": _("Same amount"),
        "other_amount": _("Different amount"),
        "day": _("Same day"),
        "next_day": _("A day apart"),
    }.get(code, code)


def build_row(pair: ToldTwice, style: Style, zone: ZoneInfo) -> dict[str, Any]:
    """A pair as the page shows it."""
    one = pair.first or pair.second
    customer = find_customer(one.customer) if one and one.customer is not None else None
    named = list_customer_rows([customer.pk]) if customer else []
    return {
        "id": pair.id,
        "name": name_customer(named[0]) if named else "",
        "customer_id": customer.pk if customer else None,
        "first": _describe(pair.first, style),
        "second": _describe(pair.second, style),
        "agreeing": [name_evidence(code) for code in pair.evidence if code not in _AGAINST],
        "against": [name_evidence(code) for code in pair.evidence if code in _AGAINST],
        "decided_at": format_moment(pair.decided_at, zone, style) if pair.decided_at else "",
        "decided_by": str(pair.decided_by) if pair.decided_by else "",
    }


def _describe(order: WholeOrder | None, style: Style) -> dict[str, str] | None:
    if order is None:
        return None
    totals = [format_money(total, code or style.currency, style) for code, total in order.totals.items()]
    return {
        "number": order.number,
        "source": order.source,
        "day": format_day(order.day, style, "short"),
        "total": " + ".join(totals),
        "url": reverse("order", args=[order.lines[0].pk]),
    }


@requires(Permission.EDIT_CUSTOMERS)
@require_POST
def look_again(_request: HttpRequest) -> HttpResponseBase:
    """Look through all sales anew."""
    now = clock.now()
    refresh(now=now)
    look_for_same_sales(now=now)
    return redirect("same_sales")


@requires(Permission.EDIT_CUSTOMERS)
@require_POST
def decide_same_sale(request: HttpRequest, pair_id: int) -> HttpResponseBase:
    """`do`: "first" or "second" counts from now on, "apart" remembers two sales, "part" takes a joining back."""
    pair = find_same_sale(pair_id, get_owner_id(request.user, get_business()))
    wish = request.POST.get("do", "")
    if pair is None or wish not in ("first", "second", "apart", "part"):
        raise Http404
    now = clock.now()
    try:
        if wish == "apart":
            keep_sales_apart(pair_id, by=request.user, now=now)
            text = _("Remembered: these are two sales. They will not be proposed again.")
        elif wish == "part":
            part_sales(pair_id, by=request.user, now=now)
            text = _("Both orders count again.")
        else:
            join_sales(pair_id, by=request.user, now=now, swap=wish == "second")
            text = _("They count as one sale from now on. It can be taken back under Joined.")
    except VafaError as error:
        messages.error(request, str(error))
    else:
        refresh(now=now)
        messages.success(request, text)
    return redirect("same_sales")
