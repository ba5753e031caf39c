"""Tasks for many at once, and tasks by rule: once each, never of history, never by days that nobody has told of."""

from datetime import date, timedelta

import pytest

from vafa.act.followups.actions import (
    cancel_tasks,
    finish_tasks,
    make_batch,
    move_rule,
    save_rule,
    switch_rule,
    undo_batch,
)
from vafa.act.followups.batches import MOST
from vafa.act.followups.models import Batch, ContactRule, RuleRun, Task
from vafa.act.followups.queries import list_outlooks, list_rules, plan_batch
from vafa.act.followups.rules import find_due_from
from vafa.act.followups.ruling import make_due_tasks
from vafa.act.followups.tests.conftest import NOW
from vafa.act.followups.types import (
    AssigneeBlind,
    BatchTold,
    BatchUnusable,
    RuleOutlook,
    RuleTold,
    RuleUnusable,
    Share,
)
from vafa.data.consent.actions import stop_contact
from vafa.data.consent.types import StopKind
from vafa.data.customers.actions import merge_customers
from vafa.kit.models import AuditEntry
from vafa.measure.segments.actions import add_members, create_segment
from vafa.warehouse.queries import open_snapshot

TODAY = date(2026, 3, 15)
DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


def tell(team, key="k1", **told):
    return BatchTold(**{"key": key, "title": "Offer the spring list", "due_on": TODAY} | told)


def list_all(team):
    return [team.of_mina, team.of_omid, team.of_nobody]


def test_a_batch_is_counted_before_made_once_and_taken_back(team):
    plan = plan_batch(tell(team, staff=(team.owner.pk,), sharing="owner"), list_all(team))
    assert (plan.count, plan.left_out, plan.shares) == (3, 0, (Share(team.owner.pk, 3),))
    plan = plan_batch(tell(team), list_all(team))
    assert plan.shares == (Share(team.mina.pk, 1), Share(team.omid.pk, 1), Share(None, 1))
    assert not Task.objects.exists()
    for _again in range(2):
        batch = make_batch(tell(team, days=3), list_all(team), by=team.owner, now=NOW)
    assert (Batch.objects.count(), batch.made, Task.objects.count()) == (1, 3, 3)
    told = Task.objects.order_by("pk").values_list("customer_id", "assignee_id", "due_on")
    assert list(told) == [
        (team.of_mina, team.mina.pk, TODAY),
        (team.of_omid, team.omid.pk, TODAY + DAY),
        (team.of_nobody, None, TODAY + 2 * DAY),
    ]
    finish_tasks([Task.objects.get(customer=team.of_omid).pk], "done", by=team.omid, now=NOW + DAY)
    assert undo_batch(batch.pk, by=team.owner, now=NOW + DAY) == 2
    assert [task.customer_id for task in Task.objects.all()] == [team.of_omid]
    # The form sent again after the undo brings nothing back.
    make_batch(tell(team), list_all(team), by=team.owner, now=NOW + DAY)
    assert Task.objects.count() == 1
    assert AuditEntry.objects.filter(action="tasks.shared_out").get().details == {"count": 3}


def test_a_batch_that_was_cut_off_is_completed_by_the_same_form(team, monkeypatch):
    monkeypatch.setattr("vafa.act.followups.batches.PIECE", 1)
    create = Task.objects.bulk_create

    def fail_at_the_second(tasks, **how):
        if tasks[0].customer_id != team.of_mina:
            raise ZeroDivisionError
        return create(tasks, **how)

    monkeypatch.setattr(Task.objects, "bulk_create", fail_at_the_second)
    with pytest.raises(ZeroDivisionError):
        make_batch(tell(team), list_all(team), by=team.owner, now=NOW)
    assert Task.objects.count() == 1
    monkeypatch.setattr(Task.objects, "bulk_create", create)
    assert make_batch(tell(team), list_all(team), by=team.owner, now=NOW).made == 3


def test_the_dead_get_no_task_and_nobody_one_they_may_not_see(team):
    stop_contact(team.of_omid, StopKind.DECEASED, by=team.owner, now=NOW)
    plan = plan_batch(tell(team), list_all(team))
    assert (plan.count, plan.left_out) == (2, 1)
    with pytest.raises(BatchUnusable):
        plan_batch(tell(team, sharing="evenly", staff=(team.mina.pk,)), list_all(team))
    with pytest.raises(AssigneeBlind):
        plan_batch(tell(team, staff=(team.mina.pk,)), list_all(team))
    for wrong in (tell(team, title=" "), tell(team, days=0), tell(team, sharing="evenly")):
        with pytest.raises(BatchUnusable):
            plan_batch(wrong, list_all(team))
    with pytest.raises(BatchUnusable):
        plan_batch(tell(team), range(MOST + 1))


@pytest.mark.parametrize(
    ("last", "catches_up", "due"),
    [
        (None, False, 130),
        (None, True, 100),
        (95, False, 125),
        (70, False, 100),
        (69, False, None),
        (69, True, 99),
    ],
)
def test_from_when_on_somebody_is_due(last, catches_up, due):
    assert find_due_from(last, 30, 100, catches_up=catches_up) == due


