"""The settings of predictions: how far ahead, where raised and high risk begin, what later money is worth."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from vafa.data.business.queries import get_style
from vafa.front.number_field import NumberField
from vafa.front.settings_forms import get_page_language
from vafa.front.settings_pages import say_saved, show_settings
from vafa.kit import clock
from vafa.kit.locale.formats import Style, format_days, format_number, format_percent
from vafa.kit.permissions import Permission, requires
from vafa.predict.models.actions import change_settings
from vafa.predict.models.queries import find_borders, find_champion, get_question, get_settings
from vafa.predict.models.types import HORIZONS, PredictionSettings, SettingsUnusable
from vafa.warehouse.queries import open_snapshot

_MOST_ODDS = Decimal("100.0001")
_MOST_RATE = Decimal("20.0001")


class PredictionForm(forms.Form):
    """How far ahead, at how many times the odds of the base raised and high risk begin, and the discount a month."""

    horizon_days = forms.TypedChoiceField(
        label=_("How far ahead"),
        coerce=int,
        help_text=_("The question is who orders nothing, or ends the subscription, within so many days."),
    )
    low_odds = NumberField(
        label=_("Raised risk begins at"),
        most=_MOST_ODDS,
        help_text=_("So many times the odds of the average active customer; 1 is the average."),
    )
    high_odds = NumberField(
        label=_("High risk begins at"),
        most=_MOST_ODDS,
        help_text=_("So many times the same odds; more than the number before."),
    )

    monthly_rate = NumberField(
        label=_("Discount a month, in percent"),
        most=_MOST_RATE,
        help_text=_("What comes a month later is worth so much less; with high inflation more than 1."),
    )

    def __init__(self, *args: Any, style: Style, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.TypedChoiceField", self.fields["horizon_days"])
        field.choices = [(days, format_days(days, style)) for days in HORIZONS]


@requires(Permission.MANAGE_MODELS)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_predictions(request: HttpRequest) -> HttpResponseBase:
    """`/settings/predictions/`: a change holds from the next scoring on."""
    style = get_style(get_page_language())
    own = get_settings()
    form = PredictionForm(
        request.POST if request.method == "POST" else None,
        style=style,
        initial={
            "horizon_days": own.horizon_days,
            "low_odds": format_number(Decimal(str(own.low_odds)), style),
            "high_odds": format_number(Decimal(str(own.high_odds)), style),
            "monthly_rate": format_number(Decimal(str(round(own.monthly_rate * 100, 4))), style),
        },
    )
    if request.method == "POST" and form.is_valid() and _keep(form, request):
        say_saved(request)
        return redirect("settings_predictions")
    card = find_champion(get_question(open_snapshot()))
    borders = None if card is None else find_borders(card)
    context = {
        "form": form,
        "raised_from": "" if borders is None else format_percent(borders[0], style, 0),
        "high_from": "" if borders is None else format_percent(borders[1], style, 0),
    }
    return show_settings(request, "settings_predictions", context, failed=bool(form.errors))


def _keep(form: PredictionForm, request: HttpRequest) -> bool:
    """Keep what was said; False, with the reason at its field, where it can't be used."""
    said = form.cleaned_data
    told = PredictionSettings(
        said["horizon_days"],
        float(said["low_odds"]),
        float(said["high_odds"]),
        float(said["monthly_rate"]) / 100,
    )
    try:
        change_settings(told, by=request.user, now=clock.now())
    except SettingsUnusable as problem:
        form.add_error(problem.details.get("field"), str(problem))
        return False
    return True
