"""Cases: one open a customer, moved and taken back, closed by what comes after them, and seen by whom they are for."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from vafa.act.followups.actions import finish_tasks
from vafa.act.followups.models import Task
from vafa.act.followups.queries import get_viewer
from vafa.act.followups.types import AssigneeBlind
from vafa.act.saving.actions import (
    assign_cases,
    close_settled,
    move_cases,
    open_cases,
    plan_case,
    put_back_cases,
    take_back_opened,
)
from vafa.act.saving.models import Case, Move
from vafa.act.saving.queries import (
    find_open_case,
    keep_visible,
    list_cases,
    list_due,
    list_hints,
    list_taken,
)
from vafa.act.saving.tests.conftest import NOW
from vafa.act.saving.types import CaseFilter, CaseUnusable
from vafa.data.business.actions import change_business
from vafa.data.customers.actions import merge_customers
from vafa.data.log.models import Happening
from vafa.kit.erasing import collect_person, erase_person
from vafa.kit.models import AuditEntry
from vafa.warehouse.queries import open_snapshot

TODAY = date(2026, 3, 15)
ALL = CaseFilter(date(2026, 1, 1))
pytestmark = pytest.mark.django_db


def open_one(team, customer, **told):
    (pk,) = open_cases([customer], by=team.owner, now=NOW, **told).opened
    return Case.objects.get(pk=pk)


def move(team, case, stage, now=NOW):
    return move_cases([case.pk], stage, by=team.owner, now=now, today=TODAY)


def get_stage(case):
    return Case.objects.get(pk=case.pk).stage


@pytest.fixture
def trade(team):
    """Everybody bought twice: the window is 60 days, and the data are known through 9 March."""
    change_business(by=None, now=NOW, activity_rule="purchase:60d")
    for customer in (team.of_mina, team.of_omid, team.of_nobody):
        team.ledger.add_order(customer, date(2025, 6, 1), 1000)
        team.ledger.add_order(customer, date(2026, 2, 1), 40)
    team.ledger.publish(date(2026, 3, 9))
    return team


def test_a_customer_has_one_open_case(trade):
    done = open_cases([trade.of_mina, trade.of_nobody, 999], by=trade.owner, now=NOW)
    assert (done.count, done.skipped) == (2, 0)
    again = open_cases([trade.of_mina], by=trade.omid, now=NOW)
    assert (again.count, again.skipped) == (0, 1)
    mina, nobody = Case.objects.order_by("pk")
    # Who looks after the customer saves it, else whoever took it on.
    assert (mina.owner, nobody.owner) == (trade.mina, trade.owner)
    # The last 365 known days: the order of June is within them.
    assert (mina.value, mina.known_until) == (Decimal(1040), date(2026, 3, 10))
    assert list(Happening.objects.filter(kind="case_opened").values_list("subject", "live")) == [
        (trade.of_mina, True),
        (trade.of_nobody, True),
    ]
    move(trade, mina, "lost", NOW + timedelta(minutes=1))
    assert open_cases([trade.of_mina], by=trade.owner, now=NOW).count == 1
    # Its old case can't be opened again beside it.
    assert move(trade, mina, "at_risk").count == 0
    # What was touched since stays.
    assert take_back_opened(done.opened, by=trade.owner, now=NOW).count == 1


def test_moving_is_told_and_can_be_taken_back(trade):
    case = open_one(trade, trade.of_mina)
    later = NOW + timedelta(days=2)
    done = move(trade, case, "being_saved", later)
    assert (done.count, get_stage(case)) == (1, "being_saved")
    assert [one.stage for one in Move.objects.all()] == ["at_risk", "being_saved"]
    told = Happening.objects.get(kind="case_moved")
    assert (told.subject, told.details["stage"], told.details["why"]) == (
        trade.of_mina,
        "being_saved",
        "hand",
    )
    assert put_back_cases(done.images, by=trade.owner, now=later).count == 1
    assert (get_stage(case), Case.objects.get().staged_at, Move.objects.count()) == ("at_risk", NOW, 1)
    moved = move(trade, case, "saved", later)
    closed = Case.objects.get()
    assert (closed.why, closed.closed_on, closed.closed_at) == ("hand", TODAY, later)
    # Somebody has moved it since: nothing is taken back.
    move(trade, case, "lost", later + timedelta(minutes=1))
    assert put_back_cases(moved.images, by=trade.owner, now=later).count == 0
    assert get_stage(case) == "lost"
    with pytest.raises(CaseUnusable):
        move(trade, case, "forgotten")
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {
        "case.opened",
        "case.moved",
        "case.put_back",
    }


def test_an_order_after_the_opening_saves_and_one_before_it_only_hints(trade):
    cases = [open_one(trade, one) for one in (trade.of_mina, trade.of_omid, trade.of_nobody)]
    mina, omid, nobody = cases
    # On the day itself an hour decides, and a day without an hour decides nothing.
    trade.ledger.add_order(trade.of_mina, TODAY, at=NOW + timedelta(hours=1))
    trade.ledger.add_order(trade.of_omid, TODAY, at=NOW - timedelta(hours=1))
    trade.ledger.add_order(trade.of_nobody, date(2026, 3, 12))
    snapshot = trade.ledger.publish(date(2026, 3, 16))
    later = NOW + timedelta(days=1)
    assert close_settled(later) == 1
    assert [get_stage(case) for case in cases] == ["saved", "at_risk", "at_risk"]
    closed = Case.objects.get(pk=mina.pk)
    assert (closed.why, closed.closed_on) == ("ordered", TODAY)
    assert Happening.objects.get(kind="case_moved").live
    hints = list_hints([omid, nobody], snapshot)
    assert {pk: (hint.hint, hint.on) for pk, hint in hints.items()} == {
        omid.pk: ("ordered_before", TODAY),
        nobody.pk: ("ordered_before", date(2026, 3, 12)),
    }
    assert close_settled(later) == 0


def test_whom_the_rule_loses_is_lost_from_that_day_on_however_late_it_is_known(trade):
    case = open_one(trade, trade.of_mina)
    trade.ledger.publish(date(2026, 4, 1))
    assert close_settled(NOW + timedelta(days=17)) == 0
    # Bought on 1 February, so the sixtieth day after it is the last one: 3 April is the first boundary without them.
    trade.ledger.publish(date(2026, 5, 1))
    assert close_settled(NOW + timedelta(days=60)) == 1
    closed = Case.objects.get(pk=case.pk)
    assert (closed.stage, closed.why, closed.closed_on) == ("lost", "left", date(2026, 4, 3))
    # It came so six weeks ago: nobody is to act on it any more.
    assert not Happening.objects.get(kind="case_moved").live
    # A customer who is lost when taken on is lost for the case when the horizon is over.
    again = open_cases([trade.of_mina], by=trade.owner, now=datetime(2026, 5, 2, tzinfo=UTC)).opened[0]
    assert list_hints([Case.objects.get(pk=again)], open_snapshot())[again].hint == "left_before"
    trade.ledger.publish(date(2026, 7, 29))
    assert close_settled(NOW) == 0
    trade.ledger.publish(date(2026, 7, 30))
    assert close_settled(NOW) == 1
    assert Case.objects.get(pk=again).closed_on == date(2026, 7, 31)


def test_subscriptions_are_saved_by_a_renewal_or_by_staying(team):
    change_business(by=None, now=NOW, activity_rule="subscription")
    for customer in (team.of_mina, team.of_omid, team.of_nobody):
        team.ledger.add_subscription(
            customer, date(2025, 4, 1), None if customer == team.of_omid else date(2026, 4, 1)
        )
    team.ledger.publish(date(2026, 3, 9), "subscriptions")
    cases = [open_one(team, one) for one in (team.of_mina, team.of_omid, team.of_nobody)]
    team.ledger.add_subscription(team.of_mina, date(2026, 4, 1), date(2027, 4, 1))
    team.ledger.publish(date(2026, 7, 1), "subscriptions")
    assert close_settled(NOW + timedelta(days=100)) == 3
    ends = [(one.stage, one.why, one.closed_on) for one in Case.objects.order_by("pk")]
    assert ends == [
        ("saved", "renewed", date(2026, 4, 1)),
        ("saved", "stayed", TODAY + timedelta(days=90)),
        ("lost", "left", date(2026, 4, 1)),
    ]
    assert len(cases) == 3


def test_the_next_step_is_a_task_and_makes_a_plan(trade):
    case = open_one(trade, trade.of_mina)
    done = plan_case(case.pk, "Call", TODAY + timedelta(days=2), by=trade.owner, now=NOW)
    task = Task.objects.get()
    assert (task.assignee, task.customer_id, get_stage(case)) == (trade.mina, trade.of_mina, "plan_made")
    viewer = get_viewer(trade.mina)
    assert list_due(viewer, TODAY, 5)[1] == 0
    assert list_due(viewer, TODAY + timedelta(days=2), 5) == ([case], 1)
    later = NOW + timedelta(minutes=5)
    plan_case(case.pk, "Visit", TODAY + timedelta(days=9), by=trade.owner, now=later)
    assert Task.objects.get().title == "Visit"
    finish_tasks([task.pk], "done", by=trade.mina, now=later)
    assert list_due(viewer, TODAY, 5)[1] == 1  # nobody knows what comes next
    # The first plan was touched since, so it stays; a fresh one is taken back with its task.
    assert put_back_cases(done.images, by=trade.owner, now=later).count == 0
    fresh = plan_case(case.pk, "Write", TODAY, by=trade.owner, now=later + timedelta(minutes=1))
    assert put_back_cases(fresh.images, by=trade.owner, now=later).count == 1
    assert Task.objects.get(title="Write").state == "cancelled"
    assert Case.objects.get().task_id == task.pk
    move(trade, case, "saved")
    with pytest.raises(CaseUnusable):
        plan_case(case.pk, "Too late", TODAY, by=trade.owner, now=NOW)


def test_agents_see_and_get_cases_of_own_customers_only(trade):
    mina, omid, nobody = (open_one(trade, one) for one in (trade.of_mina, trade.of_omid, trade.of_nobody))
    viewer = get_viewer(trade.mina)
    assert list_cases(viewer, ALL) == [mina]
    assert keep_visible([mina.pk, omid.pk, nobody.pk], viewer) == [mina.pk]
    assert len(list_cases(get_viewer(trade.owner), ALL)) == 3
    with pytest.raises(AssigneeBlind):
        assign_cases([omid.pk], trade.mina.pk, by=trade.owner, now=NOW)
    with pytest.raises(AssigneeBlind):
        open_cases([trade.of_omid], owner_id=trade.mina.pk, by=trade.owner, now=NOW)
    plan_case(mina.pk, "Call", TODAY, by=trade.owner, now=NOW)
    done = assign_cases([mina.pk], trade.owner.pk, by=trade.owner, now=NOW + timedelta(minutes=1))
    assert (Case.objects.get(pk=mina.pk).owner, Task.objects.get().assignee) == (trade.owner, trade.owner)
    put_back_cases(done.images, by=trade.owner, now=NOW)
    assert (Case.objects.get(pk=mina.pk).owner, Task.objects.get().assignee) == (trade.mina, trade.mina)


def test_customers_who_are_one_have_one_case(trade):
    mina, omid = open_one(trade, trade.of_mina), open_one(trade, trade.of_omid)
    move(trade, mina, "being_saved")
    merge_customers(trade.of_mina, trade.of_omid, by=trade.owner, now=NOW)
    assert list_cases(get_viewer(trade.owner), ALL) == [mina]
    assert list_taken(NOW) == {trade.of_omid}
    assert find_open_case([trade.of_omid, trade.of_mina]) == mina
    assert open_cases([trade.of_omid], by=trade.owner, now=NOW).count == 0
    # The customer is saved, so both cases are.
    done = move(trade, mina, "saved")
    assert (done.count, get_stage(omid)) == (2, "saved")
    put_back_cases(done.images, by=trade.owner, now=NOW)
    assert (get_stage(mina), get_stage(omid)) == ("being_saved", "at_risk")


def test_erasing_takes_the_cases_along(trade):
    case = open_one(trade, trade.of_mina)
    plan_case(case.pk, "Call", TODAY, by=trade.owner, now=NOW)
    told = collect_person([trade.of_mina])["cases"]
    assert [(row["stage"], row["value"]) for row in told] == [("plan_made", "1040")]
    erase_person([trade.of_mina])
    assert (Case.objects.count(), Move.objects.count(), Task.objects.count()) == (0, 0, 0)
