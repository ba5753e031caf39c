"""Orders as those ask who follow the log: what a told line is about, whether it is a customer's first, who has ordered
since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from vafa.data.orders.models import OrderLine
from vafa.kit.bulk import select_where_in


@dataclass(frozen=True)
class ArrivedOrder:
    """The order of a line: its key within its source, when it was placed, and whether it counts as a purchase."""

    row: int
    source_id: int
    order_key: str
    customer_id: int | None
    day: date
    at: datetime | None
    status: str
    counts: bool

    @property
    def key(self) -> str:
        """What tells it apart from every other order."""
        return f"{self.source_id}:{self.order_key}"


def list_arrived(rows: Iterable[int]) -> dict[int, ArrivedOrder]:
    """The orders of these lines, by the line's id; lines that are gone, or set aside, are left out."""
    found = OrderLine.objects.filter(pk__in=list(rows), set_aside=None)
    return {
        line.pk: ArrivedOrder(
            line.pk, line.source_id, line.order_key, line.customer_id, line.day, line.at, line.status,
            line.counts and line.quantity > 0 and line.amount > 0,
        )
        for line in found
    }  # fmt: skip


def list_first_order_keys(customers: Iterable[int], kept: Mapping[int, int]) -> dict[int, str]:
    """The key of each customer's first purchase, those of the ones merged into it included (`kept` maps every id to the
    one that counts)."""
    select = 'SELECT customer_id, day, at, id, source_id, order_key FROM "orders_orderline"'
    where = "counts AND set_aside IS NULL AND quantity > %s AND amount > %s"
    rows = select_where_in(select, "customer_id", customers, where, [0, 0])
    first: dict[int, tuple[Any, ...]] = {}
    for customer, day, at, row, source, key in rows:
        person = kept.get(customer, customer)
        # A day alone stands before the moments of that day; texts on SQLite and values on PostgreSQL both sort.
        place = (str(day), str(at or ""), row)
        if person not in first or place < first[person][0]:
            first[person] = (place, f"{source}:{key}")
    return {person: key for person, (_place, key) in first.items()}


def list_ordered_since(since: Mapping[int, tuple[datetime, date, int, str]]) -> set[int]:
    """Which of these customers have placed an order that counts since a moment of each's own: `since` tells the moment,
    its local day, the log's number then, and an order that is not meant ("": none)."""
    if not since:
        return set()
    earliest = min(day for _at, day, _seq, _own in since.values())
    lines = OrderLine.objects.filter(
        Q(customer__in=list(since)),
        counts=True,
        set_aside=None,
        quantity__gt=0,
        amount__gt=0,
        day__gte=earliest,
    ).values_list("customer_id", "day", "at", "seq", "source_id", "order_key")
    found: set[int] = set()
    for customer, day, at, seq, source, key in lines:
        moment, own_day, number, own = since[customer]
        if own and own.endswith(f"{source}:{key}"):
            continue
        later = at > moment if at is not None else day > own_day or (day == own_day and seq > number)
        if later:
            found.add(customer)
    return found
