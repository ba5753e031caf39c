"""Birthdays come back once a year in the calendar they are kept in; the Chinese one falls where it is published."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.anniversaries import (
    YEAR_CALENDARS,
    YearCalendar,
    find_next_anniversary,
    list_first_days,
    naive_comes_back_in,
)
from vafa.lab.calendars import CALENDARS, CalendarName, build_date
from vafa.lab.chinese import (
    ChineseDay,
    build_chinese_date,
    get_chinese_month_length,
    split_chinese,
)
from vafa.lab.errors import CalendarDateInvalid, CalendarRangeExceeded

# Spring Festivals, as the Hong Kong Observatory and the State Council's notices give them.
SPRING_FESTIVALS = (
    (1900, 1, 31), (1912, 2, 18), (1949, 1, 29), (1985, 2, 20), (2000, 2, 5), (2008, 2, 7), (2012, 1, 23),
    (2020, 1, 25), (2023, 1, 22), (2024, 2, 10), (2025, 1, 29), (2026, 2, 17), (2027, 2, 6), (2033, 1, 31),
    (2034, 2, 19), (2100, 2, 9),
)  # fmt: skip
# Other published days: Dragon Boat (5/5), Mid-Autumn (8/15), Double Ninth (9/9), and first days of leap months.
PUBLISHED = (
    (date(2023, 3, 22), ChineseDay(2023, 2, True, 1)),
    (date(2020, 5, 23), ChineseDay(2020, 4, True, 1)),
    (date(2025, 7, 25), ChineseDay(2025, 6, True, 1)),
    (date(2033, 12, 22), ChineseDay(2033, 11, True, 1)),
    (date(2024, 6, 10), ChineseDay(2024, 5, False, 5)),
    (date(2025, 10, 6), ChineseDay(2025, 8, False, 15)),
    (date(2026, 9, 25), ChineseDay(2026, 8, False, 15)),
    (date(2025, 10, 29), ChineseDay(2025, 9, False, 9)),
    # GB/T 33661-2017 against older tables, which begin these months a day earlier or later.
    (date(1933, 7, 23), ChineseDay(1933, 6, False, 1)),
    (date(2057, 9, 29), ChineseDay(2057, 9, False, 1)),
)
LEAP_FOURTH = build_chinese_date(2020, 4, 15, is_leap=True)
SINCE_1900 = st.dates(date(1900, 1, 31), date(2100, 12, 31))


@pytest.mark.parametrize("festival", SPRING_FESTIVALS)
def test_the_chinese_year_begins_on_the_published_day(festival: tuple[int, int, int]) -> None:
    assert split_chinese(date(*festival)) == ChineseDay(festival[0], 1, False, 1)


@pytest.mark.parametrize(("day", "told"), PUBLISHED)
def test_chinese_days_fall_where_they_are_published(day: date, told: ChineseDay) -> None:
    assert split_chinese(day) == told
    assert build_chinese_date(told.year, told.month, told.day, is_leap=told.is_leap) == day


@given(SINCE_1900)
def test_a_chinese_day_goes_there_and_back(day: date) -> None:
    told = split_chinese(day)
    assert build_chinese_date(told.year, told.month, told.day, is_leap=told.is_leap) == day


def test_what_is_no_chinese_day_is_refused() -> None:
    assert get_chinese_month_length(2024, 2, is_leap=True) is None
    for year, month, day, is_leap in ((2024, 13, 1, False), (2024, 1, 31, False), (2024, 2, 1, True)):
        with pytest.raises(CalendarDateInvalid):
            build_chinese_date(year, month, day, is_leap=is_leap)
    for refused in (date(1900, 1, 30), date(2101, 1, 29)):
        with pytest.raises(CalendarRangeExceeded):
            split_chinese(refused)


@pytest.mark.parametrize(
    ("first", "calendar", "on", "kept", "years"),
    [
        (date(2000, 2, 29), "gregorian", date(2026, 2, 1), date(2026, 2, 28), 26),
        (date(2000, 2, 29), "gregorian", date(2028, 2, 1), date(2028, 2, 29), 28),
        (build_date(1375, 12, 30, "jalali"), "jalali", date(2026, 3, 1), build_date(1404, 12, 29, "jalali"), 29),
        (build_date(1375, 12, 30, "jalali"), "jalali", date(2025, 3, 1), build_date(1403, 12, 30, "jalali"), 28),
        # The 15th of a leap month is kept in the ordinary one; the 30th of a long month on the 29th of a short one.
        (LEAP_FOURTH, "chinese", date(2026, 1, 1), build_chinese_date(2026, 4, 15), 6),
        (build_chinese_date(2023, 12, 30), "chinese", date(2026, 2, 1), build_chinese_date(2025, 12, 29), 2),
        (date(2026, 5, 5), "gregorian", date(2026, 5, 5), date(2027, 5, 5), 1),
    ],
)  # fmt: skip
def test_days_that_a_year_lacks_are_kept_on_the_last_of_the_month(
    first: date, calendar: YearCalendar, on: date, kept: date, years: int
) -> None:
    assert find_next_anniversary(first, calendar, on) == (kept, years)


def test_who_is_not_born_yet_has_no_birthday() -> None:
    assert find_next_anniversary(date(2026, 5, 6), "gregorian", date(2026, 5, 5)) is None


@given(
    first=st.dates(date(1930, 1, 1), date(2025, 12, 31)),
    start=st.dates(date(2026, 1, 1), date(2050, 1, 1)),
    ahead=st.integers(1, 9),
    calendar=st.sampled_from(YEAR_CALENDARS),
)
def test_who_is_looked_up_is_who_has_an_anniversary(
    first: date, start: date, ahead: int, calendar: YearCalendar
) -> None:
    end = start + timedelta(days=ahead)
    found = find_next_anniversary(first, calendar, start)
    assert (first in list_first_days(start, end, calendar)) == (found is not None and found.day < end)


@given(
    born=st.integers(0, 40_000),
    start=st.dates(date(2026, 1, 1), date(2050, 1, 1)),
    calendar=st.sampled_from(CALENDARS),
    near=st.integers(-3, 3),
)
def test_looking_up_agrees_with_going_day_by_day(
    born: int, start: date, calendar: CalendarName, near: int
) -> None:
    # Near an anniversary, where it is decided.
    first = start - timedelta(days=round(born // 366 * 365.2425) + near)
    if calendar == "hijri":
        first = max(first, date(1930, 1, 1))
    end = start + timedelta(days=2)
    looked_up = first in list_first_days(start, end, calendar)
    assert looked_up == (first < start and naive_comes_back_in(first, calendar, start, end))
