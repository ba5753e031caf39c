"""Who asks: a token, in the name of whoever made it, within its scopes and so often a minute."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from ninja.security import HttpBearer
from pyroaring import BitMap

from vafa.api.problems import Refused
from vafa.data.business.queries import get_business
from vafa.data.staff.actions import note_token_used
from vafa.data.staff.queries import ApiToken, find_token
from vafa.kit import clock
from vafa.kit.locale.style import find_language
from vafa.kit.permissions import may
from vafa.kit.rate_limit import Taken, count
from vafa.kit.scopes import SCOPE_NEEDS, Scope
from vafa.measure.metrics.queries import get_owner_id, get_visible
from vafa.warehouse.queries import Snapshot, open_snapshot

QUESTIONS_A_MINUTE = 120
WRONG_TOKENS_A_MINUTE = 30
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Asking:
    """Who asks, the data as they are now, and whom of them may be seen."""

    token: ApiToken
    snapshot: Snapshot
    visible: BitMap | None


class TokenAuth(HttpBearer):
    """Lets in whoever brings a token with all of these scopes, whose maker still may see what they stand for."""

    openapi_description = "A token made in the settings, under API."

    def __init__(self, *scopes: Scope) -> None:
        super().__init__()
        self.scopes = scopes

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Whoever asks; None for an unknown token. Raises Refused for one that may not."""
        now = clock.now()
        found = find_token(token, now)
        if found is None:
            self._count("api.unknown", request.META.get("REMOTE_ADDR") or "", WRONG_TOKENS_A_MINUTE)
            return None
        choose_language(request, found.staff.language)
        request.api_rate = self._count("api.token", str(found.pk), QUESTIONS_A_MINUTE)  # type: ignore[attr-defined]
        self.check(found)
        note_token_used(found, now)
        return self.open(found)

    def open(self, token: ApiToken) -> Any:
        """What the question is answered with."""
        snapshot = open_snapshot()
        owner_id = get_owner_id(token.staff, get_business())
        return Asking(token, snapshot, get_visible(snapshot, owner_id))

    def _count(self, what: str, who: str, limit: int) -> Taken:
        taken = count(what, who, limit=limit, window=MINUTE, now=clock.now())
        if taken.refused:
            raise Refused(
                429,
                "too_many_questions",
                _("These were more than %(limit)s questions in this minute.") % {"limit": limit},
                build_rate_headers(taken) | {"Retry-After": str(int(taken.lasts.total_seconds()))},
            )
        return taken

    def check(self, token: ApiToken) -> None:
        """Raises Refused where the token, or whoever made it, may not ask for this."""
        missing = [scope.value for scope in self.scopes if scope.value not in token.scopes]
        if missing:
            raise Refused(
                403,
                "scope_missing",
                _("This token lacks the scope %(scope)s.") % {"scope": ", ".join(missing)},
                {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{" ".join(missing)}"'},
                missing=missing,
            )
        if not all(may(token.staff, SCOPE_NEEDS[scope]) for scope in self.scopes):
            raise Refused(403, "not_allowed", _("Whoever made this token may not see this."))


@dataclass(frozen=True)
class Caller:
    """Who asks for rows of the records, or brings some; `owner_id` where only that person's customers may be seen."""

    token: ApiToken
    owner_id: int | None


class RowsAuth(TokenAuth):
    """Lets in whoever reads or writes rows; these questions need none of the figures."""

    def open(self, token: ApiToken) -> Caller:
        """Who asks."""
        return Caller(token, get_owner_id(token.staff, get_business()))


def get_caller(request: HttpRequest) -> Caller:
    """Who asks for rows, or brings some."""
    return cast("Caller", cast("Any", request).auth)


def build_rate_headers(taken: Taken) -> dict[str, str]:
    """How often the token may still ask, and for how many seconds that holds."""
    return {
        "RateLimit-Limit": str(taken.limit),
        "RateLimit-Remaining": str(taken.left),
        "RateLimit-Reset": str(int(taken.lasts.total_seconds())),
    }


def get_asking(request: HttpRequest) -> Asking:
    """Who asks this question."""
    return cast("Asking", cast("Any", request).auth)


def choose_language(request: HttpRequest, own: str = "") -> None:
    """Answer in the language that is asked for (`?language=`, else Accept-Language), else in that of the token's maker,
    else in that of the business. It holds until the middleware ends the request."""
    wanted = (
        request.GET.get("language") or request.headers.get("Accept-Language", "").split(",")[0].split(";")[0]
    )
    found = find_language(wanted) or find_language(own)
    if found is not None and found in dict(settings.LANGUAGES):
        translation.activate(found)
        request.LANGUAGE_CODE = found
