"""Asking about customers."""

from vafa.data.customers.models import Customer


def list_customers_of_import(import_id: int) -> list[int]:
    """The customers whom an import was the last to add or change."""
    return list(Customer.objects.filter(import_id=import_id).order_by("pk").values_list("pk", flat=True))
