"""Orders and returns in the order of their last change, for those who follow."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet

from vafa.data.log.queries import filter_changed
from vafa.data.orders.lines import SEPARATOR, list_line_keys
from vafa.data.orders.models import OrderLine, ReturnLine


class OrderChange(NamedTuple):
    """An order as it is now: the number of its last change, and its lines."""

    seq: int
    source: str
    order: str
    lines: list[OrderLine]


def list_order_changes(
    after: int,
    limit: int,
    *,
    customers: Collection[int] | QuerySet[Any, Any] | None = None,
    source_id: int | None = None,
    order: str = "",
) -> tuple[list[OrderChange], int | None]:
    """Orders whose last change came under a number after this one, the earliest first; and the number to go on with
    (None: that was all). An order whose lines changed one by one is told once, with its last."""
    found = filter_changed(OrderLine.objects.all(), after, customers=customers, source_id=source_id)
    if order:
        found = found.filter(key__gte=f"{order}{SEPARATOR}", key__lt=f"{order}{chr(ord(SEPARATOR) + 1)}")
    scanned = list(found.order_by("seq").values_list("seq", "source_id", "order_key")[: limit * 4 + 1])
    places: dict[tuple[int, str], int] = {}
    last = 0
    for seq, source, number in scanned:
        if (source, number) not in places and len(places) == limit:
            break
        places[source, number] = last = seq
    more = len(scanned) > limit * 4 or bool(scanned and last != scanned[-1][0])
    changes = _complete(places)
    return [change for change in changes if change.seq <= last], last if more else None


def _complete(places: dict[tuple[int, str], int]) -> list[OrderChange]:
    lines: dict[tuple[int, str], list[OrderLine]] = {}
    for source in {source for source, _number in places}:
        numbers = [number for of, number in places if of == source]
        rows = [line.row for line in list_line_keys(source, numbers)]
        chosen = OrderLine.objects.filter(pk__in=rows).select_related(
            "source", "product", "product_line", "location"
        )
        for line in chosen.order_by("pk"):
            lines.setdefault((source, line.order_key), []).append(line)
    changes = [
        OrderChange(max(line.seq for line in some), some[0].source.name, number, some)
        for (_source, number), some in lines.items()
    ]
    return sorted(changes, key=lambda change: change.seq)


def list_return_changes(
    after: int,
    limit: int,
    *,
    customers: Collection[int] | QuerySet[Any, Any] | None = None,
    source_id: int | None = None,
    orders: Sequence[str] | None = None,
    ids: Collection[int] | None = None,
) -> list[ReturnLine]:
    """The return lines changed under a number after this one, the earliest first."""
    found = filter_changed(ReturnLine.objects.all(), after, customers=customers, source_id=source_id, ids=ids)
    if orders is not None:
        found = found.filter(order_key__in=list(orders))
    return list(found.select_related("source", "product").order_by("seq")[:limit])


def find_order_of_line(row: int) -> OrderChange | None:
    """The order that a line belongs to, whichever of its lines is named."""
    line = OrderLine.objects.filter(pk=row).first()
    if line is None:
        return None
    return next(iter(_complete({(line.source_id, line.order_key): line.seq})), None)
