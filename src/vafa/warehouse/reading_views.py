"""The views that questions are asked of: what counts, without what is hidden or merged away."""

from datetime import date
from functools import lru_cache
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from vafa.lab.calendars import CalendarName, split_days
from vafa.warehouse.layout import Manifest
from vafa.warehouse.views import create_empty_views, create_whole_views

# The first day without a subscription: that of its term, or the day after the visit that used its sessions up.
_ENDED = (
    "CASE WHEN sessions > 0 AND sessions_used >= sessions AND visited_no > 0 THEN"
    " least(greatest(visited_no + 1, started_no), coalesce(nullif(term_no, 0), visited_no + 1))"
    " ELSE nullif(term_no, 0) END"
)
_VIEWS = {
    "facts": (
        "SELECT row_id, source, order_no, customer_ix, day_no, sec, product, product_line, location, quantity,"
        " amount, discount, tax, shipping, currency, counts, cancelled, is_purchase FROM all_lines"
        " WHERE NOT hidden"
    ),
    "returns": (
        "SELECT row_id, source, order_no, customer_ix, day_no, sec, product, quantity, amount, currency"
        " FROM all_returns WHERE NOT hidden"
    ),
    "subscriptions": (
        "SELECT row_id, source, customer_ix, plan, amount, priced, currency, interval_code, started_no,"
        f" {_ENDED} AS ended_no, nullif(term_no, 0) AS term_no, nullif(frozen_no, 0) AS frozen_no,"
        " nullif(thawed_no, 0) AS thawed_no FROM all_subscriptions WHERE NOT hidden"
    ),
    "interactions": (
        "SELECT row_id, source, customer_ix, kind, day_no, sec FROM all_interactions WHERE NOT hidden"
    ),
    # An answer of 0 is an answer: only an unknown score is NULL.
    "answers": (
        "SELECT row_id, source, customer_ix, survey, question, CASE WHEN is_scored THEN score END AS score, scale_low,"
        " scale_high, direction, method, channel, day_no, nullif(invited_no, 0) AS invited_no,"
        " nullif(answered_no, 0) AS answered_no FROM all_answers WHERE NOT hidden"
    ),
    "tickets": (
        "SELECT row_id, source, customer_ix, category, channel, priority, status, agent, day_no, opened_s,"
        " nullif(responded_no, 0) AS responded_no, responded_s, nullif(solved_no, 0) AS solved_no, solved_s,"
        " nullif(closed_no, 0) AS closed_no, closed_s, reopened,"
        # A ticket whose solution nobody noted was over at the latest when it was closed.
        " nullif(CASE WHEN solved_no = 0 THEN closed_no ELSE solved_no END, 0) AS ended_no,"
        " CASE WHEN solved_no = 0 THEN closed_s ELSE solved_s END AS ended_s FROM all_tickets WHERE NOT hidden"
    ),
    "customers": (
        "SELECT ix, id, nullif(joined_no, 0) AS joined_no, location, company, nullif(owner_id, 0) AS owner_id,"
        " nullif(born_no, 0) AS born_no, tags, custom FROM all_customers WHERE NOT hidden AND ix = own_ix"
    ),
}
# Umm al-Qura is known up to here; the calendar reaches at least so far.
_CALENDAR = (date(1970, 1, 1).toordinal(), date(2077, 11, 17).toordinal())
_HIJRI = (date(1924, 8, 1).toordinal(), date(2077, 11, 17).toordinal())


def create_reading_views(
    connection: duckdb.DuckDBPyConnection, folder: Path, manifest: Manifest | None
) -> None:
    """Make the views of a published state, or the same without rows where nothing is published."""
    if manifest is None:
        create_empty_views(connection)
    else:
        create_whole_views(connection, [folder / name for name in manifest.folders])
    for name, select in _VIEWS.items():
        connection.execute(f"CREATE VIEW {name} AS {select}").fetchall()
    codes = manifest.currencies if manifest else [""]
    numbers = pa.array(range(len(codes)), pa.int32())
    _create_table(connection, "currencies", pa.table({"id": numbers, "code": pa.array(codes, pa.string())}))
    first = min(_CALENDAR[0], manifest.first_day or _CALENDAR[0]) if manifest else _CALENDAR[0]
    last = max(_CALENDAR[1], manifest.last_day + 1) if manifest else _CALENDAR[1]
    _create_table(connection, "calendar", _build_calendar(first, last))


def _create_table(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    connection.register("incoming", table)
    connection.execute(f"CREATE TABLE {name} AS FROM incoming").fetchall()
    connection.unregister("incoming")


@lru_cache(maxsize=2)
def _build_calendar(first: int, last: int) -> pa.Table:
    """One row a day of [first, last): day_no, and year, month and day in each calendar (hijri_* NULL where
    it isn't known)."""
    days = np.arange(first, last, dtype=np.int32)
    columns = {"day_no": pa.array(days)}
    calendars: tuple[CalendarName, ...] = ("gregorian", "jalali", "hijri")
    for calendar in calendars:
        known = (days >= _HIJRI[0]) & (days < _HIJRI[1]) if calendar == "hijri" else np.ones(len(days), bool)
        for part, values in zip(("year", "month", "day"), split_days(days[known], calendar), strict=True):
            filled = np.zeros(len(days), dtype=np.int32)
            filled[known] = values
            columns[f"{calendar}_{part}"] = pa.array(filled, mask=~known)
    return pa.table(columns)
