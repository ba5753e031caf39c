"""Undoing an import: what it brought goes, what it changed is put back, and what has changed since is left alone."""

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from vafa.data.consent.actions import undo_import as undo_consent
from vafa.data.consent.queries import list_spoken_of
from vafa.data.costs.actions import PRICE_MONTHS, SPENDS
from vafa.data.customers.actions import remove_customers, restore_customers
from vafa.data.customers.queries import list_customers_of_import
from vafa.data.intake.models import BeforeImage, Import
from vafa.data.interactions.actions import ANSWERS, INTERACTIONS, TICKETS
from vafa.data.log.recording import remove_facts, rewrite_facts
from vafa.data.log.types import FactTable
from vafa.data.orders.actions import ORDER_LINES, RETURN_LINES
from vafa.data.subscriptions.actions import SUBSCRIPTIONS

PERSONAL_TABLES: dict[str, FactTable] = {
    "orders": ORDER_LINES,
    "returns": RETURN_LINES,
    "subscriptions": SUBSCRIPTIONS,
    "interactions": INTERACTIONS,
    "surveys": ANSWERS,
    "tickets": TICKETS,
}
"""The facts that may belong to a customer."""

FACT_TABLES = {**PERSONAL_TABLES, "spend": SPENDS, "prices": PRICE_MONTHS}
AT_ONCE = 1_000


def undo_facts(imported: Import, progress: Callable[[int], None]) -> dict[str, Any]:
    """Undo the facts of an import, a thousand rows at a time; may be stopped and called again.

    Returns {"removed", "restored", "left": rows that a later import has changed since}.
    """
    table = FACT_TABLES[imported.kind]
    removed = restored = 0
    while ids := _list_rows(imported, table):
        with transaction.atomic():
            images = _find_images(imported, table, ids)
            back = {row: images[row] for row in ids if row in images}
            rewrite_facts(
                table,
                [
                    # An image from before a table had a column knows nothing of it.
                    (*(values.get(column) for column in table.columns), values["import_id"], row)
                    for row, values in back.items()
                ],
            )
            gone = [row for row in ids if row not in back]
            remove_facts(table, gone)
        restored += len(back)
        removed += len(gone)
        progress(removed + restored)
    return {"removed": removed, "restored": restored, "left": list_rows_changed_since(imported, table.name)}


def undo_customers(imported: Import) -> dict[str, Any]:
    """Undo what an import did to customers: those it added go unless other facts speak of them, those it changed are
    put back unless they have changed since."""
    removed = restored = 0
    kept = 0
    images = dict(
        BeforeImage.objects.filter(imported=imported, table="customer").values_list("row", "values")
    )
    with transaction.atomic():
        undo_consent(imported.pk)
        mine = list_customers_of_import(imported.pk)
        back = settle_images(
            "customer", {customer: images[customer] for customer in mine if customer in images}
        )
        restored = restore_customers(back)
        added = [customer for customer in mine if customer not in back]
        # Of those whom an import undone earlier had added, some were left because of facts that have gone now.
        for other in (
            Import.objects.filter(state="undone").exclude(pk=imported.pk).values_list("pk", flat=True)
        ):
            added += list_customers_of_import(other)
        spoken_of = _list_spoken_of(added)
        gone = [customer for customer in added if customer not in spoken_of]
        remove_customers(gone)
        removed, kept = len(gone), len(spoken_of.intersection(mine))
    return {
        "removed": removed,
        "restored": restored,
        "kept": kept,
        "left": list_rows_changed_since(imported, "customer"),
    }


def list_rows_changed_since(imported: Import, table: str) -> list[dict[str, int]]:
    """Rows that this import brought or changed and that a later import has changed since: [{"row", "by"}]."""
    later = BeforeImage.objects.filter(
        table=table, imported_id__gt=imported.pk, values__import_id=imported.pk
    ).exclude(imported__state="undone")
    return [{"row": image.row, "by": image.imported_id} for image in later.order_by("row")[:10_000]]


def _list_rows(imported: Import, table: FactTable) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT id FROM "{table.table}" WHERE seq >= %s AND import_id = %s ORDER BY seq LIMIT %s',
            [imported.first_seq or 0, imported.pk, AT_ONCE],
        )
        return [int(row[0]) for row in cursor.fetchall()]


def _find_images(imported: Import, table: FactTable, ids: list[int]) -> dict[int, dict[str, Any]]:
    images = BeforeImage.objects.filter(imported=imported, table=table.name, row__in=ids)
    return settle_images(table.name, dict(images.values_list("row", "values")))


def settle_images(table: str, images: dict[int, dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """The images to put back: where one shows what an import told that has been undone since, what was before that
    one; a row that such an import had added has none."""
    settled = dict(images)
    while stale := _find_stale(settled):
        older = BeforeImage.objects.filter(
            table=table, row__in=list(stale), imported_id__in=set(stale.values())
        )
        found = {(image.imported_id, image.row): image.values for image in older}
        for row, by in stale.items():
            if (by, row) in found:
                settled[row] = found[by, row]
            else:
                del settled[row]
    return settled


def _find_stale(images: dict[int, dict[str, Any]]) -> dict[int, int]:
    """Row -> the undone import that wrote what its image shows."""
    writers = {values["import_id"] for values in images.values()}
    undone = set(Import.objects.filter(pk__in=writers, state="undone").values_list("pk", flat=True))
    return {row: values["import_id"] for row, values in images.items() if values["import_id"] in undone}


def _list_spoken_of(customers: list[int]) -> set[int]:
    """Those of some customers whom any fact still speaks of, or would again once a later import is undone too."""
    from vafa.kit.bulk import select_where_in

    # Who has died, or does not want to be written to, must still be so when the file comes again.
    spoken_of = list_spoken_of(customers)
    for table in PERSONAL_TABLES.values():
        select = f'SELECT DISTINCT customer_id FROM "{table.table}"'
        spoken_of |= {int(row[0]) for row in select_where_in(select, "customer_id", customers)}
    return spoken_of | (_list_spoken_of_before() & set(customers))


def _list_spoken_of_before() -> set[int]:
    """The customers whom some fact spoke of before an import changed it that may still be undone."""
    images = BeforeImage.objects.exclude(table="customer")
    # Of an import that is just being undone the facts are back already.
    live = images.exclude(imported__state__in=("undoing", "undone")).filter(
        table=OuterRef("table"), row=OuterRef("row")
    )
    owners = images.filter(Exists(live)).values_list("values__customer_id", flat=True).distinct()
    return {int(owner) for owner in owners if owner is not None}
