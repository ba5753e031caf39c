"""The pages behind a message's links, open to whoever has the signed link: where a link leads, stopping messages, and
that our public address is ours. GET shows and leads on, POST acts; nobody who holds a link gets "not found".
"""

from datetime import timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from vafa.act.messaging.actions import follow_click, record_happened
from vafa.act.messaging.queries import get_words, read_click_token, read_stop_token
from vafa.act.messaging.types import Stopped, Visit
from vafa.data.business.queries import get_business
from vafa.data.consent.actions import set_consent
from vafa.data.consent.queries import build_preference_token
from vafa.data.consent.types import Proof, Told, Way
from vafa.data.customers.queries import find_customer, list_addressees
from vafa.front.address import get_address
from vafa.kit import clock
from vafa.kit.permissions import open_to_anyone
from vafa.kit.public_address import build_proof
from vafa.kit.rate_limit import take

TIMES_A_MINUTE = 30
MINUTE = timedelta(minutes=1)
MOST_NONCE = 40
Closed = TypeVar("Closed", bound=HttpResponseBase)


@open_to_anyone("a link in a message: whoever has the signed link is led where the message says")
@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponseBase:
    """`/k/<token>`: lead on to the page that the message names, and note the click. What can't be read gets a page."""
    clicked = read_click_token(token.rstrip("/"))
    if clicked is None and (slow := _slow_down(request)) is not None:
        return slow
    visit = Visit(request.method or "GET", request.headers.get("User-Agent", ""), get_address(request))
    address = "" if clicked is None else follow_click(clicked, visit, now=clock.now())
    if not address:
        return _show(request, _choose_language(request, 0), "link_gone")
    response = HttpResponseRedirect(address)
    response["Referrer-Policy"] = "no-referrer"
    return _close(response)


@csrf_exempt
@open_to_anyone("stopping messages, by the signed link in the message or in its header (RFC 8058)")
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponseBase:
    """`/stop/<token>/?lang=&done=`: POST stops messages of this purpose on this channel at once; GET only shows."""
    token = token.rstrip("/")  # some mail programs cut it
    stopped = read_stop_token(token)
    if stopped is None:
        if (slow := _slow_down(request)) is not None:
            return slow
        return _show(request, _choose_language(request, 0), "stop_broken")
    customer = find_customer(stopped.customer_id)
    customer_id = customer.pk if customer is not None else 0
    language = _choose_language(request, customer_id)
    if request.method == "POST":
        return _act(request, token, stopped, customer_id, language)
    words = get_words(language)
    channel = words[str(stopped.channel)]
    done = request.GET.get("done", "")
    told = {"1": "stop_done", "0": "stop_again"}.get(done, "stop_ask")
    preferences = (
        f"/preferences/{build_preference_token(customer_id)}/?lang={language}" if customer_id else ""
    )
    context = {
        "title": words["stop_title"],
        "text": words[told].replace("{channel}", channel),
        "kind": words[str(stopped.purpose)],
        "button": words["stop_button"] if told == "stop_ask" else "",
        "back": words["stop_back"] if told == "stop_done" and customer_id else "",
        "preferences": preferences,
        "preferences_words": words["stop_other"],
        "is_done": told != "stop_ask",
    }
    return _render(request, language, context)


@open_to_anyone(
    "that this installation answers at its public address: a proof for a question that it asked itself"
)
@require_safe
def answers(_request: HttpRequest, nonce: str) -> HttpResponseBase:
    """`/answers/<nonce>/`: what only this installation can answer."""
    if len(nonce) > MOST_NONCE:
        nonce = ""
    return _close(HttpResponse(build_proof(nonce), content_type="text/plain"))


def _act(
    request: HttpRequest, token: str, stopped: Stopped, customer_id: int, language: str
) -> HttpResponseBase:
    """Stop, or take the stop back. Somebody who is not here any more gets nothing anyway, and is told so."""
    now = clock.now()
    one_click = "List-Unsubscribe" in request.POST
    back = request.POST.get("do") == "back" and not one_click
    if customer_id:
        # In a browser where a member of staff is signed in it is not the customer who speaks, and it is not noted so.
        staff = request.user if request.user.is_authenticated else None
        way = Way.ONE_CLICK if one_click else Way.PAGE if staff is None else Way.HAND
        told = Told(customer_id, stopped.channel, stopped.purpose, allowed=back)
        source = "List-Unsubscribe-Post" if one_click else "page behind the link of a message"
        set_consent(told, Proof(source), way, by=staff, now=now)
        if stopped.sending_id and not back:
            record_happened(stopped.sending_id, "unsubscribed", at=now, now=now)
    if one_click:
        words = get_words(language)
        text = words["stop_done"].replace("{channel}", words[str(stopped.channel)])
        return _close(HttpResponse(text, content_type="text/plain; charset=utf-8"))
    return _close(redirect(f"/stop/{token}/?done={0 if back else 1}&lang={language}"))


def _choose_language(request: HttpRequest, customer_id: int) -> str:
    """The language asked for, else the customer's, else the business's."""
    asked = request.GET.get("lang", "")
    known = dict(settings.LANGUAGES)
    if asked in known:
        return asked
    person = list_addressees([customer_id]).get(customer_id) if customer_id else None
    own = person.language if person else ""
    return next((one for one in (own, get_business().language) if one in known), "en")


def _slow_down(request: HttpRequest) -> HttpResponse | None:
    """Only those who try addresses that nobody signed are slowed down: mail programs unsubscribe for many people from
    few addresses."""
    now = clock.now()
    wait = take("message_links", get_address(request) or "", limit=TIMES_A_MINUTE, window=MINUTE, now=now)
    if wait is None:
        return None
    response = _show(request, _choose_language(request, 0), "stop_slow", status=429)
    response["Retry-After"] = str(int(wait.total_seconds()))
    return response


def _show(request: HttpRequest, language: str, name: str, status: int = 200) -> HttpResponse:
    words = get_words(language)
    return _render(request, language, {"title": "", "text": words[name]}, status)


def _render(request: HttpRequest, language: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    with translation.override(language):
        request.LANGUAGE_CODE = language
        business = get_business()
        context |= {
            "business_name": business.name,
            "business_address": business.address,
            "languages": settings.LANGUAGES,
            "language": language,
        }
        return _close(render(request, "messages/stop.html", context, status=status))


def _close(response: Closed) -> Closed:
    """No search engine keeps it, no cache holds it, and no other site learns its address."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "no-store"
    response.setdefault("Referrer-Policy", "same-origin")
    return response
