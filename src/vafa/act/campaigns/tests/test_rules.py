"""How a campaign stands, what may be done with it, and when a recurring one is due."""

from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.act.campaigns.rules import LATEST, can, decide_due, decide_stage, find_next, is_missed
from vafa.act.campaigns.types import Stage, When
from vafa.lab.cadences import CADENCES, WEEKDAYS, Cadence, build_moment, is_due_on
from vafa.lab.trials import build_shares

TEHRAN = ZoneInfo("Asia/Tehran")
# 13:00 in Tehran, on Monday 24 Esfand 1404.
NOW = datetime(2026, 3, 15, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "run", "recurs", "ended", "unsent", "stage"),
    [
        ("draft", None, False, False, False, "draft"),
        ("on", "waiting", False, False, False, "scheduled"),
        ("on", "preparing", False, False, False, "preparing"),
        ("on", "handed", False, False, True, "sending"),
        ("on", "handed", False, False, False, "sent"),
        ("on", "refused", False, False, False, "held"),
        ("paused", "handed", False, False, True, "paused"),
        ("stopped", "handed", False, False, True, "stopped"),
        ("on", None, True, False, False, "scheduled"),
        ("on", "handed", True, False, False, "scheduled"),
        ("on", "refused", True, False, False, "scheduled"),
        ("on", "handed", True, True, False, "sent"),
        ("on", "waiting", True, False, True, "sending"),
    ],
)
def test_how_a_campaign_stands(state, run, recurs, ended, unsent, stage):
    assert decide_stage(state, run, recurs=recurs, ended=ended, unsent=unsent) == stage


def test_what_has_been_sent_can_neither_be_changed_nor_started_again():
    assert not any(can(what, "sent") for what in ("edit", "start", "unschedule", "pause", "resume", "stop"))
    assert can("archive", "sent")
    assert [stage for stage in get_args(Stage) if can("archive", stage)] == [
        "draft",
        "sent",
        "stopped",
        "held",
    ]


@given(
    every=st.sampled_from(CADENCES),
    weekday=st.sampled_from(WEEKDAYS),
    month_day=st.integers(1, 28),
    hour=st.integers(0, 23),
    minutes=st.integers(0, 60 * 24 * 40),
    since=st.integers(0, 60 * 24 * 40),
)
def test_a_run_is_due_on_its_day_alone_and_never_for_what_came_before_the_start(
    every, weekday, month_day, hour, minutes, since
):
    cadence = Cadence(every, weekday, month_day, hour)
    when = When(cadence=cadence, from_on=date(2026, 3, 18), until_on=date(2026, 4, 5))
    now, counts_from = NOW + timedelta(minutes=minutes), NOW + timedelta(minutes=since)
    day = decide_due(when, "jalali", TEHRAN, counts_from, now)
    days = [date(2026, 3, 18) + timedelta(days=n) for n in range(19)]
    naive = [
        one
        for one in days
        if is_due_on(cadence, one, "jalali")
        and max(counts_from, now - LATEST) <= build_moment(cadence, one, TEHRAN) <= now
    ]
    assert day == (naive[-1] if naive else None)
    after = find_next(when, "jalali", TEHRAN, now)
    coming = [
        one for one in days if is_due_on(cadence, one, "jalali") and build_moment(cadence, one, TEHRAN) > now
    ]
    assert after == (coming[0] if coming else None)


def test_the_first_of_a_jalali_month_is_no_first_of_march():
    first = Cadence("month", "sat", 1, 10)
    assert find_next(When(cadence=first), "jalali", TEHRAN, NOW) == date(2026, 3, 21)
    assert find_next(When(cadence=first), "gregorian", TEHRAN, NOW) == date(2026, 4, 1)


def test_what_could_not_begin_for_a_day_is_given_up():
    assert not is_missed(NOW, NOW + LATEST)
    assert is_missed(NOW, NOW + LATEST + timedelta(seconds=1))


def test_nobody_is_held_out_without_a_holdout():
    assert build_shares(0.0) == {"treated": 1.0}
    assert build_shares(0.1) == {"control": 0.1, "treated": 0.9}
