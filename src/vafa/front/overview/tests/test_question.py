"""What an address asks."""

from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.data.business.models import Business, NamedPeriod
from vafa.front.overview.question import OWN, Question, read_question
from vafa.lab.periods import EVERY, Period

UNTIL = date(2025, 7, 10)


def ask(query: str = "", until: date | None = UNTIL, **settings: object) -> Question:
    return read_question(dict(parse_qsl(query)), Business(pk=1, **settings), until)


def test_without_days_it_is_the_last_complete_month() -> None:
    asked = ask()
    assert asked.period == Period(date(2025, 6, 1), date(2025, 7, 1))
    assert not asked.chosen
    assert asked.build_query() == ""


def test_months_are_those_of_the_business_calendar() -> None:
    assert ask(calendar="jalali").period == Period(date(2025, 5, 22), date(2025, 6, 22))


@pytest.mark.parametrize(
    ("query", "start", "end"),
    [
        ("every=day", date(2025, 7, 9), date(2025, 7, 10)),
        ("every=week", date(2025, 6, 30), date(2025, 7, 7)),
        ("every=quarter", date(2025, 4, 1), date(2025, 7, 1)),
        ("every=half", date(2025, 1, 1), date(2025, 7, 1)),
        ("every=year", date(2024, 1, 1), date(2025, 1, 1)),
        ("every=year&from=2025-03-05", date(2025, 1, 1), date(2026, 1, 1)),
        ("from=2025-03-05", date(2025, 3, 1), date(2025, 4, 1)),
        ("every=own&from=2025-03-05&through=2025-03-09", date(2025, 3, 5), date(2025, 3, 10)),
        ("every=own&from=2025-03-05&to=2025-03-09", date(2025, 3, 5), date(2025, 3, 9)),
    ],
)
def test_periods_that_are_asked_for(query: str, start: date, end: date) -> None:
    asked = ask(query)
    assert asked.period == Period(start, end)
    assert not asked.problems


def test_days_may_be_written_in_the_business_calendar() -> None:
    asked = ask("every=own&from=۱۴۰۴/۰۱/۰۱&through=1404/01/31", calendar="jalali")
    assert asked.period == Period(date(2025, 3, 21), date(2025, 4, 21))


@pytest.mark.parametrize(
    "query",
    [
        "every=fortnight",
        "from=yesterday",
        "every=own&from=2025-03-09&through=2025-03-05",
        "every=own&from=1700-01-01&through=2025-03-05",
        "named=77",
    ],
)
@pytest.mark.django_db
def test_what_makes_no_sense_is_told_and_the_last_month_shown(query: str) -> None:
    asked = ask(query)
    assert asked.problems
    assert asked.period == Period(date(2025, 6, 1), date(2025, 7, 1))
    assert not asked.chosen


@pytest.mark.django_db
def test_a_named_period_is_asked_by_its_number() -> None:
    season = NamedPeriod.objects.create(
        name="Winter season", start_on=date(2024, 10, 1), end_on=date(2025, 4, 1)
    )
    asked = ask(f"named={season.pk}")
    assert asked.period == Period(date(2024, 10, 1), date(2025, 4, 1))
    assert asked.name == "Winter season"


def test_without_data_there_is_no_period() -> None:
    asked = ask(until=None)
    assert asked.period is None
    assert asked.shift(-1) is None


def test_own_periods_move_by_their_own_length() -> None:
    asked = ask("every=own&from=2025-03-11&through=2025-03-20")
    assert asked.shift(-1) == Period(date(2025, 3, 1), date(2025, 3, 11))


@given(
    every=st.sampled_from([*EVERY, OWN]),
    start=st.dates(date(1990, 1, 1), date(2030, 1, 1)),
    days=st.integers(1, 400),
    calendar=st.sampled_from(["gregorian", "jalali", "hijri"]),
    steps=st.integers(-3, 3),
)
def test_an_address_built_from_a_question_asks_the_same(
    every: str, start: date, days: int, calendar: str, steps: int
) -> None:
    end = date.fromordinal(start.toordinal() + days)
    asked = ask(f"every={every}&from={start}&to={end}&by=location&rule=purchase:30d", calendar=calendar)
    assert asked.period is not None
    assert asked.period.holds(start)
    again = ask(asked.build_query(), calendar=calendar)
    assert (again.period, again.every, again.by, again.rule) == (
        asked.period,
        asked.every,
        "location",
        "purchase:30d",
    )
    moved = asked.shift(steps)
    assert moved is not None
    assert ask(asked.build_query(period=moved), calendar=calendar).period == moved
