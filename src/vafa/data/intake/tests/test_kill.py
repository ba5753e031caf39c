"""`kill -9` in the middle of an import, and the same command again: the end is that of an undisturbed import."""

import random
import signal
import sqlite3
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from vafa.data.intake.tests.helpers import build_dump, counts, lines_of, run_command, start_command

pytestmark = pytest.mark.slow

HEAD = ["Order ID", "Customer ID", "Customer name", "Email", "Order Date", "Product", "Product name", "City",
        "Quantity", "Amount", "Status"]  # fmt: skip


def build_orders(rows: int, seed: int, start: int = 0) -> str:
    """Orders with all that makes an import hard: repeats, rejects, nobody's rows, people told by e-mail alone."""
    rng = random.Random(seed)
    lines: list[list[Any]] = [HEAD]
    for n in range(start, start + rows):
        person = rng.randrange(rows // 5)
        key = "" if n % 7 == 0 else f"C{person}"
        email = "" if n % 21 == 0 else f"p{person}@example.com" if n % 7 == 0 else ""
        day = "2025-02-31" if n % 211 == 0 else f"2025-{1 + n % 12:02}-{1 + n % 28:02} 10:{n % 60:02}"
        lines.append([
            f"A{n // 3}", key, f"Person {person}" if rng.random() < 0.5 else "", email, day, f"P{n % 40}",
            f"Name {rng.randrange(3)} of {n % 40}", f"City {n % 5}", rng.randrange(-1, 4), rng.randrange(1, 90),
            "paid" if n % 9 else "cancelled",
        ])  # fmt: skip
        if n % 50 == 0:
            lines.append(lines[-1])
    return lines_of(lines)


def read_progress(home: Path, url: str) -> float:
    """How far the newest import is, as committed."""
    try:
        if url:
            with psycopg.connect(url) as connection:
                row = connection.execute(
                    "SELECT progress, state FROM intake_import ORDER BY id DESC LIMIT 1"
                ).fetchone()
        else:
            with sqlite3.connect(f"file:{home}/vafa.sqlite3?mode=ro", uri=True, timeout=10) as connection:
                row = connection.execute(
                    "SELECT progress, state FROM intake_import ORDER BY id DESC LIMIT 1"
                ).fetchone()
    except (sqlite3.OperationalError, psycopg.errors.UndefinedTable):
        return 0.0
    return float(row[0]) if row and row[1] == "running" else 0.0


def kill_midway(home: Path, url: str, *arguments: str, past: float) -> None:
    """Start the command, and kill it as soon as it has committed more than `past` of the file."""
    process = start_command(home, *arguments, url=url)
    deadline = time.monotonic() + 120
    while read_progress(home, url) <= past:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def dump(home: Path, url: str) -> dict[str, list[str]]:
    if url:
        with psycopg.connect(url) as connection:
            return build_dump(connection.cursor())
    with sqlite3.connect(home / "vafa.sqlite3") as connection:
        return build_dump(connection.cursor())


def check(
    folder: Path, kind: str, earlier: str, text: str, disturbed_url: str = "", calm_url: str = ""
) -> None:
    """Import the earlier file, then the other, once in peace and once killed twice; compare all that is left."""
    before, path = folder / "before.csv", folder / "rows.csv"
    before.write_text(earlier)
    path.write_text(text)
    calm, disturbed = folder / "calm", folder / "disturbed"
    for home, url in ((calm, calm_url), (disturbed, disturbed_url)):
        run_command(home, "import", kind, str(before), url=url)
    wanted = run_command(calm, "import", kind, str(path), "--rejects", str(folder / "calm.csv"), url=calm_url)
    again = ("import", kind, str(path), "--rejects", str(folder / "disturbed.csv"))
    for past in (0.0, 0.3):
        kill_midway(disturbed, disturbed_url, *again, past=past)
    result = run_command(disturbed, *again, url=disturbed_url)
    assert counts(result) == counts(wanted)
    assert result["imports"] == wanted["imports"]
    assert {**result["summary"], "found": None} == {**wanted["summary"], "found": None}
    there, here = dump(calm, calm_url), dump(disturbed, disturbed_url)
    for name, rows in there.items():
        assert here[name] == rows, name
    assert (folder / "disturbed.csv").read_bytes() == (folder / "calm.csv").read_bytes()


def test_a_killed_import_of_orders_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    check(tmp_path, "orders", build_orders(800, seed=1), build_orders(6_000, seed=2))


def test_a_killed_first_import_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    other = "Order ID,Customer ID,Order Date,Amount\n"
    path_rows = build_orders(32_000, seed=3)
    check(tmp_path, "orders", other + "X1,C1,2024-01-01,5\n", path_rows)


def test_a_killed_import_of_customers_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    check(tmp_path, "customers", build_customers(1_000, 1), build_customers(5_000, 2))


def build_customers(rows: int, seed: int) -> str:
    rng = random.Random(seed)
    lines: list[list[Any]] = [["Customer ID", "Customer name", "Email", "Company", "Birthday"]]
    for n in range(rows):
        birthday = "1990-13-45" if n % 97 == 0 else f"19{50 + n % 50}-0{1 + n % 9}-11"
        lines.append(
            [f"C{n}", f"Name {rng.randrange(9)}", f"p{n}@example.com", rng.choice(["Tea", "Mug"]), birthday]
        )
        if n % 40 == 0 and n:
            lines.append([f"C{rng.randrange(n)}", "Changed again", "", "Later", ""])
    return lines_of(lines)


def test_a_killed_import_ends_alike_on_postgresql(
    tmp_path: Path, postgres: Any, postgres_tables: str
) -> None:
    urls = [postgres.make_database(postgres_tables) for _ in range(2)]
    try:
        check(tmp_path, "orders", build_orders(800, seed=1), build_orders(32_000, seed=2), *urls)
    finally:
        for url in urls:
            postgres.drop_database(url)
