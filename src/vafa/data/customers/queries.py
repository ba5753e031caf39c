"""Asking about customers."""

from vafa.data.customers.exclusions import list_matching
from vafa.data.customers.lookup import find_customers, list_ids_of, list_keys_of
from vafa.data.customers.models import Customer

__all__ = ["find_customers", "list_customers_of_import", "list_ids_of", "list_keys_of", "list_matching"]


def list_customers_of_import(import_id: int) -> list[int]:
    """The customers whom an import was the last to add or change."""
    return list(Customer.objects.filter(import_id=import_id).order_by("pk").values_list("pk", flat=True))


def list_merged_into(customer_id: int) -> list[int]:
    """The customers who have been merged into this one."""
    return list(Customer.objects.filter(kept_id=customer_id).order_by("pk").values_list("pk", flat=True))
