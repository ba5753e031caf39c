"""Reading the records in bulk, as one consistent view of all their tables.

* PostgreSQL: ADBC streams Arrow batches, in one repeatable-read transaction.
* SQLite: few rows by a plain connection of Python's own; many by ADBC in another process (`sqlite_child`
  tells why in another), at four times the speed.
* Inside a transaction of this process, or in a database that lives in memory, only Django's own connection
  sees the rows: then they come by its cursor.
"""

import fcntl
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol
from urllib.parse import quote

import pyarrow as pa
from django.db import connection
from django.utils.translation import gettext as _

from vafa.warehouse.errors import RecordsUnreadable

Vendor = Literal["sqlite", "postgresql"]
Read = Callable[[str, pa.Schema], pa.RecordBatchReader]

BATCH_ROWS = 65_536
_WAIT_SECONDS = 20
_PIPE_BYTES = 1 << 20


class _Cursor(Protocol):
    def fetchmany(self, size: int, /) -> list[tuple[Any, ...]]: ...


@dataclass(frozen=True)
class Records:
    """One consistent view of the records.

    `fingerprint` names the database, so that a copy of another one is noticed. `is_slow` tells that many rows
    had better be read in bulk. `read` streams the rows of a
    SELECT whose columns are whole numbers or texts, never NULL, as named and typed by a schema; read each
    to its end before the next.
    """

    vendor: Vendor
    fingerprint: str
    is_slow: bool
    read: Read

    def list_rows(self, sql: str, schema: pa.Schema) -> list[tuple[Any, ...]]:
        """All rows of a small SELECT."""
        table = self.read(sql, schema).read_all()
        return list(zip(*(column.to_pylist() for column in table.columns), strict=True))

    def get_number(self, sql: str) -> int:
        """The one whole number that a SELECT gives; 0 where it finds no row."""
        rows = self.list_rows(sql, pa.schema([("number", pa.int64())]))
        return int(rows[0][0]) if rows else 0


@contextmanager
def open_records(*, in_bulk: bool) -> Iterator[Records]:
    """The records as they are at this moment; rows that are written meanwhile are not seen.

    `in_bulk` when hundreds of thousands of rows are going to be read.
    """
    connection.ensure_connection()
    if connection.in_atomic_block or _is_in_memory():
        opened = _open_own_connection
    elif connection.vendor == "postgresql":
        opened = _open_postgresql
    else:
        opened = _open_sqlite_child if in_bulk else _open_sqlite
    settings = connection.settings_dict
    vendor: Vendor = "sqlite" if connection.vendor == "sqlite" else "postgresql"
    fingerprint = f"{vendor}:{settings.get('HOST', '')}:{settings.get('PORT', '')}:{settings['NAME']}"
    with opened() as read:
        yield Records(vendor, fingerprint, opened is _open_sqlite, read)


def _is_in_memory() -> bool:
    name = str(connection.settings_dict["NAME"])
    return connection.vendor == "sqlite" and ("mode=memory" in name or name == ":memory:")


@contextmanager
def _open_own_connection() -> Iterator[Read]:
    def read(sql: str, schema: pa.Schema) -> pa.RecordBatchReader:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            # Read at once: DuckDB pulls from a thread of its own, where Django's connection can't be used.
            return _build_reader(cursor, schema).read_all().to_reader()

    yield read


@contextmanager
def _open_sqlite() -> Iterator[Read]:
    path = str(connection.settings_dict["NAME"])
    connected = sqlite3.connect(
        path,
        timeout=_WAIT_SECONDS,
        isolation_level=None,
        check_same_thread=False,  # DuckDB pulls from a thread of its own, one at a time
    )
    with closing(connected) as own:
        own.execute("BEGIN")

        def read(sql: str, schema: pa.Schema) -> pa.RecordBatchReader:
            return _build_reader(own.execute(sql), schema)

        yield read
        own.execute("ROLLBACK")


@contextmanager
def _open_sqlite_child() -> Iterator[Read]:
    child = subprocess.Popen(
        [sys.executable, "-P", str(Path(__file__).with_name("sqlite_child.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=_PIPE_BYTES,
    )
    requests, answers = child.stdin, child.stdout
    if requests is None or answers is None:
        raise RecordsUnreadable(_("The database could not be read."))
    fcntl.fcntl(answers, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)

    def ask(value: str) -> None:
        requests.write(json.dumps(value).encode() + b"\n")
        requests.flush()

    def read(sql: str, schema: pa.Schema) -> pa.RecordBatchReader:
        ask(sql)
        try:
            reader = pa.ipc.open_stream(answers)
        except pa.ArrowInvalid as error:
            raise RecordsUnreadable(
                _("The database could not be read."), _("What SQLite said of it stands above.")
            ) from error
        return pa.RecordBatchReader.from_batches(schema, _cast_batches(reader, schema))

    try:
        ask(str(connection.settings_dict["NAME"]))
        yield read
    finally:
        requests.close()
        answers.close()
        child.wait()


@contextmanager
def _open_postgresql() -> Iterator[Read]:
    from adbc_driver_postgresql import dbapi

    with dbapi.connect(_build_postgresql_uri()) as adbc:
        with adbc.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

        def read(sql: str, schema: pa.Schema) -> pa.RecordBatchReader:
            asking = adbc.cursor()
            asking.execute(sql)
            return pa.RecordBatchReader.from_batches(
                schema, _cast_batches(asking.fetch_record_batch(), schema, asking)
            )

        yield read
        adbc.rollback()


def _build_postgresql_uri() -> str:
    settings = connection.settings_dict
    user, password = quote(settings["USER"], safe=""), quote(settings["PASSWORD"], safe="")
    host, port = settings["HOST"] or "", settings["PORT"]
    who = f"{user}:{password}@" if password else f"{user}@" if user else ""
    return f"postgresql://{who}{host}{f':{port}' if port else ''}/{quote(settings['NAME'], safe='')}"


def _cast_batches(
    reader: pa.RecordBatchReader, schema: pa.Schema, cursor: Any = None
) -> Iterator[pa.RecordBatch]:
    """The batches with the types asked for: an empty SQLite table tells none, PostgreSQL narrower ones."""
    for batch in reader:
        if batch.num_rows:
            columns = [
                column if column.type == field.type else column.cast(field.type)
                for column, field in zip(batch.columns, schema, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)
    if cursor is not None:
        cursor.close()


def _build_reader(cursor: _Cursor, schema: pa.Schema) -> pa.RecordBatchReader:
    def batches() -> Iterator[pa.RecordBatch]:
        while rows := cursor.fetchmany(BATCH_ROWS):
            yield _build_batch(rows, schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def _build_batch(rows: Sequence[tuple[Any, ...]], schema: pa.Schema) -> pa.RecordBatch:
    columns = zip(*rows, strict=True)
    arrays = [pa.array(values, type=field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
