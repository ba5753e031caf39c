"""Kaplan-Meier agrees with its definition, with published figures and with an independent library."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.survival import (
    Lifetimes,
    build_lifetimes,
    build_survival_curve,
    find_median_lifetime,
    naive_greenwood,
    naive_median_lifetime,
    naive_survival,
)

TELCO = Path(__file__).parents[2].parent / "shared" / "data" / "telco_ibm" / "Telco-Customer-Churn.csv"

Lives = list[tuple[int, bool]]
LIVES: st.SearchStrategy[Lives] = st.lists(st.tuples(st.integers(0, 15), st.booleans()), max_size=20)


def build(lives: Lives) -> Lifetimes:
    return build_lifetimes([age for age, _ in lives], [ended for _, ended in lives])


@given(LIVES, st.integers(0, 18))
def test_survival_is_what_its_definition_says(lives: Lives, age: int) -> None:
    told, slow = build_survival_curve(build(lives)).at(age), naive_survival(lives, age)
    if slow is None:
        assert told is None
        return
    assert told is not None
    assert told.value == pytest.approx(float(slow))
    bounds = naive_greenwood(lives, age)
    if bounds is None:
        assert (told.low, told.high) == (None, None)
    else:
        assert (told.low, told.high) == pytest.approx(bounds)
        assert bounds[0] <= told.value <= bounds[1]


@given(LIVES)
def test_the_median_is_the_first_age_that_half_do_not_outlast(lives: Lives) -> None:
    median = find_median_lifetime(build_survival_curve(build(lives)))
    assert median.value == naive_median_lifetime(lives)
    if median.value is not None and median.low is not None:
        assert median.low <= median.value <= (median.high or 99)


@given(LIVES, LIVES)
def test_customers_apart_add_up(one: Lives, other: Lives) -> None:
    assert build(one) + build(other) == build(one + other)
    assert build(one).customers == len(one)


@given(LIVES)
def test_without_censoring_it_is_the_plain_share(lives: Lives) -> None:
    ages = [age for age, _ in lives]
    curve = build_survival_curve(build_lifetimes(ages, [True] * len(ages)))
    for age in range(16):
        told = curve.at(age)
        assert (told is None) == (not ages)
        if told is not None:
            assert told.value == pytest.approx(sum(own > age for own in ages) / len(ages))


def test_nobody_tells_nothing() -> None:
    curve = build_survival_curve(Lifetimes())
    assert curve.at(0) is None
    assert find_median_lifetime(curve).value is None


def test_what_nobody_was_seen_to_reach_is_unknown() -> None:
    curve = build_survival_curve(build([(3, True), (5, False)]))
    known, unknown = curve.at(5), curve.at(6)
    assert known is not None
    assert (known.value, known.at_risk) == (0.5, 2)
    assert unknown is None
    gone = build_survival_curve(build([(3, True)])).at(6)
    assert gone is not None
    assert (gone.value, gone.low, gone.high) == (0.0, None, None)


# Weeks of remission under 6-mercaptopurine (Freireich and others 1963), the field's first example. Values and
# bounds by lifelines 0.30.3 (log(-log) Greenwood), computed once.
REMISSION = (6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35)
RELAPSED = (1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("week", "value", "low", "high"),
    [
        (6, 0.857143, 0.619718, 0.951552),
        (10, 0.752941, 0.503200, 0.889362),
        (22, 0.537815, 0.267779, 0.746791),
        (35, 0.448179, 0.188052, 0.680143),
    ],
)
def test_the_classical_example(week: int, value: float, low: float, high: float) -> None:
    curve = build_survival_curve(build_lifetimes(REMISSION, RELAPSED))
    told = curve.at(week)
    assert told is not None
    assert (told.value, told.low, told.high) == pytest.approx((value, low, high), abs=5e-7)
    median = find_median_lifetime(curve)
    assert (median.value, median.low, median.high) == (23, 13, None)


# Values as published; bounds by lifelines 0.30.3.
PUBLISHED = {
    12: (0.8432, 0.834169, 0.851783),
    24: (0.7887, 0.778313, 0.798735),
    36: (0.7485, 0.737079, 0.759597),
    60: (0.6644, 0.650227, 0.678157),
    72: (0.5928, 0.573063, 0.611936),
}


def test_telco_as_published() -> None:
    if not TELCO.exists():
        pytest.skip(f"the telco data is not at {TELCO}")
    with TELCO.open() as file:
        rows = list(csv.DictReader(file))
    curve = build_survival_curve(
        build_lifetimes([int(row["tenure"]) for row in rows], [row["Churn"] == "Yes" for row in rows])
    )
    for months, (value, low, high) in PUBLISHED.items():
        told = curve.at(months)
        assert told is not None
        assert told.value == pytest.approx(value, abs=5e-5)
        assert (told.low, told.high) == pytest.approx((low, high), abs=5e-7)
    assert find_median_lifetime(curve).value is None
    monthly = [row for row in rows if row["Contract"] == "Month-to-month"]
    median = find_median_lifetime(
        build_survival_curve(
            build_lifetimes(
                [int(row["tenure"]) for row in monthly], [row["Churn"] == "Yes" for row in monthly]
            )
        )
    )
    assert (median.value, median.low, median.high) == (35, 32, 38)
