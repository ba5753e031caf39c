"""A segment of five conditions over ten million customers, beside DuckDB answering it from the same rows.

    .venv/bin/python bench/segments.py [--home HOME] [--rounds 5]

The conditions are of different kinds: a field of the business's own, a sum of money over twelve months, "bought on at
least two days of the last 90", a relative date of joining, and membership of another segment (itself of two
conditions). They are asked cold (by a process that has answered nothing else) and warm (once more by the same one). The
counts must be equal. The home is written by bench/big_base.py where it isn't given, and kept where it is.

Prints one JSON document: seconds by the clock and of the processor, and how many times Vafa's DuckDB takes.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any

CUSTOMERS, ORDERS = 10_000_000, 100_000_000
AS_OF = date(2026, 1, 1)
WINDOW = 90
LEAST = 1_000
ENGINES = ("vafa", "duckdb")


def main() -> None:
    parser = argparse.ArgumentParser(description="A segment of five conditions.")
    parser.add_argument("--home", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--ask", choices=ENGINES, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.ask:
        print(json.dumps(ASKED[asked.ask](asked.home)))
        return
    with tempfile.TemporaryDirectory(prefix="vafa-bench-") as folder:
        home = asked.home or Path(folder)
        environment = os.environ | {"VAFA_HOME": str(home), "DJANGO_SETTINGS_MODULE": "vafa.config.settings"}
        if not (home / "warehouse" / "manifest.json").exists():
            make = [sys.executable, str(Path(__file__).with_name("big_base.py")), str(home)]
            sizes = ["--customers", str(CUSTOMERS), "--orders", str(ORDERS)]
            subprocess.run([*make, *sizes], env=environment, check=True)
        told = {name: run(name, home, asked.rounds, environment) for name in ENGINES}
    if len({told[name]["members"] for name in ENGINES}) > 1:
        raise SystemExit(f"the counts differ: {told}")
    for kind in ("cold", "warm"):
        ratio = told["duckdb"][kind]["seconds"] / told["vafa"][kind]["seconds"]
        told["duckdb"][kind]["times_vafa"] = round(ratio, 1)
    print(json.dumps(told, indent=1))


def run(name: str, home: Path, rounds: int, environment: dict[str, str]) -> dict[str, Any]:
    """The medians of as many processes."""
    command = [sys.executable, __file__, "--ask", name, "--home", str(home)]
    found = []
    for _ in range(rounds):
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        found.append(json.loads(done.stdout.splitlines()[-1]))
    members = {one["members"] for one in found}
    assert len(members) == 1, members
    return {"members": members.pop()} | {
        kind: {
            what: round(statistics.median(one[kind][what] for one in found), 3)
            for what in ("seconds", "processor")
        }
        for kind in ("cold", "warm")
    }


def measure(ask: Callable[[], int]) -> dict[str, Any]:
    """The first and the second answer of this process."""
    told: dict[str, Any] = {}
    for kind in ("cold", "warm"):
        began, worked = perf_counter(), sum(os.times()[:2])
        told["members"] = ask()
        told[kind] = {"seconds": perf_counter() - began, "processor": sum(os.times()[:2]) - worked}
    return told


def ask_vafa(_home: Path) -> dict[str, Any]:
    import django

    django.setup()
    from vafa.config.database import ensure_database
    from vafa.config.messages import ensure_messages

    ensure_messages()
    ensure_database()
    from vafa.data.business.queries import get_business
    from vafa.lab.rules import ActivityRule
    from vafa.measure.segments import types as of
    from vafa.measure.segments.evaluating import find_members
    from vafa.warehouse.queries import open_snapshot

    rule = ActivityRule("purchase", WINDOW)
    inner = of.Definition(
        of.Group(
            "any",
            (
                of.FieldCondition("tag", "is", ("vip",)),
                of.FieldCondition("customer_location", "is", ("Tehran",)),
            ),
        )
    )
    outer = of.Definition(
        of.Group(
            "all",
            (
                of.FieldCondition("custom:tier", "is", ("gold",)),
                of.MeasureCondition(
                    "revenue", "at_least", Decimal(LEAST), span=of.Span("last_days", days=365)
                ),
                of.FactCondition("purchase", "at_least", 2, span=of.Span("last_days", days=90)),
                of.FieldCondition("joined_on", "within", span=of.Span("last_days", days=730)),
                of.SegmentCondition("near"),
            ),
        )
    )

    def ask() -> int:
        # A page finds these anew each time.
        snapshot, business = open_snapshot(), get_business()
        business.currency = "IRT"

        def find_segment(_slug: str, as_of: date) -> Any:
            return find_members(inner, snapshot, business, as_of, rule)

        return len(find_members(outer, snapshot, business, AS_OF, rule, find_segment))

    return measure(ask)


def ask_duckdb(home: Path) -> dict[str, Any]:
    """The same by one text of SQL over the rows; the customers' own JSON as the product keeps it."""
    import duckdb

    folder = home / "warehouse" / json.loads((home / "warehouse" / "manifest.json").read_text())["base"]
    day = AS_OF.toordinal()
    connection = duckdb.connect(config={"threads": "2", "memory_limit": "1GB"})
    sql = f"""
        SELECT count(*) FROM '{folder / "customers.parquet"}' c
        SEMI JOIN (
            SELECT customer_ix FROM '{folder / "lines.parquet"}'
            WHERE counts AND day_no >= {day - 365} AND day_no < {day}
            GROUP BY customer_ix HAVING sum(amount - discount) >= {LEAST * 10_000}
        ) r ON r.customer_ix = c.ix
        SEMI JOIN (
            SELECT customer_ix FROM '{folder / "lines.parquet"}'
            WHERE is_purchase AND day_no >= {day - 90} AND day_no < {day}
            GROUP BY customer_ix HAVING count(DISTINCT day_no) >= 2
        ) p ON p.customer_ix = c.ix
        WHERE json_extract_string(c.custom, '$.tier') = 'gold'
            AND c.joined_no >= {day - 730} AND c.joined_no < {day}
            AND (c.location = 'Tehran' OR list_contains(from_json(c.tags, '["VARCHAR"]'), 'vip'))
    """
    return measure(lambda: int(connection.execute(sql).fetchall()[0][0]))


ASKED = {"vafa": ask_vafa, "duckdb": ask_duckdb}

if __name__ == "__main__":
    main()
