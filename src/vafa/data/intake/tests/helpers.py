"""Bringing small files in, and looking at all that they left behind."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from tests.support.tables import give_tables
from vafa.data.intake.actions import import_file
from vafa.data.intake.types import ImportOptions, ImportResult

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[5]
COUNTS = ("read", "new", "changed", "same", "rejected")

# Every table that an import writes, by what its rows mean: no ids, no sequence numbers, no clock.
_WHO = """(SELECT COALESCE((SELECT MIN(k.key) FROM customers_customerkey k WHERE k.customer_id = c.id), '')
  || '/' || COALESCE((SELECT MIN(p.value) FROM customers_contactpoint p WHERE p.customer_id = c.id), '')
  || '/' || c.name FROM customers_customer c WHERE c.id = {0}.customer_id)"""
DUMPS = {
    "order_lines": f"""SELECT s.name, l.key, l.order_key, {_WHO.format("l")}, l.at, l.day, p.code, g.name, o.name,
        l.quantity, l.amount, l.currency, l.discount, l.tax, l.shipping, l.status, l.counts, l.custom, l.import_id
        FROM orders_orderline l JOIN log_source s ON s.id = l.source_id
        LEFT JOIN catalogue_product p ON p.id = l.product_id
        LEFT JOIN catalogue_productline g ON g.id = l.product_line_id
        LEFT JOIN catalogue_location o ON o.id = l.location_id""",
    "return_lines": f"""SELECT l.key, l.order_key, {_WHO.format("l")}, l.at, l.day, l.quantity, l.amount, l.currency,
        l.reason FROM orders_returnline l""",
    "subscriptions": f"""SELECT l.key, {_WHO.format("l")}, l.plan, l.amount, l.currency, l.interval, l.started_on,
        l.ended_on, l.cancel_reason, l.frozen_from, l.frozen_until, l.sessions, l.sessions_used, l.last_visit_on,
        l.custom FROM subscriptions_subscription l""",
    "interactions": f"""SELECT l.key, {_WHO.format("l")}, l.kind, l.at, l.day, l.subject, l.text, l.staff_name,
        l.outcome FROM interactions_interaction l""",
    "answers": f"""SELECT l.key, {_WHO.format("l")}, l.survey, l.question, l.score, l.scale_low, l.scale_high,
        l.direction, l.method, l.channel, l.comment, l.invited_at, l.invited_on, l.answered_at, l.answered_on, l.day,
        l.custom FROM interactions_surveyanswer l""",
    "tickets": f"""SELECT l.key, {_WHO.format("l")}, l.subject, l.category, l.channel, l.priority, l.status,
        l.agent_name, l.opened_at, l.day, l.first_response_at, l.first_response_on, l.solved_at, l.solved_on,
        l.closed_at, l.closed_on, l.reopened, l.satisfaction, l.custom FROM interactions_ticket l""",
    "spends": """SELECT s.name, l.key, l.started_on, l.ended_on, l.amount, l.currency, l.channel, l.location, l.custom
        FROM costs_marketingspend l JOIN log_source s ON s.id = l.source_id""",
    "price_months": """SELECT s.name, l.key, l.started_on, l.ended_on, l.value FROM costs_pricemonth l
        JOIN log_source s ON s.id = l.source_id""",
    "customers": """SELECT c.name, c.title, c.name_folded, c.sort_key, c.company, c.birthday, c.location, c.joined_on,
        c.tags, c.custom, c.import_id,
        (SELECT COUNT(*) FROM orders_orderline l WHERE l.customer_id = c.id) FROM customers_customer c""",
    "keys": "SELECT s.name, k.key, c.name FROM customers_customerkey k"
    " JOIN customers_customer c ON c.id = k.customer_id JOIN log_source s ON s.id = k.source_id",
    "points": "SELECT p.kind, p.value, c.name FROM customers_contactpoint p"
    " JOIN customers_customer c ON c.id = p.customer_id",
    "marks": "SELECT m.channel, m.purpose, m.allowed, m.source, c.name FROM consent_consententry m"
    " JOIN customers_customer c ON c.id = m.customer_id",
    "products": "SELECT p.code, p.name, l.name FROM catalogue_product p"
    " LEFT JOIN catalogue_productline l ON l.id = p.line_id",
    "images": 'SELECT b."table", b.imported_id, COUNT(*) FROM intake_beforeimage b GROUP BY 1, 2',
    "imports": "SELECT i.id, i.kind, i.source_name, i.state, i.counts FROM intake_import i",
    "feeds": "SELECT s.name, f.kind, f.complete_through FROM log_feed f JOIN log_source s ON s.id = f.source_id",
    "happenings": "SELECT h.kind, h.live, COUNT(*) FROM log_happening h GROUP BY 1, 2",
}


def write(folder: Path, text: str, name: str = "file.csv") -> Path:
    """A file with this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def bring(
    path: Path, kind: Any = "orders", *, dry_run: bool = False, rejects: Path | None = None, **options: Any
) -> ImportResult:
    """Import a file as the command does."""
    return import_file(
        path,
        ImportOptions(kind=kind, **options),
        by=None,
        clock=lambda: NOW,
        dry_run=dry_run,
        rejects=rejects,
    )


def counts(result: ImportResult | dict[str, Any]) -> tuple[int, ...]:
    """read, new, changed, same, rejected."""
    told = result if isinstance(result, dict) else {name: getattr(result, name) for name in COUNTS}
    return tuple(told[name] for name in COUNTS)


def query(sql: str) -> list[tuple[Any, ...]]:
    """Rows of the test's database."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [tuple(row) for row in cursor.fetchall()]


def build_dump(cursor: Any) -> dict[str, list[str]]:
    """Everything that imports have left in a database, in a form that any two databases write alike."""
    dump = {}
    for name, sql in DUMPS.items():
        cursor.execute(sql)
        dump[name] = sorted(repr([_plain(cell) for cell in row]) for row in cursor.fetchall())
    return dump


def dump_here() -> dict[str, list[str]]:
    """The dump of the test's own database."""
    with connection.cursor() as cursor:
        return build_dump(cursor)


def _plain(cell: Any) -> Any:
    if isinstance(cell, str) and cell[:1] in ("{", "["):
        cell = json.loads(cell)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, dict):
        return dict(sorted(cell.items()))
    if cell is None or isinstance(cell, str | int | float | list):
        return int(cell) if isinstance(cell, bool) else cell
    return str(cell)


def build_environment(home: Path, url: str = "") -> dict[str, str]:
    """The environment of a command with a home of its own."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "VAFA_HOME")}
    return kept | {"VAFA_HOME": str(home)} | ({"DATABASE_URL": url} if url else {})


def start_command(home: Path, *arguments: str, url: str = "") -> "subprocess.Popen[str]":
    """Start `vafa ...` in a process of its own."""
    if not url:
        give_tables(home)
    return subprocess.Popen(
        [sys.executable, "-m", "vafa.config.command", *arguments],
        env=build_environment(home, url), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def run_command(home: Path, *arguments: str, url: str = "", status: int = 0) -> dict[str, Any]:
    """Run `vafa ... --json` to its end, and give its document."""
    process = start_command(home, *arguments, "--json", url=url)
    out, err = process.communicate(timeout=300)
    assert process.returncode == status, (out, err)
    document: dict[str, Any] = json.loads(out)
    return document


def lines_of(rows: Iterable[Iterable[Any]]) -> str:
    """Rows as the text of a CSV file."""
    return "".join(",".join(map(str, row)) + "\n" for row in rows)
