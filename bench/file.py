"""Processor time of the daily pages at a million customers: the list, a customer's file with 50,000 events, the page of
the day with its occasions, the tasks, and the rules of contact.

    .venv/bin/python bench/file.py [--customers 1000000] [--orders 2000000] [--rounds 9] [--home FOLDER]

Records are those of `search.py`, with birthdays, days of joining, 50,000 events of one customer, 50,000 open tasks and
two rules of contact. Prints one JSON document: for each page the median of the processor's time and of the clock in
milliseconds, and the dearest single answer, as the owner and as an agent who sees every 500th customer.
"""

import argparse
import json
import os
import random
import re
import statistics
import sys
import tempfile
from datetime import timedelta
from html import unescape
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import search

EVENTS = 50_000
TASKS = 50_000
PAGES_OF_STORY = 100


def main() -> None:
    parser = argparse.ArgumentParser(description="Processor time of the daily pages.")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--orders", type=int, default=2_000_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--home", help="Keep the data here, and use what is here already.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vafa-bench-") as folder:
        print(json.dumps(run(Path(asked.home or folder), asked), ensure_ascii=False, indent=1))


def run(home: Path, asked: argparse.Namespace) -> dict[str, Any]:
    home.mkdir(parents=True, exist_ok=True)
    os.environ |= {"VAFA_HOME": str(home), "DJANGO_SETTINGS_MODULE": "vafa.config.settings"}
    import django

    django.setup()
    from vafa.act.followups.models import Task
    from vafa.act.followups.queries import list_rules
    from vafa.act.followups.tasks import make_due
    from vafa.config.database import ensure_database
    from vafa.config.messages import ensure_messages
    from vafa.data.customers.actions import follow_customers
    from vafa.data.customers.models import Customer
    from vafa.kit import clock
    from vafa.warehouse.actions import refresh

    ensure_messages()
    ensure_database()
    if not Customer.objects.exists():
        search.make_records(asked.customers, asked.orders)
    if not list_rules():
        add_life(asked.customers // 2 // 500 * 500)
    follow_customers()
    refresh(now=clock.now())
    before, worked = Task.objects.count(), process_time()
    make_due(clock.now())
    rules = {"tasks": Task.objects.count() - before, "processor_seconds": round(process_time() - worked, 2)}
    search.say(f"rules of contact: {rules}")
    return {
        "customers": Customer.objects.count(),
        "rules_of_contact": rules,
        "milliseconds": measure(asked.customers // 2 // 500 * 500, asked.rounds),
    }


def add_life(busy: int) -> None:
    """Birthdays, days of joining, one customer's long story, tasks, and rules of contact."""
    from django.db import connection

    from vafa.act.followups.actions import save_rule, switch_rule
    from vafa.act.followups.types import RuleTold
    from vafa.data.customers.models import Customer
    from vafa.data.log.models import Sequence
    from vafa.data.staff.queries import find_staff
    from vafa.kit import clock
    from vafa.kit.bulk import is_postgres

    now = clock.now()
    agent = find_staff("agent@example.com")
    with connection.cursor() as cursor:
        ahead = "(id % 20000 * {1} % {2})"
        add = f"date '{{0}}' + {ahead}::int" if is_postgres() else f"date('{{0}}', {ahead} || ' days')"
        birthday, joined = add.format("1950-01-01", 7919, 20000), add.format("2020-01-01", 104729, 2000)
        cursor.execute(f"UPDATE customers_customer SET birthday = {birthday}, joined_on = {joined}")
    people = Customer.objects.count()
    seq = Sequence.objects.get(pk=1).value
    chance = random.Random(3)
    day = lambda n: search.FIRST_DAY + timedelta(days=n * 1_400 // EVENTS)  # noqa: E731
    orders = (
        (search.SOURCE, f"B{n:09}\x1fP\x1f1", f"B{n:09}", busy, day(n).isoformat(), 10_000, 900_000, "IRT", "",
         True, seq + n)
        for n in range(EVENTS // 2)
    )  # fmt: skip
    columns = (
        "source_id", "key", "order_key", "customer_id", "day", "quantity", "amount", "currency", "status", "counts",
        "seq",
    )  # fmt: skip
    search.insert("orders_orderline", columns, orders)
    kinds = ("call", "visit", "note", "sms", "meeting")
    talks = (
        (search.SOURCE, f"T{n}", busy, kinds[n % 5], day(n).isoformat(), "Subject", f"Words about {n}", "Sara",
         "Reached", seq + EVENTS + n)
        for n in range(EVENTS // 2)
    )  # fmt: skip
    columns = (
        "source_id",
        "key",
        "customer_id",
        "kind",
        "day",
        "subject",
        "text",
        "staff_name",
        "outcome",
        "seq",
    )
    search.insert("interactions_interaction", columns, talks)
    Sequence.objects.filter(pk=1).update(value=seq + 2 * EVENTS)
    from vafa.act.followups.models import Task

    today = clock.today("Asia/Tehran")
    Task.objects.bulk_create(
        (
            Task(
                title=f"Call {n}", customer_id=1 + chance.randrange(people), assignee=agent if n % 3 else None,
                due_on=today + timedelta(days=chance.randint(-20, 60)), made_at=now, changed_at=now,
                made_by=agent,
            )
            for n in range(TASKS)
        ),
        batch_size=1000,
    )  # fmt: skip
    for name, gap in (("Everybody", 30), ("Key", 14)):
        rule = save_rule(RuleTold(name=name, segment="", gap_days=gap, title="Call"), by=None, now=now)
        switch_rule(rule.pk, on=True, by=None, now=now - timedelta(days=400))


def list_addresses(busy: int) -> list[str]:
    """The pages asked for; `busy` is the customer with the long story, whom the agent looks after."""
    return [
        "/customers/",
        "/customers/?sort=revenue&dir=down",
        f"/customers/?sort=last&after={busy}",
        "/customers/?state=lost",
        "/customers/?q=محمدی",
        f"/customers/{busy + 500}/",
        f"/customers/{busy}/",
        f"/customers/{busy}/story/?kind=call",
        f"/customers/{busy}/story/?kind=order",
        f"/customers/{busy}/story/?find=about 12345",
        f"/customers/{busy}/story/?find=nowhere",
        "/today/",
        "/today/?whose=all",
        "/tasks/",
        "/tasks/?show=overdue",
        "/tasks/rules/",
    ]


def measure(busy: int, rounds: int) -> dict[str, dict[str, Any]]:
    from django.conf import settings
    from django.test import Client

    from vafa.data.staff.queries import find_staff

    settings.ALLOWED_HOSTS.append("testserver")
    found: dict[str, dict[str, Any]] = {}
    for role in ("owner", "agent"):
        client = Client()
        backend = "allauth.account.auth_backends.AuthenticationBackend"
        client.force_login(find_staff(f"{role}@example.com"), backend=backend)
        pages: dict[str, Any] = {}
        for address in list_addresses(busy):
            answers = [ask(client, address) for _ in range(rounds + 1)]
            if answers[0][2].status_code in (403, 404):
                continue
            pages[address] = summarize(address, role, [answer[:2] for answer in answers])
        times, address = [], f"/customers/{busy}/story/"
        for _page in range(PAGES_OF_STORY):
            busy_ms, wall_ms, answer = ask(client, address)
            times.append((busy_ms, wall_ms))
            more = re.search(r'hx-get="([^"]*more[^"]*)"', answer.content.decode())
            if more is None:
                break
            address = unescape(more[1])
        pages["story, page after page"] = summarize(f"{len(times)} pages of the story", role, times)
        found[role] = pages
    return found


def ask(client: Any, address: str) -> tuple[float, float, Any]:
    began, worked = perf_counter(), process_time()
    answer = client.get(address)
    return (process_time() - worked) * 1000, (perf_counter() - began) * 1000, answer


def summarize(what: str, role: str, times: list[tuple[float, float]]) -> dict[str, float]:
    later = times[1:] or times
    row = {
        "first": round(times[0][0], 1),
        "processor": round(statistics.median(busy for busy, _wall in later), 1),
        "dearest": round(max(busy for busy, _wall in later), 1),
        "clock": round(statistics.median(wall for _busy, wall in later), 1),
    }
    search.say(f"{role}: {what}: {row}")
    return row


if __name__ == "__main__":
    main()
