"""Where a request comes from, and who tries to sign in with it."""

import unicodedata
from typing import Any

from django.conf import settings
from django.http import HttpRequest


def get_address(request: HttpRequest) -> str | None:
    """The network address of whoever asks. Behind our own TLS server it is the last one that server noted;
    what clients put before that is theirs to invent."""
    if settings.BEHIND_TLS and (noted := request.headers.get("X-Forwarded-For")):
        return noted.rsplit(",", 1)[-1].strip()
    return request.META.get("REMOTE_ADDR") or None


def get_tried_email(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str | None:
    """The e-mail address of a try to sign in, as failed tries are counted by it."""
    tried = (
        (credentials or {}).get("email") or (credentials or {}).get("username") or request.POST.get("login")
    )
    # Letters that a database takes for the same ("ſ" and "s") count as one person's tries.
    return unicodedata.normalize("NFKC", str(tried)).strip().casefold() if tried else None
