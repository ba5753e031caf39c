"""Asking about orders."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Max, Min

from vafa.data.orders.arrived import ArrivedOrder, list_arrived, list_first_order_keys, list_ordered_since
from vafa.data.orders.bought import Bought, list_bought
from vafa.data.orders.by_hand import list_entered_payments
from vafa.data.orders.changes import (
    OrderChange,
    find_order_of_line,
    list_order_changes,
    list_return_changes,
)
from vafa.data.orders.finding import FoundOrder, list_orders_by_number, summarize_orders
from vafa.data.orders.lines import list_line_keys
from vafa.data.orders.models import OrderLine, ReturnLine
from vafa.data.orders.same_sales import (
    ToldTwice,
    count_same_sales,
    find_same_sale,
    list_joined_of,
    list_rows_set_aside,
    list_same_sales,
)
from vafa.data.orders.whole import WholeOrder, find_order
from vafa.kit.bulk import select_where_in
from vafa.kit.keyset import Place, build_after, build_search

__all__ = [
    "ArrivedOrder",
    "Bought",
    "FoundOrder",
    "LineOfCustomer",
    "OrderChange",
    "OrderHead",
    "Origin",
    "ToldTwice",
    "WholeOrder",
    "count_same_sales",
    "find_order",
    "find_order_of_line",
    "find_same_sale",
    "list_arrived",
    "list_bought",
    "list_customers_since",
    "list_entered_payments",
    "list_first_order_keys",
    "list_joined_of",
    "list_line_keys",
    "list_line_origins",
    "list_lines_of",
    "list_lines_of_orders",
    "list_order_changes",
    "list_order_days",
    "list_ordered_since",
    "list_orders_after",
    "list_orders_by_number",
    "list_return_changes",
    "list_return_origins",
    "list_returns_after",
    "list_rows_set_aside",
    "list_same_sales",
    "list_with_returns",
    "summarize_orders",
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


def list_lines_of(customers: Iterable[int], rows: Iterable[int] | None = None) -> list[LineOfCustomer]:
    """All order lines of these customers (a kept one and those merged into it), by day; with `rows` only those."""
    found = OrderLine.objects.filter(customer_id__in=list(customers))
    if rows is not None:
        found = OrderLine.objects.filter(pk__in=list(rows), customer_id__in=list(customers))
    lines = found.select_related("source", "product").order_by("day", "id")
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


@dataclass(frozen=True)
class OrderHead:
    """One order of a customer on one day: by which source and number it is known, when, and its first line."""

    source_id: int
    order_key: str
    place: Place


def list_orders_after(
    customers: Iterable[int], place: Place | None, count: int, *, rank: int, text: str = ""
) -> list[OrderHead]:
    """The next orders of a story (see `kit.keyset`). With a text those whose number, status, place or goods hold it."""
    lines = OrderLine.objects.filter(customer_id__in=list(customers))
    if text:
        lines = lines.filter(
            build_search(text, ("order_key", "status", "product__name", "product__code", "location__name"))
        )
    if place is not None:
        lines = lines.filter(day__lte=place.day)
    # Each order has a day of its own or shares one: so many days (and the one that was begun) hold enough of them.
    days = list(lines.order_by("-day").values_list("day", flat=True).distinct()[: count + 1])
    if not days:
        return []
    grouped = (
        lines.filter(day__gte=days[-1])
        .values("source_id", "order_key", "day")
        .annotate(first=Min("pk"), moment=Max("at"))
    )
    heads = [
        OrderHead(row["source_id"], row["order_key"], Place(row["day"], row["moment"], rank, row["first"]))
        for row in grouped
    ]
    if place is not None:
        heads = [head for head in heads if head.place.order < place.order]
    return sorted(heads, key=lambda head: head.place.order, reverse=True)[:count]


def list_lines_of_orders(customers: Iterable[int], heads: Collection[OrderHead]) -> list[OrderLine]:
    """The lines of these orders of these customers."""
    if not heads:
        return []
    wanted = {(head.source_id, head.order_key, head.place.day) for head in heads}
    days = {day for _source, _key, day in wanted}
    lines = OrderLine.objects.filter(
        customer_id__in=list(customers),
        day__gte=min(days),
        day__lte=max(days),
        order_key__in={key for _source, key, _day in wanted},
    )
    found = lines.select_related("source", "product", "location").order_by("pk")
    return [line for line in found if (line.source_id, line.order_key, line.day) in wanted]


def list_returns_after(
    customers: Iterable[int], place: Place | None, count: int, *, rank: int, text: str = ""
) -> list[ReturnLine]:
    """The next returned lines of a story."""
    after = build_after(place, rank) & build_search(text, ("order_key", "reason", "product__name"))
    found = ReturnLine.objects.filter(after, customer_id__in=list(customers)).select_related(
        "source", "product"
    )
    return list(found.order_by("-day", F("at").desc(nulls_last=True), "-pk")[:count])


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


def list_customers_since(day: date) -> set[int]:
    """The ids under which customers bought or gave something back on this day or later."""
    found: set[int] = set()
    for model in (OrderLine, ReturnLine):
        rows = model.objects.filter(day__gte=day).exclude(customer=None).order_by()
        found.update(rows.values_list("customer_id", flat=True).distinct())
    return found


def list_with_returns(customers: Iterable[int], *, since: date) -> set[int]:
    """Those of these ids who sent something back, or cancelled, on a day or after it."""
    select = f"SELECT customer_id FROM {ReturnLine._meta.db_table}"
    return {int(row[0]) for row in select_where_in(select, "customer_id", customers, "day >= %s", [since])}
