"""Addresses of the page that is open, asked a little otherwise."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest


def build_address(request: HttpRequest, kept: Iterable[str], **changes: Any) -> str:
    """The query with the kept names as they are asked and some things changed, "?" before it; None takes one away."""
    asked: dict[str, Any] = {name: request.GET[name] for name in kept if name in request.GET}
    return "?" + urlencode({name: value for name, value in (asked | changes).items() if value is not None})
