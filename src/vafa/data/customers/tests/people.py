"""People for the tests of doubles and merges."""

from datetime import UTC, datetime

from vafa.data.customers.models import ContactPoint, Customer
from vafa.data.log.actions import take_numbers
from vafa.kit.locale.letters import fold_name

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


def add(name, *points, **fields):
    """A customer with phone numbers and addresses; returns its id."""
    customer = Customer.objects.create(name=name, name_folded=fold_name(name), seq=take_numbers(1), **fields)
    for value in points:
        kind = "email" if "@" in value else "phone"
        ContactPoint.objects.create(customer=customer, kind=kind, value=value)
    return customer.pk
