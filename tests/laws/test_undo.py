"""Undoing is exact: the last import undone leaves the records as they were; all of them, in any order, nothing."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.laws.shop import Shop
from tests.laws.test_machine import LINES, PEOPLE, RETURNS, SUBSCRIPTIONS, list_rows
from tests.laws.worlds import open_shop
from vafa.data.customers.models import ContactPoint, Customer, CustomerKey
from vafa.data.intake.actions import undo_import
from vafa.data.intake.models import Import
from vafa.data.log.models import Feed
from vafa.data.orders.models import OrderLine, ReturnLine
from vafa.data.subscriptions.models import Subscription

FILES = st.one_of(
    st.tuples(st.just("orders"), list_rows(LINES, 5)),
    st.tuples(st.just("orders"), list_rows(LINES, 5)),
    st.tuples(st.just("returns"), list_rows(RETURNS, 3)),
    st.tuples(st.just("subscriptions"), list_rows(SUBSCRIPTIONS, 4)),
    st.tuples(st.just("customers"), list_rows(PEOPLE, 4)),
)
EVERYDAY = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),
)

HIDDEN = {"id", "seq", "import_id", "customer_id"}


def tell_records() -> dict[str, Any]:
    """All that the sources told, without numbers of our own."""
    told: dict[str, Any] = {}
    keys = {row.customer_id: f"{row.source_id} {row.key}" for row in CustomerKey.objects.all()}
    for model in (OrderLine, ReturnLine, Subscription):
        told[model.__name__] = sorted(
            str(
                [
                    keys.get(row["customer_id"]),
                    *((name, value) for name, value in row.items() if name not in HIDDEN),
                ]
            )
            for row in model.objects.values()
        )
    told["customers"] = {
        keys[row["id"]]: {name: value for name, value in row.items() if name not in HIDDEN}
        for row in Customer.objects.values()
    }
    told["points"] = sorted(
        f"{keys[row.customer_id]} {row.kind} {row.value}" for row in ContactPoint.objects.all()
    )
    told["feeds"] = sorted(map(str, Feed.objects.values_list("source_id", "kind", "complete_through")))
    return told


def undo(shop: Shop, number: int) -> None:
    undo_import(Import.objects.get(pk=number), by=None, clock=lambda: shop.now)
    connection.check_constraints()


def check_last(files, last):
    with tempfile.TemporaryDirectory() as folder, open_shop(Path(folder)) as shop:
        for kind, rows in files:
            shop.bring(kind, rows)
        before = tell_records()
        shop.bring(*last)
        undo(shop, Import.objects.latest("pk").pk)
        after = tell_records()
        after["feeds"] = [feed for feed in after["feeds"] if feed in before["feeds"]]
        assert after == before


def check_all(files, data):
    with tempfile.TemporaryDirectory() as folder, open_shop(Path(folder)) as shop:
        for kind, rows in files:
            shop.bring(kind, rows)
        for number in data.draw(st.permutations(sorted(Import.objects.values_list("pk", flat=True)))):
            undo(shop, number)
        left = tell_records()
        assert not any(
            left[name] for name in ("OrderLine", "ReturnLine", "Subscription", "customers", "points")
        ), left


def run_last(how: settings) -> None:
    how(given(files=st.lists(FILES, max_size=4), last=FILES)(check_last))()


def run_all(how: settings) -> None:
    how(given(files=st.lists(FILES, min_size=1, max_size=5), data=st.data())(check_all))()


def test_the_last_import_undone_leaves_the_records_as_they_were(db):
    run_last(EVERYDAY)


def test_all_imports_undone_in_any_order_leave_nothing(db):
    run_all(EVERYDAY)


@pytest.mark.slow
def test_undoing_thoroughly(db):
    thorough = settings(EVERYDAY, max_examples=80, derandomize=False)
    run_last(thorough)
    run_all(thorough)
