"""DOOR: recording orders and returns, and entering payments by hand."""

from vafa.data.orders.by_hand import enter_payment, take_back_payment
from vafa.data.orders.joining import (
    SaleNotJoined,
    SaleSetAside,
    hold_joined,
    join_sales,
    keep_sales_apart,
    part_sales,
    propose_sales,
)
from vafa.data.orders.lines import SEPARATOR
from vafa.data.orders.recording import (
    ORDER_LINES,
    RETURN_LINES,
    build_line_key,
    record_order_lines,
    record_return_lines,
)

__all__ = [
    "ORDER_LINES",
    "RETURN_LINES",
    "SEPARATOR",
    "SaleNotJoined",
    "SaleSetAside",
    "build_line_key",
    "enter_payment",
    "hold_joined",
    "join_sales",
    "keep_sales_apart",
    "part_sales",
    "propose_sales",
    "record_order_lines",
    "record_return_lines",
    "take_back_payment",
]
