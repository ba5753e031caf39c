"""The lines of an order, found by its number."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

from vafa.data.orders.models import OrderLine

# Between the parts of a line's key: order, product, occurrence.
SEPARATOR = "\x1f"


class LineKey(NamedTuple):
    """A line: its id, its key in its source, and its order's number."""

    row: int
    key: str
    order: str


def list_line_keys(source_id: int, orders: Iterable[str]) -> list[LineKey]:
    """The lines that a source has told of these orders. Found by the beginning of their keys, which are indexed."""
    found: list[LineKey] = []
    wanted = list(orders)
    for start in range(0, len(wanted), 100):
        begins = Q()
        for order in wanted[start : start + 100]:
            head = f"{order}{SEPARATOR}"
            begins |= Q(key__gte=head, key__lt=f"{order}{chr(ord(SEPARATOR) + 1)}")
        lines = OrderLine.objects.filter(begins, source_id=source_id)
        found += [LineKey(*line) for line in lines.values_list("pk", "key", "order_key")]
    return found
