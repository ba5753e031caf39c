"""Dashboards: made, changed, ordered, seen by whom they are for, and their figures."""

from datetime import UTC, date, datetime, timedelta

import pytest

from vafa.data.business.actions import change_business
from vafa.data.customers.models import Customer
from vafa.data.log.actions import take_numbers
from vafa.front.overview.tests.shop import Shop
from vafa.kit.models import AuditEntry
from vafa.kit.permissions import Role
from vafa.lab.periods import Period
from vafa.measure.metrics.queries import get_metric
from vafa.measure.reports.actions import (
    add_item,
    create_dashboard,
    delete_dashboard,
    duplicate_dashboard,
    move_item,
    remove_deleted,
    remove_item,
    restore_dashboard,
)
from vafa.measure.reports.models import Dashboard
from vafa.measure.reports.queries import (
    can_edit,
    find_dashboard,
    get_figures,
    list_dashboards,
    list_deleted,
    list_items,
)
from vafa.measure.reports.types import MOST_ITEMS, Item, ItemUnusable, TooManyItems
from vafa.measure.segments.actions import add_members, create_segment
from vafa.warehouse.queries import open_snapshot

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2025, 7, 1, tzinfo=UTC)
ITEMS = [Item("crr"), Item("customers_new", "table"), Item("churn_rate", "number")]


def list_metrics(dashboard: Dashboard) -> list[str]:
    return [row.metric for row in list_items(dashboard)]


def test_items_keep_their_order(shop: Shop) -> None:
    ann = shop.hire(Role.ANALYST)
    dashboard = create_dashboard("Retention", is_shared=True, items=ITEMS, by=ann, now=NOW)
    first, second, third = list_items(dashboard)
    move_item(third, -1, by=ann, now=NOW)
    assert list_metrics(dashboard) == ["crr", "churn_rate", "customers_new"]
    move_item(first, 99, by=ann, now=NOW)
    assert list_metrics(dashboard) == ["churn_rate", "customers_new", "crr"]
    move_item(third, -1, by=ann, now=NOW)
    assert list_metrics(dashboard) == ["churn_rate", "customers_new", "crr"]
    remove_item(second, by=ann, now=NOW)
    add_item(dashboard, Item("growth_rate"), by=ann, now=NOW)
    assert list_metrics(dashboard) == ["churn_rate", "crr", "growth_rate"]
    assert AuditEntry.objects.filter(action="dashboard.changed").count() == 5


def test_what_cannot_be_shown_is_refused(shop: Shop) -> None:
    ann = shop.hire(Role.ANALYST)
    for item in (Item("magic"), Item("crr", "pie"), Item("crr", periods=0), Item("crr", periods=61)):  # type: ignore[arg-type]
        with pytest.raises(ItemUnusable):
            create_dashboard("Retention", is_shared=True, items=[item], by=ann, now=NOW)
    with pytest.raises(TooManyItems):
        create_dashboard("Much", is_shared=True, items=[Item("crr")] * (MOST_ITEMS + 1), by=ann, now=NOW)
    assert not Dashboard.objects.exists()


def test_private_ones_are_seen_by_nobody_else(shop: Shop) -> None:
    ann, bob, boss = shop.hire(Role.ANALYST), shop.hire(Role.ANALYST, "bob@x.example"), shop.hire(Role.OWNER)
    own = create_dashboard("Mine", is_shared=False, by=ann, now=NOW)
    shared = create_dashboard("Ours", is_shared=True, by=ann, now=NOW)
    assert list_dashboards(ann) == [own, shared]
    assert list_dashboards(bob) == [shared] == list_dashboards(boss)
    assert find_dashboard(own.pk, bob) is None
    assert [can_edit(staff, shared) for staff in (ann, bob, boss)] == [True, False, True]
    assert not can_edit(boss, own)
    ann.role = Role.READ_ONLY
    assert not can_edit(ann, own)


def test_a_copy_is_one_s_own(shop: Shop) -> None:
    ann, bob = shop.hire(Role.ANALYST), shop.hire(Role.ANALYST, "bob@x.example")
    first = create_dashboard("Ours", is_shared=True, items=ITEMS, by=ann, now=NOW)
    copy = duplicate_dashboard(first, "Copy", by=bob, now=NOW)
    assert (copy.owner, copy.is_shared) == (bob, False)
    assert list_metrics(copy) == list_metrics(first)
    remove_item(list_items(copy)[0], by=bob, now=NOW)
    assert len(list_items(first)) == 3


