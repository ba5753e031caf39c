"""The customer's own page: what we may send, without an account. GET shows, POST acts."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from vafa.data.business.queries import get_business
from vafa.data.consent.actions import detach_point, set_consent
from vafa.data.consent.queries import list_states, read_preference_token
from vafa.data.consent.types import POINT_KINDS, Channel, Proof, Purpose, StopKind, Told, Way
from vafa.data.customers.queries import find_customer, get_profile, list_contact_points, list_ids_of
from vafa.front.address import get_address
from vafa.front.privacy.words import CHANNEL_NAMES, PURPOSE_NAMES
from vafa.kit import clock
from vafa.kit.fingerprints import mask
from vafa.kit.ids import read_id
from vafa.kit.permissions import open_to_anyone
from vafa.kit.rate_limit import take

TIMES_A_MINUTE = 30
MINUTE = timedelta(minutes=1)
# What the customer decides here. Service messages (receipts, changes of an order) are not among them.
PURPOSES = (Purpose.MARKETING, Purpose.SURVEY)
_SOURCE, _ONE_CLICK = "preference page", "List-Unsubscribe-Post"


@open_to_anyone("the customer's own page: whoever has the signed link decides what this customer is sent")
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, token: str) -> HttpResponseBase:
    """`/preferences/<token>/?lang=`: what is sent on which channel; a POST changes it. Never "not found"."""
    with translation.override(_choose_language(request, token)):
        if (slow := _slow_down(request)) is not None:
            return slow
        customer_id = _find(token)
        if customer_id is None:
            return _show(
                request,
                {"text": _("This link is not whole. Open it again from the message that it came in.")},
            )
        if request.method == "POST":
            act = _detach if "not_me" in request.POST else _change
            act(request, customer_id)
            language = translation.get_language() or "en"
            return redirect(f"{reverse('preferences', args=[token])}?saved=1&lang={language}")
        return _show(request, _build_context(request, customer_id))


@csrf_exempt
@open_to_anyone(
    "a mail program unsubscribes in one click (RFC 8058), by the signed link in the mail's header"
)
@require_http_methods(["GET", "HEAD", "POST"])
def one_click(request: HttpRequest, token: str) -> HttpResponseBase:
    """`/preferences/<token>/one-click/`: POST stops marketing by e-mail; whoever opens it gets the page."""
    if request.method != "POST":
        return redirect("preferences", token)
    customer_id = _find(token)
    # Large mail programs unsubscribe for many people from few addresses: whoever has a whole link is never refused.
    if customer_id is None and (slow := _slow_down(request)) is not None:
        return slow
    if customer_id is not None:
        told = Told(customer_id, Channel.EMAIL, Purpose.MARKETING, False)
        set_consent(told, Proof(_ONE_CLICK), Way.ONE_CLICK, by=None, now=clock.now())
    # Mail programs take no other answer than that it is done.
    return _close(HttpResponse(_("You will get no more advertising by e-mail."), content_type="text/plain"))


def _find(token: str) -> int | None:
    """The kept customer whose link it is. Somebody who is not here any more keeps a link that works."""
    told = read_preference_token(token)
    if told is None:
        return None
    found = find_customer(told)
    return found.pk if found is not None else 0


def _choose_language(request: HttpRequest, token: str) -> str:
    """What the address asks for; else the language in the customer's file; else that of the browser."""
    told = read_preference_token(token)
    customer = find_customer(told) if told is not None else None
    known = get_profile(customer.pk).language if customer is not None else ""
    fitting = (one for one in (request.GET.get("lang", ""), known) if one in dict(settings.LANGUAGES))
    return next(fitting, translation.get_language() or "en")


def _slow_down(request: HttpRequest) -> HttpResponse | None:
    wait = take(
        "preferences", get_address(request) or "", limit=TIMES_A_MINUTE, window=MINUTE, now=clock.now()
    )
    if wait is None:
        return None
    response = _show(request, {"text": _("That was too often. Wait a minute.")}, 429)
    response["Retry-After"] = str(int(wait.total_seconds()))
    return response


def _change(request: HttpRequest, customer_id: int) -> None:
    """Write down what the customer chose, where it differs from what holds."""
    if not customer_id:
        return
    # In a browser where a member of staff is signed in it is not the customer who speaks, and it is not noted so.
    staff = request.user if request.user.is_authenticated else None
    way = Way.PAGE if staff is None else Way.HAND
    chosen = set(request.POST.getlist("may")) if request.POST.get("do") != "stop" else set()
    for state in list_states(customer_id):
        if state.purpose not in PURPOSES:
            continue
        allowed = f"{state.channel}:{state.purpose}" in chosen
        shown = f"{state.channel}:{state.purpose}" in request.POST.getlist("shown")
        wanted = shown or request.POST.get("do") == "stop"
        if wanted and (state.allowed is not allowed and (allowed or state.allowed is not None or shown)):
            told = Told(customer_id, state.channel, state.purpose, allowed)
            wording = f"{PURPOSE_NAMES[state.purpose]}: {CHANNEL_NAMES[state.channel]}"
            set_consent(told, Proof(_SOURCE, wording), way, by=staff, now=clock.now())


def _detach(request: HttpRequest, customer_id: int) -> None:
    """Whoever reads at an address that is not this customer's says so: nothing goes there any more, not even service
    messages. Staff can take it back on the customer file."""
    number = read_id(request.POST.get("not_me", ""))
    point = next((one for one in _list_points(customer_id) if one.pk == number), None)
    if point is not None:
        staff = request.user if request.user.is_authenticated else None
        way = Way.PAGE if staff is None else Way.HAND
        told = (customer_id, StopKind.NOT_ME, point.kind, point.value)
        detach_point(*told, by=staff, now=clock.now(), way=way)


def _list_points(customer_id: int) -> list[Any]:
    ids = list_ids_of(customer_id) if customer_id else []
    return [point for point in list_contact_points(ids) if not point.detached]


def _build_context(request: HttpRequest, customer_id: int) -> dict[str, Any]:
    if not customer_id:
        return {"text": _("Nothing is kept about you here, and you will get no messages.")}
    points = _list_points(customer_id)
    states = {(state.channel, state.purpose): state for state in list_states(customer_id)}
    rows = []
    for channel in Channel:
        own = [point for point in points if point.kind == POINT_KINDS[channel]]
        if not own and channel is not Channel.POST:
            continue
        rows.append(
            {
                "name": CHANNEL_NAMES[channel],
                "points": [mask(point.kind, point.value) for point in own],
                "choices": [
                    {
                        "value": f"{channel}:{purpose}",
                        "name": PURPOSE_NAMES[purpose],
                        "chosen": states[channel, purpose].allowed is True,
                    }
                    for purpose in PURPOSES
                ],
            }
        )
    shown = [{"id": point.pk, "text": mask(point.kind, point.value)} for point in points]
    return {"rows": rows, "points": shown, "is_saved": request.GET.get("saved") == "1"}


def _show(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    language = translation.get_language() or "en"
    request.LANGUAGE_CODE = language
    context |= {"business_name": get_business().name, "languages": settings.LANGUAGES, "language": language}
    return _close(render(request, "privacy/preferences.html", context, status=status))


def _close(response: HttpResponse) -> HttpResponse:
    """No search engine keeps it, no cache holds it, and no other site learns its address."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "no-store"
    # Not "no-referrer": with that, browsers name no origin when the form is sent, and it would be refused as forged.
    response["Referrer-Policy"] = "same-origin"
    return response
