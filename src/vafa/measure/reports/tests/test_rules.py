"""When a report is due, in every calendar, and when a link opens."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.calendars import CalendarName, split_date
from vafa.measure.reports.rules import build_moment, decide_link, find_latest_due, find_next_due, is_due_on
from vafa.measure.reports.types import CADENCES, WEEKDAYS, Cadence

TEHRAN = ZoneInfo("Asia/Tehran")


def at(text: str) -> datetime:
    """A moment written in Tehran's time."""
    return datetime.fromisoformat(text).replace(tzinfo=TEHRAN).astimezone(UTC)


@pytest.mark.parametrize(
    ("cadence", "now", "latest", "following"),
    [
        # The first of Farvardin 1405 is 21 March 2026.
        (Cadence("month", "sat", 1, 8), "2026-03-21T08:00", date(2026, 3, 21), date(2026, 4, 21)),
        (Cadence("month", "sat", 1, 8), "2026-03-21T07:59", date(2026, 2, 20), date(2026, 3, 21)),
        (Cadence("week", "sat", 1, 9), "2026-03-23T12:00", date(2026, 3, 21), date(2026, 3, 28)),
        (Cadence("day", "sat", 1, 0), "2026-03-23T00:00", date(2026, 3, 23), date(2026, 3, 24)),
        (Cadence("day", "sat", 1, 23), "2026-03-23T22:00", date(2026, 3, 22), date(2026, 3, 23)),
    ],
)
def test_it_is_due_by_the_calendar_and_hour_of_the_business(
    cadence: Cadence, now: str, latest: date, following: date
) -> None:
    assert find_latest_due(cadence, "jalali", TEHRAN, at(now)) == latest
    assert find_next_due(cadence, "jalali", TEHRAN, at(now)) == following


cadences = st.builds(
    Cadence,
    every=st.sampled_from(CADENCES),
    weekday=st.sampled_from(WEEKDAYS),
    month_day=st.integers(1, 28),
    hour=st.integers(0, 23),
)


@given(
    cadence=cadences,
    calendar=st.sampled_from(["gregorian", "jalali", "hijri"]),
    zone=st.sampled_from(["Asia/Tehran", "Europe/Berlin", "America/New_York", "UTC"]),
    days=st.floats(0, 20_000),
)
def test_the_latest_and_the_next_due_enclose_the_moment(
    cadence: Cadence, calendar: CalendarName, zone: str, days: float
) -> None:
    place, moment = ZoneInfo(zone), datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=days)
    latest = find_latest_due(cadence, calendar, place, moment)
    following = find_next_due(cadence, calendar, place, moment)
    assert latest is not None
    assert following is not None
    assert build_moment(cadence, latest, place) <= moment < build_moment(cadence, following, place)
    between = [latest + timedelta(days=days) for days in range(1, (following - latest).days)]
    assert not any(is_due_on(cadence, day, calendar) for day in between)
    if cadence.every == "month":
        assert split_date(latest, calendar).day == cadence.month_day
    if cadence.every == "week":
        assert (following - latest).days == 7


NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "revoked", "may", "gone", "state"),
    [
        (1, False, True, False, "open"),
        (0, False, True, False, "expired"),
        (1, True, True, False, "revoked"),
        (-1, True, False, True, "revoked"),
        (1, False, False, False, "closed"),
        (1, False, True, True, "closed"),
    ],
)
def test_a_link_opens_until_something_ends_it(
    hours: int, *, revoked: bool, may: bool, gone: bool, state: str
) -> None:
    until = NOW + timedelta(hours=hours)
    assert decide_link(NOW, expires_at=until, revoked=revoked, maker_may=may, dashboard_gone=gone) == state
