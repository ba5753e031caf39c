"""Customers of whom nothing has been heard for a long time: proposed as a list, and erased by people, or by the worker
where that was switched on."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from vafa.act.followups.queries import list_customers_since as list_with_tasks
from vafa.data.business.queries import get_business, get_style
from vafa.data.consent.actions import ask_erasures
from vafa.data.consent.queries import list_customers_since as list_spoken
from vafa.data.consent.queries import list_keepings
from vafa.data.customers.queries import list_customer_rows, list_reach, list_without
from vafa.data.interactions.queries import list_customers_since as list_met
from vafa.data.orders.queries import list_customers_since as list_dealt_with
from vafa.data.subscriptions.queries import list_customers_since as list_subscribed
from vafa.front.customers.rows import name_customer
from vafa.kit import clock
from vafa.kit.ids import read_id
from vafa.kit.locale.formats import format_day, format_number
from vafa.kit.permissions import Permission, requires
from vafa.warehouse.queries import open_snapshot

KIND = "customers"
BY_ITSELF = "customers_self"
# The worker asks for no more in a day, so that a wrong setting is noticed before it has done much.
MOST_A_DAY = 200
SHOWN = 100


def find_cutoff(before: datetime) -> date:
    """The day since when nothing may have been heard. Days that no source has told of yet are not counted: files that
    end last year are no customers who fell silent."""
    zone = ZoneInfo(get_business().zone)
    cutoff, today = before.astimezone(zone).date(), clock.today(str(zone))
    until = open_snapshot().freshness().data_until
    return cutoff if until is None else cutoff - max(today - until, timedelta(0))


def list_inactive(before: datetime) -> list[int]:
    """The kept customers without an order, return, running subscription, talk, answer, ticket, own word on contact or
    task since a moment. Of whom nobody knows since when they are there is not proposed. By id."""
    cutoff = find_cutoff(before)
    facts = (list_dealt_with, list_subscribed, list_met)
    active = set().union(*(ask(cutoff) for ask in facts))
    active |= list_spoken(before) | list_with_tasks(cutoff)
    known = set().union(*(ask(date.min) for ask in facts))
    return list_without(active, known=known, before=cutoff)


def count_inactive(before: datetime) -> int:
    """How many there are."""
    return len(list_inactive(before))


def erase_inactive(before: datetime) -> int:
    """Where it was switched on, ask for the erasure of some of them; how many. The worker goes on with these."""
    if not is_by_itself():
        return 0
    return len(ask_erasures(list_inactive(before)[:MOST_A_DAY], by=None, now=clock.now()))


def is_by_itself() -> bool:
    """Whether they are erased without anybody looking."""
    return bool(list_keepings().get(BY_ITSELF))


@requires(Permission.ERASE_CUSTOMERS)
@require_safe
def inactive(request: HttpRequest) -> HttpResponseBase:
    """`/privacy/inactive/?from=`: the list, to be looked through; what is chosen is erased by the list of customers."""
    business, now = get_business(), clock.now()
    style = get_style(translation.get_language() or "en", business)
    days = list_keepings().get(KIND, 0)
    before = now - timedelta(days=days)
    found = list_inactive(before) if days else []
    start = min(read_id(request.GET.get("from", "")) or 0, len(found)) // SHOWN * SHOWN
    ids = found[start : start + SHOWN]
    reach = list_reach(ids)
    context: dict[str, Any] = {
        "days": format_number(days, style) if days else "",
        "since": format_day(find_cutoff(before), style) if days else "",
        "total": format_number(len(found), style) if found else "",
        "rows": [
            {"id": row.id, "name": name_customer(row), "reach": _write_reach(reach.get(row.id), row.key)}
            for row in list_customer_rows(ids)
        ],
        "by_itself": is_by_itself(),
        "previous_url": f"?from={start - SHOWN}" if start else None,
        "next_url": f"?from={start + SHOWN}" if start + SHOWN < len(found) else None,
    }
    return render(request, "privacy/inactive.html", context)


def _write_reach(ways: Any, key: str) -> str:
    return " · ".join(text for text in ((ways.phone, ways.email) if ways else ()) if text) or key
