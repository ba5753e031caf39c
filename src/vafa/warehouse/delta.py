"""Following the records: the rows that differ from the base, and what follows from them.

A delta holds all that differs from what lies beneath it: the base, and the deltas that stay as they are (all of which
is called the base here). A row differs when it was changed, when it is another customer's now (a merge), hidden now (an
exclusion), or when its order has been cancelled since, so a delta also holds rows that nobody touched.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt

from vafa.warehouse.base import count_days, make_currency_table
from vafa.warehouse.day_set_writing import write_delta_day_sets
from vafa.warehouse.day_sets import WHOLE, DaySets
from vafa.warehouse.deriving import KEPT, build_cancelled, build_derived, build_with_currency, make_owners
from vafa.warehouse.engine import BUILD_MEMORY, connect, copy_to, fetch_columns, quote_path
from vafa.warehouse.layout import Manifest
from vafa.warehouse.loading import NAMES, load, load_names, load_removals
from vafa.warehouse.records import Records
from vafa.warehouse.tables import CUSTOMERS, FACTS
from vafa.warehouse.values import count_line_values, recount_customer_values
from vafa.warehouse.views import DATED, KEYS, create_table_views


class DeltaTooLarge(Exception):
    """So much differs from the base that a new base is the better answer."""


@dataclass(frozen=True)
class Delta:
    """What the manifest tells of a new delta."""

    customers_ix: int
    currencies: list[str]


def build_delta(
    records: Records, manifest: Manifest, beneath: Sequence[Path], building: Path, most_rows: int
) -> Delta:
    """Write the delta's files into a folder. Raises DeltaTooLarge beyond `most_rows` lines."""
    work = building / "work"
    work.mkdir()
    with connect(work, BUILD_MEMORY) as connection:
        create_table_views(connection, beneath, "base_")
        _load_changes(connection, records, manifest)
        customers_ix = _follow_customers(connection, manifest)
        currencies = _add_currencies(connection, manifest.currencies)
        _find_old_rows(connection)
        _find_cancelled(connection)
        for table in FACTS:
            _find_replaced(connection, table.name)
        _add_owners(connection)
        for table in FACTS:
            _derive_new(connection, table.name)
        if _count(connection, "new_lines") > most_rows:
            raise DeltaTooLarge
        _write(connection, beneath[-1], building)
        load_names(connection, records)
        for name in NAMES:
            copy_to(connection, f"FROM {name}", building / f"{name}.parquet")
        _write_day_sets(connection, manifest, DaySets(beneath), building)
    return Delta(customers_ix, currencies)


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0])


def _load_changes(connection: duckdb.DuckDBPyConnection, records: Records, manifest: Manifest) -> None:
    """Make `changed_<table>` (rows as they are now) and `old_<table>` (ids that the base mustn't show)."""
    load_removals(connection, records, manifest.under_seq)
    for table in (CUSTOMERS, *FACTS):
        changed = f"changed_{table.name}"
        load(connection, records, table, f"CREATE TABLE {changed} AS {{}}", f"seq > {manifest.under_seq:d}")
        key = KEYS[table.name]
        connection.execute(f"""
            CREATE TABLE old_{table.name} AS SELECT {key} FROM {changed}
            UNION SELECT row_id FROM removals WHERE name = '{table.removal}'
        """).fetchall()


