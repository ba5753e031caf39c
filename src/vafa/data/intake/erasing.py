"""Erasing a person: their own rows go; their sales stay as sales without a customer, so that money still adds up."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from vafa.data.customers.actions import remove_customers
from vafa.data.customers.queries import list_merged_into
from vafa.data.intake.models import BeforeImage
from vafa.data.intake.undo import FACT_TABLES
from vafa.data.log.actions import take_numbers
from vafa.data.log.recording import remove_facts
from vafa.data.log.types import FactTable
from vafa.kit.audit import record
from vafa.kit.bulk import update_rows


@transaction.atomic
def erase_customer(customer_id: int, *, by: Any, now: datetime) -> dict[str, int]:
    """Erase a customer and those merged into it. Returns {"sales": made anonymous, "facts": removed}."""
    people = [customer_id, *list_merged_into(customer_id)]
    counts = {"sales": 0, "facts": 0}
    for person in people:
        for kind, table in FACT_TABLES.items():
            rows = _list_rows(table, person)
            BeforeImage.objects.filter(table=table.name, row__in=rows).delete()
            if kind == "orders":
                _make_anonymous(rows)
                counts["sales"] += len(rows)
            else:
                remove_facts(table, rows)
                counts["facts"] += len(rows)
        BeforeImage.objects.filter(table="customer", row=person).delete()
    remove_customers(people)
    record("customer.erased", by=by, now=now, subject=str(customer_id), counts=counts)
    return counts


def _list_rows(table: FactTable, customer_id: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT id FROM "{table.table}" WHERE customer_id = %s', [customer_id])
        return [int(row[0]) for row in cursor.fetchall()]


def _make_anonymous(rows: list[int]) -> None:
    """The key goes too: without an order number it was made of whose the row was."""
    if not rows:
        return
    first = take_numbers(len(rows))
    update_rows(
        "orders_orderline",
        ("customer_id", "custom", "key", "order_key", "seq"),
        [(None, None, f"erased:{row}", f"erased:{row}", first + n, row) for n, row in enumerate(rows)],
    )
