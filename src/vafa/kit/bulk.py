"""Writing and finding many rows at once, on SQLite and on PostgreSQL."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

Row = Sequence[Any]


def is_postgres() -> bool:
    """Whether the records live in PostgreSQL."""
    return connection.vendor == "postgresql"


def insert_rows(table: str, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    """Insert rows as they are: one prepared statement on SQLite, COPY on PostgreSQL. Values in database form."""
    if not rows:
        return
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if is_postgres():
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(columns))
            # Django's cursor would rewrite every statement's %s; SQLite's own takes ? as it is.
            cursor.cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)


def update_rows(table: str, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    """Set columns of existing rows; the last value of each row is its id."""
    if not rows:
        return
    pairs = ", ".join(f'"{column}" = %s' for column in columns)
    with connection.cursor() as cursor:
        cursor.executemany(f'UPDATE "{table}" SET {pairs} WHERE id = %s', rows)


def select_where_in(
    select: str, column: str, values: Iterable[Any], where: str = "1 = 1", params: Sequence[Any] = ()
) -> list[tuple[Any, ...]]:
    """Rows of `select` (which names its table) whose `column` is one of the values, and for which `where` holds.

    The values travel as one parameter, so that their number is not limited.
    """
    wanted = list(values)
    if not wanted:
        return []
    with connection.cursor() as cursor:
        if is_postgres():
            cursor.execute(f"{select} WHERE {where} AND {column} = ANY(%s)", [*params, wanted])
        else:
            inside = "(SELECT value FROM json_each(%s))"
            cursor.execute(f"{select} WHERE {where} AND {column} IN {inside}", [*params, json.dumps(wanted)])
        return list(cursor.fetchall())


def take_ids(table: str, count: int) -> range | list[int]:
    """Reserve ids of a table for rows that will be inserted in this transaction."""
    with connection.cursor() as cursor:
        if is_postgres():
            cursor.execute(
                f"SELECT nextval(pg_get_serial_sequence('\"{table}\"', 'id')) FROM generate_series(1, %s)",
                [count],
            )
            return [int(row[0]) for row in cursor.fetchall()]
        # The write lock is ours: transactions begin IMMEDIATE, so nobody else can take the same numbers.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        first = int(row[0]) + 1 if row else 1
        return range(first, first + count)
