"""The risk of one customer, as a part of the customer file: how high, until when, what is expected, and the case."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vafa.act.saving.actions import open_cases
from vafa.act.saving.queries import find_open_case, list_at_stake, list_cases_of
from vafa.act.saving.types import AtStake
from vafa.data.customers.queries import list_ids_of
from vafa.front.customer.parts import get_customer_or_404, is_fragment, render_part
from vafa.front.followups.asked import Eyes, open_eyes
from vafa.front.overview.figures import Asker
from vafa.front.overview.views import Page
from vafa.front.risk import acting
from vafa.front.risk.cards import Told, build_card, settle_stake, write_money
from vafa.front.risk.outlook import Outlook, read_outlook
from vafa.front.risk.past import build_past
from vafa.front.risk.telling import describe_rise, find_both
from vafa.front.risk.words import describe_risk, describe_why, get_band_tone, name_stage
from vafa.kit import clock
from vafa.kit.locale.formats import Style, format_day, format_days, format_number, format_percent
from vafa.kit.permissions import Permission, may, requires
from vafa.predict.models.queries import find_half_day
from vafa.predict.scores.queries import find_standing


@dataclass(frozen=True)
class Risk:
    """The risk in words: a badge with its colour, a sentence, and what else is expected, as pairs of words."""

    badge: str
    tone: str
    sentence: str
    expected: tuple[tuple[str, str], ...]


@requires(Permission.SEE_CUSTOMERS)
@require_http_methods(["GET", "HEAD", "POST"])
def customer_risk(request: HttpRequest, customer_id: int) -> HttpResponseBase:
    """`/customers/<id>/risk/`: a POST takes the customer on."""
    customer = get_customer_or_404(request, customer_id)
    page, eyes, now = Page(request, "customer"), open_eyes(request), clock.now()
    may_work = may(request.user, Permission.WORK_TASKS)
    if request.method == "POST":
        if not may_work:
            raise Http404
        done = open_cases([customer.pk], by=request.user, now=now, snapshot=page.asker.snapshot)
        acting.remember(request, done, acting.describe_opened(done, eyes))
        if not is_fragment(request):
            return redirect(f"{reverse('customer', args=[customer.pk])}#part-risk")
    ids, outlook = list_ids_of(customer.pk), read_outlook(page.asker, page.style)
    stake = list_at_stake([customer.pk], page.asker.snapshot).get(customer.pk, AtStake())
    case, past = find_open_case(ids), build_past(ids, outlook, eyes.style)
    leaving, staying = find_both(page.asker, customer.pk, outlook, eyes.style)
    context: dict[str, Any] = {
        "outlook": outlook,
        "risk": build_risk(page.asker, customer.pk, stake, outlook, eyes.style),
        "reasons": leaving,
        "staying": staying,
        "past": past,
        "rise": describe_rise(page.asker, customer.pk, past.before, outlook, eyes.style) if past else "",
        "case": case,
        "stage": name_stage(case.stage) if case else "",
        "card": build_card(case, settle_stake(case, stake), "", Told(), outlook, eyes, now) if case else None,
        "closed": _list_closed(ids, eyes),
        "may_work": may_work,
        "undoable": acting.take_undo(request) if may_work else None,
        "here": f"{reverse('customer', args=[customer.pk])}#part-risk",
    }
    return render_part(request, customer, "risk/part.html", context)


def _list_closed(ids: list[int], eyes: Eyes) -> list[dict[str, str]]:
    return [
        {
            "stage": name_stage(one.stage),
            "why": describe_why(one.why, one.closed_on, eyes.style),
            "url": reverse("risk_case", args=[one.pk]),
        }
        for one in list_cases_of(ids, 3)
    ]


def build_risk(asker: Asker, customer_id: int, stake: AtStake, outlook: Outlook, style: Style) -> Risk | None:
    """What is predicted of a customer; None where nothing is."""
    if not outlook.is_known or stake.band is None:
        return None
    return Risk(
        badge=describe_risk(stake.chance, stake.band, style, in_percent=outlook.in_percent),
        tone=get_band_tone(stake.band),
        sentence=_write_sentence(stake, outlook, style),
        expected=tuple(_list_expected(asker, customer_id, stake, outlook, style)),
    )


def find_badge(asker: Asker, customer_id: int, style: Style) -> tuple[str, str] | None:
    """How high a customer's risk is, and its colour; None where no risk is told."""
    outlook = read_outlook(asker, style)
    if not outlook.is_known:
        return None
    stake = list_at_stake([customer_id], asker.snapshot).get(customer_id, AtStake())
    text = describe_risk(stake.chance, stake.band, style, in_percent=outlook.in_percent)
    return (text, get_band_tone(stake.band)) if text else None


def _write_sentence(stake: AtStake, outlook: Outlook, style: Style) -> str:
    days = format_days(outlook.horizon_days, style)
    if outlook.as_of is None:
        return ""
    end = format_day(outlook.as_of + timedelta(days=outlook.horizon_days - 1), style)
    if outlook.in_percent and stake.chance is not None:
        return _("The chance of leaving within %(days)s (until %(day)s) is %(chance)s.") % {
            "days": days,
            "day": end,
            "chance": format_percent(stake.chance, style, 0),
        }
    return {
        2: _("The risk of leaving within %(days)s (until %(day)s) is high."),
        1: _("The risk of leaving within %(days)s (until %(day)s) is raised."),
        0: _("The risk of leaving within %(days)s (until %(day)s) is low."),
    }[stake.band or 0] % {"days": days, "day": end}


def _list_expected(
    asker: Asker, customer_id: int, stake: AtStake, outlook: Outlook, style: Style
) -> list[tuple[str, str]]:
    def read(name: str) -> float | None:
        values = asker.snapshot.published(name)
        (number,) = asker.snapshot.list_numbers([customer_id]).tolist()
        if values is None or number < 0 or not np.isfinite(values[number]):
            return None
        return float(values[number])

    found = []
    next_days = read("next_order_days")
    if next_days is not None and outlook.as_of is not None:
        day = outlook.as_of + timedelta(days=round(next_days))
        found.append((_("Next order expected"), format_day(day, style)))
    orders = read("expected_orders")
    if orders is not None:
        title = _("Orders expected within %(days)s") % {"days": format_days(outlook.horizon_days, style)}
        found.append((title, format_number(round(orders, 1), style)))
    if (end := _find_half_day(asker, customer_id, outlook)) is not None:
        found.append((_("Half of customers like this one leave by"), format_day(end, style)))
    for name, title in (
        ("value_12m", _("Value of the next 12 months")),
        ("value_36m", _("Value of the next 36 months")),
    ):
        if (value := read(name)) is not None:
            found.append((title, write_money(value, style)))
    if stake.value is not None:
        found.append((_("Value at stake"), write_money(stake.value, style)))
    return found


def _find_half_day(asker: Asker, customer_id: int, outlook: Outlook) -> date | None:
    """Of a business with contracts: by when half of those who have been there as long leave; None where that is over
    already, or can't be told."""
    standing = find_standing()
    if standing is None or standing.question.kind != "contracts" or outlook.as_of is None:
        return None
    return find_half_day(asker.snapshot, outlook.as_of, customer_id)
