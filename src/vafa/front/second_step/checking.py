"""Whether a code is right: of the authenticator app, or a recovery code; each once, and not guessed at."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed
from django.http import HttpRequest

from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.rate_limit import take

if TYPE_CHECKING:
    from vafa.data.staff.models import Staff

TRIES = 10
WINDOW = timedelta(minutes=15)
A_DAY = timedelta(days=1)


def count_try(staff: "Staff", now: datetime) -> timedelta | None:
    """Count one try of a person's; None while there may be one, else how long to wait."""
    return take("second_step", str(staff.pk), limit=TRIES, window=WINDOW, now=now)


def find_authenticator(staff: "Staff", code: str, now: datetime) -> Authenticator | None:
    """Whose code this is; None if it is wrong, or was used already."""
    code = "".join(to_latin_digits(code).split()).replace("-", "")
    for found in Authenticator.objects.filter(user=staff).exclude(type=Authenticator.Type.WEBAUTHN):
        if code and found.wrap().validate_code(code) and _is_first_use(found, code, now):
            found.user = staff
            return found
    return None


def _is_first_use(found: Authenticator, code: str, now: datetime) -> bool:
    # The library remembers in its process only, and there are several.
    return take("code_used", f"{found.pk}:{code}", limit=1, window=A_DAY, now=now) is None


def note_success(request: HttpRequest, found: Authenticator, *, again: bool = False) -> None:
    """Let the session know that the second step was taken; `again` when somebody confirms who is signed in."""
    post_authentication(request, found, reauthenticated=again)


def note_failure(request: HttpRequest, staff: Any) -> None:
    """Tell those who listen (the audit trail) that a code was wrong."""
    authentication_failed.send(sender=Authenticator, request=request, user=staff, authenticator=None)
