"""Changing consent: permission given and refused, contact stopped, the do-not-send list."""

from datetime import datetime
from typing import Any

from django.db import transaction

from vafa.data.consent.erasures import NobodyToErase, ask_again, ask_erasure, ask_erasures, go_on
from vafa.data.consent.models import Fingerprint, Keeping
from vafa.data.consent.recording import add_entry, record_told, undo_import
from vafa.data.consent.stopping import NoSuchPoint, detach_point, end_stop, stop_contact
from vafa.data.consent.suppressing import (
    NotAPoint,
    read_point,
    suppress,
    suppress_many,
    suppress_point,
    unsuppress,
)
from vafa.data.consent.types import Proof, Told, Way
from vafa.data.log.actions import add_happening
from vafa.kit.audit import record
from vafa.kit.fingerprints import build_fingerprint

__all__ = [
    "NoSuchPoint",
    "NobodyToErase",
    "NotAPoint",
    "allow_again",
    "ask_again",
    "ask_erasure",
    "ask_erasures",
    "detach_point",
    "end_stop",
    "go_on",
    "record_told",
    "set_consent",
    "set_keeping",
    "stop_contact",
    "suppress",
    "suppress_many",
    "suppress_point",
    "undo_import",
    "unsuppress",
]


@transaction.atomic
def set_consent(told: Told, proof: Proof, way: Way, *, by: Any, now: datetime) -> None:
    """Write down that a customer permits or refuses contact by a channel for a purpose, and how that is known."""
    add_entry(told, proof, way, by=by, now=now)
    said: dict[str, Any] = {
        "channel": str(told.channel),
        "purpose": str(told.purpose),
        "allowed": told.allowed,
        "way": str(way),
    }
    record("consent.set", by=by, now=now, subject=str(told.customer_id), **said)
    add_happening("consent_changed", at=now, now=now, live=True, subject=told.customer_id, **said)


@transaction.atomic
def allow_again(text: str, region: str, *, by: Any, now: datetime) -> bool:
    """Let somebody who was erased be a customer again, of their own accord: by their address or number, as they write
    it; whether anybody was meant. All that is remembered of the person is forgotten. Raises `NotAPoint`."""
    found = Fingerprint.objects.filter(digest=build_fingerprint(*read_point(text, region))).first()
    if found is None:
        return False
    Fingerprint.objects.filter(erasure_id=found.erasure_id).delete()
    record("customer.allowed_again", by=by, now=now, subject=f"erasure:{found.erasure_id}")
    return True


def set_keeping(kind: str, days: int) -> None:
    """Keep a kind of data for so many days. Call in a transaction, with its audit row."""
    Keeping.objects.update_or_create(kind=kind, defaults={"days": days})
