"""What those who left have in common: planted groups are found and hold, noise is not told, and twins agree."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.churn_tables import is_there, read_table
from vafa.lab import subgroups
from vafa.lab.design import Feature
from vafa.lab.subgroups import (
    ALIKE,
    Condition,
    choose_different,
    find_false_shares,
    find_subgroups,
    list_conditions,
    naive_search,
    search,
    split_halves,
)

FEATURES = (
    Feature("plan", "contract", "choice"),
    Feature("age", "tenure", "number"),
    Feature("frozen", "contract", "flag"),
    Feature("noise", "profile", "choice"),
)


def build_world(rows: int, seed: int) -> tuple[dict[str, Any], np.random.Generator]:
    random = np.random.default_rng(seed)
    return {
        "plan": random.choice(["month", "year", ""], rows),
        "age": random.integers(0, 100, rows).astype(float),
        "frozen": random.choice([0.0, 1.0, np.nan], rows),
        "noise": random.choice(list("abcde"), rows),
    }, random


def test_a_planted_group_is_found_and_its_churn_lies_in_the_interval() -> None:
    columns, random = build_world(6000, 1)
    planted = (columns["plan"] == "month") & (columns["age"] <= 24)
    left = random.random(6000) < np.where(planted, 0.6, 0.15)
    first, *others = find_subgroups(FEATURES, columns, np.arange(6000), left)
    assert {condition.feature for condition in first.conditions} == {"plan", "age"}
    assert Condition("plan", "is", "month") in first.conditions
    inside, rest = first.confirmed.members, first.confirmed.rest
    assert inside.low is not None
    assert inside.high is not None
    assert inside.low <= 0.6 <= inside.high
    assert inside.numerator + rest.numerator == left[~split_halves(np.arange(6000), 0)].sum()
    assert (first.members & planted).sum() > 0.9 * planted.sum()
    for other in others:
        both, either = (first.members & other.members).sum(), (first.members | other.members).sum()
        assert both / either < ALIKE


def test_in_noise_nothing_is_found() -> None:
    columns, random = build_world(3000, 2)
    left = (columns["plan"] == "month") & (random.random(3000) < 0.5)
    found = [
        len(find_subgroups(FEATURES, columns, np.arange(3000), random.permutation(left), seed=run))
        for run in range(20)
    ]
    assert sum(count > 0 for count in found) <= 1
    assert find_subgroups(FEATURES, columns, np.arange(3000), left)


def test_nothing_is_told_of_nobody_and_of_those_who_are_all_alike() -> None:
    columns, _random = build_world(300, 3)
    assert find_subgroups(FEATURES, columns, np.arange(300), np.zeros(300, bool)) == ()
    assert find_subgroups((), {}, np.arange(300), np.ones(300, bool)) == ()
    none = {name: values[:0] for name, values in columns.items()}
    assert find_subgroups(FEATURES, none, [], []) == ()
    everyone: tuple[subgroups.Subgroup, ...] = find_subgroups(
        FEATURES, columns, np.arange(300), np.ones(300, bool)
    )
    assert everyone == ()


def test_the_half_follows_from_the_customer_alone() -> None:
    ids = np.arange(10_000)
    half = split_halves(ids, 7)
    assert 4_800 < half.sum() < 5_200
    assert (split_halves(ids[::-3], 7) == half[::-3]).all()
    assert (split_halves(ids, 8) != half).any()


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.integers(60, 140))
def test_the_search_finds_what_counting_sets_finds(seed: int, rows: int) -> None:
    columns, random = build_world(rows, seed)
    left = random.random(rows) < 0.4
    conditions, marks = list_conditions(FEATURES[:3], columns)
    names = [condition.feature for condition in conditions]
    members = [set(np.flatnonzero(mark).tolist()) for mark in marks]
    told = naive_search(members, set(np.flatnonzero(left).tolist()), rows, names)
    assert search(marks, left, names) == told
    kept = choose_different(told, marks)
    for place, key in enumerate(kept):
        own = set.intersection(*(members[at] for at in key))
        for other in kept[:place]:
            them = set.intersection(*(members[at] for at in other))
            assert len(own & them) < ALIKE * len(own | them)


def test_conditions_say_what_their_rows_meet() -> None:
    columns, _random = build_world(500, 4)
    conditions, marks = list_conditions(FEATURES, columns)
    for condition, who in zip(conditions, marks, strict=True):
        values = columns[condition.feature].tolist()
        for value, met in zip(values, who.tolist(), strict=True):
            is_known = value != "" and value == value
            assert (
                met
                == {
                    "unknown": not is_known,
                    "is": value == condition.value,
                    "yes": value == 1.0,
                    "no": value == 0.0,
                    "at_most": is_known and condition.test == "at_most" and value <= condition.value,
                    "more_than": is_known and condition.test == "more_than" and value > condition.value,
                }[condition.test]
            )


def test_false_discoveries_as_published() -> None:
    """The example of Benjamini and Hochberg (1995, section 3.2): at 5% the four smallest of fifteen are told."""
    published = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
        0.7590, 1.0000,
    ]  # fmt: skip
    shares = find_false_shares(published)
    assert [share <= 0.05 for share in shares] == [True] * 4 + [False] * 11
    assert shares[0] == pytest.approx(0.0015)
    assert find_false_shares(published[::-1]) == shares[::-1]


def test_telco_customers_who_left_had_short_fibre_contracts_by_the_month() -> None:
    if not is_there("telco"):
        pytest.skip("the development data are not on this machine")
    table = read_table("telco")
    found = find_subgroups(table.features, table.columns, np.arange(len(table.left)), table.left)
    assert 4 <= len(found) <= subgroups.MOST_TESTED
    first = found[0]
    told = {condition.feature.lower(): condition for condition in first.conditions}
    assert told["contract"].value == "Month-to-month"
    assert table.left.mean() == pytest.approx(0.26537, abs=1e-5)
    assert 0.55 < first.confirmed.members.value < 0.72
    assert first.confirmed.members.low > 2 * table.left.mean()
