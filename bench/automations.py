"""How fast customers enter an automation and go through its steps, whom that delays, and what a million who wait cost.

    .venv/bin/python bench/automations.py [--customers 100000] [--waiting 1000000]

On SQLite in a temporary folder; with DATABASE_URL in that (empty) database of PostgreSQL. One live order of each
customer stands in the log; the automation puts a tag on, writes a message into the ledger with its control group of a
tenth, and lets everybody wait for a day. Beside it a second automation gets one customer a round, whose delay is
measured. The bare equivalent writes the same rows of the same tables (runs, steps, exposures, sendings) by one
`executemany` or COPY for 500 customers, a transaction each, and asks nothing. Then a million runs wait, and rounds are
timed in which nothing is due. Prints one JSON document.

On quiet cores (November 2026): SQLite, 30,000 customers: 1,227 a second (4.4 million an hour), delay of others 0.06 s
(longest 0.24 s), 18 times the bare rows; a round with 226,994 steps waiting 6 ms. PostgreSQL, 10,000 customers: 647 a
second, delay 0.14 s, 26 times the bare rows; a round with 108,953 waiting 32 ms, with 501,788 waiting 13 ms: it doesn't
grow with who waits. At load 10, SQLite, 100,000 customers: 473 a second (93 s of the processor in 212 s), delay 0.16 s
(longest 1.6 s); a round with 1,089,968 waiting 28 ms.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

NOW = datetime(2026, 6, 3, 12, tzinfo=UTC)
PIECE = 500
HOUR = 3600
TABLES = ("automations_run", "automations_step", "messaging_exposure", "messaging_sending")


def main() -> None:
    parser = argparse.ArgumentParser(description="Customers entering automations, and waiting in them.")
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--waiting", type=int, default=1_000_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vafa-bench-") as folder:
        os.environ |= {"VAFA_HOME": folder, "DJANGO_SETTINGS_MODULE": "vafa.config.settings"}
        os.environ.setdefault("DATABASE_URL", "")
        import django

        django.setup()
        from vafa.config.database import ensure_database

        ensure_database()
        print(json.dumps(run(asked.customers, asked.waiting), indent=1))


def run(customers: int, waiting: int) -> dict[str, Any]:
    from django.db import connection

    say("customers, permissions, orders")
    people = add_customers(customers + 2_000)
    crowd, trickle = make_automations()
    add_live_orders(people[:customers])
    say("entering")
    entering = enter(people[customers:], trickle)
    say("bare rows")
    bare = write_bare(crowd)
    say("waiting")
    add_waiting(crowd, people, waiting)
    return {
        "database": connection.vendor,
        "customers": customers,
        **entering,
        "bare_customers_a_second": round(customers / bare),
        "times_bare": round(entering["seconds"] / bare, 1),
        "waiting": look_while_waiting(),
    }


def say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def add_customers(count: int) -> list[int]:
    """So many customers with an address and permission; their ids."""
    from vafa.act.messaging.tests.world import add_customers as add

    people: list[int] = []
    for start in range(0, count, 5_000):
        people += add(min(5_000, count - start), start=start)
    return people


def make_automations() -> tuple[int, int]:
    """That of the crowd, and that of those who come meanwhile, switched on."""
    from vafa.act.automations.actions import create_automation, publish
    from vafa.act.automations.types import Document, StepTold, When
    from vafa.act.messaging.tests.world import add_smtp

    add_smtp()
    message = {"channels": ["email"], "text": "first_order_thanks", "template": None}
    steps = (
        StepTold("s1", "tag", {"name": "thanked", "do": "add"}),
        StepTold("s2", "message", message),
        StepTold("s3", "wait", {"days": 1}),
    )
    told = (
        Document(When("order"), steps=steps, holdout=0.1),
        Document(When("customer"), steps=(StepTold("s1", "tag", {"name": "new", "do": "add"}),)),
    )
    made = [create_automation("bench", one, by=None, now=NOW) for one in told]
    for one in made:
        publish(one.pk, by=None, now=NOW)
    return made[0].pk, made[1].pk


def add_live_orders(people: Sequence[int]) -> None:
    """An order of each, as the API brings it after the switch-on."""
    from vafa.data.log.actions import get_or_add_source, take_numbers
    from vafa.data.log.models import Happening
    from vafa.data.orders.models import OrderLine

    source = get_or_add_source("shop")
    at = NOW + timedelta(seconds=1)
    for start in range(0, len(people), 5_000):
        piece = people[start : start + 5_000]
        first = take_numbers(2 * len(piece))
        lines = OrderLine.objects.bulk_create(
            OrderLine(
                source_id=source.pk, key=f"k{pk}", order_key=f"k{pk}", customer_id=pk, day=NOW.date(), quantity=1,
                amount=10, seq=first + n,
            )
            for n, pk in enumerate(piece)
        )  # fmt: skip
        Happening.objects.bulk_create(
            Happening(
                seq=first + len(piece) + n, kind="order_new", at=at, recorded_at=at, live=True, subject=line.pk,
                details={"customer": line.customer_id, "source": source.pk},
            )
            for n, line in enumerate(lines)
        )  # fmt: skip


def enter(others: Sequence[int], trickle: int) -> dict[str, Any]:
    """Let the crowd in and through; how long it took, and how long each of the others waited who came meanwhile."""
    from vafa.act.automations.models import Run, Step
    from vafa.act.automations.tasks import work_round
    from vafa.data.log.actions import add_happening
    from vafa.warehouse.queries import open_snapshot

    now = NOW + timedelta(seconds=5)
    came: dict[int, float] = {}
    delays: list[float] = []
    waiting = iter(others)
    began, worked = time.perf_counter(), time.process_time()
    while True:
        if (pk := next(waiting, None)) is not None:
            add_happening("customer_new", at=now, now=now, live=True, subject=pk, customer=pk)
            came[pk] = time.perf_counter()
        done = work_round(open_snapshot(), now)
        through = Step.objects.filter(automation=trickle, state="done", run__customer__in=list(came))
        ready = through.values_list("run__customer_id", flat=True)
        delays += [time.perf_counter() - came.pop(customer) for customer in ready]
        # The last round but one is that in which only the one of this round was let in.
        if done <= 2:
            break
    seconds, processor = time.perf_counter() - began, time.process_time() - worked
    entered = Run.objects.exclude(automation=trickle).count()
    steps = Step.objects.exclude(automation=trickle).filter(state="done").count()
    return {
        "seconds": round(seconds, 1),
        "processor_seconds": round(processor, 1),
        "customers_a_second": round(entered / seconds),
        "customers_an_hour": round(entered / seconds * HOUR),
        "steps_a_second": round(steps / seconds),
        "delay_of_others": {"median": round(statistics.median(delays), 2), "longest": round(max(delays), 2)},
    }


def write_bare(crowd: int) -> float:
    """Seconds to write the same rows once more, without asking anything."""
    from django.db import connection, transaction

    from vafa.kit.bulk import insert_rows

    told = []
    with connection.cursor() as cursor:
        for table in TABLES:
            where = f" WHERE automation_id = {crowd}" if table.startswith("automations") else ""
            cursor.execute(f"SELECT * FROM {table}{where} ORDER BY id")
            rows, names = list(cursor.fetchall()), [column[0] for column in cursor.description]
            told.append((table, names, [free_keys(table, names, row) for row in rows]))
    count = len(told[0][2])
    pieces = -(-count // PIECE)
    began = time.perf_counter()
    with transaction.atomic():
        save_point = transaction.savepoint()
        for n in range(pieces):
            for table, names, rows in told:
                size = -(-len(rows) // pieces)
                insert_rows(table, names[1:], rows[n * size : (n + 1) * size])
        seconds = time.perf_counter() - began
        transaction.savepoint_rollback(save_point)
    return seconds


def free_keys(table: str, names: Sequence[str], row: Sequence[Any]) -> tuple[Any, ...]:
    """A row without its id, and with a key that nobody has."""
    told = dict(zip(names, row, strict=True))
    free: dict[str, Callable[[], Any]] = {
        "automations_run": lambda: {"entry_key": f"{told['entry_key']}:bare"},
        "automations_step": lambda: {"visit": told["visit"] + 1},
        "messaging_exposure": lambda: {"trial_key": "bare"},
        "messaging_sending": lambda: {"channel": "bare"},
    }
    return tuple(({**told, **free[table]()}).values())[1:]


def add_waiting(crowd: int, people: Sequence[int], count: int) -> None:
    """So many more runs that wait for tomorrow."""
    from django.db import transaction

    from vafa.act.automations.models import Run, Version
    from vafa.kit.bulk import insert_rows, take_ids

    version = Version.objects.get(automation=crowd).pk
    at = str(NOW.replace(tzinfo=None)) if is_sqlite() else NOW
    due = str((NOW + timedelta(days=1)).replace(tzinfo=None)) if is_sqlite() else NOW + timedelta(days=1)
    run_names = (
        "automation_id", "version_id", "customer_id", "entry_key", "turn", "seq", "arm", "state", "why", "values",
        "entered_at",
    )  # fmt: skip
    run_columns = ("id", *run_names)
    step_columns = (
        "run_id", "automation_id", "step", "visit", "lane", "state", "due_at", "worker", "attempts", "why", "way",
    )  # fmt: skip
    for start in range(0, count, 20_000):
        size = min(20_000, count - start)
        with transaction.atomic():
            ids = take_ids(Run._meta.db_table, size)
            insert_rows("automations_run", run_columns, [
                (pk, crowd, version, people[n % len(people)], f"w{start + n}", 2, 0, "", "running", "", "{}", at)
                for n, pk in enumerate(ids)
            ])  # fmt: skip
            insert_rows("automations_step", step_columns, [
                (pk, crowd, "s3", 1, "quick", "waiting", due, "", 0, "", "") for pk in ids
            ])  # fmt: skip


def is_sqlite() -> bool:
    from django.db import connection

    return connection.vendor == "sqlite"


def look_while_waiting(rounds: int = 21) -> dict[str, Any]:
    """What a round of the timetable costs while all wait and nothing is due."""
    from vafa.act.automations.models import Step
    from vafa.act.automations.tasks import call_due, work

    now = NOW + timedelta(seconds=60)
    work(now)
    before = get_megabytes()
    told: list[float] = []
    for _ in range(rounds):
        began = time.perf_counter()
        done = work(now) + call_due(now)
        told.append((time.perf_counter() - began) * 1000)
        assert done == 0, done
    return {
        "steps": Step.objects.filter(state="waiting").count(),
        "milliseconds_a_round": round(statistics.median(told), 1),
        "dearest": round(max(told), 1),
        "megabytes_grown": get_megabytes() - before,
    }


def get_megabytes() -> int:
    """What this process holds of the memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20)


if __name__ == "__main__":
    main()
