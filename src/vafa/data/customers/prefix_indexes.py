"""Indexes of expressions, by which half a phone number or the beginning of an address is found.

The database itself keeps them up, so that nobody who writes a contact point has to know of them. They are made after
every migration: SQLite makes a table anew to change it, and forgets the indexes that Django does not know.
"""

from typing import Any

from django.db import connections

_SQLITE = (
    "CREATE INDEX IF NOT EXISTS phone_ends ON customers_contactpoint (substr(value, -4)) WHERE kind = 'phone'",
    "CREATE INDEX IF NOT EXISTS phone_inner_7 ON customers_contactpoint (substr(value, -7)) WHERE kind = 'phone'",
    "CREATE INDEX IF NOT EXISTS phone_inner_8 ON customers_contactpoint (substr(value, -8)) WHERE kind = 'phone'",
)
_ENDS = "ON customers_contactpoint (right(value, {})"
_POSTGRES = (
    f"CREATE INDEX IF NOT EXISTS phone_ends {_ENDS.format(4)}) WHERE kind = 'phone'",
    f"CREATE INDEX IF NOT EXISTS phone_inner_7 {_ENDS.format(7)} text_pattern_ops) WHERE kind = 'phone'",
    f"CREATE INDEX IF NOT EXISTS phone_inner_8 {_ENDS.format(8)} text_pattern_ops) WHERE kind = 'phone'",
    "CREATE INDEX IF NOT EXISTS contact_begins ON customers_contactpoint (kind, value varchar_pattern_ops)",
)


def ensure_indexes(using: str = "default", **_signal: Any) -> None:
    """Make the indexes that are not there."""
    connection = connections[using]
    if "customers_contactpoint" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in _POSTGRES if connection.vendor == "postgresql" else _SQLITE:
            cursor.execute(statement)
