"""By what people can be found in files and texts."""

from collections.abc import Iterable, Sequence

from vafa.data.customers.models import ContactPoint, Customer, CustomerKey
from vafa.kit.bulk import select_where_in
from vafa.kit.erasing import Traits


def build_traits(ids: Sequence[int]) -> Traits:
    """The names, addresses, numbers and ids of a customer and those merged into it."""
    people = Customer.objects.filter(pk__in=list(ids))
    points = ContactPoint.objects.filter(customer__in=list(ids)).values_list("kind", "value", "typed")
    return Traits(
        names=frozenset(name for pair in people.values_list("name", "name_folded") for name in pair if name),
        emails=frozenset(value for kind, value, _typed in points if kind == "email"),
        phones=frozenset(value for kind, value, _typed in points if kind == "phone"),
        keys=frozenset(CustomerKey.objects.filter(customer__in=list(ids)).values_list("source_id", "key")),
    )


def list_own_traits(traits: Traits, ids: Sequence[int]) -> Traits:
    """These traits without the addresses and numbers that somebody else has too."""
    values = [*traits.emails, *traits.phones]
    others = ContactPoint.objects.filter(value__in=values, detached="").exclude(customer__in=list(ids))
    shared = set(others.values_list("kind", "value"))
    return Traits(
        names=traits.names,
        emails=frozenset(value for value in traits.emails if ("email", value) not in shared),
        phones=frozenset(value for value in traits.phones if ("phone", value) not in shared),
        keys=traits.keys,
    )


def list_known_keys(source_id: int, keys: Iterable[str]) -> set[str]:
    """Those of these ids by which a source knows somebody here."""
    select = "SELECT key FROM customers_customerkey"
    return {str(row[0]) for row in select_where_in(select, "key", keys, "source_id = %s", [source_id])}
