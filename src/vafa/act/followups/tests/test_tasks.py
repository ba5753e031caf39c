"""Tasks: made, repeated in the business's calendar, finished once, put off, undone, and seen by whom they are for."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from vafa.act.followups.actions import (
    assign_tasks,
    cancel_tasks,
    change_task,
    create_task,
    finish_tasks,
    put_back_tasks,
    reopen_tasks,
    snooze_tasks,
)
from vafa.act.followups.models import Task
from vafa.act.followups.queries import count_tasks, get_counts, get_viewer, keep_visible, tell_moment
from vafa.act.followups.rules import share_out
from vafa.act.followups.tests.conftest import NOW
from vafa.act.followups.types import AssigneeBlind, TaskCounts, TaskFilter, TaskTold, TaskUnusable
from vafa.data.customers.actions import merge_customers
from vafa.data.log.models import Happening
from vafa.kit.models import AuditEntry
from vafa.lab.calendars import build_date
from vafa.lab.recurrence import Repeat

TODAY = date(2026, 3, 15)
MOMENT = tell_moment(NOW, "Asia/Tehran")
pytestmark = pytest.mark.django_db


def make(team, title="Call", due_on=TODAY, **told):
    return create_task(TaskTold(title, due_on, **told), by=team.owner, now=NOW)


def test_a_task_is_late_by_the_clock_of_the_business(team):
    assert (MOMENT.today, MOMENT.time) == (TODAY, time(13))
    make(team, due_time=time(12, 59))
    make(team, due_time=time(13))
    make(team, due_on=TODAY - timedelta(days=1))
    make(team, due_on=TODAY + timedelta(days=7))
    make(team, due_on=TODAY + timedelta(days=8))
    viewer = get_viewer(team.owner)
    assert get_counts(viewer, TaskFilter(), MOMENT) == TaskCounts(overdue=2, today=1, next=1)
    # Half an hour before midnight in London it is the next day in Tehran.
    late = tell_moment(datetime(2026, 3, 15, 23, 30, tzinfo=UTC), "Asia/Tehran")
    assert get_counts(viewer, TaskFilter(), late) == TaskCounts(overdue=3, today=0, next=2)


def test_finishing_a_repeated_task_makes_the_next_one_once(team):
    last_of_esfand = build_date(1403, 12, 30, "jalali")
    task = make(team, due_on=last_of_esfand, repeat=Repeat("month", 1), customer_id=team.of_mina)
    finish_tasks([task.pk], "done", by=team.owner, now=NOW)
    finish_tasks([task.pk], "done", by=team.owner, now=NOW)
    (following,) = Task.objects.filter(follows=task)
    # A year late: the next one is to come, and Esfand of 1404 has no 30th.
    assert (following.due_on, following.state) == (build_date(1404, 12, 29, "jalali"), "open")
    finish_tasks([following.pk], "no_answer", by=team.owner, now=NOW)
    assert Task.objects.get(follows=following).due_on == build_date(1405, 1, 30, "jalali")
    told = Happening.objects.filter(kind="task_done").order_by("seq")
    assert [(row.subject, row.details["outcome"], row.live) for row in told] == [
        (team.of_mina, "done", True),
        (team.of_mina, "no_answer", True),
    ]


def test_undoing_a_finish_takes_the_next_one_away_unless_it_was_touched(team):
    task = make(team, repeat=Repeat("week", 1))
    done = finish_tasks([task.pk], "done", by=team.owner, now=NOW)
    assert put_back_tasks(done.images, by=team.owner, now=NOW).count == 1
    assert [(row.pk, row.state) for row in Task.objects.all()] == [(task.pk, "open")]
    done = finish_tasks([task.pk], "done", by=team.owner, now=NOW)
    following = Task.objects.get(follows=task)
    snooze_tasks([following.pk], TODAY + timedelta(days=20), by=team.owner, now=NOW + timedelta(minutes=1))
    reopen_tasks([task.pk], by=team.owner, now=NOW + timedelta(minutes=2))
    assert Task.objects.filter(pk=following.pk, state="open").exists()
    # It was opened again since, so the undo of the finish comes too late.
    assert put_back_tasks(done.images, by=team.owner, now=NOW).count == 0


def test_putting_off_keeps_the_day_it_was_planned_for_and_the_days_of_a_series(team):
    task = make(team, repeat=Repeat("week", 1))
    done = snooze_tasks([task.pk], TODAY + timedelta(days=2), by=team.owner, now=NOW)
    snooze_tasks([task.pk], TODAY + timedelta(days=3), by=team.owner, now=NOW + timedelta(minutes=1))
    task.refresh_from_db()
    assert (task.due_on, task.snoozed_from) == (TODAY + timedelta(days=3), TODAY)
    finish_tasks([task.pk], "done", by=team.owner, now=NOW + timedelta(days=3))
    assert Task.objects.get(follows=task).due_on == TODAY + timedelta(days=7)
    assert put_back_tasks(done.images, by=team.owner, now=NOW).count == 0
    with pytest.raises(TaskUnusable):
        snooze_tasks([task.pk], TODAY - timedelta(days=1), by=team.owner, now=NOW)


def test_what_cannot_be_is_refused_by_name(team):
    for told, field in (
        ({"title": "  "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"due_on": date(2099, 1, 1)}, "due_on"),
        ({"priority": 7}, "priority"),
        ({"customer_id": 10**9}, "customer"),
        ({"assignee_id": 10**9}, "assignee"),
    ):
        with pytest.raises(TaskUnusable) as refused:
            make(team, **told)
        assert refused.value.field == field
    task = make(team)
    cancel_tasks([task.pk], by=team.owner, now=NOW)
    with pytest.raises(TaskUnusable):
        change_task(task.pk, TaskTold("Other", TODAY), by=team.owner, now=NOW)
    with pytest.raises(TaskUnusable):
        finish_tasks([task.pk], "whatever", by=team.owner, now=NOW)


def test_agents_see_tasks_of_own_customers_and_their_own_about_nobody(team):
    own = make(team, customer_id=team.of_mina, assignee_id=team.mina.pk)
    taken_over = make(team, customer_id=team.of_mina, assignee_id=team.owner.pk)
    about_nobody = make(team, assignee_id=team.mina.pk)
    hidden = [
        make(team, customer_id=team.of_omid),
        make(team, customer_id=team.of_nobody),
        make(team),
        make(team, assignee_id=team.omid.pk),
    ]
    viewer = get_viewer(team.mina)
    everything = [own.pk, taken_over.pk, about_nobody.pk, *(task.pk for task in hidden)]
    assert keep_visible(everything, viewer) == [own.pk, taken_over.pk, about_nobody.pk]
    assert count_tasks(viewer, TaskFilter(), MOMENT) == 3
    assert count_tasks(get_viewer(team.owner), TaskFilter(), MOMENT) == 7
    # Who looks after the customer it was merged into sees its tasks from then on.
    merge_customers(team.of_mina, team.of_omid, by=team.owner, now=NOW)
    assert keep_visible(everything, viewer) == [about_nobody.pk]
    assert own.pk in keep_visible(everything, get_viewer(team.omid))


def test_nobody_is_given_a_task_about_a_customer_they_may_not_see(team):
    with pytest.raises(AssigneeBlind):
        make(team, customer_id=team.of_omid, assignee_id=team.mina.pk)
    task, free = make(team, customer_id=team.of_omid), make(team)
    with pytest.raises(AssigneeBlind):
        assign_tasks([free.pk, task.pk], team.mina.pk, by=team.owner, now=NOW)
    assert assign_tasks([free.pk], team.mina.pk, by=team.owner, now=NOW).count == 1
    assert assign_tasks([task.pk, free.pk], team.owner.pk, by=team.owner, now=NOW).count == 2


def test_the_audit_trail_names_tasks_and_fields_but_no_words(team):
    task = make(team, title="Offer Zarrin the red carpet", notes="She asked twice")
    change_task(task.pk, TaskTold("Offer the blue one", TODAY), by=team.owner, now=NOW)
    done = finish_tasks([task.pk], "declined", "too dear", by=team.owner, now=NOW)
    put_back_tasks(done.images, by=team.owner, now=NOW)
    entries = AuditEntry.objects.filter(action__startswith="task.").order_by("id")
    assert [entry.action for entry in entries] == [
        "task.made",
        "task.changed",
        "task.finished",
        "task.put_back",
    ]
    assert entries[1].details["fields"] == ["notes", "title"]
    said = " ".join(f"{entry.subject} {entry.details}" for entry in entries)
    assert not any(word in said for word in ("Zarrin", "carpet", "dear", "blue"))


def test_sharing_out_keeps_owners_and_is_even():
    owners = {1: 7, 2: None, 3: 9, 4: 7, 5: None}
    assert share_out(range(1, 6), owners, [], "owner") == owners
    assert share_out(range(1, 6), owners, [7, 8], "owner") == {1: 7, 2: 7, 3: 8, 4: 7, 5: 7}
    assert share_out(range(1, 6), owners, [7, 8], "evenly") == {1: 7, 2: 8, 3: 7, 4: 8, 5: 7}
    assert share_out([1, 2], owners, [], "evenly") == {1: None, 2: None}
