"""Imports may be undone in any order: what was undone first never comes back by a later undo."""

import csv
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from vafa.data.customers.models import Customer
from vafa.data.intake.actions import import_file, undo_import
from vafa.data.intake.models import Import
from vafa.data.intake.types import ImportOptions
from vafa.data.orders.models import OrderLine

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ORDER = {"order": "o1", "customer": "c1", "at": "2024-03-01", "amount": 10}

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(tmp_path, monkeypatch):
    monkeypatch.setenv("VAFA_HOME", str(tmp_path))

    def bring_in(kind: Any, **row: Any) -> Import:
        path = tmp_path / f"{Import.objects.count()}.csv"
        with path.open("w", newline="") as out:
            writer = csv.DictWriter(out, list(row))
            writer.writeheader()
            writer.writerow(row)
        options = ImportOptions(kind=kind, mapping={name: name for name in row})
        import_file(path, options, by=None, clock=lambda: NOW)
        return Import.objects.latest("pk")

    return bring_in


def undo(imported: Import) -> dict[str, Any]:
    return undo_import(imported, by=None, clock=lambda: NOW)


def test_the_older_import_undone_first_does_not_come_back(bring):
    first, second = bring("orders", **ORDER), bring("orders", **ORDER | {"amount": 20})
    assert undo(first)["facts"]["left"]
    assert int(OrderLine.objects.get().amount) == 20
    undo(second)
    assert not OrderLine.objects.exists()
    assert not Customer.objects.exists()


def test_of_three_the_middle_one_undone_first_leaves_the_first(bring):
    first, second, third = (bring("orders", **ORDER | {"amount": amount}) for amount in (10, 20, 30))
    undo(second)
    undo(third)
    assert int(OrderLine.objects.get().amount) == 10
    assert OrderLine.objects.get().import_id == first.pk


def test_a_customer_left_for_facts_that_go_later_goes_with_them(bring):
    person = bring("customers", customer="c1", name="Zahra")
    order = bring("orders", **ORDER)
    undo(person)
    assert Customer.objects.count() == 1
    undo(order)
    assert not Customer.objects.exists()


def test_what_a_customers_file_changed_and_lost_is_not_put_back(bring):
    told = [
        bring("customers", customer="c1", name="Zahra", location=place) for place in ("Rey", "Qom", "Yazd")
    ]
    undo(told[1])
    undo(told[2])
    assert Customer.objects.get().location == "Rey"
    undo(told[0])
    assert not Customer.objects.exists()


def test_whose_order_may_come_back_stays_until_it_is_gone(bring):
    person = bring("customers", customer="c3", name="Sara")
    order, changed = bring("orders", **ORDER | {"customer": "c3"}), bring("orders", **ORDER)
    # The order is another's now, but would be hers again.
    undo(person)
    undo(changed)
    connection.check_constraints()
    assert OrderLine.objects.get().customer.name == "Sara"
    undo(order)
    assert not OrderLine.objects.exists()
    assert not Customer.objects.exists()
