"""Building the whole copy from nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
from django.utils.translation import gettext as _

from vafa.warehouse.day_set_writing import write_base_day_sets
from vafa.warehouse.deriving import build_cancelled, build_derived, build_with_currency, make_owners
from vafa.warehouse.engine import BUILD_MEMORY, connect, copy_to, quote_path
from vafa.warehouse.loading import NAMES, load, load_names
from vafa.warehouse.records import Records
from vafa.warehouse.tables import CUSTOMERS, FACTS
from vafa.warehouse.values import build_customer_values, count_line_values
from vafa.warehouse.views import DATED

Say = Callable[[str], None]

# Beyond this many values, a dimension's sets are made from the facts when asked for.
MOST_DAY_SET_VALUES = 64

_ORDER = {
    "lines": "day_no, customer_ix, row_id",
    "returns": "day_no, row_id",
    "interactions": "day_no, row_id",
    "answers": "day_no, row_id",
    "tickets": "day_no, row_id",
}


@dataclass(frozen=True)
class Base:
    """What the manifest tells of a new base."""

    lines: int
    customers: int
    currencies: list[str]
    day_set_dimensions: list[str]


def build_base(records: Records, building: Path, say: Say) -> Base:
    """Write the base's files into a folder: every table, the names and the sets of each day."""
    work = building / "work"
    work.mkdir()
    with connect(work, BUILD_MEMORY) as connection:
        connection.execute("SET preserve_insertion_order = false").fetchall()
        say(_("Reading the records"))
        for table in (CUSTOMERS, *FACTS):
            raw = work / f"{table.name}.parquet"
            load(
                connection,
                records,
                table,
                f"COPY ({{}}) TO {quote_path(raw)} (FORMAT parquet, COMPRESSION lz4)",
            )
            connection.execute(f"CREATE VIEW raw_{table.name} AS FROM {quote_path(raw)}").fetchall()
        load_names(connection, records)
        for name in NAMES:
            copy_to(connection, f"FROM {name}", building / f"{name}.parquet")
        currencies = _make_currencies(connection)
        customers = _write_customers(connection, building)
        say(_("Writing the columnar copy"))
        lines = _write_facts(connection, building)
        dimensions = _choose_day_set_dimensions(connection, building)
        values = build_customer_values(quote_path(building / "customers.parquet"))
        copy_to(connection, values, building / "customers.values.parquet")
    say(_("Making the sets of customers"))
    write_base_day_sets(building, dimensions, customers)
    return Base(lines, customers, currencies, dimensions)


def count_days(relation: str) -> str:
    """The SELECT of how many rows each source has on each day."""
    return f"SELECT source, day_no, count(*) AS rows FROM {relation} GROUP BY source, day_no"


def _make_currencies(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute("""
        SELECT DISTINCT currency_code FROM raw_lines UNION SELECT currency_code FROM raw_returns
        UNION SELECT currency_code FROM raw_subscriptions
    """).fetchall()
    codes = ["", *sorted(code for (code,) in rows if code)]
    make_currency_table(connection, codes)
    return codes


def make_currency_table(connection: duckdb.DuckDBPyConnection, codes: list[str]) -> None:
    """Make the table `currencies` (code, ix) of the codes in their order."""
    numbers = pa.array(range(len(codes)), pa.int64())
    connection.register("codes", pa.table({"code": pa.array(codes, pa.string()), "ix": numbers}))
    connection.execute("CREATE TABLE currencies AS FROM codes").fetchall()
    connection.unregister("codes")


def _write_customers(connection: duckdb.DuckDBPyConnection, building: Path) -> int:
    """Number the customers in order of their first day, which keeps cohorts together in the sets."""
    connection.execute("""
        CREATE TABLE people AS
        WITH firsts AS (
            SELECT customer_id AS id, min(day_no) AS day FROM raw_lines GROUP BY customer_id
            UNION ALL SELECT customer_id, min(started_no) FROM raw_subscriptions GROUP BY customer_id
            UNION ALL SELECT id, joined_no FROM raw_customers WHERE joined_no <> 0
        ), first AS (SELECT id, min(day) AS day FROM firsts GROUP BY id)
        SELECT c.id, c.kept_id, c.excluded,
            (row_number() OVER (ORDER BY coalesce(f.day, 9999999), c.id) - 1)::INTEGER AS own_ix
        FROM raw_customers c LEFT JOIN first f ON f.id = c.id
    """).fetchall()
    make_owners(connection, "people")
    return copy_to(
        connection,
        """
        SELECT c.id, p.own_ix, o.ix, o.hidden, c.* EXCLUDE (id)
        FROM raw_customers c JOIN people p ON p.id = c.id JOIN owners o ON o.id = c.id ORDER BY p.own_ix
        """,
        building / "customers.parquet",
    )


def _write_facts(connection: duckdb.DuckDBPyConnection, building: Path) -> int:
    for name in ("lines", "returns", "subscriptions"):
        connection.execute(
            f"CREATE VIEW coded_{name} AS FROM {build_with_currency(f'raw_{name}')}"
        ).fetchall()
    for name in ("interactions", "answers", "tickets"):
        connection.execute(f"CREATE VIEW coded_{name} AS FROM raw_{name}").fetchall()
    cancelled = build_cancelled("coded_lines", "coded_returns")
    connection.execute(f"CREATE TABLE cancelled AS {cancelled}").fetchall()
    written = 0
    for table in FACTS:
        select = build_derived(
            table.name, f"coded_{table.name}", "order_no IN (SELECT order_no FROM cancelled)"
        )
        order = f" ORDER BY {_ORDER[table.name]}" if table.name in _ORDER else ""
        rows = copy_to(connection, select + order, building / f"{table.name}.parquet")
        written = rows if table.name == "lines" else written
        if table.name in DATED:
            counted = count_days(quote_path(building / f"{table.name}.parquet"))
            copy_to(connection, counted, building / f"{table.name}.days.parquet")
    values = count_line_values(quote_path(building / "lines.parquet"))
    copy_to(connection, values, building / "lines.values.parquet")
    return written


def _choose_day_set_dimensions(connection: duckdb.DuckDBPyConnection, building: Path) -> list[str]:
    counts = connection.execute(f"""
        SELECT count(DISTINCT location), count(DISTINCT product_line)
        FROM {quote_path(building / "lines.parquet")} WHERE is_purchase AND NOT hidden
    """).fetchall()[0]
    dimensions = zip(("location", "product_line"), counts, strict=True)
    return [name for name, values in dimensions if 2 <= values <= MOST_DAY_SET_VALUES]
