"""Values as shops of every kind write them."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any


def read_name(part: Mapping[str, Any]) -> str:
    """First and last name in one."""
    return f"{part.get('first_name') or ''} {part.get('last_name') or ''}".strip()


def read_number(value: Any) -> Decimal:
    """A number that comes as one or as a text; 0 for what is none."""
    try:
        return Decimal(str(value or 0))
    except InvalidOperation:
        return Decimal(0)


def keep_filled(row: Mapping[str, Any]) -> dict[str, str]:
    """The fields that hold something, as the importer takes them."""
    return {name: str(value) for name, value in row.items() if value not in ("", None)}
