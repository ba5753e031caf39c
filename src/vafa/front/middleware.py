"""What happens around every page: its language, and the first owner before anything else."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from vafa.data.business.queries import get_business
from vafa.data.staff.queries import has_owner


class LanguageMiddleware:
    """The language of a page: the one chosen, else the person's own, else the business's, else the browser's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(_choose(request)):
            request.LANGUAGE_CODE = translation.get_language() or "en"
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
            return response


def _choose(request: HttpRequest) -> str:
    known = dict(settings.LANGUAGES)
    if (chosen := request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)) in known:
        return chosen
    if (own := getattr(request.user, "language", "")) in known:
        return str(own)
    business = get_business()
    if business.is_set_up:
        return business.language
    return translation.get_language_from_request(request)


class FirstOwnerMiddleware:
    """While there is no owner, every page but those open to anyone leads to where the first one is made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, _request: HttpRequest, view: Callable[..., HttpResponseBase], _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        """Turn the request around where it needs an owner first."""
        if getattr(view, "works_without_owner", False) or has_owner():
            return None
        return HttpResponseRedirect(reverse("begin"))
