"""Who leaves early, and whose time for it isn't over yet."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.calendars import CALENDARS, CalendarName
from vafa.lab.early import EarlyChurn, Span, add_span, build_early_churn, measure_span, naive_early_churn

FIRST = date(2023, 11, 20).toordinal()
SPELLS = st.lists(
    st.tuples(st.integers(FIRST, FIRST + 60), st.integers(1, 150)).map(lambda row: (row[0], row[0] + row[1])),
    max_size=12,
)
SPANS = st.builds(Span, months=st.integers(1, 3)) | st.builds(Span, days=st.integers(1, 40))


def build(spells: list[tuple[int, int]], span: Span, calendar: CalendarName, until: int) -> EarlyChurn:
    return build_early_churn(
        [start for start, _ in spells], [end for _, end in spells], span, calendar, until
    )


@given(SPELLS, SPANS, st.sampled_from(CALENDARS), st.integers(FIRST, FIRST + 150))
def test_early_churn_is_what_a_count_by_hand_finds(
    spells: list[tuple[int, int]], span: Span, calendar: CalendarName, until: int
) -> None:
    told = build(spells, span, calendar, until)
    due = add_span([start for start, _ in spells], span, calendar).tolist()
    assert (told.newcomers, told.mature, told.left) == naive_early_churn(spells, due, until)
    assert told.left <= told.mature <= told.newcomers


@given(SPELLS, SPELLS, SPANS)
def test_customers_apart_add_up(one: list[tuple[int, int]], other: list[tuple[int, int]], span: Span) -> None:
    until = FIRST + 90
    parts = build(one, span, "gregorian", until) + build(other, span, "gregorian", until)
    assert parts == build(one + other, span, "gregorian", until)


def test_a_third_is_not_told_yet() -> None:
    """Three came in January; by 20 February the month of one is not over."""
    days = [date(2024, 1, 3), date(2024, 1, 20), date(2024, 1, 25)]
    ends = [date(2024, 2, 3), date(2024, 2, 21), date(2024, 2, 1)]
    spells = [(start.toordinal(), end.toordinal()) for start, end in zip(days, ends, strict=True)]
    told = build(spells, Span(months=1), "gregorian", date(2024, 2, 20).toordinal())
    assert told == EarlyChurn(newcomers=3, mature=2, left=1)
    rate = told.rate
    assert rate is not None
    assert (rate.value, rate.denominator) == (0.5, 2)
    assert EarlyChurn().rate is None


@pytest.mark.parametrize(
    ("start", "end", "calendar", "span"),
    [
        (date(2024, 1, 1), date(2024, 2, 1), "gregorian", Span(months=1)),
        (date(2024, 1, 1), date(2025, 1, 1), "gregorian", Span(months=12)),
        (date(2024, 3, 20), date(2024, 6, 21), "jalali", Span(months=3)),
        (date(2024, 3, 20), date(2024, 6, 21), "gregorian", Span(days=93)),
        (date(2024, 1, 1), date(2024, 1, 8), "gregorian", Span(days=7)),
    ],
)
def test_the_length_of_a_period(start: date, end: date, calendar: CalendarName, span: Span) -> None:
    assert measure_span(start.toordinal(), end.toordinal(), calendar) == span
    assert span.times(2) == Span(span.months * 2, span.days * 2)
    assert span.most_days >= (end - start).days
