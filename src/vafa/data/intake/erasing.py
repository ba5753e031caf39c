"""Erasing a person: their own rows go; their sales and returns stay as those of nobody, so that money still adds up,
and so do their scores and the times of their tickets, without a word of what they wrote.

An order stays one order, and a cancelled one stays cancelled: its lines and returns keep together under a number
that says nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from vafa.data.customers.queries import find_customer, list_merged_into
from vafa.data.intake.alone import working_alone
from vafa.data.intake.file_erasing import scrub_files
from vafa.data.intake.models import BeforeImage
from vafa.data.intake.undo import PERSONAL_TABLES
from vafa.data.log.actions import take_numbers
from vafa.data.log.recording import remove_facts
from vafa.data.log.types import FactTable
from vafa.kit.audit import record
from vafa.kit.bulk import select_where_in, update_rows
from vafa.kit.erasing import Collected, Erased, Holder, collect_rows, erase_person

# The table of a kind of fact -> its model.
_MODELS = {
    model._meta.db_table: model
    for model in apps.get_models()
    if model._meta.db_table in {table.table for table in PERSONAL_TABLES.values()}
}
_STAYS = ("orders", "returns")
# What stays of these is a number or a time: whatever was written goes, and whom it names.
_BLANKED: dict[str, dict[str, Any]] = {
    "surveys": {"customer_id": None, "comment": "", "custom": None},
    "tickets": {"customer_id": None, "subject": "", "custom": None},
}
# Row -> (source, the number of its order)
_Orders = dict[int, tuple[int, str]]


@transaction.atomic
def erase_customer(customer_id: int, *, by: Any, now: datetime) -> dict[str, int]:
    """Erase a customer and those merged into it, in every room.

    Returns {"sales": lines of orders and returns made anonymous, "voice": answers and tickets made anonymous,
    "facts": other facts removed}.
    """
    erased = erase_person([customer_id, *list_merged_into(customer_id)])
    counts = {kind: erased.kept.get(kind, 0) for kind in ("sales", "voice")}
    counts["facts"] = erased.removed.get("facts", 0)
    record("customer.erased", by=by, now=now, subject=str(customer_id), counts=counts)
    return counts


def erase_facts(customer_ids: Sequence[int]) -> Erased:
    """Take people off the facts, and off all that an undo would put back."""
    sales = voice = facts = 0
    for person in customer_ids:
        sales += _make_anonymous(person)
        stays = set(_STAYS)
        if not _is_excluded(person):
            # Of somebody who was left out of all figures nothing has to stay.
            voice += sum(_blank(PERSONAL_TABLES[kind], person, _BLANKED[kind]) for kind in _BLANKED)
            stays |= _BLANKED.keys()
        for kind, table in PERSONAL_TABLES.items():
            if kind in stays:
                continue
            rows = list(_list_orders(table, person, "0", "''"))
            BeforeImage.objects.filter(table=table.name, row__in=rows).delete()
            # Put back by an undo, such a row would be the erased person's again.
            BeforeImage.objects.filter(table=table.name, values__customer_id=person).delete()
            remove_facts(table, rows)
            facts += len(rows)
        BeforeImage.objects.filter(table="customer", row=person).delete()
    return Erased(removed={"facts": facts}, kept={"sales": sales, "voice": voice})


def collect_facts(customer_ids: Sequence[int]) -> Collected:
    """All facts of a person, by kind."""
    return {kind: _collect(table, customer_ids) for kind, table in PERSONAL_TABLES.items()}


def _collect(table: FactTable, customer_ids: Sequence[int]) -> list[dict[str, Any]]:
    columns = [column for column in table.columns if column != "customer_id"]
    return collect_rows(_MODELS[table.table], customer_ids, only=("key", *columns))


def _make_anonymous(person: int) -> int:
    """Take the person off their orders and returns, and off what an undo would put back; how many rows.

    The key goes too: without an order number it was made of whose the row was. Sales of somebody who was left out
    of all figures go on counting for nothing.
    """
    changes: dict[str, dict[str, Any]] = {kind: {"customer_id": None, "custom": None} for kind in _STAYS}
    changes["returns"]["reason"] = ""
    if _is_excluded(person):
        changes["orders"]["counts"] = False
    own = {kind: _list_orders(PERSONAL_TABLES[kind], person) for kind in _STAYS}
    stand_ins: dict[tuple[int, str], str] = {}
    for row, order in own["orders"].items():
        stand_ins.setdefault(order, f"erased:{row}")
    for kind in _STAYS:
        _rewrite(PERSONAL_TABLES[kind], own[kind], stand_ins, changes[kind])
        for image in BeforeImage.objects.filter(table=PERSONAL_TABLES[kind].name, values__customer_id=person):
            image.values |= changes[kind]
            if image.row in own[kind]:
                image.values["order_key"] = stand_ins.get(own[kind][image.row], "")
            image.save(update_fields=["values"])
    _follow_nameless_returns(PERSONAL_TABLES["returns"], stand_ins)
    return sum(map(len, own.values()))


def _is_excluded(person: int) -> bool:
    customer = find_customer(person)
    return customer is not None and customer.excluded


def _blank(table: FactTable, person: int, blanks: dict[str, Any]) -> int:
    """Take the person and their words off the rows of a table, and off what an undo would put back; how many rows."""
    rows = list(_list_orders(table, person, "0", "''"))
    if rows:
        first = take_numbers(len(rows))
        values = [(*blanks.values(), f"erased:{row}", first + n, row) for n, row in enumerate(rows)]
        update_rows(table.table, (*blanks, "key", "seq"), values)
    images = BeforeImage.objects.filter(table=table.name)
    # What is theirs now and had been nobody's holds their words as well.
    for image in [
        *images.filter(values__customer_id=person),
        *images.filter(row__in=rows, values__customer_id=None),
    ]:
        image.values |= blanks
        image.save(update_fields=["values"])
    return len(rows)


def _list_orders(
    table: FactTable, person: int, source: str = "source_id", order: str = "order_key"
) -> _Orders:
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT id, {source}, {order} FROM "{table.table}" WHERE customer_id = %s ORDER BY id', [person]
        )
        return {int(row): (int(source_id), str(key)) for row, source_id, key in cursor.fetchall()}


def _rewrite(
    table: FactTable, rows: _Orders, stand_ins: dict[tuple[int, str], str], changes: dict[str, Any]
) -> None:
    """Rewrite rows as nobody's."""
    if not rows:
        return
    first = take_numbers(len(rows))
    update_rows(
        table.table,
        (*changes, "key", "order_key", "seq"),
        [
            (*changes.values(), f"erased:{row}", stand_ins.get(order, ""), first + n, row)
            for n, (row, order) in enumerate(rows.items())
        ],
    )


