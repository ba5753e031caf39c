"""What the customers' room holds of a person, and forgetting it: last of all rooms."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from vafa.data.customers.actions import remove_customers
from vafa.data.customers.bulk_changes import forget_in_bulk_changes
from vafa.data.customers.indexing import forget_words, list_words_of
from vafa.data.customers.models import ContactPoint, Customer, CustomerKey, FieldChange, Merge, Profile
from vafa.data.customers.photos import remove_photos
from vafa.kit.erasing import Collected, Erased, Holder, collect_rows

# What is made of the name for searching and sorting says nothing that the name does not.
_MADE = ("import_id", "seq", "name_folded", "sort_key")


def collect(customer_ids: Sequence[int]) -> Collected:
    """Who a person is, by which ids sources know them, and how they can be reached."""
    return {
        "customer": collect_rows(Customer, customer_ids, by="id", leave_out=_MADE),
        "source_ids": collect_rows(CustomerKey, customer_ids),
        "contact_points": collect_rows(ContactPoint, customer_ids),
        "merges": collect_rows(Merge, customer_ids, by="kept_id", leave_out=("batch",)),
        "profile": collect_rows(Profile, customer_ids, leave_out=("photo",)),
        "field_changes": collect_rows(FieldChange, customer_ids, leave_out=("batch",)),
    }


def erase(customer_ids: Sequence[int]) -> Erased:
    """Take the customers away, with their ids and contact points."""
    there = list(Customer.objects.filter(pk__in=list(customer_ids)).values_list("pk", flat=True))
    points = ContactPoint.objects.filter(customer__in=there).count()
    remove_photos(Profile.objects.filter(customer__in=there).values_list("photo", flat=True))
    words = list_words_of(there)
    remove_customers(there)
    forget_in_bulk_changes(customer_ids)
    forget_words(words)
    return Erased(removed={"customer": len(there), "contact_points": points})


HOLDER = Holder(
    room="customers",
    models=(
        "customers.Customer",
        "customers.CustomerKey",
        "customers.ContactPoint",
        "customers.Profile",
        "customers.FieldChange",
        "customers.BulkChange",
        "customers.SearchWord",
        "customers.SearchPart",
        "customers.SearchPlace",
        "customers.Double",
        "customers.Merge",
    ),
    names={
        "customer": _("Customer file"),
        "source_ids": _("Ids in the sources"),
        "contact_points": _("Contact points"),
        "merges": _("Merges"),
        "profile": _("Preferences"),
        "field_changes": _("Changes of the customer file"),
    },
    collect=collect,
    erase=erase,
)
