"""Asking about customers."""

from collections.abc import Collection, Iterable
from datetime import date

from vafa.data.customers.addressing import (
    Addressee,
    list_addressees,
    list_custom_values,
    list_kept_ids,
    list_own_ids,
    list_phones,
)
from vafa.data.customers.born import list_born_on
from vafa.data.customers.bulk_changes import (
    find_bulk_change,
    list_bulk_changes,
    list_stalled_bulk_changes,
)
from vafa.data.customers.changes import (
    CustomerChange,
    find_last_id,
    list_changed_since,
    list_customer_changes,
    own_customers,
)
from vafa.data.customers.companies import CompanyPerson, count_people_of_company, list_people_of_company
from vafa.data.customers.doubles import (
    Shared,
    SharedBy,
    SharedPerson,
    list_merged,
    list_namesakes,
    list_owners,
    list_reachable_ids,
    list_shared,
)
from vafa.data.customers.editing import find_field_change, get_field, list_field_changes, mark_fields
from vafa.data.customers.exclusions import list_matching
from vafa.data.customers.fields import has_values, list_definitions, read_value, write_value
from vafa.data.customers.identifying import identify
from vafa.data.customers.listing import (
    CustomerRow,
    Reach,
    count_languages,
    list_customer_rows,
    list_ids_in_name_order,
    list_ids_with_tag,
    list_reach,
)
from vafa.data.customers.longest import list_longest_named, list_some
from vafa.data.customers.lookup import find_customers, list_ids_of, list_keys_of, map_family, map_to_kept
from vafa.data.customers.merging import list_missing
from vafa.data.customers.models import ContactPoint, Customer, Profile
from vafa.data.customers.owning import list_changed_of_others, list_owned_ids
from vafa.data.customers.photos import find_type as find_photo_type
from vafa.data.customers.photos import get_path as get_photo_path
from vafa.data.customers.proposals import (
    LEVELS,
    Proposal,
    count_doubles,
    count_kept_apart,
    get_looked_at,
    list_doubles,
    list_kept_apart,
    list_merged_of_batch,
    list_merges_into,
)
from vafa.data.customers.searching import list_phone_forms, search_customers
from vafa.data.customers.seeking import seek_customers
from vafa.data.customers.traits import build_traits, list_known_keys, list_own_traits
from vafa.data.customers.types import Hit
from vafa.kit.bulk import select_where_in

__all__ = [
    "LEVELS",
    "Addressee",
    "CompanyPerson",
    "CustomerChange",
    "CustomerRow",
    "Hit",
    "Proposal",
    "Reach",
    "Shared",
    "SharedBy",
    "SharedPerson",
    "build_traits",
    "count_customers_of_import",
    "count_doubles",
    "count_kept_apart",
    "count_languages",
    "count_people_of_company",
    "find_bulk_change",
    "find_customer",
    "find_customers",
    "find_field_change",
    "find_last_id",
    "find_photo_type",
    "find_point",
    "get_field",
    "get_looked_at",
    "get_photo_path",
    "get_profile",
    "has_values",
    "identify",
    "list_addressees",
    "list_all_preferred_channels",
    "list_born_on",
    "list_bulk_changes",
    "list_changed_of_others",
    "list_changed_since",
    "list_contact_points",
    "list_counted",
    "list_custom_values",
    "list_customer_changes",
    "list_customer_rows",
    "list_customers_of_import",
    "list_definitions",
    "list_doubles",
    "list_field_changes",
    "list_ids_in_name_order",
    "list_ids_of",
    "list_ids_with_tag",
    "list_kept_apart",
    "list_kept_ids",
    "list_keys_of",
    "list_known_keys",
    "list_longest_named",
    "list_matching",
    "list_merged",
    "list_merged_ids",
    "list_merged_into",
    "list_merged_of_batch",
    "list_merges_into",
    "list_missing",
    "list_namesakes",
    "list_own_ids",
    "list_own_traits",
    "list_owned_ids",
    "list_owners",
    "list_people_of_company",
    "list_phone_forms",
    "list_phones",
    "list_preferred_channels",
    "list_reach",
    "list_reachable_ids",
    "list_seen",
    "list_shared",
    "list_some",
    "list_stalled_bulk_changes",
    "list_with_point",
    "list_without",
    "map_family",
    "map_to_kept",
    "mark_fields",
    "own_customers",
    "read_value",
    "search_customers",
    "seek_customers",
    "write_value",
]


