"""Following the changes ends where building anew would, and both say what the rows say."""

import os
import tempfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vafa.warehouse.actions import refresh
from vafa.warehouse.queries import open_snapshot
from vafa.warehouse.tests.steps import DAYS, STEPS, check_against_rows, take_step, tell
from vafa.warehouse.tests.world import NOW, World, undone_afterwards

STEP = st.tuples(
    st.sampled_from(STEPS), st.integers(0, 10_000), st.integers(0, DAYS - 1), st.integers(0, 10_000)
)
ROUNDS = st.lists(st.lists(STEP, max_size=8), min_size=1, max_size=3)


@pytest.mark.django_db
@settings(max_examples=8)
@given(before=st.lists(STEP, min_size=8, max_size=30), rounds=ROUNDS)
def test_following_equals_building_anew(before, rounds):
    with undone_afterwards(), tempfile.TemporaryDirectory() as home:
        os.environ["VAFA_HOME"] = home
        world = World()
        for _ in range(4):
            world.customer()
        for step in before:
            take_step(world, step)
        refresh(now=NOW, rebuild=True)
        check_against_rows(open_snapshot())
        for steps in rounds:
            for step in steps:
                take_step(world, step)
            assert not refresh(now=NOW).rebuilt
            followed = open_snapshot()
            check_against_rows(followed)
        told = tell(followed)
        refresh(now=NOW, rebuild=True)
        assert tell(open_snapshot()) == told
