"""Messages stand in the ledger once, control groups are dealt before anything happens, dates come once a year, and
100,000 old orders let nobody in."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from vafa.act.automations.actions import publish, stop_automation
from vafa.act.automations.models import Automation, Run, Step
from vafa.act.automations.playbooks import create_from_playbook, list_playbooks
from vafa.act.automations.tests.conftest import NOW, TODAY, World, on_order, tag
from vafa.act.automations.types import Again, Document, StepTold, When
from vafa.act.messaging.actions import add_account
from vafa.act.messaging.queries import Exposure, Holdout, Message, Sending, find_trial, list_kept_apart
from vafa.data.consent.types import Channel
from vafa.data.customers.models import Customer
from vafa.data.log.actions import add_happening, take_numbers
from vafa.data.orders.models import OrderLine
from vafa.kit.bulk import insert_rows
from vafa.measure.segments.actions import make_presets, rebuild_segments

pytestmark = pytest.mark.django_db
THANKS = StepTold("s1", "message", {"channels": ["email"], "text": "first_order_thanks", "template": None})


@pytest.fixture(autouse=True)
def account(world: World) -> None:
    add_account(
        "Mail", Channel.EMAIL, "smtp", settings={"host": "x", "port": 25}, secrets={}, by=None, now=NOW
    )


def test_a_step_is_one_message_and_a_customer_one_row_of_it_also_when_replayed(world: World) -> None:
    people = [world.ledger.add_customer(f"c{n}") for n in range(3)]
    automation = world.switch_on(on_order(THANKS, purpose="service", again=Again("key")))
    for pk in people:
        world.order(pk)
    world.work()
    Step.objects.update(state="waiting", done_at=None)
    world.work()
    message = Message.objects.get()
    assert message.origin == f"automation:{automation.pk}:1:s1:1"
    assert sorted(Sending.objects.values_list("customer_id", flat=True)) == people
    world.order(people[0], NOW + timedelta(minutes=1))
    world.work(NOW + timedelta(minutes=1))
    assert Sending.objects.filter(customer=people[0]).count() == 2


def test_the_control_group_is_recorded_and_does_nothing(world: World) -> None:
    people = [world.ledger.add_customer(f"c{n}") for n in range(40)]
    world.switch_on(on_order(tag("in"), holdout=0.5))
    for pk in people:
        world.order(pk)
    world.work()
    arms = dict(Exposure.objects.values_list("customer_id", "arm"))
    tagged = {pk for pk in people if Customer.objects.get(pk=pk).tags}
    assert set(arms) == set(people)
    assert tagged == {pk for pk, arm in arms.items() if arm != "control"}
    assert 5 < len(tagged) < 35
    assert Run.objects.filter(state="held_out").count() == 40 - len(tagged)


def test_who_is_in_the_universal_holdout_takes_part_in_nothing(world: World) -> None:
    people = [world.ledger.add_customer(f"c{n}") for n in range(40)]
    Holdout.objects.create(number=1, state="running", share=0.2, days=90, asked_at=NOW, began_at=NOW)
    apart = list_kept_apart(people, "marketing")
    assert 0 < len(apart) < 20
    automation = world.switch_on(on_order(tag("in"), holdout=0.5))
    for pk in people:
        world.order(pk)
    world.work()
    dealt = dict(Exposure.objects.values_list("customer_id", "arm"))
    assert set(dealt) == set(people) - apart
    tagged = {pk for pk in people if Customer.objects.get(pk=pk).tags}
    assert tagged == {pk for pk, arm in dealt.items() if arm == "treated"}
    assert (
        set(Run.objects.filter(arm="universal", state="held_out").values_list("customer_id", flat=True))
        == apart
    )
    trial = automation.version.trial
    stop_automation(automation.pk, by=None, now=NOW)
    assert find_trial(trial).ended_at == NOW
    again = publish(automation.pk, by=None, now=NOW + timedelta(hours=1))
    assert again.trial not in ("", trial)  # what has ended is never dealt into again
    assert find_trial(again.trial).ended_at is None


def test_a_birthday_comes_once_a_year_whatever_is_edited(world: World) -> None:
    leap = world.ledger.add_customer("leap", birthday=date(2001, 3, 20))  # 30 Esfand 1379
    world.switch_on(Document(When("birthday", at="10:00"), steps=(tag("greeted"),)), NOW - timedelta(days=30))
    world.work(datetime(2026, 3, 20, 6, 0, tzinfo=UTC))  # 09:30 of 29 Esfand 1404, the last day of its month
    assert Run.objects.count() == 0
    world.work(datetime(2026, 3, 20, 7, 0, tzinfo=UTC))
    assert [run.customer_id for run in Run.objects.all()] == [leap]
    Customer.objects.filter(pk=leap).update(birthday=date(2001, 3, 21))
    Automation.objects.update(looked_on=None)
    world.work(datetime(2026, 3, 21, 7, 0, tzinfo=UTC))
    assert Run.objects.count() == 1
    Customer.objects.filter(pk=leap).update(birthday=date(2001, 3, 20))
    world.work(datetime(2027, 3, 20, 7, 0, tzinfo=UTC))
    assert Run.objects.count() == 2


def test_old_orders_let_nobody_into_any_playbook(world: World) -> None:
    make_presets(now=NOW)
    first = take_numbers(5_000)
    Customer.objects.bulk_create([Customer(seq=first + n) for n in range(5_000)])
    people = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
    world.ledger.publish(TODAY)
    rebuild_segments(now=NOW - timedelta(hours=2))
    for playbook in list_playbooks():
        made = create_from_playbook(playbook.code, by=None, now=NOW - timedelta(hours=1))
        if playbook.code == "surprise":
            draft = made.draft
            draft["when"] |= {"budget": "100", "cost": "10"}
            Automation.objects.filter(pk=made.pk).update(draft=draft)
        publish(made.pk, by=None, now=NOW - timedelta(hours=1))
    world.switch_on(Document(When("silence", days=30), steps=(tag("silent"),)))
    insert_old_orders(world, people, 100_000)
    add_happening("import_finished", at=NOW, now=NOW, live=False, subject=1, kind_of_rows="orders")
    world.ledger.publish(TODAY)
    rebuild_segments(now=NOW)
    world.work(NOW)
    assert OrderLine.objects.count() == 100_000
    assert (Run.objects.count(), Sending.objects.count()) == (0, 0)


def insert_old_orders(world: World, people: list[int], count: int) -> None:
    """So many orders of days gone by, as a file would bring them."""
    first = take_numbers(count)
    columns = (
        "source_id",
        "key",
        "order_key",
        "customer_id",
        "day",
        "quantity",
        "amount",
        "currency",
        "status",
        "counts",
        "seq",
    )
    rows = [
        (
            world.ledger.source.pk, f"k{n}", f"k{n}", people[n % len(people)],
            (TODAY - timedelta(days=1 + n % 700)).isoformat(), 10_000, 100_000, "", "", True, first + n,
        )
        for n in range(count)
    ]  # fmt: skip
    insert_rows("orders_orderline", columns, rows)


def test_a_trial_lasts_over_versions_while_who_is_held_out_stays_the_same(world: World) -> None:
    from vafa.act.automations.actions import save_draft

    document = on_order(tag("in"), holdout=0.5)
    automation = world.switch_on(document)
    keys = []
    for changed in (replace(document, steps=(tag("other"),)), replace(document, holdout=0.3)):
        save_draft(automation.pk, "test", changed, by=None, now=NOW)
        keys.append(publish(automation.pk, by=None, now=NOW).trial)
    assert keys == [f"automation:{automation.pk}:1", f"automation:{automation.pk}:3"]
