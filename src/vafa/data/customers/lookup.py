"""Finding a customer by what people write: a source's id, our own id, or a name."""

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
