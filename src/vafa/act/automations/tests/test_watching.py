"""Goals and exits are seen when they happen, and what is owed to everybody reaches the control group too."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from vafa.act.automations.actions import create_automation, publish, save_draft, stop_automation
from vafa.act.automations.coding import read_document
from vafa.act.automations.models import Automation, Run, Step
from vafa.act.automations.playbooks import build_document, find_playbook
from vafa.act.automations.rules import may_hold_out
from vafa.act.automations.tests.conftest import NOW, TODAY, World, on_order, tag
from vafa.act.automations.types import AutomationUnusable, Condition, Document, StepTold, When
from vafa.act.followups.models import Task
from vafa.act.messaging.actions import add_account
from vafa.act.messaging.queries import Message, Sending
from vafa.data.consent.types import Channel
from vafa.data.customers.models import Customer
from vafa.data.log.actions import add_happening
from vafa.measure.segments.actions import add_members, create_segment, remove_members
from vafa.measure.segments.queries import write_definition
from vafa.measure.segments.types import Definition, Group, MeasureCondition
from vafa.warehouse.queries import open_snapshot

pytestmark = pytest.mark.django_db
WAIT = StepTold("s1", "wait", {"days": 9})


def test_who_arrives_at_the_goal_is_through_at_once_and_nobody_else(world: World) -> None:
    again, away, later = (world.ledger.add_customer(key) for key in ("again", "away", "later"))
    world.switch_on(on_order(WAIT, tag("reminded", "s2"), goal="order"))
    for pk in (again, away, later):
        world.order(pk)
    world.work()
    assert set(Run.objects.values_list("state", flat=True)) == {"running"}
    world.order(again, NOW + timedelta(days=1))
    world.order(later, NOW + timedelta(days=1), live=False)  # of a file: asked when the next step is due
    world.work(NOW + timedelta(days=1))
    assert dict(Run.objects.values_list("customer_id", "state")) == {
        again: "goal", away: "running", later: "running",
    }  # fmt: skip
    assert Step.objects.get(run__customer=again).state == "ended"
    world.work(NOW + timedelta(days=10))
    assert dict(Run.objects.values_list("customer_id", "state")) == {
        again: "goal", away: "done", later: "goal",
    }  # fmt: skip


def test_many_rows_of_the_log_are_watched_piece_by_piece(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vafa.act.automations.watching.AT_ONCE", 2)
    people = [world.ledger.add_customer(f"c{n}") for n in range(7)]
    automation = world.switch_on(on_order(WAIT, goal="order"))
    for moment in (NOW, NOW + timedelta(hours=1)):
        for pk in people:
            world.order(pk, moment)
        world.work(moment)
    assert list(Run.objects.values_list("state", flat=True)) == ["goal"] * 7
    before = Automation.objects.get(pk=automation.pk)
    assert before.watched == before.followed


def test_who_leaves_the_segment_of_the_conditions_leaves_at_once(world: World) -> None:
    pk = world.ledger.add_customer("c")
    segment = create_segment("Chosen", None, by=None, now=NOW)
    world.ledger.publish(TODAY)
    add_members(segment.slug, [pk], snapshot=open_snapshot(), by=None, now=NOW)
    world.switch_on(
        Document(When("entered_segment", segment=segment.slug), steps=(WAIT, tag("in", "s2")), exits=True)
    )
    add_happening("entered_segment", at=NOW, now=NOW, live=True, subject=pk, segment=segment.id, change=1)
    world.work()
    assert Run.objects.get().state == "running"
    remove_members(segment.slug, [pk], snapshot=open_snapshot(), by=None, now=NOW)
    add_happening("left_segment", at=NOW, now=NOW, live=True, subject=pk, segment=segment.id, change=2)
    world.work(NOW + timedelta(minutes=5))
    assert (Run.objects.get().state, Step.objects.get().state) == ("exited", "ended")


def test_an_apology_reaches_the_control_group_and_nothing_else_does(world: World) -> None:
    add_account(
        "Mail", Channel.EMAIL, "smtp", settings={"host": "x", "port": 25}, secrets={}, by=None, now=NOW
    )
    apology = {"channels": ["email"], "text": "rescue_quality", "template": None, "owed": True}
    offer = {"channels": ["email"], "text": "rescue_price", "template": None}
    steps = (
        StepTold("s1", "message", apology), StepTold("s2", "task", {"title": "Offer"}),
        StepTold("s3", "message", offer), StepTold("s4", "task", {"title": "Mend", "owed": True}),
    )  # fmt: skip
    automation = world.switch_on(on_order(*steps, holdout=0.5))
    people = [world.ledger.add_customer(f"c{n}") for n in range(20)]
    for pk in people:
        world.order(pk)
    world.work()
    control = set(Run.objects.filter(state="held_out").values_list("customer_id", flat=True))
    treated = set(people) - control
    assert control
    assert treated
    got = {
        message.origin.split(":")[3]: (message.purpose, message.trial, set(own))
        for message in Message.objects.all()
        for own in [Sending.objects.filter(message=message, why="").values_list("customer_id", flat=True)]
    }
    assert got == {
        "s1": ("service", "", set(people)),
        "s3": ("marketing", f"automation:{automation.pk}:1", treated),
    }
    done = {
        title: set(Task.objects.filter(title=title).values_list("customer", flat=True))
        for title in ("Offer", "Mend")
    }
    assert done == {"Offer": treated, "Mend": set(people)}
    whys = Step.objects.filter(run__customer__in=control).values_list("step", "why").distinct()
    assert set(whys) == {("s1", ""), ("s2", "control"), ("s3", "control"), ("s4", "")}
    assert set(Run.objects.filter(customer__in=control).values_list("state", flat=True)) == {"held_out"}


def test_switching_off_ends_what_is_owed_too(world: World) -> None:
    automation = world.switch_on(
        on_order(WAIT, StepTold("s2", "task", {"title": "Mend", "owed": True}), holdout=0.5)
    )
    for n in range(8):
        world.order(world.ledger.add_customer(f"c{n}"))
    world.work()
    assert Step.objects.filter(run__state="held_out", state="waiting").exists()
    stop_automation(automation.pk, by=None, now=NOW)
    assert not Step.objects.filter(state="waiting").exists()


def test_what_a_draft_leaves_open_is_settled_when_it_is_published(world: World) -> None:
    made = create_automation("test", on_order(tag("in"), holdout=None), by=None, now=NOW)
    first = publish(made.pk, by=None, now=NOW, holdout=0.5)
    assert (first.document["holdout"], bool(first.trial)) == (0.5, True)
    assert publish(made.pk, by=None, now=NOW, holdout=0.1) == first
    save_draft(made.pk, "test", on_order(tag("in"), holdout=None), by=None, now=NOW)
    assert publish(made.pk, by=None, now=NOW).document["holdout"] == 0.0


@pytest.mark.django_db
def test_nobody_is_denied_what_is_owed_by_a_playbook() -> None:
    told = {}
    for code in ("at_risk", "payment_failed", "late"):
        playbook = find_playbook(code)
        assert playbook is not None
        document = read_document(build_document(playbook))
        assert document.holdout is None
        told[code] = (may_hold_out(document), may_hold_out(replace(document, purpose="service")))
    assert told == {"at_risk": (True, False), "payment_failed": (False, False), "late": (True, False)}
    rescue = find_playbook("at_risk")
    assert rescue is not None
    ways = read_document(build_document(rescue)).steps[0].ways
    assert all(step.told.get("owed") for step in (*ways["quality"], *ways["experience"]))
    assert not any(step.told.get("owed") for step in (*ways["price"], *ways["silence"], *ways["competition"]))


def test_rules_written_in_the_automation_let_in_and_lead_on(world: World) -> None:
    loyal, new, other = (world.ledger.add_customer(key) for key in ("loyal", "new", "other"))
    for pk, orders in ((loyal, 3), (new, 1)):
        for n in range(orders):
            world.ledger.add_order(pk, TODAY - timedelta(days=20 + n))
    world.ledger.publish(TODAY)
    at_least = MeasureCondition("orders", "at_least", Decimal(2))
    many = write_definition(Definition(Group("all", (at_least,))))
    any_order = write_definition(Definition(Group("all", (replace(at_least, value=Decimal(1)),))))
    branch = StepTold(
        "s1", "branch", {"by": "rules", "definition": many},
        {"yes": (tag("many", "s2"),), "no": (tag("few", "s3"),)},
    )  # fmt: skip
    world.switch_on(Document(When("customer"), (Condition(definition=any_order),), steps=(branch,)))
    for pk in (loyal, new, other):
        add_happening("customer_new", at=NOW, now=NOW, live=True, subject=pk, customer=pk)
    world.ledger.publish(TODAY)
    world.work()
    assert {pk: list(Customer.objects.get(pk=pk).tags) for pk in (loyal, new, other)} == {
        loyal: ["many"], new: ["few"], other: [],
    }  # fmt: skip


def test_a_branch_without_rules_and_rules_that_nobody_can_read_are_not_published(world: World) -> None:
    for document in (
        on_order(StepTold("s1", "branch", {"by": "rules"})),
        on_order(StepTold("s1", "branch", {"by": "rules", "definition": {"version": 99}})),
        on_order(tag("in"), conditions=(Condition(definition={"version": 99}),)),
    ):
        with pytest.raises(AutomationUnusable):
            world.switch_on(document)
