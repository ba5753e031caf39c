"""The MRR of one subscription: from its price and how often it is paid."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.mrr import MRR_UNIT, UNPRICED, build_all_mrr, naive_mrr, parse_months, scale_exactly
from vafa.lab.spells import OPEN_END

INTERVALS = {
    0: "",
    1: "1 month",
    2: "3 month",
    3: "1 year",
    4: "2 week",
    5: "10 day",
    6: "now and then",
    7: "0 month",
}
ROWS = st.lists(
    st.tuples(
        st.none() | st.integers(-5, 10**15),
        st.integers(0, len(INTERVALS) - 1),
        st.integers(1, 50),
        st.none() | st.integers(0, 800),
    ),
    max_size=20,
)


def build(rows: list[tuple[int | None, int, int, int | None]]) -> list[int]:
    ends = [OPEN_END if length is None else start + length for _, _, start, length in rows]
    found = build_all_mrr(
        np.array([amount or 0 for amount, *_ in rows], dtype=np.int64),
        np.array([code for _, code, *_ in rows], dtype=np.int64),
        INTERVALS,
        np.array([start for _, _, start, _ in rows], dtype=np.int32),
        np.array(ends, dtype=np.int32),
        np.array([amount is not None for amount, *_ in rows], dtype=np.bool_),
    )
    return [int(value) for value in found]


@given(ROWS)
def test_mrr_is_what_the_definition_says(rows: list[tuple[int | None, int, int, int | None]]) -> None:
    for (amount, code, start, length), found in zip(rows, build(rows), strict=True):
        expected = naive_mrr(amount, INTERVALS[code], start, None if length is None else start + length)
        assert (None if found == UNPRICED else found * MRR_UNIT) == expected


@pytest.mark.parametrize(
    ("interval", "price", "month"),
    [
        ("1 month", 90, Fraction(90)),
        ("3 month", 100, Fraction(100, 3)),
        ("6 month", 100, Fraction(100, 6)),
        ("1 year", 100, Fraction(100, 12)),
        ("2 year", 100, Fraction(100, 24)),
        ("18 month", 1, Fraction(1, 18)),
    ],
)
def test_whole_months_are_exact(interval: str, price: int, month: Fraction) -> None:
    assert naive_mrr(price * 10_000, interval, 1, None) == month


def test_days_weeks_and_terms_meet_in_a_month_of_a_twelfth_of_a_year() -> None:
    year = (10_000 * 3_652_500, 0, 1, 1461)
    assert build([year]) == [int(3_652_500 / 48 / MRR_UNIT)]
    # A week's price is paid 365.25 / 7 times a year.
    assert parse_months("1 week") == Fraction(7 * 12 * 100, 36_525)
    assert build([(70_000, 4, 1, None)]) == [round(Fraction(36_525, 2 * 1_200) / MRR_UNIT)]


def test_what_nobody_told_is_unknown_and_what_is_free_is_nothing() -> None:
    assert build([(None, 1, 1, None), (-1, 1, 1, None), (0, 1, 1, None)]) == [UNPRICED, UNPRICED, 0]
    # Without an interval the price is for the term, and an open one has no length; nor has an empty one.
    assert build([(100, 0, 1, None), (100, 6, 1, 0), (100, 7, 1, None)]) == [UNPRICED] * 3


@given(st.lists(st.integers(0, 2**61), max_size=8), st.fractions(0, 10**6, max_denominator=10**9))
def test_scaling_is_exact_however_large(values: list[int], factor: Fraction) -> None:
    if values and max(values) * factor >= 2**62:
        return
    scaled = scale_exactly(np.array(values, dtype=np.int64), factor)
    assert [int(value) for value in scaled] == [
        (value * factor + Fraction(1, 2)).__floor__() for value in values
    ]
