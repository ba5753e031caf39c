"""A scheduled report goes out once for each day it is due, whoever makes it and whatever is killed; links end."""

from datetime import UTC, date, datetime, timedelta

import pytest

from vafa.data.business.actions import change_business
from vafa.data.staff.models import Staff
from vafa.kit.permissions import Role
from vafa.measure.reports.actions import (
    change_schedule,
    claim_run,
    create_dashboard,
    create_schedule,
    delete_dashboard,
    end_run,
    make_due_runs,
    note_seen,
    pause_schedule,
    put_off_run,
    recover_runs,
    restore_dashboard,
    resume_schedule,
    revoke_link,
    send_report_now,
    share_dashboard,
)
from vafa.measure.reports.models import Dashboard, Run, Schedule, SharedLink
from vafa.measure.reports.queries import find_link, find_next_due_day, get_link_state
from vafa.measure.reports.types import Cadence, NobodyToSendTo

pytestmark = pytest.mark.django_db(transaction=True)
# Thursday, 15 January 2026, 15:30 in Tehran.
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
DAILY = Cadence("day", hour=8)


@pytest.fixture
def ann(own_home: object) -> Staff:
    change_business(by=None, now=NOW, zone="Asia/Tehran", calendar="jalali", week_start="sat")
    return Staff.objects.create_user("ann@x.example", None, role=Role.ANALYST, created_at=NOW)


@pytest.fixture
def dashboard(ann: Staff) -> Dashboard:
    return create_dashboard("Retention", is_shared=True, by=ann, now=NOW)


def schedule_it(dashboard: Dashboard, ann: Staff, cadence: Cadence = DAILY) -> Schedule:
    return create_schedule(dashboard, cadence, {ann.pk: ""}, by=ann, now=NOW)


def list_due_days() -> list[date]:
    return list(Run.objects.order_by("id").values_list("due_on", flat=True))


def test_what_was_due_before_is_not_sent(dashboard: Dashboard, ann: Staff) -> None:
    schedule = schedule_it(dashboard, ann)
    assert make_due_runs(NOW) == 0
    assert find_next_due_day(schedule, NOW) == date(2026, 1, 16)
    assert make_due_runs(NOW + timedelta(hours=17)) == 1
    assert make_due_runs(NOW + timedelta(hours=18)) == 0
    assert list_due_days() == [date(2026, 1, 16)]


def test_of_many_missed_days_only_the_latest_is_made_up_for(dashboard: Dashboard, ann: Staff) -> None:
    schedule_it(dashboard, ann)
    assert make_due_runs(NOW + timedelta(days=10)) == 1
    assert list_due_days() == [date(2026, 1, 25)]


def test_pausing_sends_nothing_and_going_on_makes_nothing_up(dashboard: Dashboard, ann: Staff) -> None:
    schedule = schedule_it(dashboard, ann)
    pause_schedule(schedule, by=ann, now=NOW)
    assert make_due_runs(NOW + timedelta(days=1)) == 0
    resume_schedule(schedule, by=ann, now=NOW + timedelta(days=2))
    assert make_due_runs(NOW + timedelta(days=2)) == 0
    assert make_due_runs(NOW + timedelta(days=3)) == 1


def test_other_times_count_from_now_on(dashboard: Dashboard, ann: Staff) -> None:
    schedule = schedule_it(dashboard, ann, Cadence("week", "sat"))
    change_schedule(schedule, Cadence("week", "thu", hour=9), {ann.pk: "fa"}, by=ann, now=NOW)
    assert make_due_runs(NOW + timedelta(days=1)) == 0
    assert make_due_runs(NOW + timedelta(days=7)) == 1
    assert list_due_days() == [date(2026, 1, 22)]
    assert schedule.recipients.get().language == "fa"
    with pytest.raises(NobodyToSendTo):
        change_schedule(schedule, DAILY, {}, by=ann, now=NOW)


def test_a_deleted_dashboard_is_not_sent(dashboard: Dashboard, ann: Staff) -> None:
    schedule_it(dashboard, ann)
    delete_dashboard(dashboard, by=ann, now=NOW)
    assert make_due_runs(NOW + timedelta(days=1)) == 0
    restore_dashboard(dashboard, by=ann, now=NOW + timedelta(days=1))
    assert make_due_runs(NOW + timedelta(days=1)) == 0
    assert make_due_runs(NOW + timedelta(days=2)) == 1


def test_a_claim_is_one_worker_s_until_its_lease_ends(dashboard: Dashboard, ann: Staff) -> None:
    send_report_now(schedule_it(dashboard, ann), "form-1", by=ann, now=NOW)
    run = claim_run(NOW)
    assert run is not None
    assert claim_run(NOW) is None
    recover_runs(NOW + timedelta(minutes=14))
    assert claim_run(NOW) is None
    later = NOW + timedelta(minutes=16)
    recover_runs(later)
    again = claim_run(later)
    assert again is not None
    end_run(run, later)  # the first worker wakes up; the run is not its own any more
    assert Run.objects.get().state == "claimed"
    end_run(again, later)
    assert Run.objects.get().state == "done"


def test_a_run_that_fails_is_tried_again_and_then_has_failed(dashboard: Dashboard, ann: Staff) -> None:
    send_report_now(schedule_it(dashboard, ann), "form-1", by=ann, now=NOW)
    now, tries = NOW, 0
    while (run := claim_run(now)) is not None:
        tries += 1
        put_off_run(run, now, "no disk")
        assert claim_run(now) is None
        now += timedelta(minutes=6)
    assert (tries, Run.objects.get().state, Run.objects.get().problem) == (5, "failed", "no disk")


def test_one_press_of_the_button_sends_once(dashboard: Dashboard, ann: Staff) -> None:
    schedule = schedule_it(dashboard, ann)
    for token in ("form-1", "form-1", "form-2"):
        send_report_now(schedule, token, by=ann, now=NOW)
    assert Run.objects.count() == 2


def test_a_link_is_told_once_and_ends(dashboard: Dashboard, ann: Staff) -> None:
    link, token = share_dashboard(dashboard, days=7, label="Board", by=ann, now=NOW)
    assert token not in str(SharedLink.objects.values())
    assert find_link(token) == link
    assert find_link(token + "x") is None
    assert get_link_state(link, NOW) == "open"
    assert get_link_state(link, NOW + timedelta(days=7)) == "expired"
    note_seen(link, NOW)
    note_seen(link, NOW)
    assert SharedLink.objects.get().seen == 2
    revoke_link(link, by=ann, now=NOW)
    found = find_link(token)
    assert found is not None
    assert get_link_state(found, NOW) == "revoked"


def test_a_link_closes_when_its_maker_may_no_longer_share(dashboard: Dashboard, ann: Staff) -> None:
    _link, token = share_dashboard(dashboard, days=7, label="", by=ann, now=NOW)
    for changes in ({"role": Role.READ_ONLY}, {"role": Role.ANALYST, "is_active": False}):
        Staff.objects.filter(pk=ann.pk).update(**changes)
        found = find_link(token)
        assert found is not None
        assert get_link_state(found, NOW) == "closed"
