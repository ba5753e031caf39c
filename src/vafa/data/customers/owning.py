"""Who among the staff looks after a customer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from vafa.data.customers.models import Customer, CustomerKey
from vafa.data.log.actions import get_or_add_source, take_numbers
from vafa.kit.audit import record
from vafa.kit.bulk import update_rows

BATCH = 500


def assign_owner(source: str, keys: Sequence[str], staff: Any, *, by: Any, now: datetime) -> int:
    """Give the customers whom a source knows by these ids to a member of staff (None: to nobody); how many
    changed hands. Ids that the source doesn't know are passed over."""
    source_id = get_or_add_source(source).pk
    changed = 0
    for start in range(0, len(keys), BATCH):
        with transaction.atomic():
            changed += _assign(source_id, keys[start : start + BATCH], staff)
    if changed:
        subject = f"staff:{staff.pk}" if staff is not None else ""
        record("customers.owner_assigned", by=by, now=now, subject=subject, changed=changed)
    return changed


def _assign(source_id: int, keys: Sequence[str], staff: Any) -> int:
    known = CustomerKey.objects.filter(source_id=source_id, key__in=list(keys)).values("customer_id")
    ids = list(Customer.objects.filter(pk__in=known).exclude(owner=staff).values_list("pk", flat=True))
    first = take_numbers(len(ids)) if ids else 0
    owner = getattr(staff, "pk", None)
    update_rows(
        "customers_customer", ("owner_id", "seq"), [(owner, first + n, pk) for n, pk in enumerate(ids)]
    )
    return len(ids)


def list_changed_of_others(since: int, owner_id: int, most: int) -> list[int]:
    """The customers that changed after a number of the log and whom a member of staff does not look after, as merged;
    at most so many."""
    own = Q(kept=None, owner=owner_id) | Q(kept__owner=owner_id)
    found = Customer.objects.filter(seq__gt=since).exclude(own)
    return list(found.values_list("pk", flat=True)[:most])


def list_owned_ids(owner_id: int) -> list[int]:
    """The customers whom a member of staff looks after, without those merged into others."""
    return list(Customer.objects.filter(owner=owner_id, kept=None).values_list("pk", flat=True))
