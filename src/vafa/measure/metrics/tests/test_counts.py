"""Counts are told without making the sets behind the names, and are taken over by later states: they are the same."""

import tempfile
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vafa.lab.rates import count_movement
from vafa.lab.rules import ActivityRule
from vafa.measure.metrics.membership import (
    Scope,
    count_members,
    count_moved,
    get_moved,
    get_movement,
)
from vafa.measure.metrics.queries import get_metric
from vafa.warehouse import actions
from vafa.warehouse.actions import refresh
from vafa.warehouse.layout import get_warehouse_folder
from vafa.warehouse.queries import Snapshot, open_snapshot
from vafa.warehouse.tests.steps import DAYS, STEPS, take_step
from vafa.warehouse.tests.world import NOW, World, build_day, undone_afterwards

STEP = st.tuples(
    st.sampled_from(STEPS), st.integers(0, 10_000), st.integers(0, DAYS - 1), st.integers(0, 10_000)
)
RULES = (ActivityRule("purchase", 4), ActivityRule("purchase", 30), ActivityRule("subscription", 2))
PERIODS = [(2, 3), (4, 9), (5, 16)]
ASKED: dict[str, Any] = {"start": build_day(0), "end": build_day(DAYS + 5), "every": 6}


def check_counts(snapshot: Snapshot) -> None:
    """Every count and size, in all, by group, and of some customers only."""
    some = snapshot.ix_set([pk for pk in snapshot.ids(snapshot.everyone()).tolist() if pk % 2])
    for rule, visible in product(RULES, (None, some)):
        own = "plan" if rule.kind == "subscription" else "location"
        groups = [None, *snapshot.list_groups(own), *snapshot.list_groups("customer_location")]
        for group, (start, end) in product(groups, PERIODS):
            first, last = build_day(start).toordinal(), build_day(end).toordinal()
            scope = Scope(rule, group, visible)
            movement = get_movement(snapshot, scope, first, last)
            counts = count_members(snapshot, scope, first, last, with_ever=True)
            assert counts == count_movement(movement)
            moved = get_moved(snapshot, scope, movement, last)
            told = count_moved(snapshot, scope, first, last, counts.kept)
            assert told == (None if moved is None else len(moved))


def tell(snapshot: Snapshot) -> list[object]:
    return [
        get_metric(name, rule=rule, by=by, snapshot=snapshot, **ASKED).rows
        for name, rule in product(("crr", "customers_new"), ("purchase:4d", "purchase:30d"))
        for by in (None, *(name for name in ("location", "product") if name in snapshot.list_dimensions()))
    ]


@pytest.mark.django_db
@settings(max_examples=4)
@given(
    before=st.lists(STEP, min_size=10, max_size=30),
    rounds=st.lists(st.lists(STEP, max_size=6), min_size=1, max_size=3),
    freeze=st.sampled_from((5, 100_000)),
)
def test_counts_are_the_sizes_of_the_sets_in_every_state(before, rounds, freeze):
    with (
        undone_afterwards(),
        tempfile.TemporaryDirectory() as home,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("VAFA_HOME", home)
        patch.setattr(actions, "FREEZE_ROWS", freeze)
        world = World()
        for _ in range(4):
            world.customer()
        for steps in (before, *rounds):
            for step in steps:
                take_step(world, step)
            refresh(now=NOW)
            snapshot = open_snapshot()
            check_counts(snapshot)
            assert tell(snapshot) == tell(Snapshot(get_warehouse_folder(), snapshot.manifest))


@pytest.mark.django_db
def test_counts_before_the_first_change_are_taken_over(home):
    world = World()
    who = world.customer()
    for day in (0, 10, 20, 30):
        world.order(who, build_day(day))
    refresh(now=NOW)
    first, made = open_snapshot(), []

    def ask(snapshot: Snapshot, day: int) -> int:
        def make() -> int:
            made.append(day)
            return day

        return snapshot.cached_until(build_day(day), None, "asked", make)

    assert [ask(first, day) for day in (15, 20, 25)] == [15, 20, 25]
    world.order(world.customer(), build_day(20))
    refresh(now=NOW)
    second = open_snapshot()
    assert [ask(second, day) for day in (15, 20, 25)] == [15, 20, 25]
    assert made == [15, 20, 25, 25]
    world.correct(who, joined_on=build_day(17) - timedelta(days=1))
    refresh(now=NOW)
    assert [ask(open_snapshot(), day) for day in (15, 20, 25)] == [15, 20, 25]
    assert made == [15, 20, 25, 25, 20, 25]


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("VAFA_HOME", str(tmp_path))
    return tmp_path
