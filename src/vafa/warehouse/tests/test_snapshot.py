"""What a snapshot says of purchases, cancellations, groups, people and the end of data."""

from datetime import UTC, date, datetime

import pytest
from pyroaring import BitMap

from vafa.data.log.models import Feed
from vafa.lab.rules import ActivityRule
from vafa.lab.spells import OPEN_END
from vafa.warehouse.actions import refresh
from vafa.warehouse.errors import DimensionNotForRule, DimensionUnknown
from vafa.warehouse.queries import Query, Snapshot, open_snapshot
from vafa.warehouse.tests.world import NOW, World, build_day
from vafa.warehouse.types import Group

pytestmark = pytest.mark.django_db

MONTH = ActivityRule("purchase", 30)
MEMBER = ActivityRule("subscription")


@pytest.fixture
def world() -> World:
    return World()


def look() -> Snapshot:
    refresh(now=NOW)
    return open_snapshot()


def ids(snapshot: Snapshot, members: BitMap) -> set[int]:
    return set(snapshot.ids(members).tolist())


def test_nothing_published_is_an_empty_snapshot():
    snapshot = open_snapshot()
    assert (snapshot.seq, snapshot.customer_count, snapshot.has_orders, snapshot.has_subscriptions) == (
        0,
        0,
        False,
        False,
    )
    assert not snapshot.active(MONTH, build_day(3))
    assert not snapshot.active(MEMBER, build_day(3))
    assert not snapshot.with_rows(build_day(0), build_day(9))
    assert len(snapshot.first_start_days(MONTH)) == 0
    assert snapshot.freshness().data_until is None
    assert snapshot.list_dimensions() == ()
    assert snapshot.run(Query("SELECT count(*) FROM facts JOIN calendar USING (day_no)")) == [(0,)]


def test_a_purchase_is_known_from_the_day_after(world):
    customer = world.customer()
    world.order(customer, build_day(5))
    snapshot = look()
    assert not snapshot.active(MONTH, build_day(5))
    assert ids(snapshot, snapshot.active(MONTH, build_day(6))) == {customer.pk}
    assert ids(snapshot, snapshot.active(MONTH, build_day(35))) == {customer.pk}
    assert not snapshot.active(MONTH, build_day(36))
    assert ids(snapshot, snapshot.active_between(MONTH, build_day(30), build_day(90))) == {customer.pk}
    assert not snapshot.active_between(MONTH, build_day(36), build_day(90))
    assert ids(snapshot, snapshot.buyers(build_day(5), build_day(6))) == {customer.pk}


@pytest.mark.parametrize(
    ("back", "stays"),
    [
        ({"quantity": 3}, False),
        ({"quantity": 2}, True),
        ({"amount": 50}, False),
        ({"amount": 49}, True),
        ({"amount": 50, "currency": "EUR"}, True),
        ({}, True),
    ],
)
def test_only_a_full_cancellation_takes_a_purchase_away(world, back, stays):
    customer = world.customer()
    world.order(customer, build_day(5), "A", quantity=1, amount=20, currency="IRR")
    world.order(customer, build_day(5), "A", quantity=2, amount=30, currency="IRR")
    refresh(now=NOW)
    world.returned(customer, build_day(9), "A", **back)
    snapshot = look()
    assert bool(snapshot.active(MONTH, build_day(10))) is stays
    assert ids(snapshot, snapshot.with_rows(build_day(5), build_day(6))) == {customer.pk}
    refresh(now=NOW, rebuild=True)
    assert bool(open_snapshot().active(MONTH, build_day(10))) is stays


def test_a_return_that_names_no_order_takes_nothing_away(world):
    customer = world.customer()
    world.order(customer, build_day(5), "A")
    world.returned(customer, build_day(5), quantity=1, amount=10)
    assert look().active(MONTH, build_day(6))


def test_negative_lines_of_the_order_cancel_it_and_a_coupon_does_not(world):
    first, second = world.customer(), world.customer()
    world.order(first, build_day(5), "A")
    world.order(first, build_day(6), "A", quantity=-1, amount=-10)
    world.order(second, build_day(5), "B")
    world.order(second, build_day(5), "B", quantity=1, amount=-10)
    snapshot = look()
    assert ids(snapshot, snapshot.active(MONTH, build_day(10))) == {second.pk}


def test_the_same_order_key_of_another_source_is_another_order(world):
    from vafa.data.log.actions import get_or_add_source

    customer = world.customer()
    world.order(customer, build_day(5), "A")
    other = get_or_add_source("other")
    world.order(customer, build_day(5), "A", source=other, quantity=-1, amount=-10)
    snapshot = look()
    assert snapshot.active(MONTH, build_day(10))
    assert snapshot.run(Query("SELECT count(DISTINCT order_no) FROM facts")) == [(2,)]


