"""What is needed to write to customers by name, for many at once."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from vafa.data.customers.models import ContactPoint, Customer
from vafa.kit.bulk import select_where_in

_AT_ONCE = 1_000


@dataclass(frozen=True)
class Addressee:
    """A customer as a message addresses them; `language` is "" where nobody told it."""

    id: int
    name: str
    title: str
    company: str
    language: str
    birthday: date | None
    joined_on: date | None


def list_addressees(ids: Collection[int]) -> dict[int, Addressee]:
    """The customers with these ids; unknown ids are left out."""
    columns = ("pk", "name", "title", "company", "profile__language", "birthday", "joined_on")
    rows = Customer.objects.filter(pk__in=list(ids)).order_by().values_list(*columns)
    return {
        pk: Addressee(pk, name, title, company, language or "", birthday, joined_on)
        for pk, name, title, company, language, birthday, joined_on in rows
    }


def list_own_ids(ids: Collection[int]) -> dict[int, int]:
    """The ids of these kept customers and of all who were merged into them, each with the kept one's."""
    told = list(ids)
    found = Customer.objects.filter(Q(pk__in=told) | Q(kept__in=told)).order_by()
    return {pk: kept or pk for pk, kept in found.values_list("pk", "kept_id")}


def list_kept_ids(ids: Iterable[int]) -> dict[int, int]:
    """Of those of these customers who were merged into another: the kept one's id."""
    select = f"SELECT id, kept_id FROM {Customer._meta.db_table}"
    return {int(pk): int(kept) for pk, kept in select_where_in(select, "id", set(ids), "kept_id IS NOT NULL")}


def list_phones(family: Mapping[int, int]) -> dict[int, str]:
    """The phone number (E.164) of each customer that is theirs: the one they like best, else the oldest. `family` are
    ids, each with that of the kept one."""
    select = f"SELECT customer_id, value, preferred, id FROM {ContactPoint._meta.db_table}"
    rows = select_where_in(select, "customer_id", family, "kind = 'phone' AND detached = ''")
    found: dict[int, str] = {}
    for customer, value, _preferred, _pk in sorted(rows, key=lambda row: (not row[2], row[3])):
        found.setdefault(family[int(customer)], str(value))
    return found


def list_custom_values(family: Mapping[int, int], field: str) -> dict[int, str]:
    """What stands in a field of the business's own, of each customer where something does; the kept one's goes first.
    `family` are ids, each with that of the kept one."""
    found: dict[int, str] = {}
    ids = sorted(family, key=lambda pk: (pk != family[pk], pk))
    for start in range(0, len(ids), _AT_ONCE):
        piece = ids[start : start + _AT_ONCE]
        customs = dict(Customer.objects.filter(pk__in=piece).order_by().values_list("pk", "custom"))
        for pk in piece:
            if value := str((customs.get(pk) or {}).get(field) or ""):
                found.setdefault(family[pk], value)
    return found
