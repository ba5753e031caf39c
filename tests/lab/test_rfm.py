"""RFM scores are fifths, equal values are scored alike, and every customer has one group."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.rfm import (
    RFM_GROUPS,
    RfmHistograms,
    build_limits,
    find_groups,
    naive_group,
    naive_score,
    score,
)

VALUES = st.lists(st.integers(-3, 12) | st.integers(-(10**9), 10**9), min_size=1, max_size=25)
PEOPLE = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 5), st.integers(0, 900)), max_size=20)


def columns(people: list[tuple[int, int, int]]) -> RfmHistograms:
    return RfmHistograms.of(*(np.array([row[at] for row in people], dtype=np.int64) for at in range(3)))


@given(VALUES)
def test_scores_are_what_the_rule_says(values: list[int]) -> None:
    limits = build_limits(RfmHistograms.of(values, values, values))
    told = score(values, limits.money).tolist()
    assert told == [naive_score(value, values) for value in values]
    by_value = dict(zip(values, told, strict=True))
    assert [by_value[value] for value in values] == told
    assert [by_value[value] for value in sorted(by_value)] == sorted(by_value.values())


def test_five_unlike_customers_fill_the_five_scores() -> None:
    values = [50, 10, 40, 20, 30]
    limits = build_limits(RfmHistograms.of(values, values, values))
    assert limits.recency == (10, 20, 30, 40)
    assert score(values, limits.recency).tolist() == [5, 1, 4, 2, 3]


def test_where_most_bought_once_they_share_the_lowest_score() -> None:
    values = [1] * 7 + [2, 3, 4]
    limits = build_limits(RfmHistograms.of(values, values, values))
    assert score(values, limits.frequency).tolist() == [1] * 7 + [4, 5, 5]


@given(PEOPLE, PEOPLE)
def test_limits_of_customers_apart_are_those_of_all(
    one: list[tuple[int, int, int]], other: list[tuple[int, int, int]]
) -> None:
    assert build_limits(columns(one) + columns(other)) == build_limits(columns(one + other))


def test_of_nobody_there_are_no_limits() -> None:
    assert build_limits(RfmHistograms()).recency == ()


def test_every_square_has_its_group() -> None:
    squares = np.array(list(product(range(1, 6), repeat=3)), dtype=np.uint8)
    found = find_groups(squares[:, 0], squares[:, 1], squares[:, 2])
    told = [RFM_GROUPS[place] for place in found]
    assert told == [naive_group(*map(int, square)) for square in squares]
    assert set(told) == set(RFM_GROUPS)


@pytest.mark.parametrize(
    ("scores", "group"),
    [
        ((5, 5, 5), "champions"),
        ((5, 1, 1), "new"),
        ((4, 1, 1), "promising"),
        ((1, 5, 5), "cant_lose"),
        ((1, 1, 2), "lost"),
        ((2, 2, 1), "hibernating"),
        ((3, 5, 2), "loyal"),
        ((3, 3, 3), "needs_attention"),
        ((4, 3, 2), "potential_loyalists"),
        ((3, 1, 1), "about_to_sleep"),
        ((2, 3, 3), "at_risk"),
    ],
)
def test_where_the_groups_lie(scores: tuple[int, int, int], group: str) -> None:
    recency, frequency, money = (np.array([one], dtype=np.uint8) for one in scores)
    assert RFM_GROUPS[find_groups(recency, frequency, money)[0]] == group
