"""Reading the records in bulk, as one consistent view of all their tables.

ADBC streams Arrow batches out of SQLite and PostgreSQL alike. Inside a transaction of this process, or in a
database that lives in memory, only Django's own connection sees the rows: then they come by its cursor.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

import pyarrow as pa
from django.db import connection

Vendor = Literal["sqlite", "postgresql"]

BATCH_ROWS = 65_536
_WAIT_MILLISECONDS = 20_000


@dataclass(frozen=True)
class Records:
    """One consistent view of the records.

    `fingerprint` names the database, so that a copy of another one is noticed. `read` streams the rows of a
    SELECT whose columns are whole numbers or texts, never NULL, as named and typed by `schema`.
    """

    vendor: Vendor
    fingerprint: str
    read: Callable[[str, pa.Schema], pa.RecordBatchReader]

    def list_rows(self, sql: str, schema: pa.Schema) -> list[tuple[Any, ...]]:
        """All rows of a small SELECT."""
        table = self.read(sql, schema).read_all()
        return list(zip(*(column.to_pylist() for column in table.columns), strict=True))

    def get_number(self, sql: str) -> int:
        """The one whole number that a SELECT gives."""
        return int(self.list_rows(sql, pa.schema([("number", pa.int64())]))[0][0])


@contextmanager
def open_records() -> Iterator[Records]:
    """The records as they are at this moment; rows that are written meanwhile are not seen."""
    connection.ensure_connection()
    if connection.in_atomic_block or _is_in_memory():
        yield Records(_get_vendor(), _get_fingerprint(), _read_by_cursor)
        return
    opened = _open_sqlite if connection.vendor == "sqlite" else _open_postgresql
    with opened() as records:
        yield records


def _get_vendor() -> Vendor:
    return "sqlite" if connection.vendor == "sqlite" else "postgresql"


def _get_fingerprint() -> str:
    settings = connection.settings_dict
    return f"{connection.vendor}:{settings.get('HOST', '')}:{settings.get('PORT', '')}:{settings['NAME']}"


def _is_in_memory() -> bool:
    name = str(connection.settings_dict["NAME"])
    return connection.vendor == "sqlite" and ("mode=memory" in name or name == ":memory:")


@contextmanager
def _open_sqlite() -> Iterator[Records]:
    from adbc_driver_sqlite import dbapi

    with dbapi.connect(str(connection.settings_dict["NAME"])) as adbc:
        with adbc.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout={_WAIT_MILLISECONDS}")
            cursor.fetchall()
        yield Records("sqlite", _get_fingerprint(), _build_adbc_reader(adbc))
        adbc.rollback()


@contextmanager
def _open_postgresql() -> Iterator[Records]:
    from adbc_driver_postgresql import dbapi

    with dbapi.connect(_build_postgresql_uri()) as adbc:
        with adbc.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield Records("postgresql", _get_fingerprint(), _build_adbc_reader(adbc))
        adbc.rollback()


def _build_postgresql_uri() -> str:
    settings = connection.settings_dict
    user, password = quote(settings["USER"], safe=""), quote(settings["PASSWORD"], safe="")
    host, port = settings["HOST"] or "", settings["PORT"]
    who = f"{user}:{password}@" if password else f"{user}@" if user else ""
    return f"postgresql://{who}{host}{f':{port}' if port else ''}/{quote(settings['NAME'], safe='')}"


def _build_adbc_reader(adbc: Any) -> Callable[[str, pa.Schema], pa.RecordBatchReader]:
    def read(sql: str, schema: pa.Schema) -> pa.RecordBatchReader:
        cursor = adbc.cursor()
        if connection.vendor == "sqlite":
            cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(BATCH_ROWS)})
        cursor.execute(sql)
        reader = cursor.fetch_record_batch()
        return pa.RecordBatchReader.from_batches(schema, _cast_batches(reader, schema, cursor))

    return read


def _cast_batches(
    reader: pa.RecordBatchReader, schema: pa.Schema, cursor: Any
) -> Iterator[pa.RecordBatch]:
    """The batches with the types asked for: an empty SQLite table tells none, PostgreSQL narrower ones."""
    with cursor:
        for batch in reader:
            if not batch.num_rows:
                continue
            columns = [
                column if column.type == field.type else column.cast(field.type)
                for column, field in zip(batch.columns, schema, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)


def _read_by_cursor(sql: str, schema: pa.Schema) -> pa.RecordBatchReader:
    def batches() -> Iterator[pa.RecordBatch]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            while rows := cursor.fetchmany(BATCH_ROWS):
                yield _build_batch(rows, schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def _build_batch(rows: Sequence[tuple[Any, ...]], schema: pa.Schema) -> pa.RecordBatch:
    arrays = [pa.array(values, type=field.type) for values, field in zip(zip(*rows, strict=True), schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
