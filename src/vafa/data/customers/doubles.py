"""Customers who share a phone number, an e-mail address or a name, and may be one person twice."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from django.db import connection

SharedBy = Literal["phone", "email", "name"]

_PERSON = "coalesce(c.kept_id, c.id), c.name_folded, CAST(c.birthday AS text), c.location"
_SHARED_POINT = f"""
    SELECT p.value, {_PERSON}
    FROM customers_contactpoint p
    JOIN (
        SELECT value FROM customers_contactpoint WHERE kind = %s GROUP BY value HAVING count(*) > 1
    ) d ON d.value = p.value
    JOIN customers_customer c ON c.id = p.customer_id
    WHERE p.kind = %s AND NOT c.excluded
"""
_SHARED_NAME = f"""
    SELECT c.name_folded, {_PERSON}
    FROM customers_customer c
    JOIN (
        SELECT name_folded FROM customers_customer
        WHERE name_folded <> '' GROUP BY name_folded HAVING count(*) > 1
    ) d ON d.name_folded = c.name_folded
    WHERE NOT c.excluded
"""


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

    With `owner_id` only the customers of that member of staff are looked at.
    """
    sql, params = (_SHARED_NAME, []) if by == "name" else (_SHARED_POINT, [by, by])
    owned: list[Any] = [] if owner_id is None else [owner_id]
    only = "" if owner_id is None else " AND c.owner_id = %s"
    with connection.cursor() as cursor:
        cursor.execute(f"{sql}{only} ORDER BY 1, 2, c.id", [*params, *owned])
        return list(_gather(cursor.fetchall()))


def _gather(rows: Iterable[tuple[Any, ...]]) -> Iterator[Shared]:
    for value, shared in groupby(rows, key=lambda row: row[0]):
        people = {
            int(pk): SharedPerson(int(pk), name or "", birthday or "", location or "")
            for _value, pk, name, birthday, location in shared
        }
        if len(people) > 1:
            yield Shared(str(value), tuple(people.values()))


def list_reachable_ids() -> list[int]:
    """The ids of all customers who have any phone number, address or other way to be reached."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT customer_id FROM customers_contactpoint")
        return [int(row[0]) for row in cursor.fetchall()]
