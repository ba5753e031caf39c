"""Whose birthday, or day of joining, is one of some days: by an index alone, however many customers there are."""

from collections.abc import Iterable
from datetime import date

from django.db import connection

from vafa.kit.bulk import is_postgres

_INDEXES = {"birthday": "customers_born_on", "joined_on": "customers_joined_on"}
_DAYS_AT_ONCE = 500


def list_born_on(
    days: Iterable[date], *, field: str = "birthday", owner_id: int | None = None
) -> list[tuple[int, date]]:
    """The customers who count, whose birthday (or day of joining: `field` "joined_on") is one of these days, each with
    that day; with `owner_id` only those of that member of staff."""
    if field not in _INDEXES:
        raise ValueError(field)
    wanted = sorted(days)
    # SQLite knows no statistics here, and would go through all who are not merged into somebody.
    hint = "" if is_postgres() else f" INDEXED BY {_INDEXES[field]}"
    own, more = ("", []) if owner_id is None else (" AND owner_id = %s", [owner_id])
    found: list[tuple[int, date]] = []
    with connection.cursor() as cursor:
        for start in range(0, len(wanted), _DAYS_AT_ONCE):
            some = wanted[start : start + _DAYS_AT_ONCE]
            marks = ", ".join(["%s"] * len(some))
            cursor.execute(
                f"SELECT id, {field} FROM customers_customer{hint} WHERE kept_id IS NULL AND NOT excluded"
                f" AND {field} IN ({marks}){own} ORDER BY {field}, id",
                [*(day if is_postgres() else day.isoformat() for day in some), *more],
            )
            # Text in SQLite: each day is read once, as many are born on it.
            known = {day.isoformat(): day for day in some} | {day: day for day in some}
            found += [(int(pk), known[day]) for pk, day in cursor.fetchall()]
    return found
