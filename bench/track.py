"""How many events a second `POST /api/v1/track` stores by batches on SQLite, beside bare inserts of the same rows.

    .venv/bin/python bench/track.py [--events 20000] [--customers 2000]

A home of its own in a temporary folder; the whole way of a request (token, rate, JSON, the intake's rules, commit) but
the network. Bare inserts write the same rows in the same batches into a table with one unique key, and nothing else.
"""

import argparse
import json
import os
import sqlite3
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

BATCHES = (1, 10, 100, 1000)
START = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--customers", type=int, default=2_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vafa-track-") as folder:
        os.environ |= {
            "VAFA_HOME": folder,
            "DATABASE_URL": "",
            "VAFA_HOSTS": "testserver",
            "DJANGO_SETTINGS_MODULE": "vafa.config.settings",
        }
        print("| batch | events/s by /track | bare inserts/s |\n|---|---|---|")
        for size in BATCHES:
            count = min(asked.events, 400 * size)
            events = [build_event(n, asked.customers, size) for n in range(count)]
            print(f"| {size} | {post(events, size):,.0f} | {insert(events, size, Path(folder)):,.0f} |")


def build_event(number: int, customers: int, size: int) -> dict[str, object]:
    """An event as a shop tells it."""
    return {
        "id": f"{size}-{number}",
        "customer": f"c-{number % customers}",
        "kind": "product_seen",
        "at": (START + timedelta(seconds=number)).isoformat(),
        "subject": f"product {number % 97}",
        "custom": {"page": f"/product/{number % 97}"},
    }


def post(events: list[dict[str, object]], size: int) -> float:
    """Events a second that are stored and acknowledged."""
    import django

    django.setup()
    from django.test import Client

    from vafa.api import access
    from vafa.config.database import ensure_database
    from vafa.data.staff.actions import create_owner, make_token
    from vafa.data.staff.models import Staff
    from vafa.kit.scopes import Scope

    access.QUESTIONS_A_MINUTE = 10**9
    ensure_database()
    owner = Staff.objects.first() or create_owner(email="o@example.com", password="correct horse", now=START)
    text = make_token(owner, "bench", [Scope.WRITE_EVENTS], days=None, now=datetime.now(UTC))[1]
    client, stored = Client(), 0
    began = time.perf_counter()
    for start in range(0, len(events), size):
        body = json.dumps({"rows": events[start : start + size]})
        answer = client.post(
            "/api/v1/track", body, "application/json", headers={"Authorization": f"Bearer {text}"}
        )
        stored += answer.json()["counts"]["new"]
    seconds = time.perf_counter() - began
    assert stored == len(events), stored
    return stored / seconds


def insert(events: list[dict[str, object]], size: int, folder: Path) -> float:
    """Rows a second that SQLite takes where nothing is asked of them."""
    database = sqlite3.connect(folder / f"bare-{size}.sqlite3", isolation_level=None)
    database.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        "CREATE TABLE event (id INTEGER PRIMARY KEY, key TEXT UNIQUE, customer TEXT, kind TEXT, at TEXT, subject TEXT,"
        " custom TEXT)"
    )
    rows = [
        (one["id"], one["customer"], one["kind"], one["at"], one["subject"], json.dumps(one["custom"]))
        for one in events
    ]
    began = time.perf_counter()
    for start in range(0, len(rows), size):
        database.execute("BEGIN IMMEDIATE")
        database.executemany(
            "INSERT INTO event (key, customer, kind, at, subject, custom) VALUES (?, ?, ?, ?, ?, ?)",
            rows[start : start + size],
        )
        database.execute("COMMIT")
    return len(rows) / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
