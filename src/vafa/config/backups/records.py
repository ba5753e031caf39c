"""The records as files of a backup, consistent while others write: SQLite's own backup, or every table by COPY."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection, connections

from vafa.kit.audit_guard import DOOR

SQLITE_FILE = "records.sqlite3"
TABLES_FOLDER = "tables"
DESCRIPTION = "tables.json"
PAGES_A_STEP = 4096


def get_vendor() -> str:
    """The kind of database: sqlite or postgresql."""
    return connection.vendor


def get_sqlite_path() -> Path:
    """Where the records lie on SQLite."""
    return Path(str(connection.settings_dict["NAME"]))


def list_migrations() -> list[str]:
    """The migrations that these records have seen, as "app.name"."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        return [f"{app}.{name}" for app, name in cursor.fetchall()]


def save_records(folder: Path) -> None:
    """Write the records of one moment into a folder."""
    if get_vendor() == "sqlite":
        copy_sqlite(get_sqlite_path(), folder / SQLITE_FILE)
    else:
        _save_tables(folder)


def copy_sqlite(source: Path, target: Path) -> None:
    """A copy of a SQLite file as it is at one moment, though others write to it meanwhile."""
    # A plain connection: the copy is read in steps outside of any transaction of ours.
    with closing(sqlite3.connect(source, timeout=60)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")


def check_sqlite(path: Path) -> str:
    """What SQLite says about a file: "ok", or what is wrong with it."""
    try:
        with closing(sqlite3.connect(path)) as database:
            return str(database.execute("PRAGMA quick_check").fetchone()[0])
    except sqlite3.DatabaseError as error:
        return str(error)


def count_rows(path: Path) -> dict[str, int]:
    """How many rows each table of a SQLite file has."""
    with closing(sqlite3.connect(path)) as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for name in sorted(names)
            if not name.startswith("sqlite_")
        }


def _save_tables(folder: Path) -> None:
    """Every table of PostgreSQL as one transaction sees them."""
    (folder / TABLES_FOLDER).mkdir()
    described: dict[str, Any] = {}
    # A connection of its own: the isolation level holds from the first statement of a transaction.
    own = connections.create_connection("default")
    try:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            for name in _list_tables(cursor):
                columns = _list_columns(cursor, name)
                chosen = ", ".join(f'"{column}"' for column in columns)
                with (
                    (folder / TABLES_FOLDER / f"{name}.copy").open("wb") as file,
                    cursor.connection.cursor().copy(
                        f'COPY (SELECT {chosen} FROM "{name}") TO STDOUT'
                    ) as copy,
                ):
                    for data in copy:
                        file.write(data)
                cursor.execute(f'SELECT count(*) FROM "{name}"')
                described[name] = {"columns": columns, "rows": cursor.fetchone()[0]}
    finally:
        own.close()
    (folder / DESCRIPTION).write_text(json.dumps(described, indent=1))


def _list_tables(cursor: Any) -> list[str]:
    cursor.execute(
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name"
    )
    return [row[0] for row in cursor.fetchall()]


def _list_columns(cursor: Any, table: str) -> list[str]:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = %s"
        " AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    return [row[0] for row in cursor.fetchall()]


def load_tables(folder: Path) -> None:
    """Fill the tables of the present schema of PostgreSQL with those of a backup, in one transaction."""
    described = json.loads((folder / DESCRIPTION).read_text())
    with connection.cursor() as cursor:
        present = set(_list_tables(cursor))
        if DOOR in present:
            # The audit trail lets itself be emptied only through its door, which is emptied with it.
            cursor.execute(f'INSERT INTO "{DOOR}" DEFAULT VALUES')
        cursor.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in sorted(present)) + " RESTART IDENTITY")
        for name in described:
            chosen = ", ".join(f'"{column}"' for column in described[name]["columns"])
            with (
                (folder / TABLES_FOLDER / f"{name}.copy").open("rb") as file,
                cursor.connection.cursor().copy(f'COPY "{name}" ({chosen}) FROM STDIN') as copy,
            ):
                while data := file.read(1024 * 1024):
                    copy.write(data)
        for table, column, sequence in _list_sequences(cursor):
            cursor.execute(
                f'SELECT setval(%s, coalesce(max("{column}"), 1), max("{column}") IS NOT NULL) FROM "{table}"',
                [sequence],
            )


def _list_sequences(cursor: Any) -> Iterator[tuple[str, str, str]]:
    """Each column that counts by itself: its table, its name, its counter."""
    cursor.execute(
        "SELECT table_name, column_name, pg_get_serial_sequence(quote_ident(table_name), column_name)"
        " FROM information_schema.columns WHERE table_schema = current_schema()"
        " AND (is_identity = 'YES' OR column_default LIKE 'nextval%%')"
    )
    for table, column, sequence in cursor.fetchall():
        if sequence and re.fullmatch(r"\w+", table):
            yield table, column, sequence
