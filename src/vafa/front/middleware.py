"""The language of a page: the one chosen, else the person's own, else the business's, else the browser's."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from vafa.data.business.queries import get_business


class LanguageMiddleware:
    """Switches the language for the length of one request."""

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
