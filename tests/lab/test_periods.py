"""Periods cover time without gaps, in every calendar."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.calendars import CALENDARS, CalendarName, split_date
from vafa.lab.errors import CalendarRangeExceeded, PeriodEmpty, PeriodLengthUnknown
from vafa.lab.periods import (
    EVERY,
    WEEK_STARTS,
    Every,
    NamedPeriod,
    Period,
    WeekStart,
    build_period,
    find_last_complete_period,
    list_periods,
    parse_every,
    shift_period,
)

DAYS = st.dates(date(1930, 1, 1), date(2070, 1, 1))
GRIDS = st.tuples(
    st.sampled_from(EVERY), st.sampled_from(CALENDARS), st.sampled_from(WEEK_STARTS), st.integers(1, 12)
)
Grid = tuple[Every, CalendarName, WeekStart, int]


@given(DAYS, GRIDS)
def test_a_period_holds_its_day_and_is_the_same_for_all_its_days(day: date, grid: Grid) -> None:
    period = build_period(day, *grid)
    assert period.holds(day)
    assert build_period(period.start, *grid) == period
    assert build_period(period.end - timedelta(days=1), *grid) == period
    assert build_period(period.end, *grid) != period


# Thirty years to either side stay inside the years for which the Hijri calendar is known.
@given(st.dates(date(1960, 1, 1), date(2040, 1, 1)), GRIDS, st.integers(-30, 30))
def test_shifting_there_and_back_is_nothing(day: date, grid: Grid, count: int) -> None:
    period = build_period(day, *grid)
    assert shift_period(shift_period(period, count, *grid), -count, *grid) == period
    assert shift_period(period, 1, *grid).start == period.end


@given(DAYS, st.integers(0, 800), GRIDS)
def test_a_list_covers_what_was_asked_without_gaps(start: date, length: int, grid: Grid) -> None:
    end = start + timedelta(days=length)
    periods = list_periods(start, end, *grid)
    assert bool(periods) == (length > 0)
    for earlier, later in pairwise(periods):
        assert earlier.end == later.start
    if periods:
        assert periods[0].holds(start)
        assert periods[-1].holds(end - timedelta(days=1))


@given(DAYS, GRIDS)
def test_the_last_complete_period_is_over_and_the_next_is_not(until: date, grid: Grid) -> None:
    period = find_last_complete_period(until, *grid)
    assert period.end <= until < shift_period(period, 1, *grid).end


@given(DAYS, st.sampled_from(["quarter", "half", "year"]), st.sampled_from(CALENDARS), st.integers(1, 12))
def test_longer_periods_are_made_of_whole_months(
    day: date, every: Every, calendar: CalendarName, first_month: int
) -> None:
    period = build_period(day, every, calendar, "mon", first_month)
    months = list_periods(period.start, period.end, "month", calendar)
    assert len(months) == {"quarter": 3, "half": 6, "year": 12}[every]
    assert (months[0].start, months[-1].end) == (period.start, period.end)
    begins = split_date(period.start, calendar)
    assert begins.day == 1
    assert (begins.month - first_month) % len(months) == 0


@pytest.mark.parametrize(
    ("week_start", "start"),
    [("sat", date(2026, 11, 21)), ("sun", date(2026, 11, 15)), ("mon", date(2026, 11, 16))],
)
def test_weeks_begin_on_the_chosen_day(week_start: WeekStart, start: date) -> None:
    saturday = date(2026, 11, 21)
    assert build_period(saturday, "week", week_start=week_start) == Period(start, start + timedelta(days=7))


def test_jalali_quarters_are_the_seasons() -> None:
    seasons = list_periods(date(2024, 3, 20), date(2025, 3, 21), "quarter", "jalali")
    assert [season.days for season in seasons] == [93, 93, 90, 90]
    assert seasons[2] == Period(date(2024, 9, 22), date(2024, 12, 21))


def test_ordibehesht_has_31_days_which_is_not_30() -> None:
    assert build_period(date(2025, 5, 1), "month", "jalali").days == 31


def test_a_fiscal_year_begins_with_its_own_month() -> None:
    assert build_period(date(2025, 2, 1), "year", first_month=4) == Period(date(2024, 4, 1), date(2025, 4, 1))


def test_periods_of_days_are_counted_from_the_start() -> None:
    periods = list_periods(date(2025, 1, 1), date(2025, 3, 2), 30)
    assert [period.start for period in periods] == [date(2025, 1, 1), date(2025, 1, 31)]
    assert find_last_complete_period(date(2025, 3, 2), 30) == periods[1]
    assert shift_period(periods[0], 1, 30) == periods[1]


def test_the_last_complete_month_on_the_first_of_a_month() -> None:
    assert find_last_complete_period(date(2025, 3, 1), "month") == Period(date(2025, 2, 1), date(2025, 3, 1))


def test_lengths_by_name() -> None:
    assert [parse_every(name) for name in EVERY] == list(EVERY)
    assert parse_every("30d") == 30
    for text in ("", "0d", "d", "-3d", "months", "1.5d", "99999d", "۳۰d"):
        with pytest.raises(PeriodLengthUnknown):
            parse_every(text)


def test_an_empty_period_is_refused() -> None:
    with pytest.raises(PeriodEmpty):
        Period(date(2025, 1, 1), date(2025, 1, 1))
    with pytest.raises(PeriodEmpty):
        NamedPeriod("Winter season", date(2025, 2, 1), date(2025, 1, 1))
    named = NamedPeriod("Winter season", date(2025, 1, 1), date(2025, 2, 1))
    assert named.period == Period(date(2025, 1, 1), date(2025, 2, 1))


def test_the_end_of_the_calendar_is_refused_by_name() -> None:
    with pytest.raises(CalendarRangeExceeded):
        build_period(date(9999, 12, 31), "year")
    with pytest.raises(CalendarRangeExceeded):
        build_period(date(1900, 1, 1), "month", "hijri")
