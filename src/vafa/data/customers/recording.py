"""Recording what a customers file tells: new customers go in, told fields replace what was known, blanks never do."""

import json
from collections import defaultdict
from typing import Any

from vafa.data.customers.matching import CustomerFinder
from vafa.data.customers.models import ContactPoint, Customer
from vafa.data.customers.types import CustomerTold
from vafa.data.log.actions import take_numbers
from vafa.data.log.types import Recorded
from vafa.kit.bulk import update_rows
from vafa.kit.locale.collation import sort_key
from vafa.kit.locale.letters import fold_name, strip_titles

IMAGE_FIELDS = (
    "name", "title", "name_folded", "sort_key", "company", "birthday", "location", "joined_on", "tags", "custom",
    "import_id",
)  # fmt: skip


def record_customers(
    rows: list[CustomerTold], finder: CustomerFinder
) -> tuple[Recorded, list[int | None], set[int]]:
    """Record one batch, in a transaction. Returns the counts, each row's customer (None: cannot be told apart), and the
    customers of whom some row told nothing new."""
    first_new = _next_id()
    own = finder.import_id
    found = finder.find(row.told for row in rows)
    ids = [found[row.told] for row in rows]
    customers = Customer.objects.in_bulk([customer for customer in set(ids) if customer is not None])
    known = _Known(list(customers))
    result = Recorded()
    touched: dict[int, Customer] = {}
    seen_new: set[int] = set()
    unchanged: set[int] = set()
    # Whom this very import has added or changed before this batch: what they were before that is known already.
    mine = {pk for pk, customer in customers.items() if pk < first_new and own and customer.import_id == own}
    for row, customer_id in zip(rows, ids, strict=True):
        if customer_id is None:
            continue
        customer = customers[customer_id]
        is_known = customer_id < first_new and customer_id not in touched and customer_id not in mine
        before = known.image(customer) if is_known else None
        changed = _apply(row, customer, finder.language)
        changed |= known.apply(row, customer_id)
        is_new = customer_id >= first_new and customer_id not in seen_new
        if changed:
            customer.import_id = finder.import_id
            touched[customer_id] = customer
            if before is not None:
                result.before.append((customer_id, before))
        if is_new:
            seen_new.add(customer_id)
            result.new += 1
        elif changed:
            result.changed += 1
        else:
            result.same += 1
            unchanged.add(customer_id)
    _save(touched, known)
    return result, ids, unchanged


def _next_id() -> int:
    last = Customer.objects.order_by("-pk").values_list("pk", flat=True).first()
    return (last or 0) + 1


def _apply(row: CustomerTold, customer: Customer, language: str) -> bool:
    """Set what the row tells on the customer; whether that changed anything."""
    told: dict[str, Any] = {
        "company": row.company,
        "location": row.location,
        "birthday": row.told.birthday or None,
        "joined_on": row.joined_on,
        "tags": list(row.tags) if row.tags is not None else None,
    }
    if row.told.name:
        title, name = strip_titles(row.told.name)
        told |= {
            "name": name[:300],
            "title": (row.title or title)[:60] or None,
            "name_folded": fold_name(name)[:300],
            "sort_key": sort_key(name, language)[:300],
        }
    elif row.title:
        told["title"] = row.title[:60]
    if row.custom:
        told["custom"] = customer.custom | row.custom
    changed = False
    for name, value in told.items():
        if value is not None and value != _plain(getattr(customer, name)):
            setattr(customer, name, value)
            changed = True
    return changed


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


class _Known:
    """Contact points of some customers, and those to be added."""

    def __init__(self, customers: list[int]) -> None:
        self.points: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
        for customer, kind, value in ContactPoint.objects.filter(customer__in=customers).values_list(
            "customer_id", "kind", "value"
        ):
            self.points[customer].add((kind, value))
        self.new_points: list[ContactPoint] = []

    def image(self, customer: Customer) -> dict[str, Any]:
        """The customer as it is before this batch."""
        image = {name: _plain(getattr(customer, name)) for name in IMAGE_FIELDS}
        image["points"] = sorted(list(point) for point in self.points[customer.pk])
        return image

    def apply(self, row: CustomerTold, customer: int) -> bool:
        """Add the row's contact points; whether any was new."""
        changed = False
        for kind, value in (("email", row.told.email), ("phone", row.told.phone)):
            if value and (kind, value) not in self.points[customer]:
                self.points[customer].add((kind, value))
                self.new_points.append(ContactPoint(customer_id=customer, kind=kind, value=value))
                changed = True
        return changed


def _list_values(customer: Customer) -> list[Any]:
    """The fields of an image in database form."""
    values = (_plain(getattr(customer, name)) for name in IMAGE_FIELDS)
    return [json.dumps(value) if isinstance(value, list | dict) else value for value in values]


def _save(touched: dict[int, Customer], known: _Known) -> None:
    if not touched:
        return
    first = take_numbers(len(touched))
    # Django's bulk_update makes one expression a value: at a dozen fields it takes ten times as long as the rest.
    rows = [(*_list_values(customer), first + n, customer.pk) for n, customer in enumerate(touched.values())]
    update_rows("customers_customer", (*IMAGE_FIELDS, "seq"), rows)
    ContactPoint.objects.bulk_create(known.new_points, ignore_conflicts=True, batch_size=1000)
