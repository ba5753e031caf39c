"""Changing customers: putting back, removing, merging, excluding."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction

from vafa.data.customers.exclusions import apply_exclusions
from vafa.data.customers.indexing import follow_customers, forget_words
from vafa.data.customers.matching import CustomerFinder
from vafa.data.customers.models import ContactPoint, Customer
from vafa.data.customers.owning import assign_owner
from vafa.data.customers.recording import IMAGE_FIELDS, record_customers
from vafa.data.log.actions import add_removals, take_numbers
from vafa.kit.audit import record

__all__ = [
    "CustomerFinder",
    "apply_exclusions",
    "assign_owner",
    "follow_customers",
    "forget_words",
    "mark_points",
    "merge_customers",
    "record_customers",
    "remove_customers",
    "restore_customers",
    "unmerge_customer",
]

_DAYS = ("birthday", "joined_on")


def restore_customers(images: dict[int, dict[str, Any]]) -> int:
    """Put customers back as they were (id -> image taken by `recording`); returns how many. Call in a transaction."""
    if not images:
        return 0
    customers = list(Customer.objects.filter(pk__in=list(images)))
    first = take_numbers(len(customers))
    for n, customer in enumerate(customers):
        image = images[customer.pk]
        for name in IMAGE_FIELDS:
            value = image[name]
            setattr(customer, name, date.fromisoformat(value) if value and name in _DAYS else value)
        customer.seq = first + n
        _restore_points(customer, image)
    Customer.objects.bulk_update(customers, [*IMAGE_FIELDS, "seq"], batch_size=200)
    return len(customers)


def _restore_points(customer: Customer, image: dict[str, Any]) -> None:
    before = {(kind, value) for kind, value in image["points"]}
    for point in ContactPoint.objects.filter(customer=customer):
        # One that is not theirs stays: the next file would bring it back as if it were.
        if (point.kind, point.value) not in before and not point.detached:
            point.delete()


def mark_points(ids: Collection[int], kind: str, value: str, detached: str) -> int:
    """Say of an address or number of these customers why it is not theirs ("": it is); how many have it. Call in a
    transaction."""
    points = ContactPoint.objects.filter(customer__in=list(ids), kind=kind, value=value)
    return points.update(detached=detached)


def remove_customers(ids: list[int]) -> None:
    """Take customers away whom no fact speaks of. Call in a transaction."""
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        Customer.objects.filter(pk__in=some).delete()
        add_removals("customer", some)


@transaction.atomic
def merge_customers(merged: int, kept: int, *, by: Any, now: datetime) -> None:
    """From now on the figures take `merged` for `kept`. Facts keep their own customer, so it can be undone."""
    kept_customer = Customer.objects.get(pk=kept)
    target = kept_customer.kept_id or kept_customer.pk
    if target == merged:
        raise ValueError("a customer can't be merged into itself")
    for customer in Customer.objects.filter(pk=merged) | Customer.objects.filter(kept_id=merged):
        customer.kept_id = target
        customer.seq = take_numbers(1)
        customer.save(update_fields=["kept", "seq"])
    record("customer.merged", by=by, now=now, subject=str(merged), kept=target)


@transaction.atomic
def unmerge_customer(merged: int, *, by: Any, now: datetime) -> None:
    """Take a merge back: the customer stands alone again."""
    customer = Customer.objects.get(pk=merged)
    customer.kept_id = None
    customer.seq = take_numbers(1)
    customer.save(update_fields=["kept", "seq"])
    record("customer.unmerged", by=by, now=now, subject=str(merged))
