"""Ages in months of a calendar, and who is active after how many."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.calendars import CALENDARS, CalendarName
from vafa.lab.tenure import (
    MONTH_TICKS,
    TenureTable,
    add_months,
    build_ages,
    build_tenure_table,
    naive_add_months,
    naive_age,
    naive_tenure,
)

FIRST, LAST = date(2019, 12, 28).toordinal(), date(2024, 3, 3).toordinal()
DAYS = st.integers(FIRST, LAST)
SPANS = st.lists(st.tuples(DAYS, st.integers(0, 900)), max_size=20)
CALENDAR = st.sampled_from(CALENDARS)


def age(start: date, end: date, calendar: CalendarName = "gregorian") -> tuple[int, int]:
    """Months and days."""
    return divmod(int(build_ages([start.toordinal()], [end.toordinal()], calendar)[0]), MONTH_TICKS)


@given(SPANS, CALENDAR)
def test_ages_are_months_counted_one_by_one(spans: list[tuple[int, int]], calendar: CalendarName) -> None:
    starts, ends = [start for start, _ in spans], [start + length for start, length in spans]
    slow = [naive_age(start, end, calendar) for start, end in zip(starts, ends, strict=True)]
    assert build_ages(starts, ends, calendar).tolist() == slow


@given(st.lists(DAYS, max_size=9), st.integers(0, 40), CALENDAR)
def test_months_are_added_as_by_hand(starts: list[int], months: int, calendar: CalendarName) -> None:
    slow = [naive_add_months(start, months, calendar) for start in starts]
    assert add_months(starts, months, calendar).tolist() == slow
    assert build_ages(starts, slow, calendar).tolist() == [months * MONTH_TICKS] * len(starts)


@given(DAYS, st.integers(0, 900), st.integers(0, 900), CALENDAR)
def test_a_later_end_is_never_younger(start: int, one: int, other: int, calendar: CalendarName) -> None:
    ages = build_ages([start, start], [start + min(one, other), start + max(one, other)], calendar)
    assert ages[0] <= ages[1]
    assert (ages[0] == ages[1]) == (one == other) or ages[0] // MONTH_TICKS == ages[1] // MONTH_TICKS


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2019, 3, 1), date(2020, 3, 1), (12, 0)),
        (date(2020, 2, 29), date(2021, 2, 28), (12, 0)),
        (date(2021, 1, 31), date(2021, 2, 28), (1, 0)),
        (date(2021, 1, 31), date(2021, 3, 1), (1, 1)),
        (date(2021, 1, 15), date(2021, 2, 14), (0, 30)),
        (date(2021, 5, 5), date(2021, 5, 5), (0, 0)),
    ],
)
def test_anniversaries(start: date, end: date, expected: tuple[int, int]) -> None:
    assert age(start, end) == expected


def test_a_jalali_year_is_twelve_jalali_months() -> None:
    assert age(date(2024, 3, 20), date(2025, 3, 21), "jalali") == (12, 0)
    assert age(date(2024, 3, 20), date(2025, 3, 20), "jalali") == (11, 29)


CUSTOMERS = st.dictionaries(st.integers(0, 30), st.tuples(DAYS, st.booleans()), max_size=15)


def build(customers: dict[int, tuple[int, bool]], boundary: int, calendar: CalendarName) -> TenureTable:
    rows = list(customers.values())
    return build_tenure_table(
        [start for start, _ in rows], [is_active for _, is_active in rows], boundary, calendar
    )


@given(CUSTOMERS, CALENDAR)
def test_the_table_is_what_a_count_by_hand_finds(
    customers: dict[int, tuple[int, bool]], calendar: CalendarName
) -> None:
    told, slow = build(customers, LAST + 1, calendar), naive_tenure(customers, LAST + 1, calendar)
    found = {months: (there, told.active[months]) for months, there in enumerate(told.customers) if there}
    assert found == slow
    for months in range(len(told.customers) + 2):
        rate = told.share_at(months)
        assert (None if rate is None else rate.value) == (
            slow[months][1] / slow[months][0] if months in slow else None
        )


@given(CUSTOMERS, st.integers(0, 30))
def test_customers_apart_add_up(customers: dict[int, tuple[int, bool]], cut: int) -> None:
    parts = [
        build({who: row for who, row in customers.items() if (who < cut) is side}, LAST + 1, "gregorian")
        for side in (True, False)
    ]
    assert parts[0] + parts[1] == build(customers, LAST + 1, "gregorian")


def test_of_four_who_came_a_year_ago_three_are_there() -> None:
    boundary = date(2024, 1, 10).toordinal()
    came = date(2023, 1, 3).toordinal()
    customers = {who: (came, who < 3) for who in range(4)} | {9: (boundary - 1, True)}
    table = build(customers, boundary, "gregorian")
    rate = table.share_at(12)
    assert rate is not None
    assert (rate.value, rate.denominator) == (0.75, 4)
    assert table.share_at(5) is None
    assert (table.customers[0], table.active[0]) == (1, 1)
