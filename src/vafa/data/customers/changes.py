"""Customers in the order of their last change, for those who follow; and which of them one member of staff may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from vafa.data.customers.models import ContactPoint, Customer, CustomerKey


@dataclass(frozen=True)
class CustomerChange:
    """A customer as it is now; `kept` is who it was merged into; `keys` are (source id, key)."""

    seq: int
    id: int
    name: str
    title: str
    company: str
    birthday: date | None
    location: str
    joined_on: date | None
    tags: list[str]
    custom: dict[str, Any]
    owner: int | None
    kept: int | None
    emails: list[str]
    phones: list[str]
    keys: list[tuple[int, str]]


def own_customers(owner_id: int) -> QuerySet[Customer, int]:
    """The ids of the customers of a member of staff; a merged one is whose the kept one is."""
    own = Q(kept=None, owner_id=owner_id) | Q(kept__owner_id=owner_id)
    return Customer.objects.filter(own).values_list("pk", flat=True)


def find_last_id() -> int:
    """The highest id of a customer so far; 0 where there is none."""
    return Customer.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def list_changed_since(ids: Iterable[int], seq: int) -> set[int]:
    """Those of these customers that have been added or changed under a later number."""
    changed = Customer.objects.filter(pk__in=set(ids), seq__gt=seq)
    return set(changed.values_list("pk", flat=True))


def list_customer_changes(
    after: int,
    limit: int,
    *,
    owner_id: int | None = None,
    ids: Sequence[int] | None = None,
    email: str = "",
    phone: str = "",
    key: str = "",
    source_id: int | None = None,
    tag: str = "",
) -> list[CustomerChange]:
    """The customers changed under a number after this one, the earliest first."""
    found = Customer.objects.filter(seq__gt=after)
    if owner_id is not None:
        found = found.filter(pk__in=own_customers(owner_id))
    if ids is not None:
        found = found.filter(pk__in=list(ids))
    for kind, value in (("email", email), ("phone", phone)):
        if value:
            points = ContactPoint.objects.filter(kind=kind, value=value)
            found = found.filter(pk__in=points.values("customer_id"))
    if key or source_id is not None:
        keys = CustomerKey.objects.all()
        keys = keys.filter(key=key) if key else keys
        keys = keys.filter(source_id=source_id) if source_id is not None else keys
        found = found.filter(pk__in=keys.values("customer_id"))
    if tag:
        found = found.filter(tags__icontains=f'"{tag}"')
    return _complete(list(found.order_by("seq")[:limit]))


def _complete(customers: list[Customer]) -> list[CustomerChange]:
    ids = [customer.pk for customer in customers]
    points: dict[tuple[int, str], list[str]] = {}
    for customer, kind, value in (
        ContactPoint.objects.filter(customer__in=ids)
        .order_by("pk")
        .values_list("customer_id", "kind", "value")
    ):
        points.setdefault((customer, kind), []).append(value)
    keys: dict[int, list[tuple[int, str]]] = {}
    for customer, source, key in (
        CustomerKey.objects.filter(customer__in=ids)
        .order_by("pk")
        .values_list("customer_id", "source_id", "key")
    ):
        keys.setdefault(customer, []).append((source, key))
    return [
        CustomerChange(
            seq=one.seq,
            id=one.pk,
            name=one.name,
            title=one.title,
            company=one.company,
            birthday=one.birthday,
            location=one.location,
            joined_on=one.joined_on,
            tags=one.tags,
            custom=one.custom,
            owner=one.owner_id,
            kept=one.kept_id,
            emails=points.get((one.pk, "email"), []),
            phones=points.get((one.pk, "phone"), []),
            keys=keys.get(one.pk, []),
        )
        for one in customers
    ]