def list_customers_of_import(import_id: int) -> list[int]:
    """The customers whom an import was the last to add or change."""
    return list(Customer.objects.filter(import_id=import_id).order_by("pk").values_list("pk", flat=True))


def count_customers_of_import(import_id: int) -> int:
    """How many customers an import was the last to add or change."""
    return Customer.objects.filter(import_id=import_id).count()


def list_counted(ids: Iterable[int]) -> set[int]:
    """Those of these customers that count: neither erased, nor merged away, nor left out."""
    counted = Customer.objects.filter(pk__in=list(ids), kept=None, excluded=False)
    return set(counted.values_list("pk", flat=True))


def list_without(active: Collection[int], *, known: Collection[int], before: date) -> list[int]:
    """The kept customers of whom neither they nor anybody merged into them is among the active; who joined before a
    day, or are among the known where nobody told when they joined. By id."""
    spoken: set[int] = set()
    old: set[int] = set()
    rows = Customer.objects.order_by("pk").values_list("pk", "kept_id", "joined_on")
    for pk, kept, joined in rows.iterator(chunk_size=10_000):
        own = kept or pk
        if pk in active or (joined is not None and joined >= before):
            spoken.add(own)
        elif joined is not None or pk in known:
            old.add(own)
    return sorted(old - spoken)


def list_merged_into(customer_id: int) -> list[int]:
    """The customers who have been merged into this one."""
    return list(Customer.objects.filter(kept_id=customer_id).order_by("pk").values_list("pk", flat=True))


def find_customer(customer_id: int) -> Customer | None:
    """One customer, as the one kept after merges; None where there is none with this id."""
    found = Customer.objects.select_related("kept", "owner").filter(pk=customer_id).first()
    return None if found is None else found.kept or found


def list_contact_points(customers: Iterable[int]) -> list[ContactPoint]:
    """The ways to reach a kept customer and those merged into it, each once."""
    points = ContactPoint.objects.filter(customer_id__in=list(customers)).order_by("kind", "pk")
    return list({(point.kind, point.value): point for point in points}.values())


def list_seen(ids: Iterable[int], owner_id: int | None) -> list[int]:
    """Those of these ids that are customers not merged away; only those of one member of staff, if named."""
    found = Customer.objects.filter(pk__in=list(ids), kept=None)
    found = found if owner_id is None else found.filter(owner_id=owner_id)
    return list(found.order_by("pk").values_list("pk", flat=True))


def list_with_point(kind: str, value: str) -> list[int]:
    """The kept customers who have an address or number (in normal form) that is theirs."""
    rows = ContactPoint.objects.filter(kind=kind, value=value, detached="")
    found = {kept or own for own, kept in rows.values_list("customer_id", "customer__kept_id")}
    return sorted(found)


def find_point(point_id: int) -> ContactPoint | None:
    """One way to reach somebody, or None."""
    return ContactPoint.objects.filter(pk=point_id).first()


def list_all_preferred_channels() -> list[tuple[int, str]]:
    """Customers and the channel on which they would be reached."""
    return list(Profile.objects.exclude(channel="").values_list("customer_id", "channel"))


def get_profile(customer_id: int) -> Profile:
    """What people told of a customer; empty where nobody has."""
    return Profile.objects.filter(customer=customer_id).first() or Profile(customer_id=customer_id)


def list_preferred_channels(ids: Iterable[int]) -> dict[int, str]:
    """The channel that each of these customers likes best, of whom somebody told one."""
    rows = select_where_in(
        f"SELECT customer_id, channel FROM {Profile._meta.db_table}", "customer_id", ids, "channel <> ''"
    )
    return {int(customer): str(channel) for customer, channel in rows}


def list_merged_ids(ids: Iterable[int]) -> dict[int, int]:
    """Of everybody who was merged into one of these customers: the id, and that of the kept one."""
    rows = select_where_in(f"SELECT id, kept_id FROM {Customer._meta.db_table}", "kept_id", ids)
    return {int(merged): int(kept) for merged, kept in rows}
