"""Retention from sets: at a hundred million orders, and at ten million beside engines that answer from rows.

    .venv/bin/python bench/sets.py [--large HOME] [--small HOME] [--rounds 9] [--peer-rounds 3] [--without ENGINE ...]

The questions are asked at the product's own door (`get_metric`, `get_cohorts`): retention between any two days (others
each time, so that nothing is kept of it), 60 months by 5 locations, and the cohort triangle of 60 months. The homes are
written by bench/big_base.py where they aren't given, and kept where they are. The peers get the same rows as whole
numbers: DuckDB and PostgreSQL as they are installed here, ClickHouse as `chdb` (533 MB, not among the project's
packages: install it into any folder and name that in PYTHONPATH). Every answer must be the same by its hash.

Prints one JSON document: medians in milliseconds (and of the processor's time, which a busy machine stretches less),
the peers' ratios to Vafa, and the memory of the large run.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

RULE, WINDOW = "purchase:90d", 90
FIRST, AFTER = date(2021, 1, 1), date(2026, 1, 1)
CRR_START, CRR_END = date(2025, 4, 1), date(2025, 7, 1)
SIZES = {"large": (10_000_000, 100_000_000), "small": (1_000_000, 10_000_000)}
ENGINES = ("duckdb", "postgresql", "chdb")


def main() -> None:
    parser = argparse.ArgumentParser(description="Retention from sets, beside peers.")
    parser.add_argument("--large", type=Path, help="The home of a hundred million orders.")
    parser.add_argument("--small", type=Path, help="The home of ten million orders.")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--peer-rounds", type=int, default=3)
    parser.add_argument("--without", nargs="*", default=[], choices=[*ENGINES, "large", "peers"])
    parser.add_argument("--ask", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.ask:
        print(json.dumps(ask_sets(asked.rounds)))
        return
    with tempfile.TemporaryDirectory(prefix="vafa-bench-") as folder:
        told: dict[str, Any] = {}
        if "large" not in asked.without:
            told["large"] = run_alone(asked.large or Path(folder) / "large", "large", asked.rounds)
        if "peers" not in asked.without:
            told["small"] = compare(asked, Path(folder))
        print(json.dumps(told, indent=1))


def run_alone(home: Path, size: str, rounds: int) -> dict[str, Any]:
    """Vafa's answers in a process of its own, on a home that is made where there is none."""
    environment = os.environ | {"VAFA_HOME": str(home), "DJANGO_SETTINGS_MODULE": "vafa.config.settings"}
    if not (home / "warehouse" / "manifest.json").exists():
        customers, orders = SIZES[size]
        make = [sys.executable, str(Path(__file__).with_name("big_base.py")), str(home)]
        subprocess.run(
            [*make, "--customers", str(customers), "--orders", str(orders)], env=environment, check=True
        )
    return run([sys.executable, __file__, "--ask", "--rounds", str(rounds)], environment)


