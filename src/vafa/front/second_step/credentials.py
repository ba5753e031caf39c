"""What a browser answers about a passkey: read, and checked by the library. Whatever is sent, it is right or None."""

import json
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError

# What the library raises on answers that no browser would give.
_WRONG = (ValidationError, ValueError, TypeError, KeyError, AttributeError, IndexError, LookupError)


def read_new_credential(text: str) -> dict[str, Any] | None:
    """A passkey that the browser has just made for the challenge of this session; None if it does not fit."""
    try:
        credential = json.loads(text)
        auth.parse_registration_response(credential)
        auth.complete_registration(credential)
    except _WRONG:
        return None
    return dict(credential)


def find_passkey(text: str, staff: Any = None) -> Authenticator | None:
    """Whose passkey has answered the challenge of this session, one of `staff` or of whoever it names; or None."""
    try:
        answer = json.loads(text)
        auth.parse_authentication_response(answer)
        return auth.complete_authentication(staff or auth.extract_user_from_response(answer), answer)
    except _WRONG:
        return None
