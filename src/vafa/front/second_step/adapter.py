"""How the library of second steps is fitted in: secrets are encrypted, and nothing is sent by itself."""

import base64
import hashlib
import ipaddress
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from vafa.data.business.queries import get_business


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Our words, our name, and secrets that a copy of the database alone does not give away."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _(
            "This code is not right. Codes change every half minute and are good for one use."
        ),
    }

    def get_totp_issuer(self) -> str:
        return get_business().name or "Vafa"

    def encrypt(self, text: str) -> str:
        return _build_cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _build_cipher().decrypt(encrypted_text.encode()).decode()

    def send_notification_mail(self, *_args: Any, **_kwargs: Any) -> None:
        """The audit trail tells of it."""


def _build_cipher() -> Fernet:
    key = hashlib.sha256(f"vafa.second-step.{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def can_use_passkeys() -> bool:
    """Whether browsers make passkeys here: for names with TLS and for localhost, never for bare numbers."""
    request = context.request
    host = request.get_host().rpartition(":")[0] or request.get_host()
    if host == "localhost":
        return True
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return bool(request.is_secure())
    return False
