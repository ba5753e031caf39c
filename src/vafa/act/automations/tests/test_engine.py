"""Customers go through steps once, in the version by which they entered, and history lets nobody in."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from vafa.act.automations import queueing
from vafa.act.automations.actions import (
    add_codes,
    create_pool,
    pause_automation,
    publish,
    resume_automation,
    save_draft,
    stop_automation,
)
from vafa.act.automations.models import Automation, Code, Run, Step, Version
from vafa.act.automations.tests.conftest import NOW, TODAY, World, on_order, tag
from vafa.act.automations.types import Again, AutomationUnusable, Condition, Document, StepTold, When
from vafa.act.followups.models import Task
from vafa.data.customers.models import Customer
from vafa.data.log.actions import add_happening
from vafa.kit.erasing import erase_person
from vafa.measure.segments.actions import add_members, create_segment
from vafa.warehouse.queries import open_snapshot

pytestmark = pytest.mark.django_db


def list_tags(customer: int) -> list[str]:
    return list(Customer.objects.get(pk=customer).tags)


def test_what_was_before_the_switch_on_and_what_is_not_live_lets_nobody_in(world: World) -> None:
    people = [world.ledger.add_customer(f"c{n}") for n in range(4)]
    world.order(people[0], NOW - timedelta(hours=2))
    world.switch_on(on_order(tag("in")))
    world.order(people[1], live=False)
    world.order(people[2], day=TODAY - timedelta(days=10))
    world.order(people[3])
    world.work()
    assert [list_tags(pk) for pk in people] == [[], [], [], ["in"]]
    assert Run.objects.get().customer_id == people[3]


def test_a_replay_changes_nothing(world: World) -> None:
    pk = world.ledger.add_customer("c")
    automation = world.switch_on(
        on_order(StepTold("s1", "task", {"title": "Call", "days": 1}), again=Again("key"))
    )
    world.order(pk)
    world.work()
    Automation.objects.filter(pk=automation.pk).update(followed=0, switched_on_at=NOW - timedelta(days=1))
    world.work()
    assert (Run.objects.count(), Step.objects.count(), Task.objects.count()) == (1, 1, 1)
    assert Task.objects.get().due_on == TODAY + timedelta(days=1)


def test_first_orders_are_told_by_the_order_and_not_by_who_came_first(world: World) -> None:
    first, second = world.ledger.add_customer("first"), world.ledger.add_customer("second")
    world.ledger.add_order(second, TODAY - timedelta(days=300))
    world.switch_on(Document(When("first_order"), steps=(tag("thanks"),)))
    world.order(first)
    world.order(first)
    world.order(second)
    world.work()
    assert (list_tags(first), list_tags(second)) == (["thanks"], [])
    assert Run.objects.count() == 1


def test_running_customers_finish_the_version_they_entered(world: World) -> None:
    old, new = world.ledger.add_customer("old"), world.ledger.add_customer("new")
    wait = StepTold("s1", "wait", {"days": 2})
    automation = world.switch_on(on_order(wait, tag("old way", "s2")))
    world.order(old)
    world.work()
    changed = save_draft(automation.pk, "test", on_order(wait, tag("new way", "s2")), by=None, now=NOW)
    assert publish(changed.pk, by=None, now=NOW).number == 2
    assert publish(changed.pk, by=None, now=NOW).number == 2
    world.order(new, NOW + timedelta(minutes=1))
    world.work(NOW + timedelta(minutes=2))
    world.work(NOW + timedelta(days=1))
    assert list_tags(old) == []
    world.work(NOW + timedelta(days=3))
    assert (list_tags(old), list_tags(new)) == (["old way"], ["new way"])
    assert Version.objects.filter(automation=automation).count() == 2


def test_a_pause_holds_everything_and_what_happens_meanwhile_lets_nobody_in(world: World) -> None:
    before, meanwhile = world.ledger.add_customer("before"), world.ledger.add_customer("meanwhile")
    automation = world.switch_on(on_order(StepTold("s1", "wait", {"hours": 1}), tag("done", "s2")))
    world.order(before)
    world.work()
    assert pause_automation(automation.pk, by=None, now=NOW)
    world.order(meanwhile, NOW + timedelta(hours=1))
    world.work(NOW + timedelta(hours=2))
    assert list_tags(before) == []
    assert resume_automation(automation.pk, by=None, now=NOW + timedelta(hours=3))
    world.work(NOW + timedelta(hours=3))
    assert (list_tags(before), list_tags(meanwhile)) == (["done"], [])


def test_stopping_lets_everybody_leave(world: World) -> None:
    pk = world.ledger.add_customer("c")
    automation = world.switch_on(on_order(StepTold("s1", "wait", {"days": 1}), tag("done", "s2")))
    world.order(pk)
    world.work()
    assert stop_automation(automation.pk, by=None, now=NOW) == 1
    world.work(NOW + timedelta(days=2))
    assert (Run.objects.get().state, list_tags(pk)) == ("stopped", [])


@pytest.mark.parametrize(
    ("again", "orders", "entered"),
    [(Again("once"), 3, 1), (Again("key"), 3, 3), (Again("exit"), 3, 1), (Again("key", days=30), 3, 1)],
)
def test_who_enters_again(world: World, again: Again, orders: int, entered: int) -> None:
    pk = world.ledger.add_customer("c")
    world.switch_on(on_order(StepTold("s1", "wait", {"days": 1}), again=again))
    for n in range(orders):
        world.order(pk, NOW + timedelta(minutes=n))
        world.work(NOW + timedelta(minutes=n))
    assert Run.objects.count() == entered
    assert sorted(Run.objects.values_list("turn", flat=True)) == list(range(1, entered + 1))


def test_after_exit_means_again_when_the_run_before_has_ended(world: World) -> None:
    pk = world.ledger.add_customer("c")
    world.switch_on(on_order(StepTold("s1", "wait", {"days": 1}), again=Again("exit")))
    world.order(pk)
    world.work()
    world.work(NOW + timedelta(days=2))
    world.order(pk, NOW + timedelta(days=2))
    world.work(NOW + timedelta(days=2))
    assert [run.state for run in Run.objects.order_by("pk")] == ["done", "running"]


def test_the_goal_ends_a_run_and_the_order_that_began_it_is_not_the_goal(world: World) -> None:
    again, away = world.ledger.add_customer("again"), world.ledger.add_customer("away")
    world.switch_on(on_order(StepTold("s1", "wait", {"days": 2}), tag("reminded", "s2"), goal="order"))
    world.order(again)
    world.order(away)
    world.work()
    world.order(again, NOW + timedelta(days=1))
    world.work(NOW + timedelta(days=3))
    states = dict(Run.objects.values_list("customer_id", "state"))
    assert states == {again: "goal", away: "done"}
    assert (list_tags(again), list_tags(away)) == ([], ["reminded"])


def test_conditions_are_judged_at_entry_and_who_stops_meeting_them_leaves(world: World) -> None:
    inside, outside = world.ledger.add_customer("in"), world.ledger.add_customer("out")
    segment = create_segment("Chosen", None, by=None, now=NOW)
    world.ledger.publish(TODAY)
    add_members(segment.slug, [inside], snapshot=open_snapshot(), by=None, now=NOW)
    condition = Condition(segment.slug)
    world.switch_on(
        on_order(
            StepTold("s1", "wait", {"days": 1}), tag("stayed", "s2"), conditions=(condition,), exits=True
        )
    )
    world.order(inside)
    world.order(outside)
    world.work()
    assert Run.objects.count() == 0  # the copy has not reached these orders yet
    world.ledger.publish(TODAY)
    world.work()
    assert Run.objects.get().customer_id == inside
    from vafa.measure.segments.actions import remove_members

    remove_members(segment.slug, [inside], snapshot=open_snapshot(), by=None, now=NOW)
    world.work(NOW + timedelta(days=2))
    assert (Run.objects.get().state, list_tags(inside)) == ("exited", [])


def test_branches_go_their_ways_and_meet_again(world: World) -> None:
    inside, outside = world.ledger.add_customer("in"), world.ledger.add_customer("out")
    segment = create_segment("Chosen", None, by=None, now=NOW)
    world.ledger.publish(TODAY)
    add_members(segment.slug, [inside], snapshot=open_snapshot(), by=None, now=NOW)
    branch = StepTold(
        "s1", "branch", {"by": "segment", "segment": segment.slug}, {"yes": (tag("yes", "s2"),), "no": ()}
    )
    world.switch_on(on_order(branch, tag("both", "s3")))
    world.order(inside)
    world.order(outside)
    world.work()
    assert (list_tags(inside), list_tags(outside)) == (["yes", "both"], ["both"])


def test_each_code_is_given_once_and_when_they_run_out_the_way_says_so(world: World) -> None:
    people = [world.ledger.add_customer(f"c{n}") for n in range(3)]
    pool = create_pool("Spring", by=None, now=NOW)
    assert add_codes(pool.pk, ["A", "B", "A", " "], by=None, now=NOW) == (2, 0)
    code = StepTold("s1", "code", {"pool": pool.pk}, {"empty": (tag("none left", "s2"),)})
    world.switch_on(on_order(code, tag("end", "s3")))
    for pk in people:
        world.order(pk)
    world.work()
    given = {run.customer_id: run.values.get("code") for run in Run.objects.all()}
    assert sorted(code for code in given.values() if code) == ["A", "B"]
    out = next(pk for pk, code in given.items() if code is None)
    assert list_tags(out) == ["none left", "end"]
    assert Step.objects.get(run__customer=out, step="s1").why == "codes_ran_out"
    assert Code.objects.filter(given_at=None).count() == 0


def test_a_merged_customer_goes_on_as_the_one_kept_and_the_dead_and_left_out_leave(world: World) -> None:
    kept, merged, gone = (world.ledger.add_customer(key) for key in ("kept", "merged", "gone"))
    world.switch_on(on_order(StepTold("s1", "wait", {"days": 1}), tag("done", "s2")))
    world.order(merged)
    world.order(gone)
    world.work()
    Customer.objects.filter(pk=merged).update(kept=kept)
    Customer.objects.filter(pk=gone).update(excluded=True)
    world.work(NOW + timedelta(days=2))
    assert (list_tags(kept), list_tags(gone)) == (["done"], [])
    assert Run.objects.get(customer=gone).why == "left_out"


def test_one_step_that_fails_holds_up_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [world.ledger.add_customer(f"c{n}") for n in range(3)]
    world.switch_on(on_order(StepTold("s1", "task", {"title": "Call"}), tag("after", "s2")))
    from vafa.act.automations import doing
    from vafa.act.followups.actions import create_task as real

    def break_one(told: Any, **more: Any) -> Any:
        if told.customer_id == people[1]:
            raise RuntimeError("broken")
        return real(told, **more)

    monkeypatch.setattr(doing, "create_task", break_one)
    for pk in people:
        world.order(pk)
    world.work()
    assert [list_tags(pk) for pk in people] == [["after"], [], ["after"]]
    later = NOW
    for _try in range(6):
        later += timedelta(days=1)
        world.work(later)
    step = Step.objects.get(run__customer=people[1], step="s1")
    assert (step.state, step.why, list_tags(people[1])) == ("failed", "error", ["after"])


def test_a_step_whose_worker_died_is_done_by_the_next_and_one_claim_excludes_another(world: World) -> None:
    pk = world.ledger.add_customer("c")
    automation = world.switch_on(on_order(tag("done")))
    world.order(pk)
    from vafa.act.automations.following import follow

    follow(automation.pk, open_snapshot(), NOW)
    _worker, ids = queueing.claim(automation.pk, "quick", NOW, 10)
    assert len(ids) == 1
    assert queueing.claim(automation.pk, "quick", NOW, 10)[1] == []
    world.work(NOW + timedelta(minutes=1))
    assert list_tags(pk) == []
    world.work(NOW + queueing.LEASE + timedelta(minutes=1))
    assert list_tags(pk) == ["done"]


def test_what_is_unusable_is_not_published_and_says_why(world: World) -> None:
    broken = on_order(
        StepTold("s1", "branch", {"by": "segment", "segment": "nobody"}), StepTold("s2", "wait", {})
    )
    with pytest.raises(AutomationUnusable) as refused:
        world.switch_on(broken)
    assert {(one.code, one.step) for one in refused.value.problems} == {
        ("branch_without_segment", "s1"),
        ("wait_length", "s2"),
    }
    assert Automation.objects.get().state == "draft"


def test_a_returned_band_of_risk_and_failed_payments_are_read_from_the_log(world: World) -> None:
    high, raised, unpaid = (world.ledger.add_customer(key) for key in ("high", "raised", "unpaid"))
    world.switch_on(Document(When("risk_rose", band="high"), steps=(tag("rescue"),)))
    world.switch_on(Document(When("payment_failed"), steps=(tag("unpaid"),)))
    for pk, after in ((high, 2), (raised, 1)):
        add_happening("risk_rose", at=NOW, now=NOW, live=True, subject=pk, before=0, after=after)
    line = world.ledger.add_order(unpaid, TODAY, status="Payment failed", counts=False)
    add_happening("order_new", at=NOW, now=NOW, live=True, subject=line.pk, customer=unpaid)
    world.order(high)
    world.work()
    assert [list_tags(pk) for pk in (high, raised, unpaid)] == [["rescue"], [], ["unpaid"]]


def test_an_order_before_the_switch_on_that_is_corrected_after_it_stays_history(world: World) -> None:
    pk = world.ledger.add_customer("c")
    row = world.order(pk, NOW - timedelta(hours=5))
    world.switch_on(on_order(tag("in")))
    add_happening("order_changed", at=NOW - timedelta(hours=5), now=NOW, live=True, subject=row, customer=pk)
    world.work()
    assert list_tags(pk) == []


def test_erasing_takes_the_runs_and_leaves_the_codes_given(world: World) -> None:
    pk = world.ledger.add_customer("c")
    pool = create_pool("Spring", by=None, now=NOW)
    add_codes(pool.pk, ["A"], by=None, now=NOW)
    world.switch_on(on_order(StepTold("s1", "code", {"pool": pool.pk})))
    world.order(pk)
    world.work()
    erase_person([pk])
    code = Code.objects.get()
    assert (Run.objects.count(), code.run_id, code.given_at) == (0, None, NOW)


def test_switching_on_is_audited_without_names(world: World) -> None:
    from vafa.kit.models import AuditEntry

    world.switch_on(replace(on_order(tag("in")), goal="order"))
    told = AuditEntry.objects.filter(action__startswith="automation.").values_list("action", flat=True)
    assert sorted(told) == ["automation.made", "automation.published", "automation.switched_on"]


def test_silence_counts_only_days_that_sources_have_told_of(world: World) -> None:
    silent, buyer = world.ledger.add_customer("silent"), world.ledger.add_customer("buyer")
    start = TODAY - timedelta(days=20)
    world.ledger.add_order(silent, start)
    world.ledger.add_order(buyer, TODAY - timedelta(days=5))
    world.ledger.publish(TODAY - timedelta(days=4))
    world.switch_on(Document(When("silence", days=18), steps=(tag("silent"),)))
    world.work(NOW + timedelta(days=30))
    assert Run.objects.count() == 0
    world.ledger.add_order(buyer, date(2026, 3, 15))
    world.ledger.publish(date(2026, 3, 16))
    world.work(NOW + timedelta(hours=12))
    assert [run.customer_id for run in Run.objects.all()] == [silent]
