"""How fast the search box answers, at a million customers and a million order lines.

    .venv/bin/python bench/search.py [--customers 1000000] [--orders 1000000] [--rounds 15] [--home FOLDER]

Records are made in an empty home (in PostgreSQL where DATABASE_URL names one that is empty), the index of words is
built, and each text is asked through the whole WSGI stack in this process, as the owner and as an agent who sees every
500th customer. Prints one JSON document: medians in milliseconds, and how long the index took.
"""

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

SOURCE = 1
BATCH = 20_000
FIRST_DAY = date(2022, 1, 1)
GIVEN = (
    "علی",
    "رضا",
    "مریم",
    "زهرا",
    "محمد",
    "فاطمه",
    "حسین",
    "سارا",
    "امیرحسین",
    "علی‌رضا",
    "پریناز",
    "یوسف",
    "گلنار",
)
SYLLABLES = (
    "با",
    "دی",
    "رو",
    "نا",
    "می",
    "شا",
    "کو",
    "پر",
    "تا",
    "هو",
    "زا",
    "لی",
    "جم",
    "فر",
    "گل",
    "سی",
    "مه",
    "وا",
)
HAN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗小明伟静丽强磊军洋艳勇杰娟涛超秀英华慧"
LATIN = ("Anna", "José", "Björn", "Łukasz", "Sara", "John", "Zoë", "Mehmet")


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast the search box answers.")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--home", help="Keep the data here, and use what is here already.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vafa-bench-") as folder:
        print(json.dumps(run(Path(asked.home or folder), asked), ensure_ascii=False, indent=1))


def say(text: str) -> None:
    sys.stderr.write(text + "\n")


def run(home: Path, asked: argparse.Namespace) -> dict[str, Any]:
    home.mkdir(parents=True, exist_ok=True)
    os.environ |= {"VAFA_HOME": str(home), "DJANGO_SETTINGS_MODULE": "vafa.config.settings"}
    import django

    django.setup()
    from vafa.config.database import ensure_database
    from vafa.config.messages import ensure_messages
    from vafa.data.customers.actions import find_doubles, follow_customers
    from vafa.data.customers.models import Customer
    from vafa.kit import clock
    from vafa.kit.bulk import is_postgres

    ensure_messages()
    ensure_database()
    if not Customer.objects.exists():
        began = perf_counter()
        make_records(asked.customers, asked.orders)
        say(f"records made in {perf_counter() - began:.0f} s")
    began = perf_counter()
    indexed = follow_customers()
    took = perf_counter() - began
    say(f"{indexed} customers indexed in {took:.0f} s")
    began, worked = perf_counter(), process_time()
    doubles = find_doubles(clock.now())
    looked, busy = perf_counter() - began, process_time() - worked
    say(f"{doubles} doubles found in {looked:.0f} s, processor {busy:.0f} s")
    return {
        "database": "postgresql" if is_postgres() else "sqlite",
        "customers": Customer.objects.count(),
        "indexed": indexed,
        "indexing_seconds": round(took, 1),
        "doubles": doubles,
        "doubles_seconds": round(looked, 1),
        "doubles_processor_seconds": round(busy, 1),
        "milliseconds": measure(asked.rounds),
    }


def build_family(chance: random.Random) -> str:
    """A family name: a few are everywhere, thousands are rare, as in life."""
    if chance.random() < 0.3:
        return chance.choice(("محمدی", "حسینی", "رضایی", "کریمی", "احمدی"))
    return "".join(chance.choice(SYLLABLES) for _ in range(chance.randint(2, 4))) + "زاده"


