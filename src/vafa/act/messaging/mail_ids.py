"""The Message-ID of a mail: it names the row of the ledger, and nobody can make one up."""

import hashlib
import re

from vafa.kit.home import get_made_secret

_OWN = re.compile(r"<[0-9a-f]{40}\.([0-9]{1,18})@[^<>\s]+>")


def get_mail_key() -> bytes:
    """The secret by which Message-IDs are made."""
    return get_made_secret("accounts.key").encode()[:64]


def build_mail_id(
    sending_id: int, origin: str, customer_id: int, channel: str, domain: str, key: bytes
) -> str:
    """The Message-ID of one customer's message: the same however often it is made."""
    told = hashlib.blake2b(f"{origin}:{customer_id}:{channel}".encode(), digest_size=20, key=key)
    return f"<{told.hexdigest()}.{sending_id}@{domain}>"


def read_mail_id(mail_id: str) -> int | None:
    """The row of the ledger that a Message-ID names; None of others'. Whether it is really its own, the row says."""
    found = _OWN.fullmatch(mail_id)
    return int(found[1]) if found and found[1].isascii() and found[1].isdigit() else None
