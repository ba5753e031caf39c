"""Reading the mailbox to which mail comes back, by IMAP. Nothing in it is changed, and nothing is marked as read."""

import imaplib
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from vafa.kit.errors import VafaError

SECONDS = 15
MOST_MAILS = 50
# Of a mail no more is read: what tells why it came back stands at its beginning, the mail itself behind it.
MOST_BYTES = 256 * 1024
_BACK = timedelta(days=7)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UID_BITS, _VALIDITY_MASK = 32, 0x7FFF_FFFF


class MailboxClosed(VafaError):
    """The mailbox can't be read: no server, a wrong password, no such folder."""

    code = "mailbox_closed"


@dataclass(frozen=True)
class Mailbox:
    """Where mail comes back to."""

    host: str
    port: int
    security: str
    username: str
    password: str = field(repr=False)
    folder: str = "INBOX"


def read_mailbox(mailbox: Mailbox, cursor: int, now: datetime) -> tuple[int, list[bytes]]:
    """The mails after `cursor` (0, or another mailbox than before: those of the last week), the oldest first and not
    all at once; and the cursor behind them. Raises MailboxClosed."""
    with _open(mailbox) as (server, validity):
        known = cursor >> _UID_BITS == validity & _VALIDITY_MASK
        last = cursor & ((1 << _UID_BITS) - 1) if known else 0
        since = now - _BACK
        asked = f"UID {last + 1}:*" if last else f"SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year}"
        uids = sorted(uid for uid in _search(server, asked) if uid > last)[:MOST_MAILS]
        found = [raw for uid in uids if (raw := _fetch(server, uid)) is not None]
        return (validity & _VALIDITY_MASK) << _UID_BITS | (uids[-1] if uids else last), found


def try_mailbox(mailbox: Mailbox) -> None:
    """See whether the mailbox opens. Raises MailboxClosed."""
    with _open(mailbox):
        pass


@contextmanager
def _open(mailbox: Mailbox) -> Iterator[tuple[imaplib.IMAP4, int]]:
    try:
        server: imaplib.IMAP4
        if mailbox.security == "tls":
            context = ssl.create_default_context()
            server = imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=SECONDS)
        else:
            server = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=SECONDS)
        with server:
            if mailbox.security == "starttls":
                server.starttls(ssl.create_default_context())
            server.login(mailbox.username, mailbox.password)
            folder = mailbox.folder.replace("\\", "\\\\").replace('"', '\\"')
            status, said = server.select(f'"{folder}"', readonly=True)
            if status != "OK":
                raise MailboxClosed(str(said)[:300])
            told = server.untagged_responses.get("UIDVALIDITY", [b"1"])[0]
            yield server, int(told) if isinstance(told, bytes) and told.isdigit() else 1
    except (OSError, imaplib.IMAP4.error, ValueError) as error:
        raise MailboxClosed(str(error)[:300] or type(error).__name__) from error


def _search(server: imaplib.IMAP4, asked: str) -> list[int]:
    _status, found = server.uid("SEARCH", asked)
    words = (found[0] or b"").split() if found else []
    return [int(word) for word in words if word.isdigit()]


def _fetch(server: imaplib.IMAP4, uid: int) -> bytes | None:
    _status, found = server.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
    return next((bytes(one[1]) for one in found if isinstance(one, tuple)), None)


def find_mailbox(settings: Mapping[str, Any], secrets: Mapping[str, str]) -> Mailbox | None:
    """The mailbox in an account's settings, or None."""
    host, port = str(settings.get("bounce_host") or ""), str(settings.get("bounce_port") or "")
    if not host:
        return None
    return Mailbox(
        re.sub(r"\s", "", host), int(port) if port.isdecimal() else 993, str(settings.get("bounce_security") or "tls"),
        str(settings.get("bounce_username", "")), secrets.get("bounce_password", ""),
        str(settings.get("bounce_folder") or "INBOX"),
    )  # fmt: skip