def _follow_customers(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> int:
    """Make `new_customers`, `gone_customers`, `owners` of all ids, and `moved` (ids whose facts are another's
    or hidden now); return how many numbers are in use. New customers are numbered after the base's."""
    first_new = manifest.under_customers
    for statement in (
        # Whoever was changed or removed, and every family of merged customers.
        """
        CREATE TABLE touched_customers AS
        SELECT id FROM old_customers
        UNION SELECT id FROM base_customers WHERE kept_id <> 0
        UNION SELECT kept_id FROM base_customers WHERE kept_id <> 0
        UNION SELECT kept_id FROM changed_customers WHERE kept_id <> 0
        """,
        f"""
        CREATE TABLE fresh AS
        SELECT id, ({first_new} + row_number() OVER (ORDER BY id) - 1)::INTEGER AS own_ix
        FROM changed_customers ANTI JOIN base_customers USING (id)
        """,
        """
        CREATE TABLE people AS
        SELECT c.*, coalesce(f.own_ix, b.own_ix) AS own_ix FROM changed_customers c
        LEFT JOIN fresh f ON f.id = c.id
        LEFT JOIN (FROM base_customers SEMI JOIN changed_customers USING (id)) b ON b.id = c.id
        UNION ALL BY NAME
        SELECT * EXCLUDE (ix, hidden) FROM base_customers
        SEMI JOIN touched_customers USING (id) ANTI JOIN old_customers USING (id)
        """,
    ):
        connection.execute(statement).fetchall()
    make_owners(connection, "people")
    for statement in (
        """
        CREATE TABLE moved AS
        SELECT b.id FROM (FROM base_customers SEMI JOIN touched_customers USING (id)) b
        LEFT JOIN owners o ON o.id = b.id WHERE o.id IS NULL OR o.ix <> b.ix OR o.hidden <> b.hidden
        """,
        """
        CREATE TABLE new_customers AS
        SELECT p.id, p.own_ix, o.ix, o.hidden, p.* EXCLUDE (id, own_ix) FROM people p JOIN owners o ON o.id = p.id
        WHERE p.id IN (SELECT id FROM old_customers) OR p.id IN (SELECT id FROM moved)
        """,
        "CREATE TABLE gone_customers AS SELECT id FROM old_customers UNION SELECT id FROM moved",
    ):
        connection.execute(statement).fetchall()
    return first_new + _count(connection, "fresh")


def _add_currencies(connection: duckdb.DuckDBPyConnection, known: list[str]) -> list[str]:
    rows = connection.execute("""
        SELECT DISTINCT currency_code FROM changed_lines UNION SELECT currency_code FROM changed_returns
        UNION SELECT currency_code FROM changed_subscriptions
    """).fetchall()
    codes = known + sorted({code for (code,) in rows} - set(known))
    make_currency_table(connection, codes)
    for name in ("lines", "returns", "subscriptions"):
        connection.execute(
            f"CREATE VIEW coded_{name} AS FROM {build_with_currency(f'changed_{name}')}"
        ).fetchall()
    for name in ("interactions", "answers", "tickets"):
        connection.execute(f"CREATE VIEW coded_{name} AS FROM changed_{name}").fetchall()
    return codes


def _find_old_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `old_rows_<table>`: the base's rows that were changed or are gone, as the base has them."""
    for table in FACTS:
        connection.execute(f"""
            CREATE TABLE old_rows_{table.name} AS FROM base_{table.name} SEMI JOIN old_{table.name} USING (row_id)
        """).fetchall()


def _find_cancelled(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `touched_orders` (orders with a line or a return that changed), `cancelled` among them, and
    `flipped` (lines nobody touched whose order is cancelled now, or isn't any more)."""
    for name, none in (("lines", ""), ("returns", "WHERE order_no <> 0")):
        connection.execute(f"""
            CREATE TABLE touched_orders_{name} AS
            SELECT order_no FROM coded_{name} {none}
            UNION SELECT order_no FROM old_rows_{name} {none}
        """).fetchall()
    connection.execute("""
        CREATE TABLE touched_orders AS FROM touched_orders_lines UNION FROM touched_orders_returns
    """).fetchall()
    _find_suspects(connection)
    columns = {
        "lines": "row_id, order_no, quantity, amount, counts, currency",
        "returns": "row_id, order_no, quantity, amount, currency",
    }
    # Without suspects there is nothing to look for among all lines that there are.
    none = "" if _count(connection, "suspects") else "WHERE false"
    for name, wanted in columns.items():
        extra = ", {} AS was_cancelled" if name == "lines" else ""
        connection.execute(f"""
            CREATE TABLE order_{name} AS
            SELECT {wanted}{extra.format("cancelled")} FROM (FROM base_{name} {none})
            SEMI JOIN suspects USING (order_no) ANTI JOIN old_{name} USING (row_id)
            UNION ALL SELECT {wanted}{extra.format("NULL")} FROM coded_{name}
        """).fetchall()
    connection.execute(
        f"CREATE TABLE cancelled AS {build_cancelled('order_lines', 'order_returns')}"
    ).fetchall()
    connection.execute("""
        CREATE TABLE flipped AS
        SELECT row_id FROM order_lines
        WHERE was_cancelled IS NOT NULL AND was_cancelled <> (order_no IN (SELECT order_no FROM cancelled))
    """).fetchall()


def _find_suspects(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `suspects`: the touched orders that may be cancelled, or may have been. Nearly all new orders are neither,
    and need not be looked for among all lines that there are."""
    connection.execute("""
        CREATE TABLE suspects AS FROM touched_orders SEMI JOIN (
            SELECT order_no FROM coded_lines WHERE quantity < 0
            UNION ALL SELECT order_no FROM coded_returns
            UNION ALL SELECT order_no FROM base_lines WHERE quantity < 0
            UNION ALL SELECT order_no FROM base_lines WHERE cancelled
            UNION ALL SELECT order_no FROM base_returns
        ) USING (order_no)
    """).fetchall()


def _find_replaced(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Make `before_<table>` (the base's rows that are replaced or gone) and `redone_<table>` (those of them
    that nobody touched, and that only mean something else now)."""
    connection.execute(f"CREATE TABLE before_{name} AS FROM old_rows_{name}").fetchall()
    means = []
    if _count(connection, "moved"):
        means.append(f"SELECT row_id FROM base_{name} SEMI JOIN moved ON moved.id = customer_id")
    if name == "lines" and _count(connection, "flipped"):
        means.append("SELECT row_id FROM flipped")
    if means:
        connection.execute(f"""
            INSERT INTO before_{name} FROM base_{name} SEMI JOIN ({" UNION ".join(means)}) USING (row_id)
            ANTI JOIN old_{name} USING (row_id)
        """).fetchall()
    columns = ", ".join(
        ("row_id", *KEPT[name], *(("cancelled AS was_cancelled",) if name == "lines" else ()))
    )
    connection.execute(f"""
        CREATE VIEW redone_{name} AS SELECT {columns} FROM before_{name} ANTI JOIN old_{name} USING (row_id)
    """).fetchall()


def _add_owners(connection: duckdb.DuckDBPyConnection) -> None:
    """Add to `owners` the customers that didn't change but own rows that did."""
    ids = " UNION ".join(
        f"SELECT customer_id AS id FROM {kind}_{table.name}"
        for table in FACTS
        for kind in ("coded", "redone")
    )
    connection.execute(f"""
        INSERT INTO owners SELECT id, ix, hidden FROM base_customers
        ANTI JOIN touched_customers USING (id) SEMI JOIN ({ids}) USING (id)
    """).fetchall()


def _derive_new(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Make `new_<table>` (the delta's rows) and `gone_<table>` (ids that the base mustn't show)."""
    is_cancelled = "order_no IN (SELECT order_no FROM cancelled)"
    changed = build_derived(name, f"coded_{name}", is_cancelled)
    redone = build_derived(
        name,
        f"redone_{name}",
        f"CASE WHEN order_no IN (SELECT order_no FROM touched_orders) THEN {is_cancelled} ELSE was_cancelled END",
    )
    connection.execute(f"CREATE TABLE new_{name} AS {changed} UNION ALL BY NAME {redone}").fetchall()
    connection.execute(f"""
        CREATE TABLE gone_{name} AS SELECT row_id FROM old_{name} UNION SELECT row_id FROM before_{name}
    """).fetchall()


def _write(connection: duckdb.DuckDBPyConnection, newest: Path, building: Path) -> None:
    for name, key in KEYS.items():
        order = key if name in ("subscriptions", "customers") else "day_no, row_id"
        copy_to(connection, f"FROM new_{name} ORDER BY {order}", building / f"{name}.parquet")
        copy_to(connection, f"FROM gone_{name} ORDER BY {key}", building / f"{name}.gone.parquet")
    for name in DATED:
        days = _recount(newest / f"{name}.days.parquet", count_days, name, "source, day_no", "rows")
        copy_to(connection, days, building / f"{name}.days.parquet")
    values = _recount(
        newest / "lines.values.parquet", count_line_values, "lines", "dimension, number", "lines"
    )
    copy_to(connection, values, building / "lines.values.parquet")
    connection.execute(
        "CREATE VIEW before_customers AS FROM base_customers SEMI JOIN gone_customers USING (id)"
    ).fetchall()
    file = quote_path(newest / "customers.values.parquet")
    values = recount_customer_values(file, "new_customers", "before_customers")
    copy_to(connection, values, building / "customers.values.parquet")


def _recount(counted: Path, count: Callable[[str], str], name: str, keys: str, number: str) -> str:
    """The SELECT of counts as they are now: those of a file, with what is new of a table, without what was before."""
    return f"""
        SELECT {keys}, sum({number})::BIGINT AS {number} FROM (
            FROM {quote_path(counted)}
            UNION ALL ({count(f"new_{name}")})
            UNION ALL SELECT {keys}, -{number} FROM ({count(f"before_{name}")})
        ) GROUP BY {keys} HAVING sum({number}) <> 0
    """


def _write_day_sets(
    connection: duckdb.DuckDBPyConnection, manifest: Manifest, beneath: DaySets, building: Path
) -> None:
    """Only the customers and days of replaced and new lines can have changed their place in a set."""
    columns = "day_no, customer_ix, is_purchase, location, product_line"
    counted = "customer_ix IS NOT NULL AND NOT hidden"
    connection.execute(f"""
        CREATE TABLE touched_lines AS
        SELECT {columns} FROM before_lines WHERE {counted}
        UNION ALL SELECT {columns} FROM new_lines WHERE {counted}
    """).fetchall()
    ((first, last),) = connection.execute(
        "SELECT coalesce(min(day_no), 0), coalesce(max(day_no), -1) FROM touched_lines"
    ).fetchall()
    # Lines lie in order of their day: the days as numbers let DuckDB leave out all that hold none of them.
    connection.execute(f"""
        CREATE TABLE near_lines AS
        SELECT {columns} FROM (
            SELECT {columns} FROM base_lines ANTI JOIN gone_lines USING (row_id)
            WHERE {counted} AND day_no BETWEEN {first:d} AND {last:d}
            UNION ALL SELECT {columns} FROM new_lines WHERE {counted}
        ) SEMI JOIN touched_lines USING (day_no, customer_ix)
    """).fetchall()
    touched, now = {}, {}
    for kind in ("buyers", "others", *manifest.day_set_dimensions):
        value = kind if kind in manifest.day_set_dimensions else str(WHOLE)
        touched[kind] = _fetch_members(
            connection, f"SELECT DISTINCT {value}, day_no, customer_ix FROM touched_lines"
        )
        condition = "NOT is_purchase" if kind == "others" else "is_purchase"
        now[kind] = _fetch_members(
            connection,
            f"""
            SELECT DISTINCT value, day_no, customer_ix
            FROM (SELECT {value} AS value, * FROM near_lines WHERE {condition})
            SEMI JOIN (SELECT {value} AS value, day_no, customer_ix FROM touched_lines)
            USING (value, day_no, customer_ix)
            """,
        )
    for kind, (before, after) in _build_people_queries().items():
        touched[kind], now[kind] = (
            _fetch_members(connection, sql) for sql in (f"{before} UNION {after}", after)
        )
    write_delta_day_sets(building, beneath, touched, now)


def _build_people_queries() -> dict[str, tuple[str, str]]:
    """The SELECTs of (value, day, customer), as it was and as it is, of the changed customers: who of them counts, and
    on which day each says to have joined (the earliest of all that were merged)."""
    gone = "before_customers"
    left = "(FROM base_customers ANTI JOIN gone_customers USING (id) UNION ALL BY NAME FROM new_customers)"
    changed = f"SELECT ix FROM {gone} UNION SELECT ix FROM new_customers"
    joined = """
        SELECT {whole}, min(joined_no), ix FROM {rows}
        WHERE joined_no <> 0 AND NOT hidden AND ix IN ({changed}) GROUP BY ix
    """
    return {
        "people": (
            f"SELECT {WHOLE}, 0, own_ix FROM {gone}",
            f"SELECT {WHOLE}, 0, own_ix FROM new_customers WHERE ix = own_ix AND NOT hidden",
        ),
        "joined": (
            joined.format(whole=WHOLE, rows="base_customers", changed=changed),
            joined.format(whole=WHOLE, rows=left, changed=changed),
        ),
    }


def _fetch_members(connection: duckdb.DuckDBPyConnection, sql: str) -> npt.NDArray[np.int64]:
    """Rows of (value, day, customer)."""
    columns = fetch_columns(connection, f"SELECT * FROM ({sql}) AS t(value, day, ix)")
    return np.column_stack([columns[name].astype(np.int64) for name in ("value", "day", "ix")])
