"""The timetable does what is due, and one failure holds up nothing else."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session

from vafa.config import working
from vafa.config.timetable import TIMETABLE, Entry, do_due, list_due

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


def test_an_entry_is_due_at_first_and_then_when_its_time_has_passed() -> None:
    entry = Entry("one", timedelta(seconds=10), lambda now: None)
    assert list_due([entry], {}, NOW) == [entry]
    done = {"one": NOW}
    assert list_due([entry], done, NOW + timedelta(seconds=9.9)) == []
    assert list_due([entry], done, NOW + timedelta(seconds=10)) == [entry]


def test_a_failure_is_logged_and_tried_again_later(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[datetime] = []

    def fail(now: datetime) -> None:
        raise RuntimeError("no disk")

    entries = [Entry("bad", timedelta(seconds=10), fail), Entry("good", timedelta(seconds=10), seen.append)]
    done: dict[str, datetime] = {}
    do_due(entries, done, NOW)
    assert seen == [NOW]
    assert "bad failed" in caplog.text
    assert list_due(entries, done, NOW + timedelta(seconds=5)) == []
    assert list_due(entries, done, NOW + timedelta(seconds=10)) == entries


def test_names_are_unique_and_the_figures_follow_within_seconds() -> None:
    names = [entry.name for entry in TIMETABLE]
    assert len(set(names)) == len(names)
    assert next(entry for entry in TIMETABLE if entry.name == "warehouse.follow").every <= timedelta(
        seconds=10
    )


@pytest.mark.django_db(transaction=True)
def test_every_entry_runs_and_only_the_old_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAFA_HOME", str(tmp_path))
    real_now = datetime.now(UTC)
    for days in (1, 29, 31):
        attempt = AccessAttempt.objects.create(
            username=f"{days}", ip_address="127.0.0.1", failures_since_start=1
        )
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=real_now - timedelta(days=days))
    Session.objects.create(session_key="old", session_data="", expire_date=real_now - timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=real_now + timedelta(days=1))
    for entry in TIMETABLE:
        if entry.name != "warehouse.follow":
            entry.do(real_now)
    assert set(AccessAttempt.objects.values_list("username", flat=True)) == {"1", "29"}
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


def test_a_worker_is_alive_for_a_minute_after_its_last_beat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAFA_HOME", str(tmp_path))
    assert not working.is_worker_alive(NOW)
    working.beat(NOW)
    working.beat(NOW + timedelta(seconds=1))  # too soon to be written again
    assert working.find_last_beat() == NOW
    assert working.is_worker_alive(NOW + timedelta(seconds=59))
    assert not working.is_worker_alive(NOW + timedelta(seconds=60))
    working.beat(NOW - timedelta(days=1))  # a clock set back does not freeze the beat
    assert working.find_last_beat() == NOW - timedelta(days=1)
