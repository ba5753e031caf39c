"""The settings that are lists: currency rates, own periods, and who is left out of the figures."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from vafa.data.business.actions import (
    add_named_period,
    change_business,
    remove_named_period,
    remove_rate,
    set_rate,
)
from vafa.data.business.queries import get_business, get_style, list_all_rates, list_named_periods
from vafa.data.business.types import PeriodUnusable
from vafa.data.customers.actions import apply_exclusions
from vafa.data.customers.queries import list_matching
from vafa.front.settings_forms import (
    EXCLUSION_FIELDS,
    ExclusionForm,
    MoneyForm,
    PeriodForm,
    RateForm,
    get_page_language,
)
from vafa.front.settings_pages import say_saved, show_settings
from vafa.kit import clock
from vafa.kit.locale.money import get_currency_name
from vafa.kit.locale.numbers import format_number
from vafa.kit.permissions import Permission, requires


@requires(Permission.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_money(request: HttpRequest) -> HttpResponseBase:
    """What counts as revenue, and what other currencies are worth."""
    business = get_business()
    asked = request.POST.get("what") if request.method == "POST" else None
    parts = MoneyForm(request.POST if asked == "revenue" else None, initial=business.revenue_parts)
    rate = RateForm(
        request.POST if asked == "rate" else None,
        business=business,
        initial={"valid_from": clock.today(business.zone)},
    )
    if asked == "revenue" and parts.is_valid():
        change_business(by=request.user, now=clock.now(), revenue_parts=parts.cleaned_data)
        say_saved(request)
        return redirect("settings_money")
    if asked == "rate" and rate.is_valid():
        said = rate.cleaned_data
        set_rate(said["currency"], said["rate"], said["valid_from"], by=request.user, now=clock.now())
        say_saved(request)
        return redirect("settings_money")
    language = get_page_language()
    rates = [
        {
            "id": row.pk,
            "name": get_currency_name(row.currency, language),
            "rate": format_number(row.rate.normalize(), get_style(language, business)),
            "valid_from": row.valid_from,
        }
        for row in list_all_rates()
    ]
    own = get_currency_name(business.currency, language) if business.currency else ""
    context = {"form": parts, "rate_form": rate, "rates": rates, "own_currency": own}
    return show_settings(request, "settings_money", context, failed=asked is not None)


@requires(Permission.CHANGE_SETTINGS)
@require_POST
def remove_rate_row(request: HttpRequest, rate_id: int) -> HttpResponseBase:
    """Take a rate away."""
    remove_rate(rate_id, by=request.user, now=clock.now())
    return redirect("settings_money")


@requires(Permission.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_periods(request: HttpRequest) -> HttpResponseBase:
    """The periods that the business names itself."""
    business = get_business()
    form = PeriodForm(request.POST if request.method == "POST" else None, business=business)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        after = said["last_on"] + timedelta(days=1)
        try:
            add_named_period(said["name"].strip(), said["start_on"], after, by=request.user, now=clock.now())
        except PeriodUnusable as problem:
            form.add_error("name" if problem.code == "period_name_taken" else "last_on", problem.message)
        else:
            say_saved(request)
            return redirect("settings_periods")
    periods = [
        {"id": row.pk, "name": row.name, "start_on": row.start_on, "last_on": row.end_on - timedelta(days=1)}
        for row in list_named_periods()
    ]
    return show_settings(
        request, "settings_periods", {"form": form, "periods": periods}, failed=bool(form.errors)
    )


@requires(Permission.CHANGE_SETTINGS)
@require_POST
def remove_period(request: HttpRequest, period_id: int) -> HttpResponseBase:
    """Take a named period away."""
    remove_named_period(period_id, by=request.user, now=clock.now())
    return redirect("settings_periods")


@requires(Permission.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_exclusions(request: HttpRequest) -> HttpResponseBase:
    """The rules by which customers are left out, each with how many it names now."""
    business = get_business()
    form = ExclusionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        rule = {"field": form.cleaned_data["field"], "value": form.cleaned_data["value"].strip()}
        if rule not in business.exclusions:
            _set_rules(request, [*business.exclusions, rule])
        return redirect("settings_exclusions")
    titles = dict(EXCLUSION_FIELDS)
    style = get_style(get_page_language(), business)
    rules = [
        {
            "field": rule["field"],
            "title": titles[rule["field"]],
            "value": rule["value"],
            "count": format_number(len(list_matching([rule])), style),
        }
        for rule in business.exclusions
    ]
    return show_settings(
        request, "settings_exclusions", {"form": form, "rules": rules}, failed=bool(form.errors)
    )


@requires(Permission.CHANGE_SETTINGS)
@require_POST
def remove_exclusion(request: HttpRequest) -> HttpResponseBase:
    """Take a rule away: whom only it named counts again. It is named by its content, not its place."""
    gone = {"field": request.POST.get("field", ""), "value": request.POST.get("value", "")}
    _set_rules(request, [rule for rule in get_business().exclusions if rule != gone])
    return redirect("settings_exclusions")


def _set_rules(request: HttpRequest, rules: list[dict[str, Any]]) -> None:
    now = clock.now()
    change_business(by=request.user, now=now, exclusions=rules)
    changed = apply_exclusions(rules, by=request.user, now=now)
    style = get_style(get_page_language())
    text = ngettext(
        "Saved. %(count)s customer changed sides; the figures follow in a moment.",
        "Saved. %(count)s customers changed sides; the figures follow in a moment.",
        changed,
    )
    messages.success(request, text % {"count": format_number(changed, style)} if changed else _("Saved."))
