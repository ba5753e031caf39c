"""Which server takes our mail: told by the environment, else by the settings page.

VAFA_SMTP_URL is `smtp+tls://user:password@host:587` (begins plain, then turns to TLS), `smtps://host:465` (TLS from
the first byte) or `smtp://host:25` (no TLS); VAFA_MAIL_FROM is `Name <address>` or an address.
"""

import os
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from typing import Any, Literal, cast
from urllib.parse import unquote, urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.kit.audit import record
from vafa.kit.errors import VafaError
from vafa.kit.home import find_secret, keep_secret
from vafa.kit.models import MailSetup

Security = Literal["none", "starttls", "tls"]

URL_NAME, FROM_NAME = "VAFA_SMTP_URL", "VAFA_MAIL_FROM"
_SECRET = "mail.password"  # noqa: S105 - the name of the file
_SCHEMES: dict[str, tuple[Security, int]] = {
    "smtp": ("none", 25),
    "smtp+tls": ("starttls", 587),
    "smtps": ("tls", 465),
}


class MailNotSetUp(VafaError):
    """There is no mail server to hand mail to, or what is said of it can't be read."""

    code = "mail_not_set_up"


@dataclass(frozen=True)
class MailServer:
    """A server that takes our mail, and in whose name it goes out."""

    host: str
    port: int
    security: Security
    username: str
    password: str = field(repr=False)
    sender_name: str
    sender_address: str
    from_environment: bool = False


def find_mail_server() -> MailServer | None:
    """The mail server, or None. Raises MailNotSetUp where the environment names one that can't be read."""
    if url := os.environ.get(URL_NAME, "").strip():
        return _read_environment(url, os.environ.get(FROM_NAME, ""))
    setup = MailSetup.objects.filter(pk=1).first()
    if setup is None:
        return None
    return MailServer(
        host=setup.host,
        port=setup.port,
        security=cast("Security", setup.security),
        username=setup.username,
        password=find_secret(_SECRET) or "",
        sender_name=setup.sender_name,
        sender_address=setup.sender_address,
    )


def get_mail_server() -> MailServer:
    """The mail server. Raises MailNotSetUp."""
    server = find_mail_server()
    if server is None:
        raise MailNotSetUp(
            _("No mail server is set up, so no mail can be sent."),
            _("Enter one in the settings, under Mail, or set %(name)s.") % {"name": URL_NAME},
        )
    return server


def is_mail_set_up() -> bool:
    """Whether mail can be handed to a server."""
    try:
        return find_mail_server() is not None
    except MailNotSetUp:
        return False


def set_mail_server(server: MailServer, *, keep_password: bool, by: Any, now: datetime) -> None:
    """Use this server from now on. `keep_password` leaves the password as it was."""
    with transaction.atomic():
        MailSetup.objects.update_or_create(
            pk=1,
            defaults={
                "host": server.host,
                "port": server.port,
                "security": server.security,
                "username": server.username,
                "sender_name": server.sender_name,
                "sender_address": server.sender_address,
            },
        )
        record("mail.set_up", by=by, now=now)
    if not keep_password:
        keep_secret(_SECRET, server.password)


def forget_mail_server(*, by: Any, now: datetime) -> None:
    """Forget the server that was entered, and its password."""
    with transaction.atomic():
        MailSetup.objects.all().delete()
        record("mail.forgotten", by=by, now=now)
    keep_secret(_SECRET, "")


def _read_environment(url: str, sender: str) -> MailServer:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in _SCHEMES or not parts.hostname:
        # The address itself is not repeated: it holds a password.
        raise MailNotSetUp(
            _("%(name)s can't be read.") % {"name": URL_NAME},
            _("Write it like %(example)s.") % {"example": "smtp+tls://user:password@mail.example.com:587"},
        )
    name, address = parseaddr(sender)
    username = unquote(parts.username or "")
    address = address or (username if "@" in username else "")
    if "@" not in address:
        raise MailNotSetUp(
            _("%(name)s does not say in whose name mail goes out.") % {"name": FROM_NAME},
            _("Write it like %(example)s.") % {"example": "Vafa <vafa@example.com>"},
        )
    security, usual_port = _SCHEMES[parts.scheme]
    return MailServer(
        host=parts.hostname,
        port=port or usual_port,
        security=security,
        username=username,
        password=unquote(parts.password or ""),
        sender_name=name,
        sender_address=address,
        from_environment=True,
    )