def test_lines_without_an_order_key_are_orders_of_their_own(world):
    customer = world.customer()
    for _ in range(3):
        line = world.order(customer, build_day(5))
        world.correct(line, order_key="")
    assert look().run(Query("SELECT count(DISTINCT order_no) FROM facts")) == [(3,)]


def test_anonymous_sales_are_facts_of_nobody(world):
    world.order(None, build_day(5), amount=70)
    snapshot = look()
    assert not snapshot.buyers(build_day(0), build_day(9))
    assert snapshot.run(Query("SELECT sum(amount), count(customer_ix) FROM facts WHERE is_purchase")) == [
        (700_000, 0)
    ]


def test_excluded_customers_leave_every_view(world):
    customer = world.customer(excluded=True)
    world.order(customer, build_day(5))
    world.returned(customer, build_day(5), quantity=1)
    world.subscription(customer, build_day(1), None)
    snapshot = look()
    for view in ("facts", "returns", "subscriptions", "customers"):
        assert snapshot.run(Query(f"SELECT count(*) FROM {view}")) == [(0,)]
    assert not snapshot.everyone()
    assert not snapshot.ix_set([customer.pk])
    assert snapshot.customer_count == 0


def test_a_merged_customer_is_the_kept_one(world):
    kept = world.customer(joined_on=build_day(9))
    merged = world.customer(joined_on=build_day(1), kept=kept)
    world.order(merged, build_day(5))
    snapshot = look()
    assert ids(snapshot, snapshot.active(MONTH, build_day(6))) == {kept.pk}
    assert snapshot.ix_set([merged.pk]) == snapshot.ix_set([kept.pk]) == snapshot.everyone()
    (ix,) = snapshot.everyone()
    assert snapshot.first_start_days(MONTH)[ix] == build_day(1).toordinal()
    assert snapshot.first_start_days(MONTH, Group("location", ""))[ix] == build_day(5).toordinal()


def test_groups_of_orders_overlap_and_those_of_customers_add_up(world):
    tehran, shiraz, _ = world.locations
    one = world.customer(location="Qom", custom={"tier/x ~": "gold"})
    two = world.customer(location="", custom={"tier/x ~": "silver"})
    world.order(one, build_day(5), location=tehran)
    world.order(one, build_day(6), location=shiraz)
    world.order(two, build_day(6), location=shiraz)
    snapshot = look()
    assert snapshot.list_dimensions() == ("location", "custom:tier/x ~")
    assert snapshot.list_groups("location") == [Group("location", "Shiraz"), Group("location", "Tehran")]
    active = {
        g.value: ids(snapshot, snapshot.active(MONTH, build_day(9), g))
        for g in snapshot.list_groups("location")
    }
    assert active == {"Tehran": {one.pk}, "Shiraz": {one.pk, two.pk}}
    own = {
        group.value: ids(snapshot, snapshot.active(MONTH, build_day(9), group))
        for group in snapshot.list_groups("customer_location")
    }
    assert own == {"Qom": {one.pk}, "": {two.pk}}
    assert ids(snapshot, snapshot.active(MONTH, build_day(9), Group("custom:tier/x ~", "gold"))) == {one.pk}
    assert not snapshot.active(MONTH, build_day(9), Group("location", "Atlantis"))


def test_an_unknown_or_unfitting_dimension_is_refused(world):
    snapshot = look()
    with pytest.raises(DimensionUnknown):
        snapshot.list_groups("shoe_size")
    with pytest.raises(DimensionNotForRule):
        snapshot.active(MONTH, build_day(1), Group("plan", "gold"))
    with pytest.raises(DimensionNotForRule):
        snapshot.active(MEMBER, build_day(1), Group("location", "Tehran"))


def test_subscriptions_with_grace_and_plans(world):
    one, two = world.customer(), world.customer()
    world.subscription(one, build_day(1), build_day(5), plan="gold")
    world.subscription(one, build_day(8), None, plan="silver")
    world.subscription(two, build_day(2), build_day(2), plan="gold")
    snapshot = look()
    assert ids(snapshot, snapshot.active(MEMBER, build_day(4))) == {one.pk}
    assert not snapshot.active(MEMBER, build_day(5))
    assert ids(snapshot, snapshot.active(ActivityRule("subscription", 3), build_day(8))) == {one.pk}
    assert not snapshot.active(MEMBER, build_day(30), Group("plan", "gold"))
    spells = snapshot.spells(MEMBER)
    assert spells.end.tolist() == [build_day(5).toordinal(), OPEN_END]
    assert snapshot.has_subscriptions
    assert snapshot.list_dimensions() == ("plan",)


