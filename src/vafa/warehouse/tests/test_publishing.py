"""Readers never see a half, and nothing is left lying about."""

import json
import os
import threading
import time

import pytest

from vafa.lab.rules import ActivityRule
from vafa.warehouse import layout
from vafa.warehouse.actions import refresh
from vafa.warehouse.queries import Query, open_snapshot
from vafa.warehouse.tests.world import NOW, World, build_day

pytestmark = pytest.mark.django_db

RULE = ActivityRule("purchase", 30)


def test_readers_see_one_state_or_the_next_while_refreshing():
    world = World()
    customers = [world.customer() for _ in range(5)]
    for customer in customers:
        world.order(customer, build_day(1))
    refresh(now=NOW)
    stop, wrong, looks = threading.Event(), [], [0]

    def read():
        while not stop.is_set():
            snapshot = open_snapshot()
            rows = snapshot.run(
                Query("SELECT count(*), count(DISTINCT customer_ix) FROM facts WHERE is_purchase")
            )
            active = len(snapshot.active(RULE, build_day(9)))
            looks[0] += 1
            time.sleep(0.01)
            # Each round adds one customer with one order, so all three always agree.
            if rows != [(active, active)] or len(snapshot.everyone()) != active:
                wrong.append((rows, active))

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(12):
        world.order(world.customer(), build_day(number % 8))
        refresh(now=NOW, rebuild=number % 4 == 3)
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert looks[0] > 12
    assert len(open_snapshot().active(RULE, build_day(9))) == 17


def test_what_a_killed_build_left_is_removed_and_old_copies_after_the_grace():
    world = World()
    refresh(now=NOW)
    folder = layout.get_warehouse_folder()
    (folder / "building-base-1").mkdir()
    old, young = folder / "base-1", folder / "delta-2"
    for path in (old, young):
        path.mkdir()
    long_ago = time.time() - layout.GRACE_SECONDS - 5
    os.utime(old, (long_ago, long_ago))
    for _ in range(3):
        world.order(world.customer(), build_day(1))
        refresh(now=NOW)
    names = {path.name for path in folder.iterdir() if path.is_dir()}
    assert "building-base-1" not in names
    assert "base-1" not in names
    assert "delta-2" in names


def test_nothing_changed_publishes_nothing():
    world = World()
    world.order(world.customer(), build_day(1))
    assert refresh(now=NOW).changed == 2
    stamp = (layout.get_warehouse_folder() / layout.MANIFEST).stat().st_mtime_ns
    again = refresh(now=NOW)
    assert (again.changed, again.rebuilt, again.orders, again.customers) == (0, False, 1, 1)
    assert (layout.get_warehouse_folder() / layout.MANIFEST).stat().st_mtime_ns == stamp


@pytest.mark.parametrize(
    "change", [{"engine": "0.1"}, {"fingerprint": "another"}, {"seq": 10**9}, {"format": 0}]
)
def test_a_copy_of_something_else_is_built_anew(change):
    world = World()
    world.order(world.customer(), build_day(1))
    refresh(now=NOW)
    path = layout.get_warehouse_folder() / layout.MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    assert refresh(now=NOW).rebuilt
    assert open_snapshot().run(Query("SELECT count(*) FROM facts")) == [(1,)]


def test_a_manifest_that_is_no_json_is_an_empty_warehouse_until_the_next_refresh():
    world = World()
    world.order(world.customer(), build_day(1))
    refresh(now=NOW)
    (layout.get_warehouse_folder() / layout.MANIFEST).write_text("{")
    assert not open_snapshot().has_orders
    assert refresh(now=NOW).rebuilt
    assert open_snapshot().has_orders


def test_a_large_delta_is_folded_into_a_new_base(monkeypatch):
    monkeypatch.setattr("vafa.warehouse.actions.LEAST_FOLD_ROWS", 3)
    world = World()
    customer = world.customer()
    for number in range(10):
        world.order(customer, build_day(number))
    assert refresh(now=NOW).rebuilt
    world.order(customer, build_day(3))
    assert not refresh(now=NOW).rebuilt
    # Nobody touched the ten lines, but all of them are hidden now.
    world.correct(customer, excluded=True)
    assert refresh(now=NOW).rebuilt
    assert open_snapshot().run(Query("SELECT count(*) FROM facts")) == [(0,)]
