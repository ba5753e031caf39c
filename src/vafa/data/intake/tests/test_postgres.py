"""PostgreSQL holds after the same imports just what SQLite holds."""

import sqlite3
from pathlib import Path

import psycopg
import pytest

from vafa.data.intake.tests.helpers import build_dump, counts, run_command
from vafa.data.intake.tests.test_kill import build_customers, build_orders

pytestmark = pytest.mark.slow


def run_all(folder: Path, home: Path, url: str = "") -> list[tuple[int, ...]]:
    """New rows by COPY, the same again, corrections, all kinds, an undo."""
    orders, corrected = folder / "orders.csv", folder / "corrected.csv"
    orders.write_text(build_orders(2_500, seed=5))
    corrected.write_text(build_orders(3_000, seed=6))
    customers = folder / "customers.csv"
    customers.write_text(build_customers(800, 7))
    subscriptions = folder / "subscriptions.csv"
    subscriptions.write_text(
        "Subscription ID,Customer ID,Plan,Amount,Interval,Start date,End date\n"
        + "".join(f"s{n},C{n},Gold\\N,{n}.25,monthly,2025-01-0{1 + n % 9},2025-06-01\n" for n in range(50))
    )
    answers, tickets = folder / "answers.csv", folder / "tickets.csv"
    answers.write_text(
        "Response ID,Customer ID,NPS,Comment,Invited at,Answered at\n"
        + "".join(
            f"r{n},C{n},{n % 11 if n % 3 else ''},so\\N,2025-01-0{1 + n % 9} 10:00,2025-02-01 09:0{n % 9}\n"
            for n in range(60)
        )
    )
    tickets.write_text(
        "Ticket ID,Customer ID,Subject,Created at,First reply time in minutes,Solved at,Reopens\n"
        + "".join(
            f"t{n},C{n},Help,2025-01-0{1 + n % 9} 10:00,{n * 7},2025-03-01,{n % 3}\n" for n in range(60)
        )
    )
    results = [
        run_command(home, "import", kind, str(path), "--keep-other", url=url)
        for kind, path in (
            ("orders", orders), ("orders", orders), ("orders", corrected), ("customers", customers),
            ("subscriptions", subscriptions), ("subscriptions", subscriptions), ("surveys", answers),
            ("surveys", answers), ("tickets", tickets), ("tickets", tickets),
        )
    ]  # fmt: skip
    run_command(home, "undo-import", "3", url=url)
    return [counts(result) for result in results]


def test_both_databases_hold_the_same(tmp_path: Path, postgres_url: str) -> None:
    here = run_all(tmp_path, tmp_path / "sqlite")
    there = run_all(tmp_path, tmp_path / "postgres", postgres_url)
    assert there == here
    assert here[1][1:4] == (0, 0, here[0][1])
    with sqlite3.connect(tmp_path / "sqlite" / "vafa.sqlite3") as old, psycopg.connect(postgres_url) as new:
        wanted, found = build_dump(old.cursor()), build_dump(new.cursor())
    for name, rows in wanted.items():
        assert found[name] == rows, name
