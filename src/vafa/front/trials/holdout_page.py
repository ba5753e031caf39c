"""The settings page "Universal control": a few customers who get no marketing at all, what they prove, their price."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vafa.act.messaging.actions import end_holdout, set_holdout, undo_holdout
from vafa.act.messaging.queries import (
    Holdout,
    build_holdout_key,
    can_undo,
    find_dealing_holdout,
    find_holdout,
    list_holdouts,
)
from vafa.act.messaging.types import HoldoutUnfit
from vafa.data.business.queries import get_business, get_style
from vafa.front.settings_pages import say_saved, show_settings
from vafa.front.trials.holdout_price import DAYS, SHARES, build_prices
from vafa.front.trials.words import name_verdict
from vafa.kit import clock
from vafa.kit.locale.formats import Style, format_day, format_days, format_number, format_percent
from vafa.kit.permissions import Permission, requires
from vafa.prove.trials.queries import list_standings

_USUAL_SHARE, _USUAL_DAYS = 0.05, 180


class HoldoutForm(forms.Form):
    """How many are held out, for how long, and what comes then."""

    share = forms.ChoiceField(
        label=gettext_lazy("Share of the customers"),
        help_text=gettext_lazy("What each share proves, and what it costs, stands below."),
    )
    days = forms.ChoiceField(label=gettext_lazy("Length of a period"))
    renews = forms.ChoiceField(label=gettext_lazy("After that"))

    def __init__(self, *args: Any, style: Style, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["share"].choices = [(str(share), format_percent(share, style, 0)) for share in SHARES]
        fields["days"].choices = [(str(days), format_days(days, style)) for days in DAYS]
        fields["renews"].choices = [
            ("yes", _("Another period begins")),
            ("no", _("It ends")),
        ]


@requires(Permission.MANAGE_SENDING)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_holdout(request: HttpRequest) -> HttpResponseBase:
    """`/settings/holdout/`; a POST begins a period, or says what comes after the one that runs."""
    style, now = _get_style(), clock.now()
    period = find_dealing_holdout() or find_holdout()
    initial = {
        "share": str(period.share if period else _USUAL_SHARE),
        "days": str(period.days if period else _USUAL_DAYS),
        "renews": "yes" if period is None or period.renews else "no",
    }
    form = HoldoutForm(request.POST if request.method == "POST" else None, style=style, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            set_holdout(
                float(said["share"]),
                int(said["days"]),
                renews=said["renews"] == "yes",
                by=request.user,
                now=now,
            )
        except HoldoutUnfit as problem:
            form.add_error(problem.field, str(problem))
        else:
            say_saved(request)
            return redirect("settings_holdout")
    days = form["days"].value()
    context = {
        "form": form,
        "state": describe_state(find_holdout(), find_dealing_holdout(), style),
        "is_on": period is not None,
        "can_undo": can_undo(now),
        "periods": _list_periods(style),
        "price_url": f"{reverse('holdout_price')}?days={days if str(days).isdigit() else _USUAL_DAYS}",
    }
    return show_settings(request, "settings_holdout", context, failed=bool(form.errors))


@requires(Permission.MANAGE_SENDING)
@require_POST
def change_holdout(request: HttpRequest) -> HttpResponseBase:
    """Do one thing with it: `do` is end or undo."""
    by, now = request.user, clock.now()
    if request.POST.get("do") == "undo":
        if undo_holdout(by=by, now=now):
            messages.success(request, _("It is as it was before."))
        else:
            messages.error(request, _("That can't be taken back any more."))
    elif request.POST.get("do") == "end":
        end_holdout(by=by, now=now)
        say_saved(request)
    return redirect("settings_holdout")


@requires(Permission.MANAGE_SENDING)
@require_safe
def holdout_price(request: HttpRequest) -> HttpResponseBase:
    """`/settings/holdout/price/?days=`: what each share proves and costs, as a fragment, or as a page of its own."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, DAYS) else _USUAL_DAYS
    context = {"prices": build_prices(days, _get_style(), clock.now())}
    if request.headers.get("HX-Request"):
        return render(request, "trials/holdout_price.html", context)
    return render(request, "trials/holdout_price_page.html", context)


def describe_state(running: Holdout | None, dealing: Holdout | None, style: Style) -> list[str]:
    """How it stands, in sentences; none where there is no universal holdout."""
    told = []
    if running is not None and running.began_at is not None and running.ends_at is not None:
        words = {
            "share": format_percent(running.share, style, 0),
            "start": _write_day(running.began_at, style),
            "end": _write_day(running.ends_at, style),
            "count": format_number(running.dealt, style),
        }
        told.append(
            ngettext(
                "From %(start)s to %(end)s %(share)s of all customers get no marketing by any channel. Its result "
                "counts the %(count)s customer who could be written to when it began.",
                "From %(start)s to %(end)s %(share)s of all customers get no marketing by any channel. Its result "
                "counts the %(count)s customers who could be written to when it began.",
                running.dealt,
            )
            % words
        )
        told.append(
            _("Another period, with other customers, follows by itself.")
            if running.renews
            else _("Nothing follows: then everybody hears of you again.")
        )
    if dealing is not None:
        told.append(
            _(
                "The customers are being dealt into a new period. It begins by itself as soon as all of them are; "
                "until then nobody is held out because of it."
            )
        )
    return told


def _list_periods(style: Style) -> list[dict[str, str]]:
    """The periods so far, the newest first."""
    periods = list_holdouts()
    standings = list_standings(build_holdout_key(one) for one in periods)
    rows = []
    for one in periods:
        key = build_holdout_key(one)
        standing = standings.get(key)
        end = one.ended_at or one.ends_at
        rows.append(
            {
                "start": _write_day(one.began_at, style),
                "end": _write_day(end, style),
                "share": format_percent(one.share, style, 0),
                "count": format_number(one.dealt, style),
                "result": name_verdict(standing.verdict) if standing else _("No data yet"),
                "url": reverse("trial", args=[key]),
            }
        )
    return rows


def _write_day(moment: datetime | None, style: Style) -> str:
    if moment is None:
        return ""
    return format_day(moment.astimezone(ZoneInfo(get_business().zone)).date(), style)


def _get_style() -> Style:
    return get_style(translation.get_language() or "en", get_business())
