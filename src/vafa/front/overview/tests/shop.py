"""A shop of which every number is known, for the tests of the pages.

Rule purchase:30d, months of 2025. The data begin on 1 January and end on 30 June. In May:
active at its start (bought in the 30 days before 1 May): staying, leaving · lost: leaving · kept: staying
new: newcomer · reactivated: returning · joined and left within the period: nobody can, in 31 days with a window of 30
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client

from vafa.data.business.actions import change_business
from vafa.data.customers.models import ContactPoint, Customer
from vafa.data.staff.models import Staff
from vafa.front.tests.conftest import let_be_confirmed
from vafa.kit.locale.collation import sort_key
from vafa.kit.locale.letters import fold_name
from vafa.kit.permissions import Role
from vafa.measure.metrics.tests.ledger import Ledger

NOW = datetime(2025, 7, 1, tzinfo=UTC)
RULE = "purchase:30d"
MAY = "from=2025-05-01"


@dataclass(frozen=True)
class Shop:
    """The shop's customers by what they do in May, and its books."""

    ledger: Ledger
    staying: int
    leaving: int
    newcomer: int
    returning: int

    def hire(self, role: Role, email: str = "") -> Staff:
        """A member of staff."""
        return Staff.objects.create_user(
            email or f"{role}@example.com", "a long walk in the rain", role=role, created_at=NOW
        )


def add_person(ledger: Ledger, name: str, key: str = "", **fields: object) -> int:
    """A customer, named as the import names them."""
    return ledger.add_customer(
        key, name=name, name_folded=fold_name(name), sort_key=sort_key(name, "fa"), **fields
    )


def add_point(customer: int, kind: str, value: str) -> None:
    """A way to reach a customer."""
    ContactPoint.objects.create(customer_id=customer, kind=kind, value=value)


def exclude(customer: int) -> None:
    """Leave a customer out of all figures."""
    Customer.objects.filter(pk=customer).update(excluded=True)


def sign_in(staff: Staff) -> Client:
    """A browser of this person, who has just signed in."""
    client = Client()
    client.force_login(staff)
    let_be_confirmed(client, staff)
    return client


@pytest.fixture
def shop(ledger: Ledger) -> Shop:
    change_business(
        by=None, now=NOW, name="Shop", activity_rule=RULE, currency="EUR", is_set_up=True, country="DE"
    )
    people = [
        add_person(ledger, name, key)
        for name, key in (
            ("رضا کریمی", "K1"),
            ("پری گودرزی", "K2"),
            ("Anna Brown", "K3"),
            ("علي محمدي", "K4"),
        )
    ]
    staying, leaving, newcomer, returning = people
    buy: Callable[..., object] = ledger.add_order
    for month in range(1, 7):
        buy(staying, date(2025, month, 20), 100, location="Berlin", line="Bread")
    buy(leaving, date(2025, 3, 15), 40, location="Berlin", line="Bread")
    buy(leaving, date(2025, 4, 15), 60, location="Bonn", line="Cake", order="big")
    buy(leaving, date(2025, 4, 15), Decimal("15.50"), location="Bonn", line="Bread", order="big")
    buy(newcomer, date(2025, 5, 10), 30, location="Bonn", line="Cake")
    buy(newcomer, date(2025, 5, 12), 30, location="Bonn", line="Cake")
    buy(returning, date(2025, 1, 5), 80, location="Berlin", line="Bread")
    buy(returning, date(2025, 5, 25), 90, location="Berlin", line="Bread")
    ledger.publish(date(2025, 6, 30))
    return Shop(ledger, staying, leaving, newcomer, returning)