def test_an_agent_sees_own_customers(world, django_user_model):
    agent = django_user_model.objects.create_user("a@example.com", created_at=NOW)
    mine = world.customer(owner=agent)
    world.customer()
    snapshot = look()
    assert ids(snapshot, snapshot.visible_to(agent.pk)) == {mine.pk}


def test_the_window_is_learned_from_gaps(world):
    customer = world.customer()
    for number in range(0, 40 * 10, 10):
        world.order(customer, build_day(number))
    assert look().learned_window().days == 14


def test_the_end_of_data_is_the_earliest_open_feed(world):
    customer = world.customer()
    world.order(customer, build_day(5))
    world.subscription(customer, build_day(3), build_day(8))
    world.subscription(customer, build_day(1), date(2027, 1, 1))
    snapshot = look()
    assert snapshot.freshness(MONTH).data_until == build_day(6)
    assert snapshot.freshness(MEMBER).data_until == build_day(9)
    assert snapshot.freshness().data_until == build_day(6)
    assert snapshot.freshness(MEMBER).first_on == build_day(1)
    Feed.objects.filter(kind="orders").update(closed=True)
    assert look().freshness().data_until == build_day(9)
    Feed.objects.filter(kind="subscriptions").update(complete_through=build_day(30))
    state = look().freshness(MEMBER)
    assert state.data_until == build_day(31)
    assert state.feeds[0].is_set


def test_a_fact_from_the_future_reaches_no_further_than_its_receipt(world):
    world.order(world.customer(), date(2062, 1, 1))
    assert look().freshness(MONTH).data_until == date(2026, 1, 2)


def test_the_clock_alone_changes_nothing(world):
    customer = world.customer()
    world.order(customer, build_day(5))
    world.subscription(customer, build_day(3), date(2027, 1, 1))
    before = look()
    assert refresh(now=datetime(2028, 1, 1, tzinfo=UTC), rebuild=True).rebuilt
    after = open_snapshot()
    assert after.freshness() == before.freshness()
    assert after.active(MONTH, build_day(9)) == before.active(MONTH, build_day(9))


def test_a_snapshot_that_was_opened_stays_as_it_was(world):
    one = world.customer()
    world.order(one, build_day(5))
    before = look()
    for _ in range(3):
        world.order(world.customer(), build_day(5))
        refresh(now=NOW)
    # Asked only now: what it needs must still be there, and be of its time.
    assert ids(before, before.active(MONTH, build_day(6))) == {one.pk}
    assert before.run(Query("SELECT count(*) FROM facts")) == [(1,)]
    assert len(open_snapshot().active(MONTH, build_day(6))) == 4


def test_the_calendar_holds_three_calendars(world):
    world.order(world.customer(), date(2024, 3, 20))
    found = look().run(
        Query(
            "SELECT gregorian_year, gregorian_month, gregorian_day, jalali_year, jalali_month, jalali_day,"
            " hijri_year, hijri_month, hijri_day FROM facts JOIN calendar USING (day_no)"
        )
    )
    assert found == [(2024, 3, 20, 1403, 1, 1, 1445, 9, 10)]


def test_a_pack_ends_with_the_visit_that_used_it_up_and_a_freeze_ends_nothing(world):
    one, two, three = world.customer(), world.customer(), world.customer()
    pack = {"sessions": 10, "last_visit_on": build_day(4)}
    world.subscription(one, build_day(1), build_day(20), sessions_used=10, **pack)
    world.subscription(two, build_day(1), build_day(20), sessions_used=9, **pack)
    frozen = {"frozen_from": build_day(3), "frozen_until": build_day(12)}
    world.subscription(three, build_day(1), None, amount=0, **frozen)
    snapshot = look()
    assert ids(snapshot, snapshot.active(MEMBER, build_day(4))) == {one.pk, two.pk, three.pk}
    assert ids(snapshot, snapshot.active(MEMBER, build_day(5))) == {two.pk, three.pk}
    rows = snapshot.run(
        Query(
            "SELECT started_no, ended_no, term_no, priced, frozen_no, thawed_no FROM subscriptions ORDER BY row_id"
        )
    )
    day = build_day(0).toordinal()
    assert rows == [
        (day + 1, day + 5, day + 20, False, None, None),
        (day + 1, day + 20, day + 20, False, None, None),
        (day + 1, None, None, True, day + 3, day + 12),
    ]


def test_a_last_visit_tells_how_far_the_source_reaches(world):
    world.subscription(world.customer(), build_day(3), None, last_visit_on=build_day(9))
    assert look().freshness(MEMBER).data_until == build_day(10)
