"""Asking about orders."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from vafa.data.orders.finding import FoundOrder, list_orders_by_number
from vafa.data.orders.models import OrderLine, ReturnLine
from vafa.data.orders.whole import WholeOrder, find_order

__all__ = [
    "FoundOrder",
    "LineOfCustomer",
    "Origin",
    "WholeOrder",
    "find_order",
    "list_line_origins",
    "list_lines_of",
    "list_order_days",
    "list_order_lines_between",
    "list_orders_by_number",
    "list_return_lines_between",
    "list_return_origins",
]


@dataclass(frozen=True)
class LineOfCustomer:
    """One line of an order, as a customer's history shows it."""

    row: int
    source: str
    order: str
    day: date
    product: str
    quantity: Decimal
    amount: Decimal
    currency: str
    counts: bool
    import_id: int | None


def list_lines_of(customers: Iterable[int]) -> list[LineOfCustomer]:
    """All order lines of these customers (a kept one and those merged into it), by day."""
    lines = (
        OrderLine.objects.filter(customer_id__in=list(customers))
        .select_related("source", "product")
        .order_by("day", "id")
    )
    return [
        LineOfCustomer(
            row=line.pk,
            source=line.source.name,
            order=line.order_key,
            day=line.day,
            product=(line.product.name or line.product.code) if line.product else "",
            quantity=line.quantity,
            amount=line.amount,
            currency=line.currency,
            counts=line.counts,
            import_id=line.import_id,
        )
        for line in lines
    ]


def list_order_days(customers: Iterable[int], before: date, count: int) -> list[date]:
    """The last days before one on which these customers have order or return lines, at most so many, newest first."""
    ids = list(customers)
    days: set[date] = set()
    for model in (OrderLine, ReturnLine):
        found = model.objects.filter(customer_id__in=ids, day__lt=before).order_by("-day")
        days.update(found.values_list("day", flat=True).distinct()[:count])
    return sorted(days, reverse=True)[:count]


def list_order_lines_between(customers: Iterable[int], start: date, end: date) -> list[OrderLine]:
    """The order lines of these customers on the days of [start, end), the newest day first."""
    lines = OrderLine.objects.filter(customer_id__in=list(customers), day__gte=start, day__lt=end)
    return list(lines.select_related("source", "product", "location").order_by("-day", "pk"))


def list_return_lines_between(customers: Iterable[int], start: date, end: date) -> list[ReturnLine]:
    """The return lines of these customers on the days of [start, end), the newest day first."""
    lines = ReturnLine.objects.filter(customer_id__in=list(customers), day__gte=start, day__lt=end)
    return list(lines.select_related("source", "product").order_by("-day", "pk"))


@dataclass(frozen=True)
class Origin:
    """Where a row came from: the order's number as its source writes it, and the import (None: not by a file)."""

    order: str
    source: str
    import_id: int | None


def list_line_origins(rows: Iterable[int]) -> dict[int, Origin]:
    """The origin of each of these order lines, by row."""
    return _list_origins(OrderLine, rows)


def list_return_origins(rows: Iterable[int]) -> dict[int, Origin]:
    """The origin of each of these return lines, by row; the order is the one that the return names."""
    return _list_origins(ReturnLine, rows)


def _list_origins(model: type[OrderLine | ReturnLine], rows: Iterable[int]) -> dict[int, Origin]:
    found = model.objects.filter(pk__in=list(rows)).values_list(
        "pk", "order_key", "source__name", "import_id"
    )
    return {pk: Origin(order, source, import_id) for pk, order, source, import_id in found}
