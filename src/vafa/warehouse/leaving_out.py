"""A snapshot without some rows: what every figure would be if these had never come.

Which orders were taken back follows from the rows that are left, and so do the sets of buyers. Customers, their numbers
and the end of data stay those of the whole: it is the rows' own effect that is asked for.
"""

from collections.abc import Collection, Mapping
from functools import cached_property

import duckdb
import numpy as np
import pyarrow as pa
from pyroaring import BitMap

from vafa.lab.sets import build_set
from vafa.warehouse import groups as grouping
from vafa.warehouse.deriving import build_cancelled
from vafa.warehouse.people import People
from vafa.warehouse.purchases import Purchases, serialise_days
from vafa.warehouse.snapshot import Snapshot
from vafa.warehouse.types import Group, Query

TABLES = ("lines", "returns", "subscriptions", "interactions", "answers", "tickets")


class ReducedSnapshot(Snapshot):
    """The facts without some of them, by table and row."""

    def __init__(self, whole: Snapshot, rows: Mapping[str, Collection[int]]) -> None:
        super().__init__(whole._folder, whole._manifest)
        self._whole = whole
        self._rows = {table: rows.get(table, ()) for table in TABLES}

    def list_dimensions(self) -> tuple[str, ...]:
        """The whole's."""
        return self._whole.list_dimensions()

    def has_day_sets(self, dimension: str) -> bool:
        """None are kept of what is left."""
        return False

    def _find_with_rows(self, start: int, end: int) -> BitMap:
        sql = (
            "SELECT DISTINCT customer_ix AS ix FROM facts"
            " WHERE customer_ix IS NOT NULL AND day_no >= ? AND day_no < ?"
        )
        return build_set(self.run_columns(Query(sql, (start, end)))["ix"])

    @cached_property
    def _people(self) -> People:
        return self._whole._people

    @cached_property
    def _root(self) -> duckdb.DuckDBPyConnection:
        connection = super()._root
        for table, rows in self._rows.items():
            column = pa.array(np.fromiter(rows, np.int64, len(rows)), pa.int64())
            connection.register("leaving", pa.table({"row_id": column}))
            connection.execute(f"CREATE TABLE gone_{table} AS FROM leaving").fetchall()
            connection.unregister("leaving")
            connection.execute(f"ALTER VIEW all_{table} RENAME TO whole_{table}").fetchall()
        for table in TABLES[1:]:
            connection.execute(
                f"CREATE VIEW all_{table} AS FROM whole_{table} ANTI JOIN gone_{table} USING (row_id)"
            ).fetchall()
        connection.execute(
            "CREATE VIEW left_lines AS FROM whole_lines ANTI JOIN gone_lines USING (row_id)"
        ).fetchall()
        cancelled = build_cancelled("left_lines", "all_returns")
        connection.execute(f"CREATE TABLE taken_back AS {cancelled}").fetchall()
        connection.execute("""
            CREATE VIEW all_lines AS
            SELECT * EXCLUDE (cancelled, is_purchase), t.order_no IS NOT NULL AS cancelled,
                (quantity > 0 AND amount > 0 AND counts AND t.order_no IS NULL) AS is_purchase
            FROM (SELECT l.* FROM left_lines AS l) AS l LEFT JOIN taken_back AS t USING (order_no)
        """).fetchall()
        return connection

    def _purchases(self, group: Group | None) -> Purchases:
        if group is not None and not grouping.is_of_customer(group):
            return super()._purchases(group)
        return self.cached(("purchases", None), self._build_purchases)

    def _build_purchases(self) -> Purchases:
        sql = "SELECT DISTINCT customer_ix, day_no FROM facts WHERE is_purchase AND customer_ix IS NOT NULL"
        rows = self.run_columns(Query(sql))
        return Purchases(serialise_days(rows["customer_ix"], rows["day_no"]))
