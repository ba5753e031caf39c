"""What closes a case: facts after it was opened, and nothing else."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vafa.act.saving.rules import decide_closing, decide_hint, tell_stage_times
from vafa.act.saving.types import CaseFacts, Closing, Stage

OPENED = date(2026, 3, 15)
HORIZON = 30


def day(offset):
    return OPENED + timedelta(days=offset)


offsets = st.none() | st.integers(-60, 90)
facts = st.builds(
    lambda came, before, lost, active: CaseFacts(
        came_on=None if came is None else day(came),
        came_before_on=None if before is None else day(before),
        lost_on=None if lost is None or active else day(lost),
        is_active=active,
    ),
    st.none() | st.integers(0, 90),
    st.none() | st.integers(-60, 0),
    offsets,
    st.none() | st.booleans(),
)


def naive_closing(told, until, kind):
    """Walk from day to day as one would with a calendar on the wall, and stop at the first thing that settles it."""
    for offset in range(200):
        today = day(offset)
        if told.came_on == today and offset <= HORIZON:
            return Closing("saved", "ordered" if kind == "purchase" else "renewed", today)
        if until is None or today > until:
            if told.came_on is None or told.came_on < today:
                return None
            continue
        if offset > 0 and told.lost_on == today:
            return Closing("lost", "left", today)
        if offset == HORIZON and told.is_active is False and not (told.lost_on and told.lost_on > OPENED):
            return Closing("lost", "left", today)
        if offset == HORIZON and told.is_active and kind == "subscription":
            return Closing("saved", "stayed", today)
    return None


@given(facts, st.none() | st.integers(-30, 120), st.sampled_from(["purchase", "subscription"]))
def test_the_first_fact_after_the_opening_closes_a_case(told, until, kind):
    until = None if until is None else day(until)
    if told.came_on is not None and told.lost_on is not None and told.lost_on > told.came_on:
        return  # who came and was lost later has been closed as saved long ago, or is lost by now
    found = decide_closing(told, OPENED, HORIZON, until, kind)
    if until is not None and told.lost_on is not None and told.lost_on > until:
        return  # no copy tells of a loss after the end of data
    assert found == naive_closing(told, until, kind)


@given(facts, st.none() | st.integers(-30, 120), st.sampled_from(["purchase", "subscription"]))
def test_nothing_closes_a_case_on_account_of_a_day_before_it_or_one_that_is_not_known(told, until, kind):
    until = None if until is None else day(until)
    found = decide_closing(told, OPENED, HORIZON, until, kind)
    if found is not None:
        assert found.on >= OPENED
        assert found.why in ("ordered", "renewed") or (until is not None and found.on <= until)
    quiet = CaseFacts(came_before_on=told.came_before_on, is_active=True)
    assert decide_closing(quiet, OPENED, HORIZON, day(20), kind) is None


def test_what_facts_hint_at_leaves_a_case_open():
    before = CaseFacts(came_before_on=day(-3), is_active=True)
    assert decide_hint(before, OPENED).hint == "ordered_before"
    assert decide_closing(before, OPENED, HORIZON, day(90), "purchase") is None
    late = CaseFacts(came_on=day(31), is_active=True)
    assert decide_hint(late, OPENED).hint == "ordered_late"
    assert decide_closing(late, OPENED, HORIZON, day(90), "purchase") is None
    gone = CaseFacts(lost_on=day(-9), is_active=False)
    assert decide_hint(gone, OPENED).hint == "left_before"
    assert decide_closing(gone, OPENED, HORIZON, day(29), "purchase") is None
    assert decide_closing(gone, OPENED, HORIZON, day(30), "purchase") == Closing("lost", "left", day(30))
    assert decide_hint(CaseFacts(is_active=True), OPENED) is None


def test_the_time_in_a_stage_counts_each_stay_in_it():
    start = datetime(2026, 3, 15, tzinfo=UTC)
    moves: list[tuple[Stage, datetime]] = [
        ("at_risk", start),
        ("plan_made", start + timedelta(days=2)),
        ("at_risk", start + timedelta(days=3)),
        ("saved", start + timedelta(days=7)),
    ]
    times = tell_stage_times(moves, start + timedelta(days=30))
    assert times == {"at_risk": timedelta(days=6), "plan_made": timedelta(days=1)}
    assert tell_stage_times(moves[:3], start + timedelta(days=5))["at_risk"] == timedelta(days=4)
