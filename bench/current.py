"""How soon a figure knows of new orders: from their commit to the answer, at ten million orders.

    .venv/bin/python bench/current.py [--customers 1000000] [--orders 10000000] [--new 100000] [--rounds 5]
        [--home FOLDER]

The records are those of bench/pages.py, in SQLite. A process that has answered before (as one that serves pages has)
takes in new orders by the product's own way of recording, a twentieth of them of new customers; then the clock runs:
the warehouse follows, its newest state is opened, and a month's retention is asked for, as it is and by location.
Prints one JSON document: medians of the rounds, and what the first question of a fresh process takes.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

RULE = "purchase:90d"
PART = 1_000  # rows a transaction, as the product writes


def main() -> None:
    parser = argparse.ArgumentParser(description="How soon figures are current.")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--orders", type=int, default=10_000_000)
    parser.add_argument("--new", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--home", help="Keep the data here, and use what is here already.")
    parser.add_argument("--ask", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.home:
        print(json.dumps(run(Path(asked.home), asked), indent=1))
        return
    with tempfile.TemporaryDirectory(prefix="vafa-bench-") as folder:
        print(json.dumps(run(Path(folder), asked), indent=1))


def run(home: Path, asked: argparse.Namespace) -> dict[str, Any]:
    os.environ |= {"VAFA_HOME": str(home), "DJANGO_SETTINGS_MODULE": "vafa.config.settings"}
    import django

    django.setup()
    if asked.ask:
        return ask()
    import pages

    from vafa.config.database import ensure_database
    from vafa.config.messages import ensure_messages
    from vafa.kit import clock
    from vafa.warehouse.actions import refresh

    ensure_messages()
    made = (home / "vafa.sqlite3").exists()
    ensure_database()
    if not made:
        pages.took("records made", lambda: pages.make_records(home, asked.customers, asked.orders))
    pages.took("warehouse refreshed", lambda: refresh(now=clock.now()))
    fresh = subprocess.run(
        [sys.executable, __file__, "--home", str(home), "--ask"], check=True, capture_output=True, text=True
    )
    ask()
    rounds = [take_in(asked, number) for number in range(asked.rounds)]
    return {
        "orders": asked.orders,
        "new": asked.new,
        "seconds": {name: round(statistics.median(one[name] for one in rounds), 3) for name in rounds[0]},
        "slowest_seconds": round(max(one["current"] for one in rounds), 3),
        "fresh_process_seconds": json.loads(fresh.stdout),
    }


def ask() -> dict[str, float]:
    """Answer the two questions, and tell how long each took."""
    from vafa.measure.metrics.queries import get_metric

    began = perf_counter()
    whole = get_metric("crr", rule=RULE)
    told = perf_counter()
    groups = get_metric("crr", rule=RULE, by="location")
    assert whole.rows[0].value
    assert groups.rows[0].value
    auto = perf_counter()
    get_metric("crr", rule="purchase:auto")
    done = perf_counter()
    return {
        "crr": round(told - began, 3),
        "by_location": round(auto - told, 3),
        "learned": round(done - auto, 3),
    }


def take_in(asked: argparse.Namespace, number: int) -> dict[str, float]:
    """Record new orders, then time the way to the answer."""
    from vafa.kit import clock
    from vafa.measure.metrics.queries import get_metric
    from vafa.warehouse.actions import refresh
    from vafa.warehouse.queries import open_snapshot

    day = record(asked, number)
    worked, began = read_processor(), perf_counter()
    result = refresh(now=clock.now())
    refreshed = perf_counter()
    snapshot = open_snapshot()
    opened = perf_counter()
    table = get_metric("crr", rule=RULE)
    answered, busy = perf_counter(), read_processor()
    get_metric("crr", rule=RULE, by="location")
    by_location = perf_counter()
    get_metric("crr", rule="purchase:auto")
    learned = perf_counter()
    assert table.data_until == day + timedelta(days=1), (table.data_until, day)
    assert len(snapshot.buyers(day, day + timedelta(days=1))) > asked.new // 3
    sys.stderr.write(f"round {number}: rebuilt {result.rebuilt}, {answered - began:.2f} s\n")
    return {
        "refresh": refreshed - began,
        "open": opened - refreshed,
        "crr": answered - opened,
        "current": answered - began,
        "processor_until_current": busy - worked,
        "then_by_location": by_location - answered,
        "then_learned_rule": learned - by_location,
    }


def read_processor() -> float:
    """Seconds that the processors have worked for this process and for those that it has started and that ended."""
    return sum(os.times()[:4])


def record(asked: argparse.Namespace, number: int) -> date:
    """New orders of one more day, of known and new customers."""
    import random

    from django.db import transaction

    from vafa.data.customers.models import Customer
    from vafa.data.log.actions import take_numbers
    from vafa.data.log.recording import record_facts
    from vafa.data.orders.actions import ORDER_LINES
    from vafa.data.orders.models import OrderLine
    from vafa.kit import clock

    chance = random.Random(number)
    day = OrderLine.objects.order_by("-pk").values_list("day", flat=True)[0] + timedelta(days=1)
    with transaction.atomic():
        first = take_numbers(asked.new // 20)
        made = Customer.objects.bulk_create(
            [Customer(name=f"new {first + n}", seq=first + n) for n in range(asked.new // 20)], batch_size=500
        )
        from vafa.data.log.models import Feed

        Feed.objects.update(last_received_at=clock.now() + timedelta(days=9_999))
    ids = [one.pk for one in made]
    begun = OrderLine.objects.order_by("-pk").values_list("pk", flat=True)[0]
    for start in range(0, asked.new, PART):
        rows = []
        for n in range(start, min(start + PART, asked.new)):
            buyer = ids[n // 20] if n % 20 == 0 else chance.randint(1, asked.customers)
            key = f"n{begun + n}"
            values = {
                "key": f"{key}\x1fP\x1f1", "order_key": key, "customer_id": buyer, "at": f"{day} 10:00:00",
                "day": str(day), "product_id": 1 + n % 200, "location_id": 1 + n % 4, "quantity": 10_000,
                "amount": 1_000_000, "currency": "IRT", "status": "", "counts": True,
            }  # fmt: skip
            rows.append((values["key"], *(values.get(name) for name in ORDER_LINES.columns)))
        with transaction.atomic():
            record_facts(ORDER_LINES, rows, source_id=1, import_id=None, fresh=False)
    return date.fromisoformat(str(day))


if __name__ == "__main__":
    main()
