"""The cards of models: which one predicts, how each was tried, and letting another one predict again."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vafa.data.business.queries import get_style
from vafa.front.risk.model_shown import (
    build_compared,
    build_curve,
    build_days,
    build_facts,
    build_features,
    list_leaks,
    name_form,
)
from vafa.front.risk.tabs import list_tabs
from vafa.front.settings_forms import get_page_language
from vafa.kit import clock
from vafa.kit.locale.formats import Style, format_day, format_days, format_number
from vafa.kit.permissions import Permission, requires
from vafa.predict.models.actions import promote
from vafa.predict.models.queries import find_borders, get_card, list_all_cards
from vafa.predict.models.types import CardUnusable

MOST_SHOWN = 100


@requires(Permission.MANAGE_MODELS)
@require_safe
def models(request: HttpRequest) -> HttpResponseBase:
    """`/risk/models/`: all cards, the newest first."""
    style = get_style(get_page_language())
    cards = list_all_cards()
    context = {
        "columns": [
            {"title": _("Trained on")},
            {"title": _("Model")},
            {"title": _("How far ahead")},
            {"title": _("Data until")},
            {"title": "AUC", "number": True},
            {"title": _("State")},
        ],
        "rows": [_build_row(card, style) for card in cards[:MOST_SHOWN]],
        "more": format_number(len(cards) - MOST_SHOWN, style) if len(cards) > MOST_SHOWN else "",
        "board_url": reverse("risk"),
    }
    return render(request, "risk/models.html", {**context, "views": list_tabs(request.user, "risk_models")})


def _build_row(card: Any, style: Style) -> list[Any]:
    overall = card.document.get("overall") or {}
    auc = overall.get("auc")
    return [
        {"text": format_day(card.trained_at.date(), style), "url": reverse("risk_model", args=(card.pk,))},
        name_form(card.form),
        format_days(card.horizon_days, style),
        format_day(card.data_until, style, "short"),
        None if auc is None else format_number(round(auc, 3), style),
        name_state(card),
    ]


def name_state(card: Any) -> str:
    """Whether a card predicts, waits to be looked at, or did before."""
    if card.is_champion:
        return _("In use")
    if card.document.get("held_for"):
        return _("Held back: it looks too good to be true")
    return _("Not in use")


@requires(Permission.MANAGE_MODELS)
@require_safe
def model(request: HttpRequest, card_id: int) -> HttpResponseBase:
    """`/risk/models/<id>/`: what it learned from, how it was tried, and what it was found to lack."""
    card = get_card(card_id)
    if card is None:
        raise Http404
    style = get_style(get_page_language())
    context = {
        "card": card,
        "title": _("Model of %(day)s") % {"day": format_day(card.trained_at.date(), style)},
        "state": name_state(card),
        "facts": build_facts(card, find_borders(card), style),
        "days": build_days(card.document, style),
        "compared": build_compared(card.document, style),
        "curve": build_curve(card.document, style),
        "features": build_features(card.document, card.horizon_days, style),
        "leaks": list_leaks(card.document),
        "board_url": reverse("risk"),
    }
    return render(request, "risk/model.html", context)


@requires(Permission.MANAGE_MODELS)
@require_POST
def use(request: HttpRequest, card_id: int) -> HttpResponseBase:
    """Let this model predict; the one in use stays on the shelf, so that it can be put back."""
    try:
        promote(card_id, by=request.user, now=clock.now())
    except CardUnusable as problem:
        messages.error(request, str(problem))
        return redirect("risk_models")
    messages.success(request, _("This model predicts from the next night on."))
    return redirect("risk_model", card_id=card_id)
