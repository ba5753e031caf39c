"""The settings of the business: who we are, money, the activity rule, own periods, who is left out."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from vafa.data.business.actions import change_business
from vafa.data.business.queries import get_business
from vafa.front.rule_effects import explain_rules, list_effects, read_rule
from vafa.front.settings_forms import (
    CountedRuleForm,
    IdentityForm,
    IndustryLineForm,
    PlaceForm,
    PostalForm,
    build_rule_values,
)
from vafa.kit import clock
from vafa.kit.permissions import Permission, may, requires

# The pages of the settings: name of the address, title, and who sees it.
TABS: tuple[tuple[str, Callable[[], str], Permission | None], ...] = (
    ("settings", lambda: _("Business"), Permission.CHANGE_SETTINGS),
    ("settings_place", lambda: _("Calendar and place"), Permission.CHANGE_SETTINGS),
    ("settings_rule", lambda: _("Who is active"), Permission.CHANGE_SETTINGS),
    ("settings_money", lambda: _("Money"), Permission.CHANGE_SETTINGS),
    ("settings_costs", lambda: _("Margin and spend"), Permission.CHANGE_SETTINGS),
    ("settings_prices", lambda: _("Price index"), Permission.CHANGE_SETTINGS),
    ("settings_predictions", lambda: _("Predictions"), Permission.MANAGE_MODELS),
    ("settings_periods", lambda: _("Own periods"), Permission.CHANGE_SETTINGS),
    ("settings_exclusions", lambda: _("Left out"), Permission.CHANGE_SETTINGS),
    ("settings_fields", lambda: _("Fields of customers"), Permission.CHANGE_SETTINGS),
    ("settings_topics", lambda: _("Themes and causes"), Permission.CHANGE_SETTINGS),
    ("settings_privacy", lambda: _("Privacy"), Permission.CHANGE_SETTINGS),
    ("settings_sources", lambda: _("Sources"), Permission.CHANGE_SETTINGS),
    ("settings_shops", lambda: _("Shops"), Permission.CHANGE_SETTINGS),
    ("settings_timed", lambda: _("Files by timetable"), Permission.CHANGE_SETTINGS),
    ("settings_mail", lambda: _("Mail"), Permission.CHANGE_SETTINGS),
    ("settings_sending", lambda: _("Sending"), Permission.MANAGE_SENDING),
    ("settings_budget", lambda: _("Contact budget"), Permission.MANAGE_SENDING),
    (
        "settings_holdout",
        lambda: pgettext("a control group over everything", "Universal control"),
        Permission.MANAGE_SENDING,
    ),
    ("settings_tokens", lambda: _("API"), Permission.CHANGE_SETTINGS),
    ("settings_webhooks", lambda: _("Webhooks"), Permission.CHANGE_SETTINGS),
    ("settings_staff", lambda: _("Staff"), Permission.MANAGE_STAFF),
    ("settings_roles", lambda: _("Roles"), Permission.MANAGE_STAFF),
    ("settings_audit", lambda: _("Audit trail"), Permission.MANAGE_STAFF),
    ("my_account", lambda: _("My account"), None),
    ("second_step", lambda: _("Second step"), None),
)

# How the pages stand together, by the names of their addresses. What no group names stands with the connections.
GROUPS: tuple[tuple[Callable[[], str], tuple[str, ...]], ...] = (
    (lambda: _("The business"), ("settings", "settings_place", "settings_money", "settings_periods")),
    (
        lambda: _("Figures"),
        ("settings_rule", "settings_costs", "settings_prices", "settings_exclusions", "settings_predictions"),
    ),
    (lambda: _("Data and connections"), ()),
    (lambda: _("People and access"), ("settings_staff", "settings_roles", "settings_audit")),
    (lambda: _("Yourself"), ("my_account", "second_step")),
)


def show_settings(
    request: HttpRequest, name: str, context: dict[str, Any], *, failed: bool = False, template: str = ""
) -> HttpResponseBase:
    """One page of the settings, beside the list of all that this person may see; `template` is that of a page below the
    one that is named."""
    title = next(get_title() for tab, get_title, _permission in TABS if tab == name)
    context |= {"settings_groups": _list_groups(request, name), "settings_title": title}
    return render(
        request,
        template or f"front/settings/{name.removeprefix('settings_')}.html",
        context,
        status=422 if failed else 200,
    )


def _list_groups(request: HttpRequest, name: str) -> list[dict[str, Any]]:
    """The groups with the pages that this person may see, the one named marked; a group with none is left out."""
    pages = {
        tab: {"url": reverse(tab), "title": get_title(), "active": tab == name}
        for tab, get_title, permission in TABS
        if permission is None or may(request.user, permission)
    }
    named = {tab for _title, tabs in GROUPS for tab in tabs}
    others = tuple(tab for tab in pages if tab not in named)
    groups = [
        {"title": get_title(), "items": [pages[tab] for tab in tabs or others if tab in pages]}
        for get_title, tabs in GROUPS
    ]
    return [group for group in groups if group["items"]]


def say_saved(request: HttpRequest) -> None:
    """Tell whoever saved that it is saved."""
    messages.success(request, _("Saved."))


@requires(Permission.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponseBase:
    """Name, language, the word for customers, the postal address, the industry."""
    business = get_business()
    sent = request.POST if request.method == "POST" else None
    names = ("language", "name", "customer_word")
    form = IdentityForm(sent, initial={name: getattr(business, name) for name in names})
    industry = IndustryLineForm(sent, initial={"industry": business.industry})
    postal = PostalForm(sent, initial={"address": business.address})
    if sent is not None and form.is_valid() and industry.is_valid() and postal.is_valid():
        own_only = request.POST.get("agents_own_only") == "on"
        changes = form.cleaned_data | industry.cleaned_data | {"agents_own_only": own_only}
        # A form without the field leaves the address as it is.
        changes |= postal.cleaned_data if "address" in request.POST else {}
        return _save(request, "settings", **changes)
    context = {"form": form, "industry_form": industry, "postal_form": postal}
    return show_settings(request, "settings", context, failed=sent is not None)


@requires(Permission.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_place(request: HttpRequest) -> HttpResponseBase:
    """All that the country settles."""
    form = PlaceForm(request.POST if request.method == "POST" else None, business=get_business())
    if request.method == "POST" and form.is_valid():
        return _save(request, "settings_place", **form.build_changes())
    return show_settings(request, "settings_place", {"form": form}, failed=_has_errors(form))


@requires(Permission.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_rule(request: HttpRequest) -> HttpResponseBase:
    """Who counts as active, and what each rule would say."""
    business = get_business()
    rule = read_rule(business.activity_rule)
    initial = build_rule_values(rule) | {"counts_as": business.counts_as}
    form = CountedRuleForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = {"activity_rule": str(form.build_rule()), "counts_as": form.cleaned_data["counts_as"]}
        return _save(request, "settings_rule", **chosen)
    context = {
        "form": form,
        "effects": list_effects(request.GET.get("window_days", "")),
        "explanations": explain_rules(),
        "current_rule": business.activity_rule,
    }
    return show_settings(request, "settings_rule", context, failed=_has_errors(form))


def _save(request: HttpRequest, page: str, **changes: Any) -> HttpResponseBase:
    change_business(by=request.user, now=clock.now(), **changes)
    say_saved(request)
    return redirect(page)


def _has_errors(form: BaseForm) -> bool:
    return form.is_bound and not form.is_valid()
