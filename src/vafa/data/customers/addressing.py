"""What is needed to write to customers by name, for many at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from vafa.data.customers.models import Customer


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
