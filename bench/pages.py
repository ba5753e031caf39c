"""Server time of every page of figures, at a million customers and ten million orders.

    .venv/bin/python bench/pages.py [--customers 1000000] [--orders 10000000] [--rounds 9] [--home FOLDER]

Records are made in bulk in an empty home, the warehouse follows them, and each page is asked through the whole WSGI
stack in this process (signed in as owner, and as an agent who sees own customers only). Prints one JSON document:
for each page the first answer (nothing kept yet), the median of the later ones, and the median of the processor's time
(which a busy machine doesn't stretch), in milliseconds.
"""

import argparse
import json
import os
import random
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

FIRST_DAY = date(2022, 1, 1)
DAYS = 1_461
SOURCE = 1
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
GIVEN = (
    "Sara",
    "Reza",
    "سارا",
    "رضا",
    "مریم",
    "أحمد",
    "فاطمة",
    "伟",
    "静",
    "Anna",
    "John",
    "زهرا",
    "پویا",
    "يوسف",
)
FAMILY = (
    "Smith",
    "رضایی",
    "محمدی",
    "حسینی",
    "العلي",
    "حداد",
    "王",
    "李",
    "Brown",
    "کریمی",
    "گودرزی",
    "Müller",
)


def main() -> None:
    asked = read_arguments()
    if asked.home:
        print(json.dumps(run(Path(asked.home), asked), ensure_ascii=False, indent=1))
        return
    with tempfile.TemporaryDirectory(prefix="vafa-bench-") as folder:
        print(json.dumps(run(Path(folder), asked), ensure_ascii=False, indent=1))


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Server time of every page.")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--orders", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--home", help="Keep the data here, and use what is here already.")
    return parser.parse_args()


def say(text: str) -> None:
    sys.stderr.write(text + "\n")


def run(home: Path, asked: argparse.Namespace) -> dict[str, Any]:
    os.environ |= {"VAFA_HOME": str(home), "DJANGO_SETTINGS_MODULE": "vafa.config.settings"}
    import django

    django.setup()
    from vafa.config.database import ensure_database
    from vafa.config.messages import ensure_messages
    from vafa.kit import clock
    from vafa.warehouse.actions import refresh

    ensure_messages()
    made = (home / "vafa.sqlite3").exists()
    ensure_database()
    if not made:
        took("records made", lambda: make_records(home, asked.customers, asked.orders))
    took("warehouse refreshed", lambda: refresh(now=clock.now()))
    return {"customers": asked.customers, "orders": asked.orders, "milliseconds": measure_pages(asked)}


def took(what: str, do: Callable[[], Any]) -> None:
    began = perf_counter()
    do()
    say(f"{what} in {perf_counter() - began:.0f} s")


def make_records(home: Path, customers: int, orders: int) -> None:
    from vafa.data.business.actions import change_business
    from vafa.data.log.models import Feed, Sequence, Source
    from vafa.data.staff.actions import add_staff, create_owner
    from vafa.kit import clock
    from vafa.kit.permissions import Role

    now = clock.now()
    owner = create_owner(email="owner@example.com", password="a long password", now=now)
    agent = add_staff(
        email="agent@example.com", role=Role.AGENT, by=owner, now=now, password="a long password"
    )
    change_business(
        by=owner, now=now, name="Bench", country="IR", language="fa", calendar="jalali", currency="IRT",
        phone_region="IR", week_start="sat", agents_own_only=True, is_set_up=True, zone="Asia/Tehran",
    )  # fmt: skip
    Source.objects.create(pk=SOURCE, name="bench")
    Feed.objects.create(source_id=SOURCE, kind="orders", last_received_at=now)
    database = sqlite3.connect(home / "vafa.sqlite3", isolation_level=None)
    database.executescript("PRAGMA synchronous=OFF; PRAGMA cache_size=-262144;")
    with without_indexes(database, ("customers_customer", "orders_orderline")):
        for name in ("Tehran", "Shiraz", "Tabriz", "Mashhad"):
            database.execute("INSERT INTO catalogue_location (name) VALUES (?)", (name,))
        for number in range(1, 201):
            database.execute(
                "INSERT INTO catalogue_product (code, name) VALUES (?, ?)",
                (f"P{number}", f"Product {number}"),
            )
        insert(database, "customers_customer", CUSTOMER_COLUMNS, build_customers(customers, agent.pk))
        insert(database, "customers_customerkey", ("source_id", "key", "customer_id"), build_keys(customers))
        insert(
            database,
            "customers_contactpoint",
            ("customer_id", "kind", "value", "typed"),
            build_phones(customers),
        )
        insert(database, "orders_orderline", LINE_COLUMNS, build_lines(orders, customers))
    database.close()
    Sequence.objects.update_or_create(pk=1, defaults={"value": customers + orders})


class without_indexes:  # noqa: N801 - read as a statement
    """Fill tables without their indexes, which are made again at the end: much faster for millions of rows."""

    def __init__(self, database: sqlite3.Connection, tables: tuple[str, ...]) -> None:
        marks = ", ".join("?" * len(tables))
        found = database.execute(
            f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})",
            tables,
        )
        self._database, self._indexes = database, list(found)

    def __enter__(self) -> None:
        for name, _sql in self._indexes:
            self._database.execute(f'DROP INDEX "{name}"')

    def __exit__(self, *_error: object) -> None:
        for _name, sql in self._indexes:
            self._database.execute(sql)


