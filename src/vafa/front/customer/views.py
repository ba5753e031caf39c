"""A customer's page: who it is, how they stand, what they are worth, what happened, and why."""

from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vafa.data.business.queries import get_business, get_style
from vafa.data.customers.queries import (
    list_customer_rows,
    list_ids_of,
)
from vafa.front.customer.parts import get_customer_or_404, list_parts, render_part
from vafa.front.customer.standing import build_standing, build_worth, list_in_segments, list_purchase_days
from vafa.front.customer.timeline import Asked, Reader, get_timeline, list_kinds, read_kind
from vafa.front.customer.who import build_who
from vafa.front.customer.why import MOST_ROWS, build_why
from vafa.front.customer.writing import build_bar, find_removed
from vafa.front.customers.rows import name_customer
from vafa.front.customers.values import get_values
from vafa.front.date_field import parse_day, write_day
from vafa.front.overview.pickers import Option, build_pickers
from vafa.front.overview.views import Page
from vafa.front.risk.part import find_badge
from vafa.kit import clock
from vafa.kit.keyset import read_place
from vafa.kit.permissions import Permission, may, requires
from vafa.measure.metrics.queries import explain_customer

if TYPE_CHECKING:
    from vafa.data.business.models import Business
    from vafa.kit.locale.style import Style


@requires(Permission.SEE_CUSTOMERS)
def customer(request: HttpRequest, customer_id: int) -> HttpResponseBase:
    """`/customers/<id>/?on=&rule=&kind=&find=&after=`: `on` is the day to explain, the rest is the story's."""
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
    explained = explain_customer(
        found.pk, as_of, page.question.rule, snapshot=asker.snapshot, most_rows=MOST_ROWS
    )
    values = get_values(asker)
    asked_on = _read_day(request, page) or as_of
    return {
        "problems": page.problems,
        "customer": found,
        "name": name_customer(row),
        "who": build_who(request, found, style),
        "standing": build_standing(explained, days, style),
        "segments": list_in_segments(found.pk),
        "risk": find_badge(asker, found.pk, style),
        "worth": build_worth(
            int(values.orders[number]) if number is not None else 0,
            float(values.revenue[number]) if number is not None else None,
            date.fromordinal(days[0]) if days else None,
            style,
        ),
        "why": build_why(
            explained
            if asked_on == as_of
            else explain_customer(
                found.pk, asked_on, page.question.rule, snapshot=asker.snapshot, most_rows=MOST_ROWS
            ),
            style,
        ),
        "why_day": write_day(asked_on, style.calendar),
        "pickers": build_pickers(page.question, asker.snapshot, page.rule, until, style),
        "story": build_story(request, found.pk, page.business, style),
        "bar": build_bar(found.pk) if may(request.user, Permission.WRITE_NOTES) else None,
        "removed_key": find_removed(request, found.pk),
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


@requires(Permission.SEE_CUSTOMERS)
@require_GET
def story(request: HttpRequest, customer_id: int) -> HttpResponseBase:
    """`/customers/<id>/story/?kind=&q=&after=`: the story alone; the next page of it where a script asks for more."""
    found = get_customer_or_404(request, customer_id)
    business = get_business()
    style = get_style(translation.get_language() or "en", business)
    context = {"story": build_story(request, found.pk, business, style)}
    template = "customers/story_events.html" if "more" in request.GET else "customers/story.html"
    return render_part(request, found, template, context)


def build_story(
    request: HttpRequest, customer_id: int, business: "Business", style: "Style"
) -> dict[str, Any]:
    """What the template of the story needs: its events, the filter as it stands, and the address of what comes next."""
    asked = Asked(
        kind=read_kind(request.GET.get("kind", "")),
        text=" ".join(request.GET.get("find", "").split())[:100],
        after=read_place(request.GET.get("after", "")),
    )
    reader = Reader(
        customer_id,
        list_ids_of(customer_id),
        request.user,
        ZoneInfo(business.zone),
        clock.today(business.zone),
        style,
    )
    timeline = get_timeline(reader, asked)
    kept = {name: value for name, value in (("kind", asked.kind), ("find", asked.text)) if value}
    address = reverse("customer_story", args=[customer_id])
    file = reverse("customer", args=[customer_id])
    after = {"after": str(timeline.after)} if timeline.after else None
    return {
        "events": timeline.events,
        "kinds": [Option(code, name, code == asked.kind) for code, name in list_kinds()],
        "text": asked.text,
        "is_filtered": bool(kept),
        "is_first": asked.after is None,
        "url": address,
        "file_url": file,
        "newest_url": f"{file}?{urlencode(kept)}#timeline-title",
        "next_url": f"{file}?{urlencode(kept | after)}#timeline-title" if after else None,
        "more_url": f"{address}?{urlencode(kept | after | {'more': '1'})}" if after else None,
    }
