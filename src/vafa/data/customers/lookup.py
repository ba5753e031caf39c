"""Finding a customer by what people write: a source's id, our own id, or a name."""

from collections.abc import Iterable

from vafa.data.customers.models import Customer, CustomerKey
from vafa.kit.ids import read_id
from vafa.kit.locale.letters import fold_name

_MOST = 10
_OWN_ID = "id:"


def find_customers(text: str) -> list[Customer]:
    """The customers that a text may mean, at most ten, each as the one kept after merges.

    "id:42" is our own id. Else a source's id comes first, since that is what people know a customer by, then
    our own id, then the folded name: the first of these that knows anybody decides.
    """
    wanted = text.strip()
    if wanted.startswith(_OWN_ID):
        return _list_kept(_list_by_id(wanted.removeprefix(_OWN_ID)))
    found = _list_by_key(wanted) or _list_by_id(wanted) or _list_by_name(wanted)
    return _list_kept(found)


def _list_by_id(text: str) -> list[int]:
    number = read_id(text)
    if number is None:
        return []
    return list(Customer.objects.filter(pk=number).values_list("pk", flat=True))


def _list_by_key(text: str) -> list[int]:
    keys = CustomerKey.objects.filter(key=text).order_by("customer_id")
    return list(keys.values_list("customer_id", flat=True).distinct()[:_MOST])


def _list_by_name(text: str) -> list[int]:
    folded = fold_name(text)
    if not folded:
        return []
    named = Customer.objects.filter(name_folded=folded).order_by("pk")
    return list(named.values_list("pk", flat=True)[:_MOST])


def _list_kept(ids: list[int]) -> list[Customer]:
    kept: dict[int, Customer] = {}
    for customer in Customer.objects.filter(pk__in=ids).select_related("kept"):
        one = customer.kept or customer
        kept.setdefault(one.pk, one)
    return [kept[pk] for pk in sorted(kept)]


def list_keys_of(customer: int) -> list[str]:
    """The ids by which sources know a customer and those merged into it."""
    ids = list_ids_of(customer)
    keys = CustomerKey.objects.filter(customer_id__in=ids).order_by("pk")
    return list(keys.values_list("key", flat=True))


def list_ids_of(customer: int) -> list[int]:
    """A kept customer's id and those of all who were merged into it: facts keep their own."""
    merged = Customer.objects.filter(kept_id=customer).order_by("pk").values_list("pk", flat=True)
    return [customer, *merged]


def map_to_kept(ids: Iterable[int]) -> dict[int, int]:
    """The customer that counts for each of these ids, after merges; who is left out of the figures has none."""
    found = Customer.objects.filter(pk__in=list(ids), excluded=False).exclude(kept__excluded=True)
    return {own: kept or own for own, kept in found.values_list("pk", "kept_id")}


def map_family(kept: Iterable[int]) -> dict[int, int]:
    """These kept customers and all who were merged into them, each with the one that counts."""
    wanted = list(kept)
    merged = Customer.objects.filter(kept__in=wanted).values_list("pk", "kept_id")
    return {pk: pk for pk in wanted} | dict(merged)
