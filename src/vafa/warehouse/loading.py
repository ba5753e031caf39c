"""Bringing the records' rows into DuckDB."""

import duckdb
import pyarrow as pa

from vafa.warehouse.records import Records
from vafa.warehouse.tables import LINES, RETURNS, Table, build_decoding, build_select, build_travel_schema

NAMES = {
    "sources": ("log_source", "name", "name"),
    "locations": ("catalogue_location", "name", "name"),
    "product_lines": ("catalogue_productline", "name", "name"),
    "products": ("catalogue_product", "code", "coalesce(nullif(name, ''), code)"),
}
"""Tables of names: file -> (table of the records, the SQL of the code, the SQL of the name)."""

_INCOMING = "incoming"

# Lines of the same source and order key share a number; a line without an order key is an order of its own.
# 63 bits: with 100 million orders the chance that any two share a number is one in 2,000.
_ORDER_NO = {
    LINES.name: "(hash(source, CASE WHEN order_key = '' THEN chr(31) || row_key ELSE order_key END) >> 1)::BIGINT",
    RETURNS.name: "CASE WHEN order_key = '' THEN 0 ELSE (hash(source, order_key) >> 1)::BIGINT END",
}
_DROPPED = {LINES.name: ("order_key", "row_key"), RETURNS.name: ("order_key",)}


def load(
    connection: duckdb.DuckDBPyConnection, records: Records, table: Table, into: str, where: str = ""
) -> None:
    """Run `into` (an SQL text that ends where its SELECT begins, `{}`) over the rows of a table."""
    reader = records.read(
        build_select(table, records.vendor, where), build_travel_schema(table, records.vendor)
    )
    connection.register(_INCOMING, reader)
    select = f"SELECT {build_decoding(table, records.vendor)} FROM {_INCOMING}"
    if table.name in _ORDER_NO:
        dropped = ", ".join(_DROPPED[table.name])
        select = f"SELECT * EXCLUDE ({dropped}), {_ORDER_NO[table.name]} AS order_no FROM ({select})"
    connection.execute(into.format(select)).fetchall()
    connection.unregister(_INCOMING)


def load_removals(connection: duckdb.DuckDBPyConnection, records: Records, after: int) -> None:
    """Make the table `removals` (name of the records' table, row) of what is gone since a number."""
    reader = records.read(
        f'SELECT "table" AS name, "row" AS row_id FROM log_removal WHERE seq > {after:d}',
        pa.schema([("name", pa.string()), ("row_id", pa.int64())]),
    )
    connection.register(_INCOMING, reader)
    connection.execute(f"CREATE TABLE removals AS SELECT * FROM {_INCOMING}").fetchall()
    connection.unregister(_INCOMING)


def load_names(connection: duckdb.DuckDBPyConnection, records: Records) -> None:
    """Make a table (id, code, name) of each kind of name."""
    for name, (table, code, label) in NAMES.items():
        reader = records.read(
            f"SELECT id, coalesce({code}, '') AS code, coalesce({label}, '') AS name FROM {table}",
            pa.schema([("id", pa.int64()), ("code", pa.string()), ("name", pa.string())]),
        )
        connection.register(_INCOMING, reader)
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM {_INCOMING}").fetchall()
        connection.unregister(_INCOMING)
