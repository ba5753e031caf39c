"""Calendars agree with independent libraries and with known leap years."""

from datetime import date, timedelta

import jdatetime
import numpy as np
import pytest
from hijridate import Gregorian
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.calendars import (
    CALENDARS,
    CalendarDay,
    CalendarName,
    build_date,
    get_month_length,
    get_year_length,
    split_date,
    split_days,
)
from vafa.lab.errors import CalendarDateInvalid, CalendarRangeExceeded

HIJRI_DAYS = st.dates(date(1924, 8, 1), date(2077, 11, 15))


def test_jalali_agrees_with_another_library_for_every_day_of_two_hundred_years() -> None:
    first, last = date(1880, 1, 1), date(2080, 1, 1)
    days = np.arange(first.toordinal(), last.toordinal())
    ours = np.column_stack(split_days(days, "jalali"))
    theirs = []
    for day in days:
        told = jdatetime.date.fromgregorian(date=date.fromordinal(int(day)))
        theirs.append((told.year, told.month, told.day))
    assert np.array_equal(ours, np.array(theirs))


def test_gregorian_agrees_with_the_standard_library() -> None:
    days = np.arange(date(1599, 1, 1).toordinal(), date(2401, 1, 1).toordinal(), 13)
    ours = np.column_stack(split_days(days, "gregorian"))
    told = [date.fromordinal(int(day)) for day in days]
    assert np.array_equal(ours, np.array([(day.year, day.month, day.day) for day in told]))


@given(HIJRI_DAYS)
def test_hijri_agrees_with_the_published_umm_al_qura_tables(day: date) -> None:
    told = Gregorian.fromdate(day).to_hijri()
    assert split_date(day, "hijri") == (told.year, told.month, told.day)


def test_jalali_leap_years_of_the_law() -> None:
    leap = [year for year in range(1397, 1414) if get_year_length(year, "jalali") == 366]
    assert leap == [1399, 1403, 1408, 1412]


@pytest.mark.parametrize(
    ("day", "calendar", "expected"),
    [
        (date(2024, 3, 20), "jalali", (1403, 1, 1)),
        (date(2025, 3, 20), "jalali", (1403, 12, 30)),
        (date(2025, 3, 21), "jalali", (1404, 1, 1)),
        (date(2025, 11, 21), "jalali", (1404, 8, 30)),
        (date(1979, 2, 11), "jalali", (1357, 11, 22)),
        (date(2024, 3, 11), "hijri", (1445, 9, 1)),
        (date(2025, 6, 26), "hijri", (1447, 1, 1)),
        (date(2024, 2, 29), "gregorian", (2024, 2, 29)),
    ],
)
def test_known_days(day: date, calendar: CalendarName, expected: tuple[int, int, int]) -> None:
    assert split_date(day, calendar) == CalendarDay(*expected)
    assert build_date(*expected, calendar) == day


@given(HIJRI_DAYS, st.sampled_from(CALENDARS))
def test_there_and_back(day: date, calendar: CalendarName) -> None:
    year, month, number = split_date(day, calendar)
    assert build_date(year, month, number, calendar) == day
    tomorrow = split_date(day + timedelta(days=1), calendar)
    if number < get_month_length(year, month, calendar):
        assert tomorrow == (year, month, number + 1)
    else:
        assert tomorrow == ((year, month + 1, 1) if month < 12 else (year + 1, 1, 1))


@pytest.mark.parametrize(
    ("year", "month", "day", "calendar"),
    [
        (1404, 12, 30, "jalali"),
        (1404, 7, 31, "jalali"),
        (1404, 13, 1, "jalali"),
        (2023, 2, 29, "gregorian"),
        (2023, 1, 0, "gregorian"),
        (1445, 9, 31, "hijri"),
    ],
)
def test_a_day_that_does_not_exist_is_refused(
    year: int, month: int, day: int, calendar: CalendarName
) -> None:
    with pytest.raises(CalendarDateInvalid) as refusal:
        build_date(year, month, day, calendar)
    assert refusal.value.code == "calendar_date_invalid"
    assert refusal.value.params["year"] == year


def test_a_day_outside_the_known_years_is_refused() -> None:
    assert split_date(date(1924, 8, 1), "hijri") == (1343, 1, 1)
    assert split_date(date(2077, 11, 16), "hijri") == (1500, 12, 30)
    with pytest.raises(CalendarRangeExceeded):
        split_date(date(1924, 7, 31), "hijri")
    with pytest.raises(CalendarRangeExceeded):
        split_date(date(2077, 11, 17), "hijri")
    with pytest.raises(CalendarRangeExceeded):
        build_date(1342, 1, 1, "hijri")
    with pytest.raises(CalendarRangeExceeded):
        split_date(date(622, 3, 20), "jalali")