def insert(
    database: sqlite3.Connection, table: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]
) -> None:
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    database.execute("BEGIN")
    database.executemany(statement, rows)
    database.execute("COMMIT")
    say(f"  {table} filled")


CUSTOMER_COLUMNS = (
    "name", "title", "name_folded", "sort_key", "company", "location", "tags", "custom", "owner_id", "excluded", "seq",
)  # fmt: skip


def build_customers(count: int, agent: int) -> Iterator[tuple[Any, ...]]:
    from vafa.kit.locale.collation import sort_key
    from vafa.kit.locale.letters import fold_name

    chance = random.Random(7)
    cities = ("Tehran", "Shiraz", "Tabriz", "Mashhad", "Isfahan")
    for number in range(1, count + 1):
        name = f"{chance.choice(GIVEN)} {chance.choice(FAMILY)} {number % 997}"
        owner = agent if number % 500 == 0 else None
        yield (
            name,
            "",
            fold_name(name),
            sort_key(name, "fa"),
            "",
            chance.choice(cities),
            "[]",
            "{}",
            owner,
            0,
            number,
        )


def build_keys(count: int) -> Iterator[tuple[Any, ...]]:
    return ((SOURCE, f"C{number:07}", number) for number in range(1, count + 1))


def build_phones(count: int) -> Iterator[tuple[Any, ...]]:
    return ((number, "phone", f"+989{120000000 + number}", "") for number in range(1, count + 1))


LINE_COLUMNS = (
    "source_id", "key", "order_key", "customer_id", "at", "day", "product_id", "location_id", "quantity", "amount",
    "currency", "status", "counts", "seq",
)  # fmt: skip


def build_lines(count: int, customers: int) -> Iterator[tuple[Any, ...]]:
    """Orders in time; customers join over the years, buy irregularly, and some stop."""
    chance = random.Random(11)
    days = [(FIRST_DAY + timedelta(days=day)).isoformat() for day in range(DAYS)]
    stays = [chance.randint(30, DAYS) for _ in range(4096)]
    for number in range(1, count + 1):
        place = (number - 1) * DAYS // count
        joined = max(1, customers * (place + 60) // (DAYS + 60))
        buyer = 1 + int(joined * chance.random())
        # Who has stayed longer than they do in all has left: somebody new buys instead.
        if place - buyer * DAYS // customers > stays[buyer % 4096]:
            buyer = 1 + int(joined * (1 - 0.2 * chance.random()))
        day = days[place]
        yield (
            SOURCE, f"{number:09}\x1fP\x1f1", f"{number:09}", buyer, f"{day} 10:00:00", day, 1 + number % 200,
            1 + number % 4, 10_000, chance.randint(50_000, 900_000) * 10_000, "IRT", "", 1, customers + number,
        )  # fmt: skip


def list_addresses(period: str, somebody: int) -> list[str]:
    """Every page, with its usual questions. `period` is the query of a month within the data."""
    return [
        "/overview/",
        f"/overview/?{period}",
        f"/overview/?{period}&by=location",
        "/overview/?every=quarter",
        f"/names/lost/?{period}",
        f"/names/end/?{period}&sort=revenue",
        f"/names/lost/?{period}&by=location&group=Tehran",
        "/customers/",
        f"/customers/?after={somebody}",
        f"/customers/?sort=last&after={somebody}",
        "/customers/?sort=revenue&state=lost",
        "/customers/?field=customer_location&value=Tehran&sort=name&dir=down",
        f"/customers/?q=C{somebody:07}",
        f"/customers/?q=0{9120000000 + somebody}",
        "/customers/?q=رضایی ۹۹۰",
        "/customers/?q=nobody at all",
        f"/customers/{somebody}/",
        f"/customers/{somebody}/?on=2024-05-01",
        "/dictionary/",
        "/dictionary/crr/",
        "/rate/?start=1000&end=1200&new=300",
    ]


def measure_pages(asked: argparse.Namespace) -> dict[str, dict[str, dict[str, float]]]:
    from django.conf import settings
    from django.test import Client

    from vafa.data.staff.queries import find_staff

    settings.ALLOWED_HOSTS.append("testserver")
    found: dict[str, dict[str, dict[str, float]]] = {}
    for role in ("owner", "agent"):
        client = Client()
        client.force_login(find_staff(f"{role}@example.com"), backend=BACKEND)
        # The agent owns every 500th customer.
        somebody = max(1, asked.customers // 1000) * 500
        pages = list_addresses("from=2025-02-19", somebody)
        found[role] = {page: measure(client, page, asked.rounds) for page in pages}
    medians = [page["median"] for pages in found.values() for page in pages.values()]
    say(
        f"median of the pages' medians {statistics.median(medians):.0f} ms, the slowest {max(medians):.0f} ms"
    )
    return found


def measure(client: Any, page: str, rounds: int) -> dict[str, float]:
    times, busy = [], []
    for _ in range(rounds + 1):
        began, worked = perf_counter(), process_time()
        answer = client.get(page)
        b"".join(answer) if answer.streaming else answer.content
        times.append((perf_counter() - began) * 1000)
        busy.append((process_time() - worked) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{page} answered {answer.status_code}")
    row = {
        "first": round(times[0], 1),
        "median": round(statistics.median(times[1:]), 1),
        "processor": round(statistics.median(busy[1:]), 1),
    }
    say(f"{row['median']:8.1f} ms, processor {row['processor']:.1f} ms, first {row['first']:.0f} ms  {page}")
    return row


if __name__ == "__main__":
    main()
