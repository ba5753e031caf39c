"""What comes back keeps its day of the month, in every calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.calendars import CALENDARS, CalendarName, build_date
from vafa.lab.errors import RepeatOutOfBounds
from vafa.lab.recurrence import REPEAT_UNITS, Repeat, find_next_day, naive_next_day

MONTHLY = Repeat("month", 1)
DAYS = st.dates(date(1990, 1, 1), date(2040, 1, 1))


def list_next(first: date, repeat: Repeat, calendar: CalendarName, count: int) -> list[date]:
    found = [first]
    while len(found) <= count:
        found.append(find_next_day(first, repeat, calendar, found[-1]))
    return found[1:]


def test_the_31st_comes_back_after_shorter_months() -> None:
    found = list_next(date(2027, 1, 31), MONTHLY, "gregorian", 4)
    assert found == [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30), date(2027, 5, 31)]


def test_30_esfand_is_kept_on_the_29th_of_common_years() -> None:
    first = build_date(1403, 12, 30, "jalali")
    kept = list_next(first, Repeat("year", 1), "jalali", 5)
    assert kept[:4] == [build_date(year, 12, 29, "jalali") for year in range(1404, 1408)]
    assert kept[4] == build_date(1408, 12, 30, "jalali")


def test_29_february_is_kept_on_the_28th_of_common_years() -> None:
    kept = list_next(date(2024, 2, 29), Repeat("year", 1), "gregorian", 4)
    assert kept == [date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29)]


def test_a_jalali_month_is_no_gregorian_month() -> None:
    first = build_date(1404, 6, 31, "jalali")
    assert list_next(first, MONTHLY, "jalali", 2) == [
        build_date(1404, 7, 30, "jalali"),
        build_date(1404, 8, 30, "jalali"),
    ]


@pytest.mark.parametrize("every", [0, -1, 1000])
def test_impossible_repeats_are_refused(every: int) -> None:
    with pytest.raises(RepeatOutOfBounds):
        Repeat("day", every)


@given(
    first=DAYS,
    unit=st.sampled_from(REPEAT_UNITS),
    every=st.integers(1, 6),
    calendar=st.sampled_from(CALENDARS),
    later=st.integers(-40, 800),
)
def test_the_next_day_is_the_first_one_later(
    first: date, unit: str, every: int, calendar: CalendarName, later: int
) -> None:
    repeat = Repeat(unit, every if unit != "year" else 1)  # type: ignore[arg-type]
    after = first + timedelta(days=later)
    assert find_next_day(first, repeat, calendar, after) == naive_next_day(first, repeat, calendar, after)
