"""The tables of a base and its deltas as one: what both the follower and the readers look at."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from vafa.warehouse.engine import quote_path
from vafa.warehouse.loading import NAMES

DATED = ("lines", "returns", "interactions", "answers")
"""The tables of which each row has a day; how many rows a source has on each is kept beside them."""

KEYS = {
    "lines": "row_id",
    "returns": "row_id",
    "subscriptions": "row_id",
    "interactions": "row_id",
    "answers": "row_id",
    "tickets": "row_id",
    "customers": "id",
}
"""Table -> the column by which a delta's row stands in for the base's."""


VALUES = {"line_values": "lines.values.parquet", "customer_values": "customers.values.parquet"}
"""View -> the file of counts by value."""


def create_whole_views(connection: duckdb.DuckDBPyConnection, folders: Sequence[Path]) -> None:
    """Make the views `all_<table>` over a base and its deltas: every row that they hold, hidden ones too;
    `days_<table>`: how many of these each source has on each day; `line_values` and
    `customer_values`: how many there are of each value of a field; and the tables of names."""
    create_table_views(connection, folders, "all_")
    newest = folders[-1]
    for name in DATED:
        connection.execute(
            f"CREATE VIEW days_{name} AS FROM {quote_path(newest / f'{name}.days.parquet')}"
        ).fetchall()
    for view, file in VALUES.items():
        connection.execute(f"CREATE VIEW {view} AS FROM {quote_path(newest / file)}").fetchall()
    for name in NAMES:
        connection.execute(f"CREATE VIEW {name} AS FROM {quote_path(newest / f'{name}.parquet')}").fetchall()


def create_table_views(connection: duckdb.DuckDBPyConnection, folders: Sequence[Path], prefix: str) -> None:
    """Make the views `<prefix><table>` of every row that a base and its deltas hold."""
    for name, key in KEYS.items():
        parts = []
        for place, folder in enumerate(folders, start=1):
            part = f"FROM {quote_path(folder / f'{name}.parquet')}"
            gone = [quote_path(later / f"{name}.gone.parquet") for later in folders[place:]]
            if gone:
                part += f" ANTI JOIN (SELECT {key} FROM read_parquet([{', '.join(gone)}])) USING ({key})"
            parts.append(part)
        connection.execute(f"CREATE VIEW {prefix}{name} AS {' UNION ALL BY NAME '.join(parts)}").fetchall()


def create_empty_views(connection: duckdb.DuckDBPyConnection) -> None:
    """The same views with no rows, for a warehouse that nothing has been copied into."""
    owned = "NULL::INTEGER AS customer_ix, false AS hidden"
    columns = {
        "lines": (
            "0::BIGINT AS row_id, 0::BIGINT AS source, 0::BIGINT AS order_no, 0::BIGINT AS customer_id,"
            f" {owned}, 0 AS day_no, 0 AS sec, 0 AS product, 0 AS product_line, 0 AS location,"
            " 0::BIGINT AS quantity, 0::BIGINT AS amount, 0::BIGINT AS discount, 0::BIGINT AS tax,"
            " 0::BIGINT AS shipping, 0::SMALLINT AS currency, true AS counts, false AS cancelled,"
            " false AS is_purchase"
        ),
        "returns": (
            "0::BIGINT AS row_id, 0::BIGINT AS source, 0::BIGINT AS order_no, 0::BIGINT AS customer_id,"
            f" {owned}, 0 AS day_no, 0 AS sec, 0 AS product, 0::BIGINT AS quantity, 0::BIGINT AS amount,"
            " 0::SMALLINT AS currency"
        ),
        "subscriptions": (
            f"0::BIGINT AS row_id, 0::BIGINT AS source, 0::BIGINT AS customer_id, {owned}, '' AS plan,"
            " 0::BIGINT AS amount, 0::SMALLINT AS currency, '' AS interval_code, 0 AS started_no, 0 AS term_no,"
            " false AS priced, 0 AS frozen_no, 0 AS thawed_no, 0::BIGINT AS sessions, 0::BIGINT AS sessions_used,"
            " 0 AS visited_no"
        ),
        "interactions": (
            f"0::BIGINT AS row_id, 0::BIGINT AS source, 0::BIGINT AS customer_id, {owned}, '' AS kind,"
            " 0 AS day_no, 0 AS sec"
        ),
        "answers": (
            f"0::BIGINT AS row_id, 0::BIGINT AS source, 0::BIGINT AS customer_id, {owned}, '' AS survey,"
            " '' AS question, false AS is_scored, 0::BIGINT AS score, 0::BIGINT AS scale_low,"
            " 0::BIGINT AS scale_high, '' AS direction, '' AS method, '' AS channel, 0 AS day_no, 0 AS invited_no,"
            " 0 AS answered_no"
        ),
        "tickets": (
            f"0::BIGINT AS row_id, 0::BIGINT AS source, 0::BIGINT AS customer_id, {owned}, '' AS category,"
            " '' AS channel, '' AS priority, '' AS status, '' AS agent, 0 AS day_no, 0::BIGINT AS opened_s,"
            " 0 AS responded_no, 0::BIGINT AS responded_s, 0 AS solved_no, 0::BIGINT AS solved_s, 0 AS closed_no,"
            " 0::BIGINT AS closed_s, 0::BIGINT AS reopened"
        ),
        "customers": (
            "0::BIGINT AS id, 0 AS own_ix, 0 AS ix, false AS hidden, 0::BIGINT AS kept_id, false AS excluded,"
            " 0 AS joined_no, '' AS location, '' AS company, 0::BIGINT AS owner_id, 0 AS born_no,"
            " '' AS tags, '' AS custom"
        ),
    }
    for name, select in columns.items():
        connection.execute(f"CREATE VIEW all_{name} AS SELECT {select} WHERE false").fetchall()
    for name in NAMES:
        connection.execute(
            f"CREATE VIEW {name} AS SELECT 0::BIGINT AS id, '' AS code, '' AS name WHERE false"
        ).fetchall()
    connection.execute(
        "CREATE VIEW line_values AS SELECT '' AS dimension, 0 AS number, 0::BIGINT AS lines WHERE false"
    ).fetchall()
    connection.execute(
        "CREATE VIEW customer_values AS SELECT '' AS dimension, '' AS value, 0::BIGINT AS customers WHERE false"
    ).fetchall()