@pytest.fixture
def rules(team):
    """Key customers every 14 days, the others every 30; the last contacts 20 and 40 days before the end of data."""
    team.ledger.add_contact(team.of_mina, TODAY - 21 * DAY)
    team.ledger.add_contact(team.of_omid, TODAY - 41 * DAY)
    team.ledger.add_contact(team.of_nobody, TODAY - DAY)
    team.ledger.publish(TODAY - DAY, "interactions")
    everybody = create_segment("Everybody", None, by=team.owner, now=NOW)
    add_members(everybody.slug, list_all(team), snapshot=open_snapshot(), by=team.owner, now=NOW)
    key = create_segment("Key", None, by=team.owner, now=NOW)
    add_members(key.slug, [team.of_mina], snapshot=open_snapshot(), by=team.owner, now=NOW)
    return [
        save_rule(RuleTold(name, segment.slug, gap, "Get in touch", catches_up=True), by=team.owner, now=NOW)
        for name, segment, gap in (("key", key, 14), ("others", everybody, 30))
    ]


def list_made():
    return list(Task.objects.order_by("pk").values_list("rule__name", "customer_id", "state"))


def test_a_rule_makes_nothing_until_it_is_switched_on_and_tells_before(team, rules):
    outlooks = list_outlooks(list_rules(), open_snapshot(), TODAY)
    as_of = TODAY - DAY
    assert [outlooks[rule.pk] for rule in rules] == [RuleOutlook(1, 0, 1, as_of), RuleOutlook(2, 0, 1, as_of)]
    assert make_due_tasks(NOW) == 0
    for rule in rules:
        switch_rule(rule.pk, on=True, by=team.owner, now=NOW)
    assert not Task.objects.exists()
    assert make_due_tasks(NOW) == 2
    assert list_made() == [("key", team.of_mina, "open"), ("others", team.of_omid, "open")]
    tasks = Task.objects.order_by("pk")
    assert [(task.assignee_id, task.due_on) for task in tasks] == [
        (team.mina.pk, TODAY),
        (team.omid.pk, TODAY),
    ]
    # Once a day, and never beside an open one.
    assert (make_due_tasks(NOW), make_due_tasks(NOW + DAY), RuleRun.objects.count()) == (0, 0, 4)


def test_history_makes_no_tasks_unless_asked_to(team, rules):
    ContactRule.objects.update(catches_up=False)
    for rule in rules:
        switch_rule(rule.pk, on=True, by=team.owner, now=NOW)
    assert make_due_tasks(NOW) == 0
    # Of a contact after that the days are counted, as far as the data tell.
    team.ledger.add_contact(team.of_mina, TODAY + DAY)
    team.ledger.publish(TODAY + DAY, "interactions")
    assert make_due_tasks(NOW + 20 * DAY) == 0
    team.ledger.add_contact(team.of_nobody, TODAY + 20 * DAY)
    team.ledger.publish(TODAY + 20 * DAY, "interactions")
    assert make_due_tasks(NOW + 21 * DAY) == 1
    assert list_made() == [("key", team.of_mina, "open")]


def test_the_next_one_comes_after_the_gap_however_the_last_one_ended(team, rules):
    switch_rule(rules[0].pk, on=True, by=team.owner, now=NOW)
    make_due_tasks(NOW)
    cancel_tasks(Task.objects.values_list("pk", flat=True), by=team.owner, now=NOW)
    team.ledger.add_contact(team.of_omid, TODAY + 12 * DAY)
    team.ledger.publish(TODAY + 12 * DAY, "interactions")
    assert make_due_tasks(NOW + 13 * DAY) == 0
    team.ledger.add_contact(team.of_omid, TODAY + 14 * DAY)
    team.ledger.publish(TODAY + 14 * DAY, "interactions")
    assert make_due_tasks(NOW + 15 * DAY) == 1


def test_a_days_tasks_are_no_flood_and_the_longest_due_come_first(team, rules):
    save_rule(
        RuleTold("others", "everybody", 1, "Call", most_a_day=1, catches_up=True),
        rules[1].pk,
        by=None,
        now=NOW,
    )
    switch_rule(rules[1].pk, on=True, by=team.owner, now=NOW)
    made = []
    for days in range(3):
        make_due_tasks(NOW + days * DAY)
        made.append([customer for _rule, customer, _state in list_made()])
    assert made == [
        [team.of_omid],
        [team.of_omid, team.of_mina],
        [team.of_omid, team.of_mina, team.of_nobody],
    ]


def test_the_order_of_rules_decides_and_the_dead_and_merged_are_nobodys(team, rules):
    move_rule(rules[1].pk, up=True, by=team.owner, now=NOW)
    outlooks = list_outlooks(list_rules(), open_snapshot(), TODAY)
    assert [outlooks[rule.pk].members for rule in rules] == [0, 3]
    stop_contact(team.of_omid, StopKind.DECEASED, by=team.owner, now=NOW)
    merge_customers(team.of_nobody, team.of_mina, by=team.owner, now=NOW)
    team.ledger.publish(TODAY - DAY, "interactions")
    outlooks = list_outlooks(list_rules(), open_snapshot(), TODAY)
    assert [outlooks[rule.pk].members for rule in rules] == [0, 1]


def test_rules_that_cannot_be_are_refused_by_name(team):
    for told, field in (
        (RuleTold("", "", 14, "Call"), "name"),
        (RuleTold("x", "", 14, " "), "title"),
        (RuleTold("x", "", 0, "Call"), "gap_days"),
        (RuleTold("x", "", 14, "Call", most_a_day=501), "most_a_day"),
        (RuleTold("x", "no-such", 14, "Call"), "segment"),
    ):
        with pytest.raises(RuleUnusable) as refused:
            save_rule(told, by=team.owner, now=NOW)
        assert refused.value.field == field
