"""Answers and tickets in the columnar copy: whose they are, what is unknown, and how far their feeds reach."""

from datetime import UTC, datetime, timedelta

import pytest

from vafa.lab.service import UNKNOWN
from vafa.warehouse.actions import refresh
from vafa.warehouse.queries import Query, Snapshot, open_snapshot
from vafa.warehouse.tests.steps import check_voice_against_rows
from vafa.warehouse.tests.world import NOW, World, build_day

pytestmark = pytest.mark.django_db

OPENED = datetime(2024, 3, 1, 22, 15, 30, 999_000, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return World()


def look() -> Snapshot:
    refresh(now=NOW)
    return open_snapshot()


def test_an_empty_copy_has_the_same_columns(world):
    columns = {
        name: list(open_snapshot().run_columns(Query(f"FROM {name}"))) for name in ("answers", "tickets")
    }
    world.answer(None, build_day(1), 5)
    world.ticket(None, build_day(1))
    assert {name: list(look().run_columns(Query(f"FROM {name}"))) for name in columns} == columns


def test_a_score_of_zero_is_told_from_none(world):
    customer = world.customer()
    world.answer(customer, build_day(1), 0)
    world.answer(customer, build_day(2))
    rows = look().run(Query("SELECT score, answered_no IS NULL FROM answers ORDER BY row_id"))
    assert rows == [(0, False), (None, True)]


def test_moments_are_whole_seconds_and_unknown_ones_stay_unknown(world):
    world.ticket(
        None, build_day(10), opened_at=OPENED, first_response_at=OPENED + timedelta(minutes=5),
        first_response_on=build_day(10), solved_on=build_day(12),
    )  # fmt: skip
    row = look().run(
        Query("SELECT responded_s - opened_s, opened_s, solved_s, solved_no, closed_no FROM tickets")
    )
    assert row == [(300, int(OPENED.timestamp()), UNKNOWN, build_day(12).toordinal(), None)]


def test_of_nobody_they_count_and_of_somebody_left_out_they_do_not(world):
    merged, kept, excluded = world.customer(), world.customer(), world.customer(excluded=True)
    for customer in (None, merged, kept, excluded):
        world.answer(customer, build_day(1), 9)
        world.ticket(customer, build_day(1))
    refresh(now=NOW)
    world.correct(merged, kept=kept)
    snapshot = look()
    for name in ("answers", "tickets"):
        rows = snapshot.run(Query(f"SELECT c.id FROM {name} t LEFT JOIN customers c ON c.ix = t.customer_ix"))
        assert sorted(rows, key=str) == sorted([(None,), (kept.pk,), (kept.pk,)], key=str)
    check_voice_against_rows(snapshot)


def test_a_feed_of_tickets_reaches_to_the_last_solution_that_can_have_been_told(world):
    world.ticket(None, build_day(3), solved_on=build_day(9), closed_on=NOW.date() + timedelta(days=40))
    (feed,) = look().freshness(kinds=("tickets",)).feeds
    assert (feed.first_on, feed.complete_until) == (build_day(3), build_day(10))


def test_a_feed_of_answers_reaches_to_the_last_answer_or_invitation(world):
    world.answer(None, build_day(3), 9)
    world.answer(None, build_day(5))
    (feed,) = look().freshness(kinds=("answers",)).feeds
    assert (feed.kind, feed.first_on, feed.complete_until) == ("answers", build_day(3), build_day(6))
