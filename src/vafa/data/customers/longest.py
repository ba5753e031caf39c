"""Which customers have the longest names: for whom a text comes out longest."""

from collections.abc import Container, Iterator

from django.db.models.functions import Length

from vafa.data.customers.models import Customer


def list_longest_named(
    limit: int, *, among: Container[int] | None = None, owner_id: int | None = None
) -> list[int]:
    """The ids of so many kept customers with the longest names, the longest first; only of these, and of one member of
    staff, where named."""
    found = Customer.objects.filter(kept=None)
    found = found if owner_id is None else found.filter(owner=owner_id)
    ordered = found.order_by(Length("name").desc(), "pk").values_list("pk", flat=True)
    if among is None:
        return list(ordered[:limit])
    return _take(ordered.iterator(chunk_size=10_000), among, limit)


def _take(ordered: Iterator[int], among: Container[int], limit: int) -> list[int]:
    taken: list[int] = []
    for pk in ordered:
        if len(taken) >= limit:
            break
        if pk in among:
            taken.append(pk)
    return taken


def list_some(limit: int, owner_id: int | None = None) -> list[int]:
    """The ids of so many kept customers, spread evenly over all."""
    found = Customer.objects.filter(kept=None)
    found = found if owner_id is None else found.filter(owner=owner_id)
    ids = list(found.order_by("pk").values_list("pk", flat=True))
    step = max(1, len(ids) // limit) if limit else 1
    return ids[::step][:limit]
