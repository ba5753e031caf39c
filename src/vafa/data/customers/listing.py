"""Rows of lists of customers, and the order of names."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count

from vafa.data.customers.exclusions import list_matching
from vafa.data.customers.models import ContactPoint, Customer, CustomerKey


@dataclass(frozen=True)
class CustomerRow:
    """One customer as lists show it. `key` is the first id by which a source knows it, "" without any."""

    id: int
    name: str
    company: str
    location: str
    key: str
    excluded: bool


@dataclass(frozen=True)
class Reach:
    """How to reach a customer: the first address and the first number, "" without any."""

    email: str = ""
    phone: str = ""


def count_languages(owner_id: int | None = None) -> dict[str, int]:
    """How many customers who count read which language, by what was told of them ("": nothing was); only those of one
    member of staff, if named."""
    found = Customer.objects.filter(kept=None, excluded=False)
    found = found if owner_id is None else found.filter(owner_id=owner_id)
    rows = found.order_by().values_list("profile__language").annotate(Count("pk"))
    counts: dict[str, int] = {}
    for language, count in rows:
        counts[language or ""] = counts.get(language or "", 0) + count
    return counts


def list_customer_rows(ids: Collection[int]) -> list[CustomerRow]:
    """The customers with these ids, in the given order; unknown ids are left out."""
    customers = Customer.objects.in_bulk(list(ids))
    known = CustomerKey.objects.filter(customer_id__in=list(ids)).order_by("-pk")
    keys = dict(known.values_list("customer_id", "key"))
    return [
        CustomerRow(
            id=pk,
            name=found.name,
            company=found.company,
            location=found.location,
            key=keys.get(pk, ""),
            excluded=found.excluded,
        )
        for pk in ids
        if (found := customers.get(pk)) is not None
    ]


def list_reach(ids: Collection[int]) -> dict[int, Reach]:
    """The first e-mail address and phone number of each customer that has any."""
    found: dict[int, dict[str, str]] = {}
    # The kind is looked at here: asked of SQLite, it would go through all numbers by the index that begins with it.
    points = ContactPoint.objects.filter(customer_id__in=list(ids), detached="")
    for customer_id, kind, value in points.order_by("pk").values_list("customer_id", "kind", "value"):
        if kind not in ("email", "phone"):
            continue
        found.setdefault(customer_id, {}).setdefault(kind, value)
    return {customer_id: Reach(**ways) for customer_id, ways in found.items()}


def list_ids_in_name_order() -> list[int]:
    """The ids of all customers, in the order of their names in the business's language, the nameless last."""
    ordered = list(Customer.objects.order_by("sort_key", "pk").values_list("pk", flat=True))
    nameless = Customer.objects.filter(sort_key="").count()
    return ordered[nameless:] + ordered[:nameless]


def list_ids_with_tag(tag: str) -> list[int]:
    """The ids of the customers that carry this tag."""
    return sorted(list_matching([{"field": "tag", "value": tag}]))
