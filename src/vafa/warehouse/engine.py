"""DuckDB as the warehouse uses it: in memory, over Parquet files, with bounds.

Only `execute(...).fetchall()`, `.fetchnumpy()` and relations' Arrow readers are used, because the majors 1
and 2 agree on these. An unread result owns its connection in 2, so every result is read to its end.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyroaring import BitMap

from vafa.lab.sets import list_members

BUILD_MEMORY = os.environ.get("VAFA_BUILD_MEMORY", "256MB")
READ_MEMORY = os.environ.get("VAFA_QUERY_MEMORY", "1GB")
THREADS = 2


def connect(spill: Path, memory: str) -> duckdb.DuckDBPyConnection:
    """A DuckDB of its own in memory, which spills into a folder beyond that much memory."""
    return duckdb.connect(
        ":memory:",
        config={
            "threads": str(THREADS),
            "memory_limit": memory,
            "temp_directory": str(spill),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        },
    )


def get_version() -> str:
    """DuckDB's version. A copy made by another one is rebuilt: order numbers come from its hash function."""
    return duckdb.__version__


def quote_path(path: Path) -> str:
    """A path as an SQL text."""
    return "'" + str(path).replace("'", "''") + "'"


def fetch_columns(
    connection: duckdb.DuckDBPyConnection, sql: str, params: tuple[Any, ...] = ()
) -> dict[str, npt.NDArray[Any]]:
    """All rows of a query as one array a column."""
    fetched: dict[str, npt.NDArray[Any]] = connection.execute(sql, params).fetchnumpy()
    return fetched


@contextmanager
def with_members(connection: duckdb.DuckDBPyConnection, members: BitMap | None) -> Iterator[None]:
    """Let a connection look at a set of customers as the table `members (ix)`, until the block ends.

    An Arrow column is read where it lies: ten million members cost 40 MB, where a list as a parameter
    would be ten million Python numbers. Only this connection sees the table, not others of the same DuckDB.
    """
    if members is None:
        yield
        return
    connection.register("members", pa.table({"ix": pa.array(list_members(members).view(np.int32))}))
    try:
        yield
    finally:
        connection.unregister("members")


def copy_to(connection: duckdb.DuckDBPyConnection, select: str, path: Path) -> int:
    """Write a query's rows into a Parquet file and count them."""
    rows = connection.execute(
        f"COPY ({select}) TO {quote_path(path)} (FORMAT parquet, COMPRESSION zstd)"
    ).fetchall()
    return int(rows[0][0])
