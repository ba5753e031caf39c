"""Histograms say what a list of the numbers says, and two of them add up."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.histograms import (
    Histogram,
    build_counted,
    build_histogram,
    naive_histogram,
    naive_median,
    naive_quantile,
)

NUMBERS = st.lists(st.integers(-9, 30) | st.sampled_from([10**12, -(10**12)]), max_size=25)


@given(NUMBERS)
def test_a_histogram_is_what_counting_one_by_one_finds(numbers: list[int]) -> None:
    found = build_histogram(numbers)
    assert found.to_dict() == naive_histogram(numbers)
    assert (found.n, found.total) == (len(numbers), sum(numbers))
    assert found == Histogram.from_counts(naive_histogram(numbers))


@given(NUMBERS)
def test_the_median_is_the_middle_of_the_list(numbers: list[int]) -> None:
    assert build_histogram(numbers).median == naive_median(numbers)


@given(NUMBERS, st.integers(1, 100))
def test_a_quantile_is_a_number_that_was_met(numbers: list[int], percent: int) -> None:
    found = build_histogram(numbers).find_quantile(percent / 100)
    assert found == naive_quantile(numbers, percent / 100)
    assert found is None if not numbers else found in numbers


@given(NUMBERS, NUMBERS, NUMBERS)
def test_histograms_add_up(first: list[int], second: list[int], third: list[int]) -> None:
    parts = [build_histogram(part) for part in (first, second, third)]
    whole = build_histogram(first + second + third)
    assert parts[0] + parts[1] + parts[2] == whole == parts[2] + (parts[0] + parts[1])


def test_counts_are_given_and_nothing_is_left_of_zeros() -> None:
    assert build_histogram([3, 1, 3], [2, 0, 5]).to_dict() == {3: 7}
    assert Histogram.from_counts({5: 0, 2: 1}).to_dict() == {2: 1}


def test_counts_of_consecutive_numbers() -> None:
    assert build_counted([0, 2, 0, 1], least=5).to_dict() == {6: 2, 8: 1}


def test_of_nothing_there_is_no_middle() -> None:
    empty = Histogram()
    assert (empty.n, empty.mean, empty.median, empty.find_quantile(0.9)) == (0, None, None, None)
    assert empty + empty == empty


def test_large_numbers_stay_exact() -> None:
    found = Histogram(np.array([2**40, 2**40 + 1]), np.array([2**30, 2**30]))
    assert found.total == 2**30 * (2**41 + 1)