def test_a_deleted_one_can_be_taken_back_for_a_month(shop: Shop) -> None:
    ann, bob = shop.hire(Role.ANALYST), shop.hire(Role.ANALYST, "bob@x.example")
    dashboard = create_dashboard("Ours", is_shared=True, items=ITEMS, by=ann, now=NOW)
    delete_dashboard(dashboard, by=ann, now=NOW)
    assert list_dashboards(ann) == []
    assert find_dashboard(dashboard.pk, ann) is None
    assert (list_deleted(ann), list_deleted(bob)) == ([dashboard], [])
    remove_deleted(NOW + timedelta(days=30))
    restore_dashboard(dashboard, by=ann, now=NOW)
    assert list_metrics(list_dashboards(ann)[0]) == ["crr", "customers_new", "churn_rate"]
    delete_dashboard(dashboard, by=ann, now=NOW)
    remove_deleted(NOW + timedelta(days=31))
    assert not Dashboard.objects.exists()


def test_figures_are_those_of_the_metrics(shop: Shop) -> None:
    snapshot = open_snapshot()
    found = get_figures(Item("crr", every="month", periods=3), snapshot=snapshot, visible=None)
    # The data end on 30 June 2025: June is over, and July has not begun.
    assert found.latest == Period(date(2025, 6, 1), date(2025, 7, 1))
    assert found.before == Period(date(2025, 5, 1), date(2025, 6, 1))
    assert found.table is not None
    asked = get_metric("crr", start=date(2025, 4, 1), end=date(2025, 7, 1), every="month", snapshot=snapshot)
    assert found.table == asked
    number = get_figures(Item("crr", "number", periods=12), snapshot=snapshot, visible=None)
    assert number.table is not None
    assert len(number.table.rows) == 2


def test_a_period_that_is_not_over_is_told_at_the_end(shop: Shop) -> None:
    found = get_figures(
        Item("customers_end", every="quarter", periods=1), snapshot=open_snapshot(), visible=None
    )
    assert found.table is not None
    assert [row.complete for row in found.table.rows][-1]
    half = get_figures(Item("crr", every="year", periods=2), snapshot=open_snapshot(), visible=None)
    assert half.table is not None
    assert (half.table.rows[-1].start, half.table.rows[-1].complete) == (date(2025, 1, 1), False)
    assert half.latest == Period(date(2024, 1, 1), date(2025, 1, 1))


def test_figures_are_of_whom_one_may_see(shop: Shop) -> None:
    agent = shop.hire(Role.AGENT)
    Customer.objects.filter(pk=shop.staying).update(owner=agent, seq=take_numbers(1))
    shop.ledger.publish(date(2025, 6, 30))
    snapshot = open_snapshot()
    visible = snapshot.visible_to(agent.pk)
    found = get_figures(Item("customers_end", "table"), snapshot=snapshot, visible=visible)
    assert found.table is not None
    assert {row.value for row in found.table.rows if row.value is not None} == {1}


def test_figures_of_a_segment_are_of_its_members_at_each_period_s_start(shop: Shop) -> None:
    snapshot = open_snapshot()
    made = create_segment("Regulars", None, by=None, now=NOW)
    add_members(made.slug, [shop.staying, shop.leaving], snapshot=snapshot, by=None, now=NOW)
    item = Item("customers_end", "table", periods=6, segment=made.slug)
    found = get_figures(item, snapshot=snapshot, visible=None)
    assert found.table is not None
    # The newcomer of May and who came back in it are not among them.
    assert {row.start.month: row.value for row in found.table.rows}[5] == 1
    whole = get_figures(Item("customers_end", "table", periods=6), snapshot=snapshot, visible=None)
    assert whole.table is not None
    assert {row.start.month: row.value for row in whole.table.rows}[5] == 3


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (Item("magic"), "magic"),
        (Item("crr", by="shoe_size"), "shoe_size"),
        (Item("crr", segment="vip"), "vip"),
        (Item("crr", rule="purchase:x"), "purchase:x"),
    ],
)
def test_what_cannot_be_told_says_why(shop: Shop, item: Item, said: str) -> None:
    found = get_figures(item, snapshot=open_snapshot(), visible=None)
    assert found.table is None
    assert said in found.problem


def test_without_data_there_are_no_figures_and_no_error(own_home: object) -> None:
    change_business(by=None, now=NOW, activity_rule="purchase:30d")
    found = get_figures(Item("crr"), snapshot=open_snapshot(), visible=None)
    assert found.latest is None
    assert found.table is not None
    assert found.table.reason == "no_data"
