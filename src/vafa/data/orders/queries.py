"""Asking about orders."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from vafa.data.orders.models import OrderLine


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
