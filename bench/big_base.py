"""A business of any size, written straight into the warehouse's files: for questions about sizes that no database
of records need hold.

    .venv/bin/python bench/big_base.py HOME [--customers 10000000] [--orders 100000000]

Five years, five locations. A customer makes 1 + lognormal(sigma 1.5) orders, the first on the day of joining and the
rest while it lasts; four of five at home. Customers are numbered in order of joining, lines stand in order of their
day, as the warehouse itself writes them, and its own code writes the sets of each day.
"""

import argparse
import math
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FIRST_DAY = date(2021, 1, 1).toordinal()
DAYS = 1_826
LOCATIONS = ("Tehran", "Shiraz", "Tabriz", "Mashhad", "Isfahan")
BORN = date(1950, 1, 1).toordinal()
TIERS = ("gold", "silver", "bronze", "none")
PRODUCTS = 200
MEAN_LIFE_DAYS = 500
CHUNK = 1_000_000
ROW_GROUP = 122_880
# customer in the low bits, so that sorted keys are in order of the day, then of the customer
_CUSTOMER_BITS = 32


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a big base.")
    parser.add_argument("home", type=Path)
    parser.add_argument("--customers", type=int, default=10_000_000)
    parser.add_argument("--orders", type=int, default=100_000_000)
    asked = parser.parse_args()
    make_base(asked.home, asked.customers, asked.orders)


def say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def make_base(home: Path, customers: int, orders: int) -> None:
    """Write and publish a base in a home without records; `orders` is met to within a few percent."""
    from vafa.warehouse.day_set_writing import write_base_day_sets
    from vafa.warehouse.engine import READ_MEMORY, connect, copy_to, quote_path
    from vafa.warehouse.layout import make_folder, settle
    from vafa.warehouse.values import build_customer_values, count_line_values

    folder = home / "warehouse"
    folder.mkdir(parents=True, exist_ok=True)
    began = perf_counter()
    keys, joined = draw_orders(customers, orders)
    say(f"{len(keys):,} orders drawn in {perf_counter() - began:.0f} s")
    with make_folder(folder, "base") as building:
        write_customers(building / "customers.parquet", joined)
        with connect(building / "work", "256MB") as connection:
            write_others(connection, building)
        write_lines(building / "lines.parquet", keys)
        write_days(building, keys)
        with connect(building / "work", READ_MEMORY) as connection:
            values = count_line_values(quote_path(building / "lines.parquet"))
            copy_to(connection, values, building / "lines.values.parquet")
            values = build_customer_values(quote_path(building / "customers.parquet"))
            copy_to(connection, values, building / "customers.values.parquet")
        lines = len(keys)
        del keys
        say(f"columns written after {perf_counter() - began:.0f} s")
        write_base_day_sets(building, ["location"], customers)
        name = settle(building)
    publish_base(folder, name, lines, customers)
    say(f"base of {lines:,} lines published after {perf_counter() - began:.0f} s")


def draw_orders(customers: int, orders: int) -> tuple[Any, Any]:
    """Sorted keys (day, customer), and each customer's day of joining, as days since the first."""
    chance = np.random.default_rng(7)
    joined = np.sort(chance.integers(0, DAYS, customers, dtype=np.int32))
    # The mean of 1 + lognormal(m, 1.5) is 1 + exp(m + 1.125); a part of the orders would come after the last day.
    sample = np.sort(chance.integers(0, DAYS, 200_000, dtype=np.int32))
    share = len(draw_some(chance, sample, 0.0)) / (200_000 * (1 + math.exp(1.125)))
    share *= 0.94  # and what nobody buys more than twice a day
    middle = math.log(orders / share / customers - 1) - 1.125
    parts = [
        draw_some(chance, joined[start : start + CHUNK], middle) + start
        for start in range(0, customers, CHUNK)
    ]
    keys = np.concatenate(parts)
    parts.clear()
    keys.sort()
    return keys, joined


def draw_some(chance: Any, joined: Any, middle: float) -> Any:
    """The keys of these customers' orders, without those after the last day."""
    counts = np.floor(1.5 + chance.lognormal(middle, 1.5, len(joined))).astype(np.int32)
    life = chance.exponential(MEAN_LIFE_DAYS, len(joined)) + 1
    # Nobody buys more than twice a day for years.
    counts = np.minimum(counts, 2 * life.astype(np.int32))
    who = np.repeat(np.arange(len(joined), dtype=np.int64), counts)
    day = joined[who] + (chance.random(len(who)) * life[who]).astype(np.int64)
    day[np.cumsum(counts) - counts] = joined
    return (day << _CUSTOMER_BITS | who)[day < DAYS]


def mix(numbers: Any) -> Any:
    """Whole numbers without visible order, always the same for the same ones."""
    mixed = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return (mixed ^ (mixed >> np.uint64(31))) & np.uint64(0x7FFFFFFFFFFFFFFF)


