"""Two customers side by side: every field with both values, and what each has that comes along by itself."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from vafa.data.customers.actions import FIELDS
from vafa.data.customers.queries import (
    list_contact_points,
    list_customer_rows,
    list_ids_of,
    list_keys_of,
    list_missing,
)
from vafa.data.orders.queries import summarize_orders
from vafa.front.customers.rows import name_customer
from vafa.front.doubles.texts import name_field
from vafa.kit.locale.formats import Style, format_day, format_number


@dataclass(frozen=True)
class FieldRow:
    """One field: both values, ready written, and which is taken unless somebody chooses. `is_same`: no choice."""

    key: str
    title: str
    kept: str
    other: str
    takes_other: bool
    is_same: bool


@dataclass(frozen=True)
class Side:
    """One of the two: what it is called, and what stays its own and comes along."""

    id: int
    name: str
    points: list[str]
    keys: list[str]
    tags: list[str]
    orders: str
    last: str


def build_sides(pair: Collection[int], style: Style, tags: dict[int, list[str]]) -> list[Side]:
    """Both customers, with everything that those merged into them own."""
    sides = []
    for row in list_customer_rows(pair):
        ids = list_ids_of(row.id)
        orders, last = summarize_orders(ids)
        sides.append(
            Side(
                row.id,
                name_customer(row),
                [point.value for point in list_contact_points(ids)],
                list_keys_of(row.id),
                tags[row.id],
                format_number(orders, style),
                format_day(last, style) if last else "",
            )
        )
    return sides


def build_fields(kept: Any, other: Any, style: Style) -> list[FieldRow]:
    """The fields that either of two customers has."""
    taken = set(list_missing(kept, other))
    found = [
        (name, _write(getattr(kept, name), style), _write(getattr(other, name), style)) for name in FIELDS
    ]
    found += [
        (f"custom.{name}", _write(kept.custom.get(name), style), _write(other.custom.get(name), style))
        for name in sorted({*kept.custom, *other.custom})
    ]
    return [
        FieldRow(key, name_field(key), mine, theirs, key in taken, mine == theirs)
        for key, mine, theirs in found
        if mine or theirs
    ]


def _write(value: Any, style: Style) -> str:
    if value is None:
        return ""
    return format_day(value, style) if isinstance(value, date) else str(value)
