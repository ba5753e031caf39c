"""Changing customers: putting back, removing, merging, excluding."""

from collections.abc import Collection
from datetime import date
from typing import Any

from vafa.data.customers.bulk_changes import (
    ask_to_undo_bulk_change,
    build_decision,
    fail_bulk_change,
    forget_bulk_changes,
    go_on_with_bulk_change,
    start_bulk_change,
)
from vafa.data.customers.editing import (
    add_point,
    change_customer,
    change_many,
    change_piece,
    change_point,
    prefer_point,
    remove_point,
    undo_batch,
    undo_field_change,
)
from vafa.data.customers.exclusions import apply_exclusions
from vafa.data.customers.fields import archive_field, define_field, move_field
from vafa.data.customers.indexing import follow_customers, forget_words
from vafa.data.customers.matching import CustomerFinder
from vafa.data.customers.merging import (
    FIELDS,
    AlreadyMerged,
    NotMerged,
    SameCustomer,
    keep_apart,
    merge_customers,
    merge_pairs,
    reopen_double,
    unmerge_batch,
    unmerge_customer,
)
from vafa.data.customers.models import ContactPoint, Customer
from vafa.data.customers.owning import assign_owner
from vafa.data.customers.photos import set_photo
from vafa.data.customers.proposing import ask_for_doubles, find_doubles, renew_doubles
from vafa.data.customers.recording import IMAGE_FIELDS, record_customers
from vafa.data.log.actions import add_removals, take_numbers

__all__ = [
    "FIELDS",
    "AlreadyMerged",
    "CustomerFinder",
    "NotMerged",
    "SameCustomer",
    "add_point",
    "apply_exclusions",
    "archive_field",
    "ask_for_doubles",
    "ask_to_undo_bulk_change",
    "assign_owner",
    "build_decision",
    "change_customer",
    "change_many",
    "change_piece",
    "change_point",
    "define_field",
    "fail_bulk_change",
    "find_doubles",
    "follow_customers",
    "forget_bulk_changes",
    "forget_words",
    "go_on_with_bulk_change",
    "keep_apart",
    "mark_points",
    "merge_customers",
    "merge_pairs",
    "move_field",
    "prefer_point",
    "record_customers",
    "remove_customers",
    "remove_point",
    "renew_doubles",
    "reopen_double",
    "restore_customers",
    "set_photo",
    "start_bulk_change",
    "undo_batch",
    "undo_field_change",
    "unmerge_batch",
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
