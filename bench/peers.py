"""The questions of bench/sets.py, answered from rows by DuckDB, PostgreSQL and ClickHouse (chdb).

    python bench/peers.py duckdb|postgresql|chdb FOLDER ROUNDS

FOLDER holds `lines.parquet` and the small tables as bench/sets.py has written them. One text of SQL for all of them,
over whole numbers. Prints one JSON document: question -> the milliseconds of each round, and the hash of the answer.
"""

import hashlib
import json
import shutil
import sys
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

Ask = Callable[[str], Iterable[tuple[Any, ...]]]

# `covers` says of which boundaries each day makes a customer active, `months` to which month each day belongs.
QUERIES = {
    "crr": """
        SELECT 0, 0, sum(at_start), sum(at_start * at_end) FROM (
            SELECT customer_ix,
                max(CASE WHEN day_no < {start} THEN 1 ELSE 0 END) AS at_start,
                max(CASE WHEN day_no >= {end} - {window} THEN 1 ELSE 0 END) AS at_end
            FROM lines
            WHERE day_no >= {start} - {window} AND day_no < {start}
                OR day_no >= {end} - {window} AND day_no < {end}
            GROUP BY customer_ix
        ) AS states
    """,
    "grid": """
        WITH active AS (
            SELECT DISTINCT l.location AS location, c.boundary AS boundary, l.customer_ix AS customer_ix
            FROM lines l JOIN covers c ON c.day_no = l.day_no
        )
        SELECT a.location, a.boundary, count(*), count(e.boundary)
        FROM active a LEFT JOIN active e
            ON e.location = a.location AND e.customer_ix = a.customer_ix AND e.boundary = a.boundary + 1
        WHERE a.boundary < {boundaries} - 1
        GROUP BY a.location, a.boundary
    """,
    "triangle": """
        WITH seen AS (
            SELECT DISTINCT l.customer_ix AS customer_ix, m.month_no AS month_no
            FROM lines l JOIN months m ON m.day_no = l.day_no
        ), first AS (SELECT customer_ix, min(month_no) AS first_no FROM seen GROUP BY customer_ix)
        SELECT f.first_no, s.month_no, count(*), 0
        FROM seen s JOIN first f ON f.customer_ix = s.customer_ix GROUP BY f.first_no, s.month_no
    """,
}


def hash_rows(rows: Iterable[tuple[Any, ...]]) -> str:
    """Equal exactly for the same rows of whole numbers, in any order."""
    plain = sorted([int(value) for value in row] for row in rows)
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:16]


def main() -> None:
    engine, folder, rounds = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    settings = json.loads((folder / "asked.json").read_text())
    opened = {"duckdb": open_duckdb, "postgresql": open_postgresql, "chdb": open_chdb}[engine]
    told: dict[str, Any] = {}
    with opened(folder) as (version, ask):
        told["version"] = version
        for name, sql in QUERIES.items():
            text = sql.format(**settings)
            times, rows = [], []
            for _ in range(rounds):
                began = perf_counter()
                rows = list(ask(text))
                times.append(round((perf_counter() - began) * 1000, 2))
            told[name] = {"milliseconds": times, "hash": hash_rows(rows)}
    print(json.dumps(told))


@contextmanager
def open_duckdb(folder: Path) -> Any:
    import duckdb

    with duckdb.connect(str(folder / "peer.duckdb"), config={"threads": "2"}) as connection:
        for name in ("lines", "covers", "months"):
            connection.execute(f"CREATE TABLE {name} AS FROM '{folder / f'{name}.parquet'}'")
        yield duckdb.__version__, lambda sql: connection.execute(sql).fetchall()


@contextmanager
def open_postgresql(folder: Path) -> Any:
    import psycopg
    import pyarrow.parquet as pq

    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from tests.support.postgres import find_binaries, run_cluster

    binaries = find_binaries()
    if binaries is None:
        raise SystemExit("PostgreSQL is not installed here (Debian: apt install postgresql)")
    with (
        run_cluster(binaries) as cluster,
        psycopg.connect(cluster.make_database(), autocommit=True) as connection,
    ):
        for name in ("lines", "covers", "months"):
            file = pq.ParquetFile(folder / f"{name}.parquet")
            columns = file.schema_arrow.names
            connection.execute(
                f"CREATE UNLOGGED TABLE {name} ({', '.join(f'{one} integer' for one in columns)})"
            )
            with connection.cursor().copy(f"COPY {name} FROM STDIN") as copy:
                for batch in file.iter_batches(100_000):
                    rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
                    copy.write("".join("\t".join(map(str, row)) + "\n" for row in rows))
            connection.execute(f"CREATE INDEX ON {name} (day_no)")
            connection.execute(f"VACUUM ANALYZE {name}")
        connection.execute("SET work_mem = '256MB'")
        connection.execute("SET max_parallel_workers_per_gather = 2")
        version = connection.info.parameter_status("server_version")
        yield version, lambda sql: connection.execute(sql).fetchall()


@contextmanager
def open_chdb(folder: Path) -> Any:
    from chdb import session

    store = folder / "peer.chdb"
    opened = session.Session(str(store))
    try:
        opened.query("CREATE DATABASE bench ENGINE = Atomic")
        for name in ("lines", "covers", "months"):
            opened.query(
                f"CREATE TABLE bench.{name} ENGINE = MergeTree ORDER BY day_no"
                f" AS SELECT * FROM file('{folder / f'{name}.parquet'}', Parquet)"
                # No column here has unknown values, and a sorting key of ClickHouse may not.
                " SETTINGS schema_inference_make_columns_nullable = 0"
            )
        # Unmatched rows of a LEFT JOIN are NULL, as everywhere else.
        settings = " SETTINGS join_use_nulls = 1, max_threads = 2"

        def ask(sql: str) -> Iterable[tuple[Any, ...]]:
            text = sql
            for name in ("lines", "covers", "months"):
                text = text.replace(f"FROM {name}", f"FROM bench.{name}").replace(
                    f"JOIN {name}", f"JOIN bench.{name}"
                )
            answer = str(opened.query(text + settings, "TabSeparated"))
            return [tuple(line.split("\t")) for line in answer.splitlines()]

        yield str(opened.query("SELECT version()", "TabSeparated")).strip(), ask
    finally:
        opened.close()
        shutil.rmtree(store, ignore_errors=True)


if __name__ == "__main__":
    main()