def _follow_nameless_returns(table: FactTable, stand_ins: dict[tuple[int, str], str]) -> None:
    """Returns that told the order but not whose it was go on naming it."""
    select = f'SELECT id, source_id, order_key FROM "{table.table}"'
    found = select_where_in(
        select, "order_key", {order for _source, order in stand_ins}, "customer_id IS NULL"
    )
    renamed = {
        int(row): stand_ins[source, order] for row, source, order in found if (source, order) in stand_ins
    }
    if renamed:
        first = take_numbers(len(renamed))
        rows = [(order, first + n, row) for n, (row, order) in enumerate(renamed.items())]
        update_rows(table.table, ("order_key", "seq"), rows)


HOLDER = Holder(
    room="intake",
    models=("intake.Import", "intake.BeforeImage", *(model._meta.label for model in _MODELS.values())),
    names={
        "orders": _("Order lines"),
        "returns": _("Return lines"),
        "subscriptions": _("Subscriptions"),
        "interactions": _("Contacts"),
        "surveys": _("Survey answers"),
        "tickets": _("Tickets"),
        "files": _("Uploaded files and files of rejected rows that were rewritten"),
        "files_elsewhere": _("Files outside of Vafa's folder that still hold rows"),
        "facts": _("Subscriptions, contacts and other facts"),
        "sales": _("Lines of sales and returns, without a customer"),
        "voice": _("Survey scores and ticket times, without a customer or words"),
    },
    collect=collect_facts,
    erase=erase_facts,
    scrub=scrub_files,
    guard=working_alone,
)
