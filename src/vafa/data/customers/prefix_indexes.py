"""Indexes of expressions, by which half a phone number or the beginning of an address is found.

The database itself keeps them up, so that nobody who writes a contact point has to know of them. They are made after
every migration: SQLite makes a table anew to change it, and forgets the indexes that Django does not know.
"""

from typing import Any

from django.db import connections

# The last digits by which numbers are kept. What begins one digit before one of these is found by it as well, so that
# every other length is enough (see `seeking`).
LENGTHS = (4, 6, 8, 10)
_OUTDATED = ("phone_ends", "phone_inner_7")
_MAKE = "CREATE INDEX IF NOT EXISTS phone_inner_{0} ON customers_contactpoint ({1}) WHERE kind = 'phone'"
_SQLITE = tuple(_MAKE.format(length, f"substr(value, -{length})") for length in LENGTHS)
_POSTGRES = (
    *(_MAKE.format(length, f"right(value, {length}) text_pattern_ops") for length in LENGTHS),
    "CREATE INDEX IF NOT EXISTS contact_begins ON customers_contactpoint (kind, value varchar_pattern_ops)",
)


def ensure_indexes(using: str = "default", **_signal: Any) -> None:
    """Make the indexes that are not there, and let go of those that an earlier version had."""
    connection = connections[using]
    if "customers_contactpoint" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for name in _OUTDATED:
            cursor.execute(f"DROP INDEX IF EXISTS {name}")
        for statement in _POSTGRES if connection.vendor == "postgresql" else _SQLITE:
            cursor.execute(statement)
