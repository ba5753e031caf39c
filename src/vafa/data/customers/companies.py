"""The people of a company: the customers who are recorded under its name."""

from dataclasses import dataclass

from django.db.models import QuerySet

from vafa.data.customers.models import Customer


@dataclass(frozen=True)
class CompanyPerson:
    """One person of a company."""

    id: int
    name: str
    title: str


def list_people_of_company(
    company: str, *, owner_id: int | None = None, after: int = 0, count: int = 100
) -> list[CompanyPerson]:
    """The people of a company after a customer's id, at most so many; only those of one member of staff, if named."""
    found = _find(company, owner_id).filter(pk__gt=after).order_by("pk")[:count]
    return [CompanyPerson(row.pk, row.name, row.title) for row in found]


def count_people_of_company(company: str, *, owner_id: int | None = None) -> int:
    """How many people a company has."""
    return _find(company, owner_id).count()


def _find(company: str, owner_id: int | None) -> QuerySet[Customer]:
    found = Customer.objects.filter(company=company, kept=None).exclude(company="")
    return found if owner_id is None else found.filter(owner_id=owner_id)
