"""Times of service agree with a count by hand; impossible ones are counted and never averaged."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.service import (
    UNKNOWN,
    ServiceTimes,
    build_service_times,
    find_impossible,
    naive_median_hours,
)

MOMENT = st.none() | st.integers(0, 200_000)
TICKETS = st.lists(st.tuples(MOMENT, MOMENT), max_size=25)

Tickets = list[tuple[int | None, int | None]]


def build(tickets: Tickets, waiting: int = 0) -> ServiceTimes:
    begun, ended = ([UNKNOWN if m is None else m for m in column] for column in _columns(tickets))
    return build_service_times(begun, ended, waiting)


def _columns(tickets: Tickets) -> tuple[list[int | None], list[int | None]]:
    return [ticket[0] for ticket in tickets], [ticket[1] for ticket in tickets]


@given(TICKETS)
def test_the_median_is_what_going_through_the_tickets_finds(tickets: Tickets) -> None:
    found = build(tickets)
    assert found.median_hours == pytest.approx(naive_median_hours(tickets))
    assert found.n + found.impossible + found.untimed == len(tickets)


@given(TICKETS, TICKETS)
def test_tickets_apart_add_up(first: Tickets, second: Tickets) -> None:
    assert build(first, 2) + build(second, 3) == build(first + second, 5)


def test_an_answer_before_the_question_is_listed_and_not_averaged() -> None:
    tickets: Tickets = [(0, 3600), (0, 10_800), (7200, 3600), (None, 3600), (0, 36_000)]
    found = build(tickets)
    assert (found.n, found.impossible, found.untimed) == (3, 1, 1)
    assert (found.median_hours, found.slow_hours) == (3.0, 10.0)
    assert found.mean_hours == pytest.approx(14 / 3)


def test_an_answer_at_the_very_second_is_possible() -> None:
    found = build([(60, 60)])
    assert (found.impossible, found.median_hours) == (0, 0.0)


def test_what_is_impossible_is_named_row_by_row() -> None:
    begun, ended = np.array([5, 5, UNKNOWN, 5]), np.array([4, 6, 3, UNKNOWN])
    assert find_impossible(begun, ended).tolist() == [True, False, False, False]


def test_without_tickets_nothing_is_known() -> None:
    assert build([]) == ServiceTimes()
    assert ServiceTimes().median_hours is ServiceTimes().mean_hours is ServiceTimes().slow_hours is None
    assert naive_median_hours([]) is None
