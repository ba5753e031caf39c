"""Erasing people for good: files first, while it is still known what to look for; then the rows, in one transaction;
then the copies. Each step may be cut off anywhere and is taken up again."""

import json
import secrets
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from vafa.data.consent.barring import add_fingerprints, build_digests
from vafa.data.consent.models import Erasure, Fingerprint
from vafa.data.customers.queries import build_traits, find_customer, list_ids_of
from vafa.data.log.queries import get_last_number
from vafa.kit.audit import record
from vafa.kit.cleaning import clean_records
from vafa.kit.erasing import (
    Erased,
    Traits,
    erase_person,
    list_guards,
    scrub_person,
    sweep_copies,
)
from vafa.kit.errors import AskedWrongly
from vafa.kit.home import get_home

LEASE = timedelta(minutes=30)
# Outlives a backup that is restored: it is neither put into one nor replaced by one.
KEPT_APART = "erasures.jsonl"


class NobodyToErase(AskedWrongly):
    """There is no such customer, or not any more."""

    code = "nobody_to_erase"


class _Rehearsed(Exception):
    """Takes a rehearsal back."""


def rehearse(customer_id: int) -> Erased:
    """What would go and what would stay, counted by doing it and taking it back. Raises `NobodyToErase`."""
    ids = _list_ids(customer_id)
    found: list[Erased] = []
    try:
        with transaction.atomic():
            found.append(erase_person(ids))
            raise _Rehearsed
    except _Rehearsed:
        return found[0]


@transaction.atomic
def ask_erasure(customer_id: int, *, by: Any, now: datetime) -> Erasure:
    """Note that a customer, with all merged into it, is to be erased. From now on no import brings them back.

    Asked twice it is noted once. Raises `NobodyToErase`.
    """
    ids = _list_ids(customer_id)
    found = Erasure.objects.filter(customer_id=ids[0]).exclude(state="done").first()
    if found is not None:
        return found
    erasure = Erasure.objects.create(
        code=secrets.token_hex(8),
        customer_id=ids[0],
        ids=ids,
        by=by if getattr(by, "pk", None) else None,
        asked_at=now,
    )
    add_fingerprints(erasure, build_traits(ids), ids)
    record("customer.erasure_asked", by=by, now=now, subject=str(ids[0]))
    return erasure


def ask_erasures(customer_ids: Sequence[int], *, by: Any, now: datetime) -> list[Erasure]:
    """The same for several, each with a receipt of their own; who is no longer there is passed over."""
    asked = []
    for customer_id in customer_ids:
        with suppress(NobodyToErase):
            asked.append(ask_erasure(customer_id, by=by, now=now))
    return asked


def go_on(erasure: Erasure, *, now: datetime, hurry: bool = False) -> bool:
    """Do what is left of an erasure; whether it is done. Not done: something is at work that has to end first, and it
    must be called again. `hurry` removes copies at once that a page may just be reading.

    Raises what a room's guard raises (an import is running).
    """
    if not _claim(erasure, now):
        return erasure.state == "done"
    traits: Traits | None = None
    try:
        with ExitStack() as stack:
            if erasure.state in ("asked", "files"):
                for guard in list_guards():
                    stack.enter_context(guard())
                traits = build_traits(erasure.ids)
            if erasure.state == "asked":
                _add_counts(erasure.changed, scrub_person(traits or Traits()))
                _step(erasure, "files")
            if erasure.state == "files":
                _erase_rows(erasure, now)
        if erasure.state == "rows":
            swept = sweep_copies(erasure.seq or 0, now, hurry=hurry)
            if clean_records(traits) and swept:
                _finish(erasure, now)
    finally:
        Erasure.objects.filter(pk=erasure.pk).update(claim="", lease_until=None)
    return erasure.state == "done"


def list_unfinished() -> list[Erasure]:
    """The erasures that have been asked for and are not done, the oldest first."""
    return list(Erasure.objects.exclude(state="done").order_by("pk"))


def _list_ids(customer_id: int) -> list[int]:
    found = find_customer(customer_id)
    if found is None:
        raise NobodyToErase(_("There is no such customer."), "")
    return list_ids_of(found.pk)


def _claim(erasure: Erasure, now: datetime) -> bool:
    """Take the erasure for ourselves; whoever has had it for too long has died."""
    claim = secrets.token_hex(8)
    free = Q(claim="") | Q(lease_until__lt=now) | Q(lease_until=None)
    mine = Erasure.objects.filter(free, pk=erasure.pk).exclude(state="done")
    taken = mine.update(claim=claim, lease_until=now + LEASE)
    erasure.refresh_from_db()
    return bool(taken)


@transaction.atomic
def _erase_rows(erasure: Erasure, now: datetime) -> None:
    erased = erase_person(erasure.ids)
    erasure.removed, erasure.kept = dict(erased.removed), dict(erased.kept)
    erasure.seq = get_last_number()
    _step(erasure, "rows")
    counts = dict(erased.kept) | dict(erased.removed)
    record("customer.erased", by=erasure.by, now=now, subject=str(erasure.customer_id), counts=counts)


def _finish(erasure: Erasure, now: datetime) -> None:
    digests = list(erasure.fingerprints.order_by("digest").values_list("digest", flat=True))
    line = {
        "code": erasure.code,
        "ids": erasure.ids,
        "asked_at": erasure.asked_at.isoformat(),
        "digests": digests,
    }
    path = get_kept_apart()
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    path.chmod(0o600)
    erasure.ended_at = now
    _step(erasure, "done")


def _step(erasure: Erasure, state: str) -> None:
    erasure.state = state
    erasure.save(update_fields=["state", "changed", "removed", "kept", "seq", "ended_at"])


def _add_counts(counts: dict[str, int], more: dict[str, int]) -> None:
    """What was cut off in the middle and is done again adds to what it had done."""
    for kind, count in more.items():
        counts[kind] = counts.get(kind, 0) + count


def get_kept_apart() -> Path:
    """The file of erasures that a restored backup does not replace."""
    return get_home() / KEPT_APART


def ask_again(*, by: Any, now: datetime) -> list[Erasure]:
    """After a backup was restored: ask anew for every erasure that it knows nothing of; they are to be gone on with.

    A customer's id alone proves nothing where the records are another installation's: a digest must be theirs.
    """
    path = get_kept_apart()
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    known = set(Erasure.objects.values_list("code", flat=True))
    asked = []
    for line in lines:
        told = json.loads(line)
        if told["code"] not in known and (erasure := _take_over(told, by, now)) is not None:
            asked.append(erasure)
    return asked


@transaction.atomic
def _take_over(told: dict[str, Any], by: Any, now: datetime) -> Erasure | None:
    erasure = Erasure.objects.create(
        code=told["code"],
        customer_id=told["ids"][0],
        ids=told["ids"],
        asked_at=datetime.fromisoformat(told["asked_at"]),
        by=by if getattr(by, "pk", None) else None,
    )
    Fingerprint.objects.bulk_create(
        [Fingerprint(digest=digest, erasure=erasure) for digest in told["digests"]], ignore_conflicts=True
    )
    if not _is_theirs(told["ids"], set(told["digests"])):
        # Nobody is here to be erased; that they may not come back holds all the same.
        erasure.ended_at = now
        _step(erasure, "done")
        return None
    record("customer.erasure_asked", by=by, now=now, subject=str(told["ids"][0]))
    return erasure


def _is_theirs(ids: Sequence[int], digests: set[str]) -> bool:
    return bool(digests & build_digests(build_traits(ids)))
