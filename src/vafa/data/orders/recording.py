"""Recording orders and returns."""

from vafa.data.log.recording import FactRow, record_facts
from vafa.data.log.types import FactTable, Recorded
from vafa.data.orders.lines import SEPARATOR

ORDER_LINES = FactTable(
    name="order_line",
    table="orders_orderline",
    columns=(
        "order_key", "customer_id", "at", "day", "product_id", "product_line_id", "location_id", "quantity",
        "amount", "currency", "discount", "tax", "shipping", "status", "counts", "custom",
    ),
    moments=frozenset({"at"}),
    days=frozenset({"day"}),
    flags=frozenset({"counts"}),
)  # fmt: skip
RETURN_LINES = FactTable(
    name="return_line",
    table="orders_returnline",
    columns=(
        "order_key", "customer_id", "at", "day", "product_id", "quantity", "amount", "currency", "reason", "custom",
    ),
    moments=frozenset({"at"}),
    days=frozenset({"day"}),
)  # fmt: skip


def build_line_key(order: str, product: str, occurrence: int) -> str:
    """The key of a line in its source: order, product, and which line of that product in that order it is."""
    return f"{order}{SEPARATOR}{product}{SEPARATOR}{occurrence}"


def record_order_lines(
    rows: list[FactRow], *, source_id: int, import_id: int | None, fresh: bool
) -> Recorded:
    """Record order lines (key, *ORDER_LINES.columns) of one source; see `log.recording`."""
    return record_facts(ORDER_LINES, rows, source_id=source_id, import_id=import_id, fresh=fresh)


def record_return_lines(
    rows: list[FactRow], *, source_id: int, import_id: int | None, fresh: bool
) -> Recorded:
    """Record return lines (key, *RETURN_LINES.columns) of one source."""
    return record_facts(RETURN_LINES, rows, source_id=source_id, import_id=import_id, fresh=fresh)
