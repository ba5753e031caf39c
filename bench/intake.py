"""From a CSV file to refreshed figures, beside a bare `executemany` of the same rows into the same tables.

    .venv/bin/python bench/intake.py [ROWS]

Prints one JSON document: rows a second, the ratio to the bare insert, the peak memory. Each step is a process of its
own with an empty home; the two are measured in the same run. Where PostgreSQL's programs are installed, a second
document tells the same of PostgreSQL beside its own COPY of the same rows into the same tables.
"""

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter


def write_file(path: Path, rows: int) -> None:
    """Orders of a shop over three years: about two lines an order, one customer for every fifty lines."""
    random.seed(7)
    start = datetime(2023, 1, 1, 8)  # noqa: DTZ001 - files are written in the business's own time
    customers, products = max(rows // 50, 10), 2_000
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["Order Number", "Customer ID", "Order Date", "Product", "City", "Quantity", "Price", "Currency"]
        )
        order = 0
        for line in range(rows):
            if line == 0 or random.random() < 0.5:
                order += 1
                customer = int(customers * random.random() ** 2)
                at = start + timedelta(seconds=int(94_600_000 * line / rows))
                city = random.choice(("Tehran", "Shiraz", "Tabriz", "Mashhad"))
            product = int(products * random.random() ** 2)
            price = 5 + product % 90
            writer.writerow(
                [
                    f"A{order}",
                    f"C{customer}",
                    at,
                    f"P{product}",
                    city,
                    random.randint(1, 5),
                    f"{price}.50",
                    "USD",
                ]
            )


def measure(code: str, home: Path, *arguments: str, url: str = "") -> dict[str, float]:
    """Run a piece of code in a process of its own; its last line is JSON with its seconds."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"VAFA_HOME": str(home), "DJANGO_SETTINGS_MODULE": "vafa.config.settings"}
    if url:
        environment["DATABASE_URL"] = url
    run = subprocess.run(
        ["/usr/bin/env", sys.executable, "-c", code, *arguments],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if run.returncode:
        raise SystemExit(run.stderr)
    return dict(json.loads(run.stdout.strip().splitlines()[-1]))


SET_UP = """
import django, json, os, resource, sys, time
django.setup()
from vafa.config.database import ensure_database
ensure_database()
"""
IMPORT = (
    SET_UP
    + """
from pathlib import Path
from vafa.data.intake.actions import import_file
from vafa.data.intake.types import ImportOptions
from vafa.kit import clock
from vafa.warehouse.actions import refresh
began = time.perf_counter()
result = import_file(Path(sys.argv[1]), ImportOptions(kind="orders"), by=None, clock=clock.now)
imported = time.perf_counter() - began
refresh(now=clock.now())
seconds = time.perf_counter() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "import": imported, "peak_mb": peak, "rows": result.new}))
"""
)
BARE = (
    SET_UP
    + """
import sqlite3
from django.conf import settings
old = sqlite3.connect(sys.argv[1])
new = sqlite3.connect(settings.DATABASES["default"]["NAME"], isolation_level=None)
new.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536")
new.execute("PRAGMA foreign_keys=ON")
tables = ["log_source", "catalogue_productline", "catalogue_location", "catalogue_product", "customers_customer",
          "customers_customerkey", "customers_contactpoint", "orders_orderline"]
work = []
for table in tables:
    columns = [row[1] for row in old.execute(f"PRAGMA table_info({table})")]
    work.append((f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
                 old.execute(f"SELECT * FROM {table}").fetchall()))
began = time.perf_counter()
for statement, rows in work:
    for start in range(0, len(rows), 10000):
        new.execute("BEGIN IMMEDIATE")
        new.executemany(statement, rows[start:start + 10000])
        new.execute("COMMIT")
print(json.dumps({"seconds": time.perf_counter() - began, "rows": len(work[-1][1])}))
"""
)


COPY = (
    SET_UP
    + """
import psycopg
tables = ["log_source", "catalogue_productline", "catalogue_location", "catalogue_product", "customers_customer",
          "customers_customerkey", "customers_contactpoint", "orders_orderline"]
work = []
with psycopg.connect(sys.argv[1]) as old:
    for table in tables:
        with old.cursor().copy(f"COPY {table} TO STDOUT") as copy:
            work.append((table, [bytes(block) for block in copy]))
with psycopg.connect(os.environ["DATABASE_URL"]) as new:
    began = time.perf_counter()
    for table, blocks in work:
        with new.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            for block in blocks:
                copy.write(block)
    new.commit()
    seconds = time.perf_counter() - began
    rows = new.execute("SELECT COUNT(*) FROM orders_orderline").fetchone()[0]
print(json.dumps({"seconds": seconds, "rows": rows}))
"""
)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 500_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "orders.csv"
        began = perf_counter()
        write_file(path, rows)
        megabytes = path.stat().st_size / 1e6
        sys.stderr.write(f"file of {megabytes:.0f} MB written in {perf_counter() - began:.1f} s\n")
        whole = measure(IMPORT, folder / "whole", str(path))
        bare = measure(BARE, folder / "bare", str(folder / "whole" / "vafa.sqlite3"))
        tell("sqlite", "executemany", rows, whole, bare)
        measure_postgres(folder, path, rows)


def measure_postgres(folder: Path, path: Path, rows: int) -> None:
    """The same with the records in PostgreSQL, in a cluster that lives as long as this measurement."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from tests.support.postgres import find_binaries, run_cluster

    binaries = find_binaries()
    if binaries is None:
        sys.stderr.write("PostgreSQL is not installed here: not measured\n")
        return
    with run_cluster(binaries) as cluster:
        filled, empty = cluster.make_database(), cluster.make_database()
        whole = measure(IMPORT, folder / "whole-pg", str(path), url=filled)
        bare = measure(COPY, folder / "bare-pg", filled, url=empty)
        tell("postgresql", "copy", rows, whole, bare)


def tell(database: str, peer: str, rows: int, whole: dict[str, float], bare: dict[str, float]) -> None:
    """Print one document of figures."""
    assert whole["rows"] == bare["rows"] == rows
    document = {
        "database": database,
        "rows": rows,
        "lines_a_second": round(rows / whole["seconds"]),
        "seconds": round(whole["seconds"], 2),
        "of_it_import": round(whole["import"], 2),
        f"bare_{peer}_seconds": round(bare["seconds"], 2),
        "speed_against_bare": round(bare["seconds"] / whole["seconds"], 3),
        "peak_mb": round(whole["peak_mb"]),
    }
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
