"""What a mail that came back says: a delivery report (RFC 3464) or a complaint (RFC 5965). Pure; whatever is in the
mail, it is read as plain values or not at all.

Only what names one of our own Message-IDs counts, which nobody can guess but whoever got the mail.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message
from typing import Literal

_OWN_ID = re.compile(r"<[0-9a-f]{40}\.[0-9]{1,18}@[^<>\s]{1,200}>")
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_DAEMON = re.compile(r"mailer-daemon|postmaster|mail delivery", re.IGNORECASE)
_MOST_PARTS = 50
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError)

BounceKind = Literal["hard", "soft", "refused", "complained", "delivered"]


@dataclass(frozen=True)
class Bounce:
    """What came of the mail of an id. "hard": no such address; "soft": not now (a full mailbox); "refused": not
    this mail, which says nothing of the address."""

    mail_id: str
    kind: BounceKind
    detail: str = ""


def read_bounce(raw: bytes) -> Bounce | None:
    """What a mail tells of one of ours; None where it is no report, or of no mail of ours."""
    try:
        message = message_from_bytes(raw)
        parts = list(_list_parts(message))
        mail_id = _find_id(message, parts, raw)
        if mail_id is None:
            return None
        types = [part.get_content_type() for part in parts]
        if "message/feedback-report" in types:
            return _read_complaint(parts[types.index("message/feedback-report")], mail_id)
        if "message/delivery-status" in types:
            return _read_report(parts[types.index("message/delivery-status")], mail_id)
        return _read_words(message, raw, mail_id)
    except _UNREADABLE:
        return None


def judge_status(action: str, status: str) -> BounceKind | None:
    """What the action and status of a report say (RFC 3463); None where it is no end yet. A full mailbox (x.2.2) is
    none for good, whatever its first digit says; 5.7.x is about us or this mail, not about the address."""
    found = _STATUS.search(status)
    if action in ("delivered", "relayed"):
        return "delivered" if action == "delivered" else None
    if action != "failed" or found is None:
        return "soft" if action == "failed" else None
    first, second, third = found.groups()
    if first == "4" or (second, third) == ("2", "2"):
        return "soft"
    return "refused" if second == "7" else "hard" if first == "5" else None


def _list_parts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number >= _MOST_PARTS:
            return
        yield part


def _find_id(message: Message, parts: list[Message], raw: bytes) -> str | None:
    """The Message-ID of ours that it is about: of the mail that it returns, else wherever it stands."""
    for part in parts[1:]:
        held: list[object] = []
        if part.get_content_type() == "text/rfc822-headers":
            held = [message_from_string(str(part.get_payload())).get("Message-ID")]
        elif part.get_content_type() == "message/rfc822" and isinstance(part.get_payload(), list):
            held = [one.get("Message-ID") for one in part.get_payload() if isinstance(one, Message)]
        for told in held:
            if found := _OWN_ID.search(str(told or "")):
                return found.group()
    for name in ("In-Reply-To", "References", "X-Failed-Message-ID"):
        if found := _OWN_ID.search(str(message.get(name, ""))):
            return found.group()
    found = _OWN_ID.search(raw.decode("ascii", "replace"))
    return found.group() if found else None


def _read_complaint(part: Message, mail_id: str) -> Bounce | None:
    kind = next(
        (_get(block, "Feedback-Type") for block in _list_blocks(part) if _get(block, "Feedback-Type")), ""
    )
    # "not-spam" is the opposite: somebody took it out of the spam.
    return Bounce(mail_id, "complained", kind[:40]) if kind in ("abuse", "fraud", "opt-out") else None


def _read_report(part: Message, mail_id: str) -> Bounce | None:
    for block in _list_blocks(part):
        action, status = _get(block, "Action"), _get(block, "Status")
        if not action:
            continue
        kind = judge_status(action, status)
        if kind is not None:
            return Bounce(mail_id, kind, f"{status} {_get(block, 'Diagnostic-Code')}".strip()[:300])
    return None


def _read_words(message: Message, raw: bytes, mail_id: str) -> Bounce | None:
    """A report of a server that knows no form for it: from a mail server itself, with a status somewhere."""
    sender = f"{message.get('From', '')} {message.get('Return-Path', '')}"
    if not (_DAEMON.search(sender) or str(message.get("Return-Path", "")).strip() == "<>"):
        return None  # somebody answers, or is away
    found = _STATUS.search(raw.decode("ascii", "replace").partition(mail_id)[0])
    kind = judge_status("failed", found.group()) if found else None
    return Bounce(mail_id, kind, found.group()) if found and kind else None


def _list_blocks(part: Message) -> list[Message]:
    """The groups of fields of a report: parsed already, or as text."""
    held = part.get_payload()
    if isinstance(held, list):
        return [one for one in held if isinstance(one, Message)][:_MOST_PARTS]
    texts = re.split(r"\r?\n\r?\n", str(part.get_payload(decode=False)))
    return [message_from_string(text) for text in texts[:_MOST_PARTS]]


def _get(block: Message, name: str) -> str:
    value = " ".join(str(block.get(name) or "").split())
    return value if name == "Diagnostic-Code" else value.lower()
