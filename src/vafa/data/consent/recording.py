"""Writing words of permission: by hand, by the customer's own page, and as a file tells them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from vafa.data.consent.models import ConsentEntry
from vafa.data.consent.rules import may_replace
from vafa.data.consent.types import Proof, Told, Way
from vafa.kit.bulk import select_where_in

_LONGEST_SOURCE, _LONGEST_EVIDENCE = 200, 500
# (customer as the kept one, channel, purpose)
_Place = tuple[int, str, str]


def add_entry(told: Told, proof: Proof, way: Way, *, by: Any, now: datetime) -> ConsentEntry:
    """Write one word down."""
    return ConsentEntry.objects.create(**_build(told, proof, way, by=by, now=now))


def record_told(rows: Iterable[Told], proof: Proof, *, import_id: int | None, now: datetime) -> set[int]:
    """Write down what a file tells, where it is news; the customers of whom it was. Call in a transaction.

    What is known already is not written again, and an old yes never follows a customer's own no.
    """
    wanted = {(row.customer_id, row.channel, row.purpose): row for row in rows}
    kept = _find_kept({customer for customer, _channel, _purpose in wanted})
    last = _find_last(set(kept.values()))
    new: list[ConsentEntry] = []
    for row in wanted.values():
        place = (kept.get(row.customer_id, row.customer_id), str(row.channel), str(row.purpose))
        if _is_news(row, proof, last.get(place)):
            entry = ConsentEntry(**_build(row, proof, Way.IMPORT, by=None, now=now), import_id=import_id)
            last[place] = entry
            new.append(entry)
    ConsentEntry.objects.bulk_create(new, batch_size=1000)
    return {entry.customer_id for entry in new}


def undo_import(import_id: int) -> int:
    """Take back what an import told; how many words. Call in a transaction."""
    return ConsentEntry.objects.filter(import_id=import_id).delete()[0]


def _build(told: Told, proof: Proof, way: Way, *, by: Any, now: datetime) -> dict[str, Any]:
    return {
        "customer_id": told.customer_id,
        "channel": told.channel,
        "purpose": told.purpose,
        "allowed": told.allowed,
        "source": proof.source[:_LONGEST_SOURCE],
        "wording": proof.wording,
        "evidence": proof.evidence[:_LONGEST_EVIDENCE],
        "way": way,
        "at": min(proof.at or now, now),
        "recorded_at": now,
        "by": by if getattr(by, "pk", None) else None,
    }


def _is_news(row: Told, proof: Proof, last: ConsentEntry | None) -> bool:
    if last is None:
        return True
    if last.allowed is row.allowed and (last.source == proof.source or not proof.source or not row.allowed):
        return False
    return may_replace(
        allowed=row.allowed,
        given_at=proof.at,
        last_allowed=last.allowed,
        last_way=last.way,
        last_at=last.at,
    )


def _find_kept(customers: set[int]) -> dict[int, int]:
    """Each customer's kept one, after merges."""
    select = "SELECT id, coalesce(kept_id, id) FROM customers_customer"
    return {int(pk): int(kept) for pk, kept in select_where_in(select, "id", customers)}


def _find_last(kept: set[int]) -> dict[_Place, ConsentEntry]:
    """The newest word of each customer, channel and purpose; of those merged into a customer too."""
    family = _list_family(kept)
    found: dict[_Place, ConsentEntry] = {}
    members = list(family)
    for start in range(0, len(members), 5000):
        entries = ConsentEntry.objects.filter(customer__in=members[start : start + 5000])
        for entry in entries.order_by("at", "pk"):
            place = (family[entry.customer_id], entry.channel, entry.purpose)
            before = found.get(place)
            if before is None or (before.at, before.pk) <= (entry.at, entry.pk):
                found[place] = entry
    return found


def _list_family(kept: Sequence[int] | set[int]) -> dict[int, int]:
    """Everybody who is one of these or was merged into one: id -> kept id."""
    merged: dict[int, int] = {pk: pk for pk in kept}
    select = "SELECT id, kept_id FROM customers_customer"
    merged |= {int(pk): int(to) for pk, to in select_where_in(select, "kept_id", kept)}
    return merged
