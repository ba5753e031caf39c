"""A mail as the bytes that a server takes, made without Python's own email package, which takes ten times as long. What
that package reads in these bytes is what was put in (a test compares the two over many mails).

Words in headers are encoded by RFC 2047, parts by base64 (RFC 2045), so that every line is short and of ASCII alone.
"""

import re
from binascii import b2a_base64
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import lru_cache

from vafa.act.messaging.types import Outgoing

# Base64 never holds "=_", so the line between parts can't stand in one.
_BOUNDARY = b"=_vafa_part"
_LINES = re.compile(rb".{1,76}")
# An address as nearly all are; others are read by the email package.
_USUAL_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_PLAIN = re.compile(r"[ -~]*")
_LONGEST_PLAIN = 60
_LONGEST_ADDRESS = 254
_LONGEST_HEADER = 900
# An encoded word has at most 75 characters, of which "=?utf-8?b?" and "?=" are 12; each 3 bytes become 4 of these.
_BYTES_A_WORD = 45


def build_mime(sender: bytes, outgoing: Outgoing) -> bytes:
    """The mail, ready for the server: text and HTML. `sender` is the header From (`build_from`). The Date is that of
    the message's making, told by its headers. Raises ValueError for an address that can't stand in a mail."""
    head = [
        b"Subject: " + encode_words(" ".join(outgoing.subject.split()), 9),
        sender,
        b"To: " + write_address(outgoing.to).encode(),
        b"Message-ID: " + _check(outgoing.message_id),
    ]
    head += [_check(name) + b": " + _check(value) for name, value in outgoing.headers.items()]
    if outgoing.language:
        head.append(b"Content-Language: " + _check(outgoing.language))
    head.append(b"MIME-Version: 1.0")
    if not outgoing.html:
        return b"\r\n".join((*head, _build_part("plain", outgoing.text), b""))
    parts = (_build_part("plain", outgoing.text), _build_part("html", outgoing.html))
    head.append(b'Content-Type: multipart/alternative; boundary="' + _BOUNDARY + b'"\r\n')
    line = b"--" + _BOUNDARY
    return b"\r\n".join((*head, line, parts[0], line, parts[1], line + b"--", b""))


def _build_part(kind: str, text: str) -> bytes:
    """A text with its own headers; its lines end as mail's do."""
    plain = "\r\n".join((*(text.splitlines() or [""]), ""))
    encoded = b2a_base64(plain.encode("utf-8", "replace"), newline=False)
    return (
        b'Content-Type: text/' + kind.encode() + b'; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + b"\r\n".join(_LINES.findall(encoded))
    )  # fmt: skip


def encode_words(text: str, taken: int) -> bytes:
    """A header's text: as it is where it is short and plain, else in encoded words on lines of their own; `taken` is
    how much of the first line its name takes."""
    if len(text) + taken <= _LONGEST_PLAIN and _PLAIN.fullmatch(text) and "=?" not in text:
        return text.encode()
    words, piece = [], bytearray()
    for letter in text:
        told = letter.encode("utf-8", "replace")
        if len(piece) + len(told) > _BYTES_A_WORD:
            words.append(bytes(piece))
            piece.clear()
        piece += told
    words.append(bytes(piece))
    return b"\r\n ".join(b"=?utf-8?b?" + b2a_base64(word, newline=False) + b"?=" for word in words)


def write_address(address: str) -> str:
    """An address as a header and the server take it. Raises ValueError."""
    if _USUAL_ADDRESS.fullmatch(address) and ".." not in address:
        return address
    local, _at, domain = address.rpartition("@")
    try:
        if not local.isascii() or len(address) > _LONGEST_ADDRESS:
            raise ValueError(address)
        found = Address(addr_spec=f"{local}@{domain.encode('idna').decode()}").addr_spec
        _check(found)
    except (ValueError, MessageError, IndexError) as problem:
        raise ValueError(f"no address: {address}") from problem
    return found


@lru_cache(maxsize=64)
def build_from(name: str, address: str) -> bytes:
    """The header From, made once for each sender."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(name, addr_spec=address)
    return message.as_bytes().partition(b"\r\n\r\n")[0]


def _check(text: str) -> bytes:
    """A name or value of ours, in one line of ASCII. Raises ValueError."""
    if len(text) > _LONGEST_HEADER or not _PLAIN.fullmatch(text):
        raise ValueError("no header: " + text[:80])
    return text.encode()
