"""The first steps of a new business: one address a step, to be left and taken up again anywhere."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vafa.data.business.actions import change_business
from vafa.data.business.queries import build_country_settings, choose_language, get_business, get_style
from vafa.front.navigation import find_url
from vafa.front.rule_effects import explain_rules, list_effects, read_rule
from vafa.front.settings_forms import (
    IdentityForm,
    IndustryForm,
    PlaceForm,
    RuleForm,
    build_rule_values,
    get_page_language,
)
from vafa.kit import clock
from vafa.kit.home import get_home
from vafa.kit.locale.countries import get_country_name, list_countries, list_prominent_countries
from vafa.kit.locale.numbers import format_number
from vafa.kit.locale.occasions import load_occasions
from vafa.kit.locale.periods import format_day_range
from vafa.kit.locale.style import Style
from vafa.kit.permissions import Permission, requires

if TYPE_CHECKING:
    from vafa.data.business.models import Business

OCCASIONS_SHOWN = 6


@dataclass(frozen=True)
class Step:
    """One step: the name of its address, its title, and whether the business has answered it."""

    key: str
    get_title: Callable[[], str]
    is_done: Callable[["Business"], bool]


STEPS = (
    Step("country", lambda: _("Country"), lambda business: bool(business.country)),
    Step("business", lambda: _("Business"), lambda business: bool(business.name)),
    Step("industry", lambda: _("Industry"), lambda business: bool(business.industry)),
    Step("rule", lambda: _("Who is active"), lambda business: bool(business.activity_rule)),
    Step("import", lambda: _("Import"), lambda _business: False),
)


@requires(Permission.CHANGE_SETTINGS)
def first_steps(_request: HttpRequest) -> HttpResponseBase:
    """Take up where the owner left."""
    business = get_business()
    step = next(step for step in STEPS if not step.is_done(business))
    return redirect(_get_url(step.key))


@requires(Permission.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def country_step(request: HttpRequest) -> HttpResponseBase:
    """Where the business is: the country first, then all that follows from it, for looking through."""
    language = get_page_language()
    names = dict(list_countries(language))
    business = get_business()
    country = request.POST.get("country") or request.GET.get("country") or business.country
    if country not in names:
        return _show(request, "country", {"country": "", **_build_country_choices(language)})
    if country != business.country:
        for field, value in build_country_settings(country).items():
            setattr(business, field, value)
    form = PlaceForm(request.POST if request.method == "POST" else None, business=business)
    if request.method == "POST" and form.is_valid():
        changes = form.build_changes() | {"country": country}
        if not get_business().country:
            changes["language"] = choose_language(country)
        change_business(by=request.user, now=clock.now(), **changes)
        return redirect(_get_url("business"))
    context = {
        "form": form,
        "country": country,
        "country_name": get_country_name(country, language),
        "occasions": _list_occasions(business, get_style(language, business)),
        **_build_country_choices(language),
    }
    return _show(request, "country", context, failed=bool(form.errors))


def _build_country_choices(language: Any) -> dict[str, Any]:
    return {"countries": list_countries(language), "prominent_countries": list_prominent_countries(language)}


def _list_occasions(business: "Business", style: Style) -> list[dict[str, Any]]:
    """The next occasions that the country brings; those of the installation's own folder included."""
    today = clock.today(business.zone)
    known = load_occasions(business.country, get_home() / "occasions")
    coming = known.list_between(today, today + timedelta(days=365))[:OCCASIONS_SHOWN]
    return [
        {
            "name": one.get_name(style.language),
            "days": format_day_range(one.occasion.start, one.occasion.end - timedelta(days=1), style),
            "sure": one.sure,
        }
        for one in coming
    ]


@requires(Permission.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def business_step(request: HttpRequest) -> HttpResponseBase:
    """Language, name and the word for customers."""
    business = get_business()
    language = business.language if business.country else get_page_language()
    initial = {"language": language, "name": business.name, "customer_word": business.customer_word}
    form = IdentityForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        change_business(by=request.user, now=clock.now(), **form.cleaned_data)
        return redirect(_get_url("industry"))
    return _show(request, "business", {"form": form}, failed=bool(form.errors))


@requires(Permission.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def industry_step(request: HttpRequest) -> HttpResponseBase:
    """What the business does."""
    form = IndustryForm(request.POST or None, initial={"industry": get_business().industry})
    if request.method == "POST" and form.is_valid():
        change_business(by=request.user, now=clock.now(), industry=form.cleaned_data["industry"])
        return redirect(_get_url("rule"))
    return _show(request, "industry", {"form": form}, failed=bool(form.errors))


@requires(Permission.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def rule_step(request: HttpRequest) -> HttpResponseBase:
    """Who counts as active, with what each rule would say of the data there is."""
    rule = read_rule(get_business().activity_rule)
    initial = build_rule_values(rule) or {"kind": "purchase:auto"}
    form = RuleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        change_business(by=request.user, now=clock.now(), activity_rule=str(form.build_rule()))
        return redirect(_get_url("import"))
    effects = list_effects(request.GET.get("window_days", ""))
    context = {"form": form, "effects": effects, "explanations": explain_rules()}
    return _show(request, "rule", context, failed=bool(form.errors))


@requires(Permission.CHANGE_SETTINGS)
def import_step(request: HttpRequest) -> HttpResponseBase:
    """The last step: bring the data."""
    return _show(request, "import", {"import_url": find_url("imports")})


@requires(Permission.CHANGE_SETTINGS)
@require_POST
def finish_first_steps(request: HttpRequest) -> HttpResponseBase:
    """Leave the first steps, done or not; the settings hold the same questions."""
    change_business(by=request.user, now=clock.now(), is_set_up=True)
    return _lead_to(request.POST.get("to", ""))


def _lead_to(place: str) -> HttpResponseRedirect:
    return redirect(find_url("imports") or "home") if place == "import" else redirect("home")


def _show(
    request: HttpRequest, key: str, context: dict[str, Any], *, failed: bool = False
) -> HttpResponseBase:
    business = get_business()
    keys = [step.key for step in STEPS]
    place = keys.index(key)
    style = get_style(translation.get_language() or "en", business)
    steps = [
        {
            "title": step.get_title(),
            "state": "current" if step.key == key else "done" if step.is_done(business) else "todo",
            "number": format_number(number, style),
        }
        for number, step in enumerate(STEPS, 1)
    ]
    context |= {
        "steps": steps,
        "previous_url": _get_url(keys[place - 1]) if place else None,
        "next_url": _get_url(keys[place + 1]) if place + 1 < len(keys) else None,
    }
    return render(request, f"front/first_steps/{key}.html", context, status=422 if failed else 200)


def _get_url(key: str) -> str:
    return reverse(f"first_steps_{key}")
