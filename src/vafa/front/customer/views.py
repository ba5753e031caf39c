"""A customer's page: who it is, how they stand, what they are worth, what happened, and why."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from vafa.data.customers.queries import (
    list_contact_points,
    list_customer_rows,
    list_ids_of,
    list_keys_of,
)
from vafa.front.customer.parts import get_customer_or_404, list_parts
from vafa.front.customer.standing import build_standing, build_worth, list_purchase_days
from vafa.front.customer.timeline import get_timeline
from vafa.front.customer.why import build_why
from vafa.front.customers.rows import name_customer
from vafa.front.customers.values import get_values
from vafa.front.date_field import parse_day, write_day
from vafa.front.overview.pickers import build_pickers
from vafa.front.overview.views import Page
from vafa.kit import clock
from vafa.kit.locale.formats import format_day
from vafa.kit.permissions import Permission, requires
from vafa.measure.metrics.queries import explain_customer


@requires(Permission.SEE_CUSTOMERS)
def customer(request: HttpRequest, customer_id: int) -> HttpResponseBase:
    """`/customers/<id>/?on=&rule=&before=`: `on` is the day to explain, `before` where the story goes on."""
    page = Page(request, "customer")
    found = get_customer_or_404(request, customer_id)
    if found.pk != customer_id:
        return redirect("customer", found.pk)
    return render(request, "customers/customer.html", _build_context(request, page, found))


def _build_context(request: HttpRequest, page: Page, found: Any) -> dict[str, Any]:
    asker, style, until = page.asker, page.style, page.freshness.data_until
    ids = list_ids_of(found.pk)
    row = list_customer_rows([found.pk])[0]
    members = asker.snapshot.ix_set([found.pk])
    number = min(members) if members else None
    days = [] if number is None else list_purchase_days(asker, ids, number)
    as_of = until or clock.today(page.business.zone)
    explained = explain_customer(found.pk, as_of, page.question.rule, snapshot=asker.snapshot)
    values = get_values(asker)
    asked_on = _read_day(request, page) or as_of
    return {
        "problems": page.problems,
        "customer": found,
        "name": name_customer(row),
        "keys": list_keys_of(found.pk),
        "points": list_contact_points(ids),
        "birthday": format_day(found.birthday, style) if found.birthday else None,
        "joined_on": format_day(found.joined_on, style) if found.joined_on else None,
        "fields": sorted(found.custom.items()),
        "standing": build_standing(explained, days, style),
        "worth": build_worth(
            int(values.orders[number]) if number is not None else 0,
            float(values.revenue[number]) if number is not None else None,
            date.fromordinal(days[0]) if days else None,
            style,
        ),
        "why": build_why(
            explained
            if asked_on == as_of
            else explain_customer(found.pk, asked_on, page.question.rule, snapshot=asker.snapshot),
            style,
        ),
        "why_day": write_day(asked_on, style.calendar),
        "pickers": build_pickers(page.question, asker.snapshot, page.rule, until, style),
        "timeline": get_timeline(ids, _read_before(request), page.business.zone, style),
        "is_first_page": "before" not in request.GET,
        "list_url": reverse("customers"),
        "side_parts": list_parts(request.user, found.pk, "side"),
        "main_parts": list_parts(request.user, found.pk, "main"),
    }


def _read_day(request: HttpRequest, page: Page) -> date | None:
    text = request.GET.get("on", "")
    if not text.strip():
        return None
    try:
        return parse_day(text, page.style.calendar)
    except ValidationError:
        page.add_problem(_("That is not a day; the end of the data is shown."))
        return None


def _read_before(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("before", ""))
    except ValueError:
        return None
