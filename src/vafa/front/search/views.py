"""The one search box: what it finds while somebody types, and the page that shows more and works without scripts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache

from vafa.data.business.queries import get_business, get_style
from vafa.front.overview.viewer import get_owner_id
from vafa.front.search.finding import ON_A_PAGE, WHILE_TYPING, Limits, find_everything
from vafa.kit import clock
from vafa.kit.audit import record_seen
from vafa.kit.permissions import Permission, requires


@requires(Permission.SEE_CUSTOMERS)
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """`/search/?find=`: everything that is found, as a page."""
    return render(request, "search/search.html", _build_context(request, ON_A_PAGE))


@requires(Permission.SEE_CUSTOMERS)
@never_cache
def search_while_typing(request: HttpRequest) -> HttpResponse:
    """`/search/found/?find=`: the first things found, as the list under the box."""
    return render(request, "search/found.html", _build_context(request, WHILE_TYPING))


def _build_context(request: HttpRequest, limits: Limits) -> dict[str, Any]:
    business = get_business()
    text = request.GET.get("find", "").strip()
    style = get_style(translation.get_language() or "en", business)
    owner_id = get_owner_id(request.user, business)
    if text:
        record_seen("customers.searched", by=request.user, now=clock.now())
    found = find_everything(text, request.user, business, style, owner_id, limits)
    return {"asked": text, "found": found, "is_limited": owner_id is not None}
