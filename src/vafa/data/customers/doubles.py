"""Customers who share a phone number, an e-mail address or a name, and may be one person twice."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal

from django.db import connection

from vafa.data.customers.models import ContactPoint, Customer
from vafa.kit.bulk import select_where_in

SharedBy = Literal["phone", "email", "name"]

_PERSON = "coalesce(c.kept_id, c.id), c.name_folded, CAST(c.birthday AS text), c.location"
# In the order of an index that holds all of it: a million numbers are read without looking into the table.
_POINTS = (
    "SELECT value, customer_id FROM customers_contactpoint WHERE kind = %s ORDER BY kind, value, customer_id"
)
_SHARED_NAME = f"""
    SELECT c.name_folded, {_PERSON}
    FROM customers_customer c
    JOIN (
        SELECT name_folded, birthday FROM customers_customer
        WHERE name_folded <> '' AND birthday IS NOT NULL GROUP BY name_folded, birthday HAVING count(*) > 1
    ) d ON d.name_folded = c.name_folded AND d.birthday = c.birthday
    WHERE NOT c.excluded
"""
_OF_NAME = f"SELECT c.name_folded, {_PERSON} FROM customers_customer c"


@dataclass(frozen=True)
class SharedPerson:
    """One of those who share something: the kept customer after merges, and what tells people apart."""

    id: int
    name: str
    birthday: str
    location: str


@dataclass(frozen=True)
class Shared:
    """What several customers share (a number, an address, a folded name), and who they are."""

    value: str
    people: tuple[SharedPerson, ...]


def list_shared(by: SharedBy, owner_id: int | None = None) -> list[Shared]:
    """What at least two customers share, by value; merged ones count as the kept one, the excluded not at all.

    A name is shared by those who also have the same birthday. With `owner_id` only the customers of that member of
    staff are looked at.
    """
    if by != "name":
        return _list_of_points(by, owner_id)
    owned: list[Any] = [] if owner_id is None else [owner_id]
    only = "" if owner_id is None else " AND c.owner_id = %s"
    with connection.cursor() as cursor:
        cursor.execute(f"{_SHARED_NAME}{only} ORDER BY 1, 4, 2, c.id", owned)
        rows = cursor.fetchall()
    # Those of one name and one birthday.
    return list(_gather(rows, (0, 3)))


def _list_of_points(kind: str, owner_id: int | None) -> list[Shared]:
    """Customers who share a number or an address: neighbours in the order of the values."""
    with connection.cursor() as cursor:
        cursor.execute(_POINTS, [kind])
        pairs = cursor.fetchall()
    # Few: looked up apart, the index alone is read above.
    detached = ContactPoint.objects.filter(kind=kind).exclude(detached="")
    if away := set(detached.values_list("value", "customer_id")):
        pairs = [pair for pair in pairs if (pair[0], pair[1]) not in away]
    shared = [
        (value, [customer for _value, customer in group])
        for value, group in ((value, list(group)) for value, group in groupby(pairs, key=itemgetter(0)))
        if len(group) > 1
    ]
    ids = {customer for _value, customers in shared for customer in customers}
    people = _find_people(ids, owner_id)
    rows = [
        (value, *people[customer])
        for value, customers in shared
        for customer in customers
        if customer in people
    ]
    return list(_gather(rows, (0,)))


def _find_people(ids: Collection[int], owner_id: int | None) -> dict[int, tuple[Any, ...]]:
    """Kept id, folded name, birthday and place of each of these who counts."""
    owned, params = ("c.owner_id = %s", [owner_id]) if owner_id is not None else ("1 = 1", [])
    select = f"SELECT c.id, {_PERSON} FROM customers_customer c"
    rows = select_where_in(select, "c.id", ids, f"NOT c.excluded AND {owned}", params)
    return {int(row[0]): row[1:] for row in rows}


def list_namesakes(ids: Collection[int], owner_id: int | None = None) -> list[Shared]:
    """The groups of at least two customers of one name and one place of whom at least one is of `ids`."""
    own = select_where_in(_OF_NAME, "c.id", ids, "c.name_folded <> '' AND c.location <> ''")
    names = {row[0] for row in own}
    places = {(row[0], row[4]) for row in own}
    owned, params = ("c.owner_id = %s", [owner_id]) if owner_id is not None else ("1 = 1", [])
    rows = select_where_in(_OF_NAME, "c.name_folded", names, f"NOT c.excluded AND {owned}", params)
    matching = sorted(
        (row for row in rows if (row[0], row[4]) in places), key=lambda row: (row[0], row[4], row[1])
    )
    return list(_gather(matching, (0, 4)))


def _gather(rows: Iterable[tuple[Any, ...]], by: tuple[int, ...]) -> Iterator[Shared]:
    for _key, found in groupby(rows, key=itemgetter(*by)):
        shared = list(found)
        value = shared[0][0]
        people = {
            int(pk): SharedPerson(int(pk), name or "", birthday or "", location or "")
            for _value, pk, name, birthday, location in shared
        }
        if len(people) > 1:
            yield Shared(str(value), tuple(people.values()))


@dataclass(frozen=True)
class Merged:
    """A customer who is taken for another one, and that one."""

    id: int
    name: str
    kept_id: int
    kept_name: str


def list_merged(limit: int, owner_id: int | None = None) -> list[Merged]:
    """Customers who were merged into another, the latest first; with `owner_id` only that member of staff's."""
    found = Customer.objects.filter(kept__isnull=False).select_related("kept").order_by("-seq")
    if owner_id is not None:
        found = found.filter(owner_id=owner_id, kept__owner_id=owner_id)
    return [
        Merged(one.pk, one.name or str(one.pk), one.kept.pk, one.kept.name or str(one.kept.pk))
        for one in found[:limit]
        if one.kept is not None
    ]


def list_owners(ids: Collection[int]) -> dict[int, int | None]:
    """Who among the staff looks after each of these customers (None: nobody); unknown ids are left out."""
    return dict(Customer.objects.filter(pk__in=list(ids)).values_list("pk", "owner_id"))


def list_reachable_ids() -> list[int]:
    """The ids of all customers who have any phone number, address or other way to be reached."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT customer_id FROM customers_contactpoint WHERE detached = ''")
        return [int(row[0]) for row in cursor.fetchall()]