def build_name(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.06:
        return "".join(chance.choice(HAN) for _ in range(3))
    given = chance.choice(LATIN) if kind < 0.12 else chance.choice(GIVEN)
    return f"{given} {build_family(chance)}"


def build_customers(count: int, agent: int) -> Iterator[tuple[Any, ...]]:
    from vafa.kit.locale.collation import sort_key
    from vafa.kit.locale.letters import fold_name

    chance = random.Random(7)
    for number in range(1, count + 1):
        name = "Xenophon Zweistein" if number == count // 2 else build_name(chance)
        owner = agent if number % 500 == 0 else None
        yield (name, "", fold_name(name), sort_key(name, "fa"), "", "", "[]", "{}", owner, False, number)


def make_records(customers: int, orders: int) -> None:
    from vafa.data.business.actions import change_business
    from vafa.data.log.models import Sequence, Source
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
    Source.objects.get_or_create(pk=SOURCE, defaults={"name": "bench"})
    names = (
        "name", "title", "name_folded", "sort_key", "company", "location", "tags", "custom", "owner_id", "excluded",
        "seq",
    )  # fmt: skip
    insert("customers_customer", names, build_customers(customers, agent.pk))
    keys = ((SOURCE, f"C{number:07}", number) for number in range(1, customers + 1))
    insert("customers_customerkey", ("source_id", "key", "customer_id"), keys)
    chance = random.Random(5)
    numbers = [9_100_000_000 + chance.randrange(399_999_999) for _ in range(customers)]
    points = ((n, "phone", f"+98{number}", "") for n, number in enumerate(numbers, start=1))
    insert("customers_contactpoint", ("customer_id", "kind", "value", "typed"), points)
    mails = (
        (n, "email", f"user{number % 10**7:07}@example{number % 40}.com", "")
        for n, number in enumerate(numbers, start=1)
    )
    insert("customers_contactpoint", ("customer_id", "kind", "value", "typed"), mails)
    lines = (
        (SOURCE, f"{n:09}\x1fP\x1f1", f"{n:09}", 1 + n * 7 % customers,
         (FIRST_DAY + timedelta(days=n % 1_400)).isoformat(),
         10_000, 900_000, "IRT", "", True, customers + n)
        for n in range(1, orders + 1)
    )  # fmt: skip
    columns = (
        "source_id", "key", "order_key", "customer_id", "day", "quantity", "amount", "currency", "status", "counts",
        "seq",
    )  # fmt: skip
    insert("orders_orderline", columns, lines)
    Sequence.objects.update_or_create(pk=1, defaults={"value": customers + orders})


def insert(table: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    from itertools import islice

    from django.db import transaction

    from vafa.kit.bulk import insert_rows

    began, count = perf_counter(), 0
    while some := list(islice(rows, BATCH)):
        with transaction.atomic():
            insert_rows(table, columns, some)
        count += len(some)
    say(f"  {count} rows into {table} in {perf_counter() - began:.0f} s")


def list_texts() -> dict[str, str]:
    """What is asked, by what it tries."""
    from vafa.data.customers.models import ContactPoint

    last = ContactPoint.objects.filter(kind="phone").order_by("-pk")[500]
    mail = ContactPoint.objects.filter(kind="email", customer=last.customer_id).first()
    local = f"0{last.value.removeprefix('+98')}"
    return {
        "rare name": "zweistein",
        "inside a rare name": "weistei",
        "frequent name": "محمدی",
        "inside a frequent name": "حمدی",
        "frequent given name": "رضا",
        "one letter": "م",
        "two words": "محمدی علی",
        "two words, one begun": "مریم بادی",
        "two frequent words that never meet": "محمدی حسینی",
        "pinyin": "wangxiaoming",
        "characters": "小明",
        "no such name": "qqqqzz",
        "whole phone": local,
        "first half of a phone": local[:7],
        "last half of a phone": local[-6:],
        "last four digits": local[-4:],
        "digits inside a phone": local[4:9],
        "four digits of the very middle": local[3:7],
        "four digits across the operator's": local[2:6],
        "six digits of the middle": local[3:9],
        "six digits from the country's code on": last.value[2:8],
        "no such digits": "00000000",
        "e-mail": mail.value if mail else "",
        "beginning of an e-mail": mail.value[:9] if mail else "",
        "id of a source": "C0500000",
        "order number": "000500000",
        "beginning of an order number": "0005",
        "a page": "تنظیمات",
    }


def measure(rounds: int) -> dict[str, dict[str, float]]:
    from django.conf import settings
    from django.test import Client

    from vafa.data.staff.queries import find_staff

    settings.ALLOWED_HOSTS.append("testserver")
    found: dict[str, dict[str, float]] = {}
    texts = list_texts()
    for role in ("owner", "agent"):
        client = Client()
        backend = "allauth.account.auth_backends.AuthenticationBackend"
        client.force_login(find_staff(f"{role}@example.com"), backend=backend)
        client.get("/search/found/", {"find": "x"})
        for what, text in texts.items():
            times, busy = [], []
            for _ in range(rounds):
                began, worked = perf_counter(), process_time()
                answer = client.get("/search/found/", {"find": text})
                times.append((perf_counter() - began) * 1000)
                busy.append((process_time() - worked) * 1000)
                if answer.status_code != 200:
                    raise SystemExit(f"{what} answered {answer.status_code}")
            median = round(statistics.median(times), 1)
            processor = round(statistics.median(busy), 1)
            found.setdefault(what, {}).update({role: median, f"{role}_processor": processor})
            hits = answer.content.count(b'role="option"')
            say(
                f"{median:8.1f} ms, processor {processor:.1f}, first {times[0]:.0f}  {role}: {what} ({hits} found)"
            )
    return found


if __name__ == "__main__":
    main()
