"""How far each kind of fact of each source reaches: what was told of it, and what its facts say."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from vafa.warehouse.records import Records

# The kinds of feeds, and the tables that hold their facts.
KINDS = {
    "orders": "lines",
    "returns": "returns",
    "subscriptions": "subscriptions",
    "interactions": "interactions",
    "answers": "answers",
    "tickets": "tickets",
}

_FEEDS_SCHEMA = pa.schema(
    [
        ("source", pa.int64()),
        ("name", pa.string()),
        ("kind", pa.string()),
        ("complete_through", pa.string()),
        ("closed", pa.int64()),
        ("received", pa.string()),
    ]
)
_PLURAL = {
    "order": "orders",
    "return": "returns",
    "subscription": "subscriptions",
    "interaction": "interactions",
    # As the import calls them.
    "surveys": "answers",
}


def read_feeds(records: Records) -> list[list[Any]]:
    """What the records tell of feeds: [source, its name, kind, complete through, closed, received at]."""
    rows = records.list_rows(
        """
        SELECT s.id, s.name, coalesce(f.kind, ''), coalesce(CAST(f.complete_through AS text), ''),
            CASE WHEN f.closed THEN 1 ELSE 0 END, coalesce(CAST(f.last_received_at AS text), '')
        FROM log_source s LEFT JOIN log_feed f ON f.source_id = s.id ORDER BY s.id, f.kind
        """,
        _FEEDS_SCHEMA,
    )
    return [
        [source, name, _PLURAL.get(kind, kind), through[:10], bool(closed), received]
        for source, name, kind, through, closed, received in rows
    ]


def build_feeds(
    connection: duckdb.DuckDBPyConnection, told: list[list[Any]], zone: str
) -> list[dict[str, Any]]:
    """The state of each feed, from what was told and from the views of `vafa.warehouse.views`.

    `last` is the day (ordinal) of the last fact. A fact dated after the day on which its feed was received
    is a plan or a slip, and nothing is known of the days before it: it reaches no further than that day.
    """
    names = {row[0]: row[1] for row in told}
    stated = {(row[0], row[2]): row for row in told if row[2]}
    received = {key: _find_received_day(row[5], zone) for key, row in stated.items()}
    feeds = []
    for kind, table in KINDS.items():
        days = _find_fact_days(connection, kind, table, received)
        for source in sorted({source for source, known in stated if known == kind} | set(days)):
            row = stated.get((source, kind))
            first, last = days.get(source, (None, None))
            feeds.append(
                {
                    "source": names.get(source, str(source)),
                    "kind": kind,
                    "first": first,
                    "last": last,
                    "complete_through": date.fromisoformat(row[3]).toordinal() if row and row[3] else None,
                    "closed": bool(row and row[4]),
                    "received": row[5] if row else "",
                }
            )
    return feeds


def parse_moment(text: str) -> datetime | None:
    """The moment that a database wrote as a text; SQLite leaves out that it is UTC."""
    if not text:
        return None
    return datetime.fromisoformat(text if "+" in text[10:] else f"{text}+00:00")


def _find_received_day(text: str, zone: str) -> int | None:
    moment = parse_moment(text)
    return moment.astimezone(ZoneInfo(zone)).date().toordinal() if moment else None


def _find_fact_days(
    connection: duckdb.DuckDBPyConnection, kind: str, table: str, received: dict[tuple[int, str], int | None]
) -> dict[int, tuple[int, int]]:
    """The first and last day of each source's facts.

    A subscription tells of its start and of the last visit, and of its end unless that is after the day of receiving
    (or nobody knows that day); a ticket of its opening, and likewise of its first answer, solution and closing. An
    answer tells of its invitation too, which may be the first thing that is known.
    """
    known = {source: day for (source, of), day in received.items() if of == kind and day is not None}
    limits = pa.table(
        {"source": pa.array(known.keys(), pa.int64()), "day": pa.array(known.values(), pa.int64())}
    )
    connection.register("limits", limits)
    last = "max(least(f.day_no, coalesce(l.day, f.day_no)))"
    first = "min(f.day_no)"
    relation = f"days_{table}"
    if table == "subscriptions":
        first = "min(f.started_no)"
        relation = "all_subscriptions"
        last = (
            "greatest(max(least(greatest(f.started_no, f.visited_no), coalesce(l.day, 9999999))),"
            " coalesce(max(f.term_no) FILTER (f.term_no <= l.day), 0))"
        )
    if table == "answers":
        first = "min(least(f.day_no, CASE WHEN f.invited_no > 0 THEN f.invited_no ELSE f.day_no END))"
        relation = "all_answers"
    if table == "tickets":
        relation = "all_tickets"
        ends = ("f.responded_no", "f.solved_no", "f.closed_no")
        told = ", ".join(f"coalesce(max({end}) FILTER ({end} <= l.day), 0)" for end in ends)
        last = f"greatest({last}, {told})"
    rows = connection.execute(
        f"SELECT f.source, {first}, {last} FROM {relation} f"
        " LEFT JOIN limits l ON l.source = f.source GROUP BY f.source"
    ).fetchall()
    connection.unregister("limits")
    return {int(source): (int(start), int(end)) for source, start, end in rows}
