"""A dashboard behind a link, for whoever has no access: read only, without names of customers and without ways in."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vafa.front.address import get_address
from vafa.front.reports.asking import build_asker
from vafa.front.reports.page import get_page_style, show_dashboard
from vafa.kit import clock
from vafa.kit.permissions import open_to_anyone
from vafa.kit.rate_limit import take
from vafa.measure.reports.actions import note_seen
from vafa.measure.reports.queries import find_link, get_link_state

VIEWS_A_MINUTE = 30
MINUTE = timedelta(minutes=1)


@open_to_anyone("whoever has the link may read this one dashboard, until it expires or is revoked")
@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """`/shared/<token>/`. Nobody can guess a token, and nobody may try often."""
    now = clock.now()
    wait = take("shared", get_address(request) or "", limit=VIEWS_A_MINUTE, window=MINUTE, now=now)
    if wait is not None:
        response = _say(request, _("That was too often. Wait a minute."), 429)
        response["Retry-After"] = str(int(wait.total_seconds()))
        return response
    link = find_link(token)
    if link is None:
        return _say(request, _("There is no such link."), 404)
    if get_link_state(link, now) != "open":
        return _say(
            request, _("This link is not valid any more. Ask whoever sent it to you for a new one."), 410
        )
    note_seen(link, now)
    style = get_page_style()
    asker = build_asker(link.created_by)
    context = {
        "dashboard": link.dashboard,
        "blocks": show_dashboard(asker, link.dashboard, style, names_customers=False),
        "expires_at": link.expires_at,
        "may_export": False,
        "is_print": request.GET.get("print") == "1",
        "links_to": False,
    }
    return _close(render(request, "reports/shared.html", context))


def _say(request: HttpRequest, text: str, status: int) -> HttpResponse:
    return _close(render(request, "reports/shared_closed.html", {"text": text}, status=status))


def _close(response: HttpResponse) -> HttpResponse:
    """No search engine keeps it, no cache holds it after it is revoked, and no other site learns its address."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
