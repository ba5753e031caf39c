"""Who is left out of every figure by a rule: staff, test accounts, wholesale, marketplaces.

A rule is {"field": one of FIELDS, "value": text}. Rules live with the business; here they are applied.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from vafa.data.customers.models import ContactPoint, Customer, CustomerKey
from vafa.data.log.actions import take_numbers
from vafa.kit.audit import record
from vafa.kit.locale.letters import fold_key

Rule = Mapping[str, str]
FIELDS = ("tag", "email_domain", "email", "name", "company", "key_prefix")
# At most so many rows are written in one transaction, so that nobody else waits long.
BATCH = 500
IDS_A_STATEMENT = 10_000


def list_matching(rules: Sequence[Rule], among: Iterable[int] | None = None) -> set[int]:
    """The ids of the customers that any rule names, of all or of those given."""
    customers = Customer.objects.all()
    if among is not None:
        customers = customers.filter(pk__in=list(among))
    found: set[int] = set()
    for rule in rules:
        found.update(_match(customers, rule["field"], rule["value"].strip()).values_list("pk", flat=True))
    return found


def apply_exclusions(
    rules: Sequence[Rule], *, by: Any, now: datetime, among: Iterable[int] | None = None
) -> int:
    """Exclude exactly the customers that the rules name, and include all others again; how many changed.

    With `among` only these customers are looked at, as after an import. Cut off in the middle and repeated,
    it ends the same.
    """
    matching: set[int] = set()
    excluded: set[int] = set()
    for ids in _cut(among):
        matching |= list_matching(rules, ids)
        known = Customer.objects.filter(excluded=True)
        known = known if ids is None else known.filter(pk__in=ids)
        excluded.update(known.values_list("pk", flat=True))
    _mark(matching - excluded, excluded=True)
    _mark(excluded - matching, excluded=False)
    changed = len(matching ^ excluded)
    if changed:
        record("customers.exclusions_applied", by=by, now=now, changed=changed, excluded=len(matching))
    return changed


def _cut(among: Iterable[int] | None) -> Iterable[list[int] | None]:
    """The ids in lists that fit into one statement; None, once, for all customers."""
    if among is None:
        return [None]
    ids = list(among)
    return [ids[start : start + IDS_A_STATEMENT] for start in range(0, len(ids), IDS_A_STATEMENT)]


def _match(customers: QuerySet[Customer], field: str, value: str) -> QuerySet[Customer]:
    """The customers that one rule names. Raises ValueError for a field that is none."""
    if not value:
        return customers.none()
    if field == "tag":
        return _match_tag(customers, value)
    if field == "name":
        return customers.filter(name_folded__contains=fold_key(value))
    if field == "company":
        return customers.filter(company__icontains=value)
    if field == "key_prefix":
        return customers.filter(
            pk__in=CustomerKey.objects.filter(key__startswith=value).values("customer_id")
        )
    if field not in ("email", "email_domain"):
        raise ValueError(field)
    address = value.lower().removeprefix("@")
    wanted = Q(value=address) if field == "email" else Q(value__endswith=f"@{address}")
    points = ContactPoint.objects.filter(wanted, kind="email")
    return customers.filter(pk__in=points.values("customer_id"))


def _match_tag(customers: QuerySet[Customer], tag: str) -> QuerySet[Customer]:
    if connection.vendor == "postgresql":
        return customers.filter(tags__contains=[tag])
    # Django's field escapes letters, a bulk import does not.
    written = Q(tags_text__contains=json.dumps(tag)) | Q(
        tags_text__contains=json.dumps(tag, ensure_ascii=False)
    )
    return customers.annotate(tags_text=Cast("tags", TextField())).filter(written)


def _mark(ids: set[int], *, excluded: bool) -> None:
    in_order = sorted(ids)
    for start in range(0, len(in_order), BATCH):
        batch = in_order[start : start + BATCH]
        with transaction.atomic():
            first = take_numbers(len(batch))
            rows = [Customer(pk=pk, excluded=excluded, seq=first + n) for n, pk in enumerate(batch)]
            Customer.objects.bulk_update(rows, ["excluded", "seq"])