def run(command: list[str], environment: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


# Vafa


def ask_sets(rounds: int) -> dict[str, Any]:
    """Answer the questions in this process, from the home of its environment."""
    import django

    django.setup()
    from vafa.config.database import ensure_database
    from vafa.config.messages import ensure_messages

    ensure_messages()
    ensure_database()
    from vafa.measure.metrics.family import Options
    from vafa.measure.metrics.queries import get_cohorts, get_metric
    from vafa.warehouse.queries import open_snapshot

    snapshot = open_snapshot()
    snapshot.list_groups("location")  # opens everything but sets
    before = read_memory()
    months = {"start": FIRST, "end": AFTER, "every": "month", "calendar": "gregorian", "rule": RULE}
    told: dict[str, Any] = {}

    _once, table = measure(lambda: get_metric("crr", start=CRR_START, end=CRR_END, rule=RULE), rounds=1)
    counts = table.rows[0].counts
    told["crr"] = {"hash": hash_rows([(0, 0, counts.start, counts.kept)])}
    pairs = draw_pairs(3 * rounds)
    any_days, _ = measure(lambda: get_metric("crr", **next(pairs), rule=RULE), rounds=3 * rounds)
    told["crr"] |= summarise(any_days)

    grid, table = measure(lambda: get_metric("crr", by="location", **months), rounds=1)
    told["grid"] = {"first": round(grid[0][0])}

    def ask_anew(**more: Any) -> Any:
        snapshot.forget_counts()
        return get_metric("crr", by="location", **months, **more)

    # As the peers are asked: who stayed in each group, not who of the lost is active in another one.
    rates = Options(moved=False)
    anew, table = measure(lambda: ask_anew(options=rates), rounds=rounds)
    again, table = measure(lambda: get_metric("crr", by="location", options=rates, **months), rounds=rounds)
    told["grid"] |= summarise(anew) | {"again": summarise(again), "hash": hash_grid(table)}
    moved, table = measure(ask_anew, rounds=rounds)
    told["grid"]["with_moved"] = summarise(moved)

    triangle, table = measure(lambda: get_cohorts(calendar="gregorian", count="purchases"), rounds=rounds + 1)
    told["triangle"] = (
        {"first": round(triangle[0][0])} | summarise(triangle[1:]) | {"hash": hash_triangle(table)}
    )
    after = read_memory()
    return told | {
        "orders": snapshot.manifest.orders if snapshot.manifest else 0,
        "customers": snapshot.customer_count,
        "memory_mb": {
            "process_without_sets": before["VmRSS"],
            "sets_loaded": after["VmRSS"] - before["VmRSS"],
            "at_most": after["VmHWM"] - before["VmRSS"],
        },
    }


def measure(ask: Callable[[], Any], rounds: int) -> tuple[list[tuple[float, float]], Any]:
    """The milliseconds of each round, by the clock and of the processor; and the last answer."""
    times, answer = [], None
    for _ in range(rounds):
        began, worked = perf_counter(), process_time()
        answer = ask()
        times.append(((perf_counter() - began) * 1000, (process_time() - worked) * 1000))
    return times, answer


def summarise(times: list[tuple[float, float]]) -> dict[str, float]:
    clock, processor = (sorted(one[at] for one in times) for at in (0, 1))
    return {
        "median": round(statistics.median(clock), 2),
        "processor": round(statistics.median(processor), 2),
        "fastest": round(clock[0], 2),
        "slowest": round(clock[-1], 2),
    }


def draw_pairs(count: int) -> Any:
    """Pairs of days a month to a year apart, no day twice."""
    chance = random.Random(3)
    days = chance.sample(range(150, (AFTER - FIRST).days - 366), count)
    return iter(
        [
            {
                "start": FIRST + timedelta(days=day),
                "end": FIRST + timedelta(days=day + chance.randint(30, 365)),
            }
            for day in days
        ]
    )


def read_memory() -> dict[str, int]:
    """Megabytes of this process that are in memory, and that were at most."""
    lines = Path("/proc/self/status").read_text().splitlines()
    pairs = (line.split(":") for line in lines if line.startswith(("VmRSS", "VmHWM")))
    return {name: int(value.split()[0]) // 1024 for name, value in pairs}


def hash_rows(rows: list[tuple[int, ...]]) -> str:
    import peers

    return peers.hash_rows(rows)


def hash_grid(table: Any) -> str:
    starts = sorted({row.start for row in table.rows})
    places = ("Tehran", "Shiraz", "Tabriz", "Mashhad", "Isfahan")
    return hash_rows(
        [
            (places.index(row.group) + 1, starts.index(row.start), row.counts.start, row.counts.kept)
            for row in table.rows
            if row.counts.start
        ]
    )


def hash_triangle(table: Any) -> str:
    starts = [row.start for row in table.cohorts]
    return hash_rows(
        [
            (first, first + later, kept, 0)
            for first, row in enumerate(table.cohorts)
            for later, kept in enumerate(row.kept)
            if kept and len(starts) > first + later
        ]
    )


# The peers


def compare(asked: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Vafa and its peers on the same ten million rows."""
    home = asked.small or folder / "small"
    told = {"vafa": run_alone(home, "small", asked.rounds)}
    write_rows(home, folder)
    for engine in ENGINES:
        if engine not in asked.without:
            peer = [sys.executable, str(Path(__file__).with_name("peers.py")), engine]
            told[engine] = run([*peer, str(folder), str(asked.peer_rounds)], dict(os.environ))
            print(f"{engine}: {json.dumps(told[engine])}", file=sys.stderr)
    for name in ("crr", "grid", "triangle"):
        own = told["vafa"][name]
        for engine in [engine for engine in ENGINES if engine in told]:
            answer = told[engine][name]
            if answer["hash"] != own["hash"]:
                raise SystemExit(f"{engine} answers {name} otherwise")
            median = statistics.median(answer["milliseconds"])
            told[engine][name] = {"median": median, "times_vafa": round(median / own["median"], 1)}
    return told


def write_rows(home: Path, folder: Path) -> None:
    """The lines as three columns of whole numbers, and the small tables that the questions need."""
    import duckdb
    import pyarrow as pa
    import pyarrow.parquet as pq

    base = json.loads((home / "warehouse" / "manifest.json").read_text())["base"]
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT customer_ix, day_no, location FROM '{home / 'warehouse' / base / 'lines.parquet'}')"
            f" TO '{folder / 'lines.parquet'}'"
        ).fetchall()
    firsts = [date(2021 + n // 12, n % 12 + 1, 1).toordinal() for n in range(61)]
    covers = [(day, n) for n, first in enumerate(firsts) for day in range(first - WINDOW, first)]
    months = [(day, n) for n in range(60) for day in range(firsts[n], firsts[n + 1])]
    for name, column, rows in (("covers", "boundary", covers), ("months", "month_no", months)):
        table = pa.table({"day_no": [row[0] for row in rows], column: [row[1] for row in rows]})
        pq.write_table(
            table.cast(pa.schema([("day_no", pa.int32()), (column, pa.int32())])), folder / f"{name}.parquet"
        )
    settings = {
        "start": CRR_START.toordinal(), "end": CRR_END.toordinal(), "window": WINDOW, "boundaries": len(firsts),
    }  # fmt: skip
    (folder / "asked.json").write_text(json.dumps(settings))


if __name__ == "__main__":
    main()
