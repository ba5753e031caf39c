"""Columns of a regression: splines as defined, rare and unknown values, nothing learned from later rows."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vafa.lab.design import Design, Feature, _build_spline, learn_design, naive_spline
from vafa.lab.errors import FeatureMissing

AGE = Feature("age", "tenure", "number")
PLAN = Feature("plan", "contract", "choice")
FROZEN = Feature("frozen", "contract", "flag")
NAN = float("nan")


@settings(max_examples=40)
@given(
    st.lists(st.integers(-20, 20), min_size=2, max_size=7, unique=True).map(sorted),
    st.lists(st.floats(-30, 30), min_size=1, max_size=5),
)
def test_a_spline_is_what_its_recursion_says(knots: list[int], numbers: list[float]) -> None:
    at = tuple(float(knot) for knot in knots)
    # On the knots themselves too, and at the ends.
    asked = [*numbers, *at]
    told = _build_spline(np.asarray(asked), at)
    for number, row in zip(asked, told.tolist(), strict=True):
        assert row == pytest.approx(naive_spline(number, at), abs=1e-12)
        assert -1e-12 <= sum(row) <= 1 + 1e-12


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.just(NAN), st.floats(-1e6, 1e6)),
            st.sampled_from(["", "a", "b", "c"]),
            st.sampled_from([0.0, 1.0, NAN]),
        ),
        min_size=1,
        max_size=60,
    )
)
def test_the_average_training_row_is_zero_in_every_column(rows: list[tuple[float, str, float]]) -> None:
    columns = {
        name: np.asarray(own)
        for name, own in zip(("age", "plan", "frozen"), zip(*rows, strict=True), strict=True)
    }
    design = learn_design((AGE, PLAN, FROZEN), columns)
    matrix = design.build_matrix(columns)
    assert matrix.shape == (len(rows), design.width)
    assert np.isfinite(matrix).all()
    assert matrix.mean(axis=0) == pytest.approx(np.zeros(design.width), abs=1e-9)
    spans = list(design.spans.values())
    assert [own.stop for own in spans[:-1]] == [own.start for own in spans[1:]]
    assert (spans[0].start, spans[-1].stop) == (0, design.width)


@settings(max_examples=20)
@given(st.integers(1, 30), st.integers(0, 100))
def test_rows_outside_of_training_change_nothing(others: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    columns = {"age": random.normal(0, 1, 40), "plan": random.choice(["", "a", "b"], 40)}
    more = {
        "age": np.concatenate((columns["age"], random.normal(90, 1, others))),
        "plan": np.concatenate((columns["plan"], np.full(others, "new"))),
    }
    assert learn_design((AGE, PLAN), more, np.arange(40)) == learn_design((AGE, PLAN), columns)
    mask = np.arange(40 + others) < 40
    assert learn_design((AGE, PLAN), more, mask) == learn_design((AGE, PLAN), columns)


def test_beyond_what_was_seen_a_number_counts_as_the_nearest_seen() -> None:
    design = learn_design((AGE,), {"age": np.arange(100.0)})
    near, far = (
        design.build_matrix({"age": np.asarray([0.0, 99.0])}),
        design.build_matrix({"age": np.asarray([-1e9, 1e9])}),
    )
    assert (near == far).all()


def test_rare_values_share_a_column_and_a_new_value_joins_them() -> None:
    plans = np.asarray(["gold"] * 50 + ["silver"] * 30 + ["odd"] * 3 + ["odder"] * 2)
    design = learn_design((PLAN,), {"plan": plans})
    assert design.parts[0].levels == ("gold", "silver")
    assert design.width == 3
    odd, odder, new = design.build_matrix({"plan": np.asarray(["odd", "odder", "never seen"])})
    assert (odd == odder).all()
    assert (odd == new).all()


def test_a_value_never_seen_tells_nothing_where_there_were_no_rare_ones() -> None:
    design = learn_design((PLAN,), {"plan": np.asarray(["gold", "silver"] * 20)})
    assert not design.build_matrix({"plan": np.asarray(["never seen", ""])}).any()


def test_the_unknown_is_marked_and_is_no_number() -> None:
    ages = np.asarray([NAN] * 10 + list(range(30)), dtype=np.float64)
    design = learn_design((AGE,), {"age": ages})
    unknown, known = design.build_matrix({"age": np.asarray([NAN, 12.0])})
    assert not unknown[:-1].any()
    assert unknown[-1] == pytest.approx(0.75)
    assert known[-1] == pytest.approx(-0.25)
    # Where all were known, an unknown one is as the average.
    without = learn_design((AGE,), {"age": ages[10:]})
    assert not without.build_matrix({"age": np.asarray([NAN])}).any()


def test_what_never_varies_has_no_columns() -> None:
    columns = {"age": np.full(20, 7.0), "plan": np.full(20, "gold"), "frozen": np.full(20, NAN)}
    design = learn_design((AGE, PLAN, FROZEN), columns)
    assert design.build_matrix(columns).shape == (20, 0)
    assert set(design.spans) == {"age", "plan", "frozen"}


def test_counts_that_are_mostly_zero_bend_all_the_same() -> None:
    calls = np.asarray([0.0] * 900 + [1.0] * 50 + [2.0] * 30 + [3.0] * 10 + [4.0] * 6 + [9.0] * 4)
    knots = learn_design((AGE,), {"age": calls}).parts[0].knots
    assert len(knots) >= 4
    assert (knots[0], knots[-1]) == (0, 9)


def test_a_design_survives_json() -> None:
    columns = {"age": np.asarray([NAN, 1, 2, 3, 4, 5, 6.5] * 4), "plan": np.asarray(["", "a"] * 14)}
    design = learn_design((AGE, PLAN), columns)
    back = Design.from_document(json.loads(json.dumps(design.to_document())))
    assert back == design
    assert (back.build_matrix(columns) == design.build_matrix(columns)).all()


def test_a_missing_column_is_named() -> None:
    with pytest.raises(FeatureMissing, match="plan"):
        learn_design((AGE, PLAN), {"age": np.arange(3.0)})
