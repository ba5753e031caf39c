"""The do-not-send list: addresses and numbers as keyed digests, with a masked form for people."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.data.consent.models import Suppression
from vafa.data.customers.queries import list_phone_forms
from vafa.kit.audit import record
from vafa.kit.errors import AskedWrongly
from vafa.kit.fingerprints import build_fingerprint, mask
from vafa.kit.locale.digits import to_latin_digits

_LONGEST_ADDRESS = 320
_LONGEST_REASON = 300


class NotAPoint(AskedWrongly):
    """A text is neither an address nor a number."""

    code = "not_a_point"


@dataclass
class Listed:
    """What became of the lines of a file: how many are new on the list, were on it, or can't be read (line, text)."""

    added: int = 0
    known: int = 0
    unreadable: list[tuple[int, str]] = field(default_factory=list)


def read_point(text: str, region: str) -> tuple[str, str]:
    """(kind, value in normal form) of an address or a number as somebody wrote it. Raises `NotAPoint`."""
    plain = to_latin_digits(text).strip()
    if "@" in plain:
        name, _at, domain = plain.lower().rpartition("@")
        if name and "." in domain and " " not in plain and len(plain) <= _LONGEST_ADDRESS:
            return "email", plain.lower()
    elif forms := list_phone_forms(plain, region):
        return "phone", forms[0]
    raise NotAPoint(
        _("“%(text)s” is neither an e-mail address nor a phone number.") % {"text": text},
        _("Write the number with its country's code, such as +98."),
    )


@transaction.atomic
def suppress(
    text: str, region: str, *, reason: str, everything: bool = True, by: Any, now: datetime
) -> Suppression:
    """Put an address or number on the list; one that is on it stays as it is. Raises `NotAPoint`."""
    kind, value = read_point(text, region)
    listed, made = _add(kind, build_fingerprint(kind, value), mask(kind, value), reason, everything, by, now)
    if made:
        record("suppression.added", by=by, now=now, subject=f"suppression:{listed.pk}", kind=kind)
    return listed


@transaction.atomic
def suppress_point(
    kind: str, value: str, *, reason: str, everything: bool, by: Any, now: datetime
) -> Suppression:
    """Put a contact point in normal form on the list, also one of a kind that nobody writes by hand (a chat)."""
    listed, made = _add(kind, build_fingerprint(kind, value), mask(kind, value), reason, everything, by, now)
    if made:
        record("suppression.added", by=by, now=now, subject=f"suppression:{listed.pk}", kind=kind)
    return listed


def find_listed(kind: str, value: str) -> Suppression | None:
    """The row of the list that a contact point in normal form stands in, or None."""
    digest = build_fingerprint(kind, value)
    return Suppression.objects.filter(kind=kind, digest=digest, removed_at=None).first()


@transaction.atomic
def suppress_many(
    lines: Iterable[tuple[int, str, str]], region: str, *, everything: bool = True, by: Any, now: datetime
) -> Listed:
    """Put many on the list: (line, address or number, reason). What can't be read is told, the rest goes on."""
    result = Listed()
    for line, text, reason in lines:
        try:
            kind, value = read_point(text, region)
        except NotAPoint:
            result.unreadable.append((line, text))
            continue
        digest = build_fingerprint(kind, value)
        _listed, made = _add(kind, digest, mask(kind, value), reason, everything, by, now)
        result.added += made
        result.known += not made
    if result.added:
        record("suppression.imported", by=by, now=now, added=result.added)
    return result


@transaction.atomic
def unsuppress(listed: Suppression, *, reason: str, by: Any, now: datetime) -> None:
    """Take an address or number off the list, and say why."""
    if listed.removed_at is not None:
        return
    listed.removed_at, listed.removed_reason = now, reason[:_LONGEST_REASON]
    listed.removed_by = by if getattr(by, "pk", None) else None
    listed.save(update_fields=["removed_at", "removed_reason", "removed_by"])
    record("suppression.removed", by=by, now=now, subject=f"suppression:{listed.pk}", kind=listed.kind)


def _add(
    kind: str, digest: str, masked: str, reason: str, everything: bool, by: Any, now: datetime
) -> tuple[Suppression, bool]:
    return Suppression.objects.get_or_create(
        kind=kind,
        digest=digest,
        removed_at=None,
        defaults={
            "masked": masked,
            "everything": everything,
            "reason": reason[:_LONGEST_REASON],
            "at": now,
            "by": by if getattr(by, "pk", None) else None,
        },
    )
