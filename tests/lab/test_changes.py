"""The parts of a difference add up to it, whatever they are."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.changes import Step, add_up, build_step, naive_add_up

VALUES = st.floats(-1e6, 1e6)
CHANGES = st.lists(st.sampled_from(["import 1", "import 2", "merge", "erasure", "settings"]), unique=True)


@st.composite
def chains(draw: st.DrawFn) -> list[Step[str]]:
    values = draw(st.lists(VALUES, min_size=2, max_size=6))
    steps = []
    for before, after in pairwise(values):
        changes = draw(CHANGES)
        without = draw(st.dictionaries(st.sampled_from(changes or ["none"]), st.none() | VALUES))
        steps.append(build_step(before, after, changes, without))
    return steps


@given(chains())
def test_the_parts_and_what_remains_make_the_difference(steps):
    assert add_up(steps) == pytest.approx(naive_add_up(steps), abs=1e-3)
    for step in steps:
        assert step.difference == pytest.approx(sum(step.alone.values()) + step.together, abs=1e-6)


@given(VALUES, VALUES, st.none() | VALUES)
def test_a_single_change_did_it_all(before, after, without):
    step = build_step(before, after, ["import 1"], {"import 1": without})
    assert step.alone == {"import 1": after - before}
    assert step.together == 0


def test_changes_that_cannot_be_left_out_are_told_together():
    step = build_step(0.90, 0.95, ["import 1", "merge"], {"import 1": 0.92})
    assert step.alone == {"import 1": pytest.approx(0.03)}
    assert step.together == pytest.approx(0.02)


def test_what_is_unknown_has_no_difference():
    step = build_step(None, 0.9, ["import 1"], {})
    assert (step.difference, step.together, step.alone) == (None, None, {})
    assert add_up([step]) is None
    assert add_up([]) is None
    assert naive_add_up([]) is None
