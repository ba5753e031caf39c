"""Which rows of facts came by which import, for whoever asks what an import did to a figure."""

from typing import Any

from django.db import connection

from vafa.data.intake.models import BeforeImage, Import
from vafa.data.intake.undo import FACT_TABLES

AT_WORK = ("running", "undoing")


def is_import_at_work() -> bool:
    """Whether an import is being brought in or undone at this moment, so that the records are half changed."""
    return Import.objects.filter(state__in=AT_WORK).exists()


def list_rows_added(import_id: int, after: int, until: int) -> dict[str, list[int]]:
    """The rows that an import added (it did not change them) with a sequence in (after, until], by kind of fact."""
    found = {
        kind: _list_rows(table.table, "import_id = %s", [import_id], after, until)
        for kind, table in FACT_TABLES.items()
    }
    for kind, rows in found.items():
        changed = set(
            BeforeImage.objects.filter(imported_id=import_id, table=FACT_TABLES[kind].name).values_list(
                "row", flat=True
            )
        )
        found[kind] = [row for row in rows if row not in changed] if changed else rows
    return found


def list_rows_of_no_import(after: int, until: int) -> dict[str, list[int]]:
    """The rows with a sequence in (after, until] that no import brought, by kind of fact.

    Not those that an erasure made nobody's: they were there before, and still are.
    """
    where = "import_id IS NULL AND key NOT LIKE %s"
    return {
        kind: _list_rows(table.table, where, ["erased:%"], after, until)
        for kind, table in FACT_TABLES.items()
    }


def _list_rows(table: str, where: str, params: list[Any], after: int, until: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT id FROM "{table}" WHERE seq > %s AND seq <= %s AND {where} ORDER BY seq',
            [after, until, *params],
        )
        return [int(row[0]) for row in cursor.fetchall()]
