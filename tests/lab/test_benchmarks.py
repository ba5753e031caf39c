"""Rates beside claims: told apart only where they can be."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.benchmarks import (
    decide_place,
    do_claims_disagree,
    find_best,
    find_median,
    find_year_before,
    naive_disagree,
)

SHARES = st.floats(0, 1)
RANGES = st.tuples(SHARES, SHARES).map(lambda ends: (min(ends), max(ends)))


@given(st.lists(RANGES, max_size=6))
def test_whether_claims_disagree_is_told_as_by_every_pair(claims):
    assert do_claims_disagree(claims) == naive_disagree(claims)


@given(RANGES, RANGES)
def test_a_rate_is_above_or_below_only_where_nothing_is_in_common(rate, claim):
    place = decide_place(rate, claim)
    assert (place == "within") == (rate[0] <= claim[1] and claim[0] <= rate[1])
    if place == "above":
        assert all(value > claim[1] for value in rate)


@pytest.mark.parametrize(
    ("rate", "claim", "place"),
    [
        ((0.7, 0.7), (0.63, 0.63), "above"),
        ((0.60, 0.66), (0.63, 0.63), "within"),
        ((0.5, 0.6), (0.63, 0.63), "below"),
        ((0.65, 0.68), (0.60, 0.70), "within"),
    ],
)
def test_places(rate, claim, place):
    assert decide_place(rate, claim) == place


@pytest.mark.parametrize(
    ("day", "calendar", "before"),
    [
        (date(2025, 6, 30), "gregorian", date(2024, 6, 30)),
        (date(2024, 2, 29), "gregorian", date(2023, 2, 28)),
        (date(2025, 3, 20), "jalali", date(2024, 3, 19)),  # 30 Esfand 1403; 1402 has 29 days of it
        (date(2025, 11, 24), "jalali", date(2024, 11, 23)),  # 3 Azar
    ],
)
def test_the_same_day_a_year_before(day, calendar, before):
    assert find_year_before(day, calendar) == before


@given(st.dates(date(1930, 1, 1), date(2070, 1, 1)), st.sampled_from(["gregorian", "jalali", "hijri"]))
def test_a_year_before_is_a_year_before(day, calendar):
    assert timedelta(353) <= day - find_year_before(day, calendar) <= timedelta(367)


@given(st.lists(SHARES, min_size=1), st.booleans())
def test_the_best_is_the_latest_of_the_best(values, more):
    place = find_best(values, more_is_better=more)
    assert values[place] == (max(values) if more else min(values))
    assert values[place] not in values[place + 1 :]
    assert min(values) <= find_median(values) <= max(values)