def write_customers(path: Path, joined: Any) -> None:
    writer = None
    for start in range(0, len(joined), CHUNK):
        own = joined[start : start + CHUNK]
        ix = np.arange(start, start + len(own), dtype=np.int32)
        drawn = mix(ix)
        tiers = pa.DictionaryArray.from_arrays(
            pa.array((drawn % 4).astype(np.int8)), pa.array([f'{{"tier":"{tier}"}}' for tier in TIERS])
        )
        homes = pa.DictionaryArray.from_arrays(
            pa.array((drawn // 4 % 5).astype(np.int8)), pa.array(LOCATIONS)
        )
        tags = pa.DictionaryArray.from_arrays(
            pa.array((drawn // 64 % 16 == 0).astype(np.int8)), pa.array(["[]", '["vip"]'])
        )
        empty = pa.array([""] * len(own))
        table = pa.table(
            {
                "id": ix.astype(np.int64) + 1,
                "own_ix": ix,
                "ix": ix,
                "hidden": pa.array(np.zeros(len(own), bool)),
                "kept_id": np.zeros(len(own), np.int64),
                "excluded": pa.array(np.zeros(len(own), bool)),
                # Every second one has told the day of joining.
                "joined_no": np.where(ix % 2 == 0, own + FIRST_DAY, 0).astype(np.int32),
                "location": homes.cast(pa.string()),
                "company": empty,
                "owner_id": np.where(ix % 500 == 0, 2, 0).astype(np.int64),
                "born_no": (BORN + drawn // 1_024 % 20_000).astype(np.int32),
                "tags": tags.cast(pa.string()),
                "custom": tiers.cast(pa.string()),
            }
        )
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=ROW_GROUP)
    if writer:
        writer.close()


def write_others(connection: Any, building: Path) -> None:
    """The tables that have no rows here, and the names."""
    from vafa.warehouse.engine import copy_to
    from vafa.warehouse.loading import NAMES
    from vafa.warehouse.views import DATED, KEYS, create_empty_views

    create_empty_views(connection)
    for name in KEYS:
        if name not in ("customers", "lines"):
            copy_to(connection, f"FROM all_{name}", building / f"{name}.parquet")
    for name in DATED:
        if name != "lines":
            days = "SELECT 0::BIGINT AS source, 0 AS day_no, 0::BIGINT AS rows WHERE false"
            copy_to(connection, days, building / f"{name}.days.parquet")
    for name in NAMES:
        codes = {"sources": ["bench"], "locations": list(LOCATIONS)}.get(name, [])
        if name == "products":
            codes = [f"P{number}" for number in range(1, PRODUCTS + 1)]
        rows = pa.table(
            {
                "id": pa.array(range(1, len(codes) + 1), pa.int64()),
                "code": pa.array(codes, pa.string()),
                "name": pa.array(codes, pa.string()),
            }
        )
        pq.write_table(rows, building / f"{name}.parquet")


def write_lines(path: Path, keys: Any) -> None:
    writer = None
    for start in range(0, len(keys), CHUNK):
        some = keys[start : start + CHUNK]
        ix = (some & ((1 << _CUSTOMER_BITS) - 1)).astype(np.int32)
        row = np.arange(start + 1, start + 1 + len(some), dtype=np.int64)
        drawn = mix(row)
        homes = mix(ix) // np.uint64(4) % np.uint64(5)
        away = drawn % np.uint64(5) == 0
        location = np.where(away, drawn // np.uint64(5) % np.uint64(5), homes).astype(np.int32) + 1
        amount = (10 + drawn // np.uint64(64) % np.uint64(490)).astype(np.int64) * 10_000
        zeros, yes = np.zeros(len(some), np.int64), np.ones(len(some), bool)
        table = pa.table(
            {
                "row_id": row,
                "source": np.ones(len(some), np.int64),
                "order_no": drawn.astype(np.int64),
                "customer_id": ix.astype(np.int64) + 1,
                "day_no": (some >> _CUSTOMER_BITS).astype(np.int32) + FIRST_DAY,
                "sec": np.full(len(some), 36_000, np.int32),
                "product": (drawn // np.uint64(1000) % np.uint64(PRODUCTS)).astype(np.int32) + 1,
                "product_line": np.zeros(len(some), np.int32),
                "location": location,
                "quantity": np.full(len(some), 10_000, np.int64),
                "amount": amount,
                "discount": zeros,
                "tax": zeros,
                "shipping": zeros,
                "currency": np.ones(len(some), np.int16),
                "counts": yes,
                "customer_ix": ix,
                "hidden": ~yes,
                "cancelled": ~yes,
                "is_purchase": yes,
            }
        )
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=ROW_GROUP)
    if writer:
        writer.close()


def write_days(building: Path, keys: Any) -> None:
    days = (keys >> _CUSTOMER_BITS).astype(np.int32)
    changes = np.flatnonzero(np.diff(days, prepend=-1))
    counts = np.diff(np.append(changes, len(days)))
    table = pa.table(
        {
            "source": np.ones(len(changes), np.int64),
            "day_no": days[changes] + FIRST_DAY,
            "rows": counts.astype(np.int64),
        }
    )
    pq.write_table(table, building / "lines.days.parquet")


def publish_base(folder: Path, name: str, lines: int, customers: int) -> None:
    from vafa.warehouse.engine import get_version
    from vafa.warehouse.layout import Manifest, publish

    last = FIRST_DAY + DAYS - 1
    feed = {
        "source": "bench",
        "kind": "orders",
        "first": FIRST_DAY,
        "last": last,
        "complete_through": last,
        "closed": False,
        "received": "",
    }
    publish(
        folder,
        Manifest(
            seq=1,
            base=name,
            base_seq=1,
            base_lines=lines,
            frozen=[],
            delta=None,
            under_seq=1,
            under_customers=customers,
            customers_ix=customers,
            orders=lines,
            customers=customers,
            has_subscriptions=False,
            engine=get_version(),
            fingerprint="bench",
            currencies=["", "IRT"],
            day_set_dimensions=["location"],
            feeds=[feed],
            feeds_told=[],
            first_day=FIRST_DAY,
            last_day=last,
            refreshed_at=datetime(2026, 1, 1, tzinfo=UTC).isoformat(),
        ),
    )


if __name__ == "__main__":
    main()
