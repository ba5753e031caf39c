"""Consent on the customer file: what holds on each channel, who has died, numbers that are not theirs."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vafa.data.consent.actions import (
    NoSuchPoint,
    detach_point,
    end_stop,
    set_consent,
    stop_contact,
)
from vafa.data.consent.queries import (
    build_preference_token,
    list_history,
    list_states,
    list_stops,
    may_contact,
)
from vafa.data.consent.types import Channel, Proof, Purpose, StopKind, Told, Way
from vafa.data.customers.queries import list_contact_points, list_ids_of
from vafa.front.customer.parts import get_customer_or_404, is_fragment, render_part
from vafa.front.privacy.words import (
    CHANNEL_NAMES,
    PURPOSE_NAMES,
    REASON_NAMES,
    STOP_NAMES,
    WAY_NAMES,
)
from vafa.kit import clock
from vafa.kit.permissions import Permission, may, requires

_LONGEST_SOURCE, _LONGEST_WORDING, _LONGEST_EVIDENCE = 200, 2000, 500


@requires(Permission.SEE_CUSTOMERS)
@require_http_methods(["GET", "HEAD", "POST"])
def customer_consent(request: HttpRequest, customer_id: int) -> HttpResponseBase:
    """`/customers/<id>/consent/`: what holds; a POST writes a word down, stops contact, or takes a stop back (`do`)."""
    customer = get_customer_or_404(request, customer_id)
    error = ""
    if request.method == "POST":
        error = (
            _act(request, customer.pk) if may(request.user, Permission.EDIT_CONSENT) else _("Not allowed.")
        )
        if not error and not is_fragment(request):
            return redirect(f"{reverse('customer', args=[customer.pk])}#part-consent")
    context = _build_context(request, customer.pk) | {"error": error}
    return render_part(request, customer, "privacy/part.html", context, status=422 if error else 200)


def _act(request: HttpRequest, customer_id: int) -> str:
    """Do what was asked; what is wrong with it, "" where it is done."""
    do, now = request.POST.get("do", ""), clock.now()
    if do == "say":
        return _say(request, customer_id)
    if do == "deceased":
        stop_contact(customer_id, StopKind.DECEASED, by=request.user, now=now)
        return ""
    if do in (StopKind.NOT_ME, StopKind.CHANGED_HANDS):
        kind, _sign, value = request.POST.get("point", "").partition(":")
        try:
            detach_point(customer_id, StopKind(do), kind, value, by=request.user, now=now)
        except NoSuchPoint as problem:
            return str(problem)
        return ""
    if do == "end_stop":
        wanted = request.POST.get("stop", "")
        for stop in list_stops(customer_id):
            if str(stop.pk) == wanted:
                end_stop(stop, by=request.user, now=now)
        return ""
    return _("That is nothing that can be done here.")


def _say(request: HttpRequest, customer_id: int) -> str:
    sent = request.POST
    channel, purpose, answer = sent.get("channel", ""), sent.get("purpose", ""), sent.get("allowed", "")
    source = sent.get("source", "").strip()
    if channel not in set(Channel) or purpose not in set(Purpose) or answer not in ("yes", "no"):
        return _("Choose a channel, a purpose and an answer.")
    if answer == "yes" and not source:
        return _("Say where the permission comes from: without it nothing but service messages may be sent.")
    proof = Proof(
        source[:_LONGEST_SOURCE],
        sent.get("wording", "").strip()[:_LONGEST_WORDING],
        sent.get("evidence", "").strip()[:_LONGEST_EVIDENCE],
    )
    told = Told(customer_id, Channel(channel), Purpose(purpose), answer == "yes")
    set_consent(told, proof, Way.HAND, by=request.user, now=clock.now())
    messages.success(request, _("Saved."))
    return ""


def _build_context(request: HttpRequest, customer_id: int) -> dict[str, Any]:
    now, ids = clock.now(), list_ids_of(customer_id)
    stops = list_stops(customer_id)
    reasons = {
        (channel, purpose): may_contact([customer_id], channel, purpose, now)[customer_id]
        for channel in Channel
        for purpose in Purpose
    }
    states = {(state.channel, state.purpose): state for state in list_states(customer_id)}
    return {
        "rows": [
            {
                "channel": CHANNEL_NAMES[channel],
                "cells": [
                    {
                        "allowed": reasons[channel, purpose].allowed,
                        "reason": REASON_NAMES[reasons[channel, purpose].reason],
                        "state": states[channel, purpose],
                    }
                    for purpose in Purpose
                ],
            }
            for channel in Channel
        ],
        "purposes": [(purpose.value, PURPOSE_NAMES[purpose]) for purpose in Purpose],
        "channels": [(channel.value, CHANNEL_NAMES[channel]) for channel in Channel],
        "stops": [{"stop": stop, "name": STOP_NAMES.get(stop.kind, stop.kind)} for stop in stops],
        "is_dead": any(stop.kind == StopKind.DECEASED for stop in stops),
        "points": [point for point in list_contact_points(ids) if not point.detached],
        "history": [
            {
                "entry": entry,
                "channel": CHANNEL_NAMES.get(entry.channel, entry.channel),
                "purpose": PURPOSE_NAMES.get(entry.purpose, entry.purpose),
                "way": WAY_NAMES.get(entry.way, entry.way),
            }
            for entry in list_history([customer_id])[:50]
        ],
        # The link speaks for the customer: only for those who may write down what a customer says.
        "preference_url": request.build_absolute_uri(
            reverse("preferences", args=[build_preference_token(customer_id)])
        )
        if may(request.user, Permission.EDIT_CONSENT)
        else "",
        "may_edit": may(request.user, Permission.EDIT_CONSENT),
        "may_export": may(request.user, Permission.EXPORT_PERSON),
        "may_erase": may(request.user, Permission.ERASE_CUSTOMERS),
    }
