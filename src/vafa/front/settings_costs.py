"""The settings of what customers cost and what money is worth: margins, marketing spend, the price index."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from vafa.data.business.queries import get_business, get_style
from vafa.data.costs.actions import (
    Removed,
    add_spend,
    put_back,
    remove_margin,
    remove_price_index,
    remove_price_month,
    remove_spend,
    set_margin,
    set_price_month,
)
from vafa.data.costs.queries import (
    PriceMonth,
    find_price_source,
    list_margins,
    list_price_months,
    list_spends,
)
from vafa.data.costs.types import CostUnusable, ToldSpend
from vafa.front.settings_cost_forms import MarginForm, PriceForm, SpendForm
from vafa.front.settings_forms import get_page_language
from vafa.front.settings_pages import say_saved, show_settings
from vafa.kit import clock
from vafa.kit.locale.formats import Style, format_money, format_number, format_percent, format_period
from vafa.kit.permissions import Permission, requires

# So many rows are shown; the rest is counted.
MOST_SHOWN = 120
# What was removed last, so that it can be put back.
_REMOVED = "removed_cost"


@requires(Permission.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_costs(request: HttpRequest) -> HttpResponseBase:
    """Margins and marketing spend."""
    business = get_business()
    asked = request.POST.get("what") if request.method == "POST" else None
    margin = MarginForm(request.POST if asked == "margin" else None, business=business)
    spend = SpendForm(request.POST if asked == "spend" else None, business=business)
    said: dict[str, Any] = {"by": request.user, "now": clock.now()}
    if asked == "margin" and margin.is_valid():
        set_margin(margin.share, margin.cleaned_data["valid_from"], **said)
        say_saved(request)
        return redirect("settings_costs")
    if (
        asked == "spend"
        and spend.is_valid()
        and _keep(spend, lambda: add_spend(**spend.build_values(), **said))
    ):
        say_saved(request)
        return redirect("settings_costs")
    style = get_style(get_page_language(), business)
    spends = list_spends()
    context = {
        "margin_form": margin,
        "spend_form": spend,
        "margins": [
            {"id": row.pk, "share": _write_share(row.share, style), "valid_from": row.valid_from}
            for row in list_margins()
        ],
        "spends": [_tell_spend(row, style) for row in spends[:MOST_SHOWN]],
        "more_spends": _tell_more(len(spends) - MOST_SHOWN, style),
        "removed": _tell_removed(request, "settings_costs"),
    }
    return show_settings(request, "settings_costs", context, failed=asked is not None)


@requires(Permission.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_prices(request: HttpRequest) -> HttpResponseBase:
    """The index of prices behind real terms."""
    business = get_business()
    source = find_price_source() or ""
    form = PriceForm(
        request.POST if request.method == "POST" else None, business=business, initial={"source": source}
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        start, end = told["month"]

        def keep() -> None:
            set_price_month(
                start, end, told["value"], told["source"].strip(), by=request.user, now=clock.now()
            )

        if _keep(form, keep):
            say_saved(request)
            return redirect("settings_prices")
    style = get_style(get_page_language(), business)
    months = list_price_months()
    context = {
        "form": form,
        "source": source,
        "months": _tell_months(months, style)[:MOST_SHOWN],
        "more_months": _tell_more(len(months) - MOST_SHOWN, style),
        "gaps": _tell_gaps(months, style),
        "removed": _tell_removed(request, "settings_prices"),
    }
    return show_settings(request, "settings_prices", context, failed=bool(form.errors))


@requires(Permission.CHANGE_SETTINGS)
@require_POST
def remove_margin_row(request: HttpRequest, margin_id: int) -> HttpResponseBase:
    """Take a margin away."""
    return _note_removed(
        request, "settings_costs", remove_margin(margin_id, by=request.user, now=clock.now())
    )


@requires(Permission.CHANGE_SETTINGS)
@require_POST
def remove_spend_row(request: HttpRequest, spend_id: int) -> HttpResponseBase:
    """Take a spend away."""
    return _note_removed(request, "settings_costs", remove_spend(spend_id, by=request.user, now=clock.now()))


@requires(Permission.CHANGE_SETTINGS)
@require_POST
def remove_price_row(request: HttpRequest, month_id: int) -> HttpResponseBase:
    """Take a month of the index away."""
    return _note_removed(
        request, "settings_prices", remove_price_month(month_id, by=request.user, now=clock.now())
    )


@requires(Permission.CHANGE_SETTINGS)
@require_POST
def remove_all_prices(request: HttpRequest) -> HttpResponseBase:
    """Take the whole index away."""
    return _note_removed(request, "settings_prices", remove_price_index(by=request.user, now=clock.now()))


@requires(Permission.CHANGE_SETTINGS)
@require_POST
def put_back_cost(request: HttpRequest) -> HttpResponseBase:
    """Put back what was removed last."""
    removed: Removed | None = request.session.pop(_REMOVED, None)
    page = "settings_prices" if removed and removed["what"] == "prices" else "settings_costs"
    if removed is not None and put_back(removed, by=request.user, now=clock.now()):
        messages.success(request, _("It is back."))
    else:
        messages.warning(request, _("It could not be put back: something else has taken its place."))
    return redirect(page)


def _keep(form: Form, action: Callable[[], Any]) -> bool:
    """Do it; False with the refusal in the form."""
    try:
        action()
    except CostUnusable as problem:
        form.add_error(_FIELDS.get(problem.code), f"{problem.message} {problem.remedy}".strip())
        return False
    return True


_FIELDS = {
    "spend_backwards": "last_on",
    "price_unusable": "value",
    "price_months_overlap": "month",
    "other_price_index": "source",
}


def _note_removed(request: HttpRequest, page: str, removed: Removed | None) -> HttpResponseBase:
    """Back to the page, which offers to undo it."""
    if removed is None:
        return redirect(page)
    request.session[_REMOVED] = removed
    return redirect(f"{reverse(page)}?removed=1")


def _tell_removed(request: HttpRequest, page: str) -> str:
    """What was just removed from this page, in a sentence; "" where nothing was."""
    removed = request.session.get(_REMOVED) if "removed" in request.GET else None
    if removed is None or (removed["what"] == "prices") is not (page == "settings_prices"):
        return ""
    if removed["what"] == "margin":
        return _("The margin is removed.")
    if removed["what"] == "spend":
        return _("The spend is removed.")
    if len(removed["rows"]) > 1:
        return _("The price index is removed.")
    return _("The month is removed.")


def _write_share(share: Decimal, style: Style) -> str:
    """A margin with as many decimals as it was told with."""
    exponent = (share * 100).normalize().as_tuple().exponent
    return format_percent(share, style, max(0, -exponent) if isinstance(exponent, int) else 1)


def _tell_spend(row: ToldSpend, style: Style) -> dict[str, Any]:
    return {
        "id": row.id,
        "days": format_period(row.start, row.end, "month", style),
        "amount": format_money(row.amount, row.currency, style),
        "channel": row.channel,
        "location": row.location,
    }


def _tell_months(months: list[PriceMonth], style: Style) -> list[dict[str, Any]]:
    """The months, the newest first, each with the rise of prices in the year before it."""
    by_start = {month.started_on: month for month in months}
    # All with as many decimals as the one with the most, so that they stand in line.
    exponents = (month.value.normalize().as_tuple().exponent for month in months)
    decimals = max((-one for one in exponents if isinstance(one, int)), default=0)
    rows = []
    for month in months:
        # The same month of the year before begins 365 or 366 days earlier in solar calendars, 354 or 355 in Hijri.
        earlier = (by_start.get(month.started_on - timedelta(days=days)) for days in (365, 366, 354, 355))
        before = next((one for one in earlier if one is not None), None)
        rise = None if before is None else format_percent(month.value / before.value - 1, style)
        name = format_period(month.started_on, month.ended_on, "month", style)
        rows.append(
            {
                "id": month.pk,
                "name": name,
                "value": format_number(month.value, style, max(0, decimals)),
                "rise": rise,
            }
        )
    return rows


def _tell_gaps(months: list[PriceMonth], style: Style) -> list[str]:
    """The stretches of days between the first and the last month for which there is no index."""
    ordered = sorted(months, key=lambda month: month.started_on)
    return [
        format_period(before.ended_on, after.started_on, "month", style)
        for before, after in pairwise(ordered)
        if after.started_on > before.ended_on
    ]


def _tell_more(count: int, style: Style) -> str:
    if count <= 0:
        return ""
    text = ngettext("%(count)s older row is not shown.", "%(count)s older rows are not shown.", count)
    return text % {"count": format_number(count, style)}
