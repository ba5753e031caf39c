"""Recording facts by their source's key: new rows go in, changed rows are corrected, the same rows are left alone.

Rows are tuples (key, *values) in database form: a moment is "YYYY-MM-DD HH:MM:SS" in UTC, a day "YYYY-MM-DD",
an amount an integer of ten-thousandths, a document its JSON text, a flag True or False.
"""

import json
from typing import Any

from django.db import connection

from vafa.data.log.actions import add_removals, take_numbers
from vafa.data.log.types import FactTable, Recorded
from vafa.kit.bulk import insert_rows, is_postgres, select_where_in, update_rows

FactRow = tuple[Any, ...]


def record_facts(
    table: FactTable, rows: list[FactRow], *, source_id: int, import_id: int | None, fresh: bool
) -> Recorded:
    """Record rows of one source. Call it in a transaction. `fresh` says that the source has no row in the table yet."""
    if not rows:
        return Recorded()
    existing = {} if fresh else find_facts(table, source_id, [row[0] for row in rows])
    if not existing:
        _insert(table, rows, source_id, import_id)
        return Recorded(new=len(rows))
    result = Recorded()
    new: list[FactRow] = []
    changed: list[tuple[Any, ...]] = []
    for row in rows:
        found = existing.get(row[0])
        if found is None:
            new.append(row)
            continue
        row_id, last_import, values = found
        told = _comparable(table, row[1:])
        if values == told:
            result.same += 1
            if import_id is not None and last_import == import_id:
                result.own.append(row_id)
            continue
        result.changed += 1
        if import_id is not None and last_import == import_id:
            # This import wrote the row itself: what it was before that is known already, or it was not there.
            changed.append((*row[1:], import_id, row_id))
            continue
        before = dict(zip(table.columns, values, strict=True)) | {"import_id": last_import}
        result.before.append((row_id, before))
        changed.append((*row[1:], import_id, row_id))
    _insert(table, new, source_id, import_id)
    result.new = len(new)
    rewrite_facts(table, changed)
    return result


def find_facts(
    table: FactTable, source_id: int, keys: list[str]
) -> dict[str, tuple[int, int | None, tuple[Any, ...]]]:
    """The stored rows of these keys: key -> (id, import that last wrote it, values in comparable form)."""
    select = f'SELECT "key", id, import_id, {_select_list(table)} FROM "{table.table}"'
    rows = select_where_in(select, '"key"', keys, "source_id = %s", [source_id])
    return {row[0]: (row[1], row[2], _comparable(table, row[3:])) for row in rows}


def find_facts_by_id(table: FactTable, ids: list[int]) -> dict[int, tuple[int | None, tuple[Any, ...]]]:
    """The stored rows of these ids: id -> (import that last wrote it, values in comparable form)."""
    select = f'SELECT id, import_id, {_select_list(table)} FROM "{table.table}"'
    rows = select_where_in(select, "id", ids)
    return {row[0]: (row[1], _comparable(table, row[2:])) for row in rows}


def has_facts(table: FactTable, source_id: int) -> bool:
    """Whether a source has any row in the table."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT 1 FROM "{table.table}" WHERE source_id = %s LIMIT 1', [source_id])
        return cursor.fetchone() is not None


def rewrite_facts(table: FactTable, rows: list[tuple[Any, ...]]) -> None:
    """Correct rows (*values, import_id, id), each under a new sequence number."""
    if not rows:
        return
    first = take_numbers(len(rows))
    columns = [*table.columns, "import_id", "seq"]
    update_rows(table.table, columns, [(*row[:-1], first + n, row[-1]) for n, row in enumerate(rows)])


def remove_facts(table: FactTable, ids: list[int]) -> None:
    """Take rows away, and tell the followers."""
    if not ids:
        return
    with connection.cursor() as cursor:
        for start in range(0, len(ids), 1000):
            some = ids[start : start + 1000]
            marks = ", ".join(["%s"] * len(some))
            cursor.execute(f'DELETE FROM "{table.table}" WHERE id IN ({marks})', some)
    add_removals(table.name, ids)


def _insert(table: FactTable, rows: list[FactRow], source_id: int, import_id: int | None) -> None:
    if not rows:
        return
    first = take_numbers(len(rows))
    columns = ("source_id", "key", *table.columns, "import_id", "seq")
    insert_rows(
        table.table, columns, [(source_id, *row, import_id, seq) for seq, row in enumerate(rows, start=first)]
    )


def _select_list(table: FactTable) -> str:
    """The columns, in the forms that `_comparable` expects, whatever the database."""
    return ", ".join(_select_column(table, column) for column in table.columns)


def _select_column(table: FactTable, column: str) -> str:
    if not is_postgres():
        # Cast, or the driver would make dates of the texts again.
        is_text = column in table.moments or column in table.days
        return f'CAST("{column}" AS TEXT)' if is_text else f'"{column}"'
    if column in table.moments:
        return f"to_char(\"{column}\" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')"
    if column in table.days or column in table.documents:
        return f'"{column}"::text'
    return f'"{column}"'


def _comparable(table: FactTable, values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Values that are equal exactly when they mean the same."""
    return tuple(
        _settle(table, column, value) if value is not None else None
        for column, value in zip(table.columns, values, strict=True)
    )


def _settle(table: FactTable, column: str, value: Any) -> Any:
    if column in table.flags:
        return bool(value)
    if column in table.documents:
        return json.dumps(json.loads(value), sort_keys=True, ensure_ascii=False)
    if column in table.moments:
        return str(value)[:19]
    return value
