"""Around every request: where it comes from, for the audit trail, and which browsers are signed in."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from django.http import HttpRequest, HttpResponse

from vafa.data.staff.actions import SEEN_EVERY, note_session
from vafa.front.address import get_address
from vafa.kit import clock
from vafa.kit.origin import Origin, coming_from

# In the order in which they are looked for: browsers call themselves by several names.
_BROWSERS = (
    ("Edge", r"\bEdg(?:A|iOS)?/"),
    ("Opera", r"\bOPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"\b(?:Firefox|FxiOS)/"),
    ("Chrome", r"\b(?:Chrome|CriOS|Chromium|HeadlessChrome)/"),
    ("Safari", r"\bSafari/"),
)
_SYSTEMS = (
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux"),
)
REMEMBERED = 10_000


@lru_cache(maxsize=256)
def describe_device(user_agent: str) -> str:
    """A browser and its system in two names ("Firefox, Windows"), or how a program begins to call itself."""
    names = [
        next((name for name, pattern in known if re.search(pattern, user_agent)), "")
        for known in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(name for name in names if name) or "".join(
        letter for letter in user_agent[:60] if letter.isprintable()
    )


class SeenMiddleware:
    """Notes where a request comes from, and now and then that its browser was here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        # What this process has noted: a memory that spares the question to the database.
        self.noted: dict[tuple[str, int], datetime] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        origin = Origin(get_address(request), describe_device(request.headers.get("User-Agent", "")))
        with coming_from(origin):
            response = self.get_response(request)
        self._note(request, response, origin)
        return response

    def _note(self, request: HttpRequest, response: HttpResponse, origin: Origin) -> None:
        # First the cookie: whoever sends none (a program, a webhook) needs no question to the records.
        if (key := request.session.session_key) is None:
            return
        staff = getattr(request, "user", None)
        if staff is None or not staff.is_authenticated:
            return
        # What somebody who is signed in sees is kept by no server between, and by no browser without asking again.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        now = clock.now()
        if (before := self.noted.get((key, staff.pk))) is not None and now - before < SEEN_EVERY:
            return
        if len(self.noted) > REMEMBERED:
            self.noted.clear()
        note_session(staff, key, address=origin.address, device=origin.device, now=now)
        self.noted[key, staff.pk] = now
