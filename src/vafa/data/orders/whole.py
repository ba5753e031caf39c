"""One order as a whole: its lines, and the returns that name it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from vafa.data.orders.lines import SEPARATOR
from vafa.data.orders.models import OrderLine, ReturnLine
from vafa.kit.bulk import is_postgres
from vafa.kit.prefixes import begins


@dataclass(frozen=True)
class WholeOrder:
    """An order of one source. `customer` is the one its lines name (None: nobody); `totals` are by currency, of the
    lines that count."""

    source_id: int
    source: str
    number: str
    customer: int | None
    day: date
    lines: list[OrderLine]
    returns: list[ReturnLine]

    @property
    def is_set_aside(self) -> bool:
        """Whether another order counts in its place."""
        return any(line.set_aside is not None for line in self.lines)

    @property
    def totals(self) -> dict[str, Decimal]:
        """The amount in each currency."""
        found: dict[str, Decimal] = {}
        for line in self.lines:
            if line.counts or self.is_set_aside:
                found[line.currency] = found.get(line.currency, Decimal(0)) + line.amount
        return found


def list_lines_of_order(source_id: int, number: str) -> QuerySet[OrderLine]:
    """The lines of an order, by the index that each database has for it."""
    lines = OrderLine.objects.filter(source_id=source_id, order_key=number)
    return lines if is_postgres() else lines.filter(begins("key", f"{number}{SEPARATOR}"))


def find_order(line_id: int) -> WholeOrder | None:
    """The order that holds a line; None where there is no such line."""
    line = OrderLine.objects.select_related("source").filter(pk=line_id).first()
    if line is None:
        return None
    lines = list_lines_of_order(line.source_id, line.order_key).select_related("product")
    returns = ReturnLine.objects.filter(source_id=line.source_id, order_key=line.order_key)
    return WholeOrder(
        line.source_id,
        line.source.name,
        line.order_key,
        line.customer_id,
        line.day,
        list(lines.order_by("pk")) or [line],
        list(returns.order_by("day", "pk")) if line.order_key else [],
    )
