"""Drift is what its definition says, and small where nothing has changed."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.drift import (
    Reference,
    compare_counts,
    count_groups,
    find_calibration_z,
    find_level,
    find_psi,
    learn_reference,
    naive_psi,
)

GROUPS = st.lists(st.sampled_from("abcd"), max_size=30)
NUMBERS = st.lists(st.one_of(st.just(float("nan")), st.floats(-10, 10)), min_size=1, max_size=40)


@given(GROUPS, GROUPS)
def test_the_index_is_what_its_definition_says(then: list[str], now: list[str]) -> None:
    counts = [[own.count(group) for group in "abcd"] for own in (then, now)]
    slow = naive_psi(then, now)
    told = compare_counts(*counts)
    assert told == (None if slow is None else pytest.approx(slow))
    if told is not None:
        assert told >= 0
        assert told == pytest.approx(compare_counts(counts[1], counts[0]))


@given(NUMBERS, NUMBERS)
def test_every_row_is_in_one_group(then: list[float], now: list[float]) -> None:
    reference = learn_reference("number", then)
    assert sum(reference.counts) == len(then)
    assert count_groups(reference, now).sum() == len(now)
    assert find_psi(reference, then) == pytest.approx(0)
    assert Reference.from_document(json.loads(json.dumps(reference.to_document()))) == reference


def test_new_and_unknown_values_of_a_choice_are_groups_of_their_own() -> None:
    reference = learn_reference("choice", ["a", "b", "a", ""])
    assert reference.counts == (2, 1, 0, 1)
    assert count_groups(reference, ["a", "never seen", "", ""]).tolist() == [1, 0, 1, 2]


def test_no_change_is_steady_and_a_shift_an_alarm() -> None:
    random = np.random.default_rng(1)
    reference = learn_reference("number", random.normal(0, 1, 5_000))
    assert find_level(find_psi(reference, random.normal(0, 1, 5_000))) == "steady"
    assert find_level(find_psi(reference, random.normal(0.4, 1, 5_000))) == "look"
    assert find_level(find_psi(reference, random.normal(1, 1, 5_000))) == "alarm"
    assert find_psi(reference, []) is None
    assert find_level(None) == "steady"


def test_golden_two_groups() -> None:
    """Half and half became 60 to 40: 0.1 ln 1.2 - 0.1 ln 0.8 = 0.04055, but for the grace."""
    assert compare_counts([50_000, 50_000], [60_000, 40_000]) == pytest.approx(0.04055, abs=1e-4)


def test_right_chances_are_near_0_deviations_and_low_ones_far_above() -> None:
    random = np.random.default_rng(2)
    chances = random.random(4_000) * 0.5
    labels = random.random(4_000) < chances
    near = find_calibration_z(chances, labels)
    far = find_calibration_z(chances * 0.8, labels)
    assert near is not None
    assert far is not None
    assert abs(near) < 3 < far
    assert find_calibration_z([0.0, 1.0], [False, True]) is None
    assert find_calibration_z([0.5] * 100, [True] * 60 + [False] * 40) == pytest.approx(2.0)
