"""Following the changes ends where building anew would, and both say what the rows say."""

import tempfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vafa.warehouse import actions
from vafa.warehouse.actions import refresh
from vafa.warehouse.layout import get_warehouse_folder
from vafa.warehouse.queries import Snapshot, open_snapshot
from vafa.warehouse.tests.steps import DAYS, STEPS, check_against_rows, take_step, tell
from vafa.warehouse.tests.world import NOW, World, undone_afterwards

STEP = st.tuples(
    st.sampled_from(STEPS), st.integers(0, 10_000), st.integers(0, DAYS - 1), st.integers(0, 10_000)
)
ROUNDS = st.lists(st.lists(STEP, max_size=8), min_size=1, max_size=3)


@pytest.mark.django_db
@settings(max_examples=6)
@given(before=st.lists(STEP, min_size=8, max_size=30), rounds=ROUNDS, freeze=st.sampled_from((0, 5, 100_000)))
def test_following_equals_building_anew(before, rounds, freeze):
    """Whether the deltas lie upon each other or not, and whether what a process has loaded is taken over or not."""
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
        assert tell(Snapshot(get_warehouse_folder(), followed.manifest)) == told
        refresh(now=NOW, rebuild=True)
        assert tell(open_snapshot()) == told
