"""Who stayed and who left, told by hand: boundaries, groups, the end of data, and the articles' formula."""

from datetime import date

import pytest
from pyroaring import BitMap

from vafa.kit.errors import AskedWrongly
from vafa.lab.periods import Period
from vafa.measure.metrics.membership import MEMBERSHIP_METRICS
from vafa.measure.metrics.queries import get_metric, list_names
from vafa.measure.metrics.types import Counts, MetricRow, SetName
from vafa.warehouse.types import Group

JAN, FEB, MAR, APR = (date(2024, month, 1) for month in (1, 2, 3, 4))
RULE = "purchase:30d"


def get_row(name: str, start: date, end: date, **asked) -> MetricRow:
    rows = get_metric(name, start=start, end=end, rule=asked.pop("rule", RULE), **asked).rows
    assert len(rows) == 1
    return rows[0]


def count(row: MetricRow) -> Counts:
    assert row.counts is not None
    return row.counts


@pytest.fixture
def shop(ledger):
    """Seven customers of whom each does another thing in March 2024; facts from November through April."""
    ids = {
        name: ledger.add_customer(name) for name in ["old", "kept", "lost", "new", "back", "passer", "before"]
    }
    ledger.add_order(ids["old"], date(2023, 11, 1))
    ledger.add_orders(
        [
            (ids["kept"], date(2024, 2, 20)),
            (ids["kept"], date(2024, 3, 20)),
            (ids["lost"], date(2024, 2, 20)),
            (ids["new"], date(2024, 3, 31)),
            (ids["back"], date(2023, 12, 1)),
            (ids["back"], date(2024, 3, 15)),
            (ids["before"], date(2023, 12, 5)),
        ]
    )
    ledger.publish(date(2024, 4, 30))
    return ids


def test_each_customer_is_counted_where_it_belongs(shop):
    counts = get_row("crr", MAR, APR).counts
    assert (counts.start, counts.end) == (2, 3)
    assert (counts.kept, counts.lost, counts.new, counts.reactivated) == (1, 1, 1, 1)
    expected: dict[SetName, list[str]] = {
        "kept": ["kept"], "lost": ["lost"], "new": ["new"], "reactivated": ["back"], "start": ["kept", "lost"],
        "end": ["kept", "new", "back"],
    }  # fmt: skip
    for name, names in expected.items():
        listed = list_names(name, Period(MAR, APR), rule=RULE)
        assert sorted(listed) == sorted(shop[who] for who in names)


def test_each_metric_is_made_of_the_same_counts(shop):
    values = {name: get_row(name, MAR, APR).value for name in MEMBERSHIP_METRICS}
    assert values == {
        "customers_start": 2,
        "customers_end": 3,
        "customers_new": 1,
        "customers_kept": 1,
        "customers_lost": 1,
        "customers_reactivated": 1,
        "crr": 0.5,
        "churn_rate": 0.5,
        "net_change_rate": 0.5,
        "growth_rate": 1.0,
    }


def test_where_the_articles_formula_differs_both_are_shown_with_who_makes_it_differ(shop):
    row = get_row("crr", MAR, APR)
    assert (row.value, row.article_value, row.article_customers) == (0.5, 1.0, 1)
    assert list(list_names("article_difference", Period(MAR, APR), rule=RULE)) == [shop["back"]]
    assert get_row("churn_rate", MAR, APR).article_value == 0.0


def test_who_joins_and_leaves_inside_is_counted_apart(ledger):
    stays, passer = ledger.add_customer(), ledger.add_customer()
    ledger.add_orders([(stays, date(2024, 1, 1)), (stays, date(2024, 2, 20)), (passer, date(2024, 2, 5))])
    ledger.publish(date(2024, 4, 30))
    row = get_row("crr", FEB, MAR, rule="purchase:10d")
    assert row.counts.joined_and_left == 1
    assert (row.counts.start, row.counts.end, row.counts.new) == (0, 1, 0)
    assert list(list_names("joined_and_left", Period(FEB, MAR), rule="purchase:10d")) == [passer]


@pytest.mark.parametrize(
    ("bought", "active"), [("2024-01-31", False), ("2024-02-01", True), ("2024-03-01", True)]
)
def test_a_purchase_covers_the_boundaries_after_it_and_no_more(ledger, bought, active):
    ledger.add_order(ledger.add_customer(), date(2024, 1, 1))
    ledger.add_order(ledger.add_customer(), date.fromisoformat(bought))
    ledger.publish(date(2024, 4, 30))
    # At the midnight that begins 2 March, the 30 days before are 1 February (leap year: 31 days) to 1 March.
    assert get_row("customers_start", date(2024, 3, 2), APR).value == float(active)


def test_a_purchase_on_the_first_day_of_a_period_is_new_in_it(ledger):
    ledger.add_order(ledger.add_customer(), date(2023, 11, 1))
    ledger.add_order(ledger.add_customer(), FEB)
    ledger.publish(date(2024, 4, 30))
    assert get_row("customers_new", FEB, MAR).value == 1
    assert get_row("customers_new", JAN, FEB).value == 0


def test_a_subscription_that_ends_on_a_boundary_was_lost_before_it(ledger):
    stays, goes = ledger.add_customer(), ledger.add_customer()
    ledger.add_subscription(stays, date(2023, 6, 1))
    ledger.add_subscription(goes, date(2023, 6, 1), FEB)
    ledger.publish(date(2024, 4, 30), kind="subscriptions")
    assert get_row("customers_lost", JAN, FEB, rule="subscription").value == 1
    assert get_row("customers_start", FEB, MAR, rule="subscription").value == 1
    assert get_row("customers_lost", JAN, FEB, rule="subscription+7d").value == 0
    assert get_row("customers_lost", FEB, MAR, rule="subscription+7d").value == 1


def test_without_a_rule_subscriptions_go_first(ledger):
    customer = ledger.add_customer()
    ledger.add_order(customer, JAN)
    ledger.publish(date(2024, 4, 30))
    told = get_metric("crr").rule
    assert (told.text, told.automatic, told.learned) == ("purchase:90d", True, False)
    ledger.add_subscription(customer, JAN)
    ledger.publish(date(2024, 4, 30), kind="subscriptions")
    assert get_metric("crr").rule.text == "subscription"


def test_the_last_complete_month_is_told_without_dates(shop):
    table = get_metric("crr", rule=RULE)
    assert [(row.start, row.end) for row in table.rows] == [(APR, date(2024, 5, 1))]
    # Known through 30 April, so April is over and the end of data is 1 May.
    assert (table.data_until, table.rows[0].complete) == (date(2024, 5, 1), True)


def test_a_period_in_which_the_data_end_is_given_with_the_state_at_their_end(ledger):
    customer = ledger.add_customer()
    ledger.add_orders([(customer, date(2024, 1, 1)), (customer, date(2024, 3, 25))])
    ledger.publish(date(2024, 4, 10))
    row = get_row("crr", APR, date(2024, 5, 1))
    # By 1 May the purchase of 25 March would have lapsed; at the end of data it hasn't.
    assert (row.value, row.complete, row.reason) == (1.0, False, None)
    assert row.end == date(2024, 5, 1)


@pytest.mark.parametrize("name", ["crr", "customers_end", "repeat_purchase_rate", "average_order_value"])
def test_periods_outside_the_data_are_null_with_a_reason(shop, name):
    after = get_row(name, date(2024, 5, 1), date(2024, 6, 1))
    assert (after.value, after.complete, after.reason, after.counts) == (None, False, "after_the_data", None)
    before = get_row(name, date(2023, 1, 1), date(2023, 2, 1))
    assert (before.value, before.complete, before.reason) == (None, False, "before_the_data")
    assert not len(list_names("end", Period(date(2024, 5, 1), date(2024, 6, 1)), rule=RULE))


def test_too_near_the_first_fact_newcomers_are_only_first_seen(shop):
    early = get_row("customers_new", date(2023, 11, 15), date(2023, 12, 15))
    assert (early.complete, early.first_seen) == (False, True)
    later = get_row("customers_new", date(2023, 12, 1), JAN)
    assert (later.complete, later.first_seen) == (True, False)


def test_nobody_at_the_start_is_no_rate_at_all(ledger):
    ledger.add_order(ledger.add_customer(), JAN)
    ledger.add_order(ledger.add_customer(), date(2024, 3, 10))
    ledger.publish(date(2024, 4, 30))
    row = get_row("crr", MAR, APR)
    assert (row.value, row.low, row.reason, row.counts.end) == (None, None, "nobody_at_the_start", 1)


def test_without_data_there_are_no_rows_and_a_reason(ledger):
    table = get_metric("crr")
    assert (table.rows, table.data_until, table.reason) == ((), None, "no_data")
    asked = get_metric("crr", start=JAN, end=FEB).rows
    assert [(row.value, row.reason) for row in asked] == [(None, "no_data")]


def test_order_groups_overlap_and_tell_who_moved(ledger):
    mover, loyal = ledger.add_customer(), ledger.add_customer()
    ledger.add_order(mover, date(2023, 12, 1), location="Tehran")
    for place, when in [("Tehran", date(2024, 2, 15)), ("Shiraz", date(2024, 3, 20))]:
        ledger.add_order(mover, when, location=place)
    for when in (date(2024, 2, 20), date(2024, 3, 20)):
        ledger.add_order(loyal, when, location="Tehran")
    ledger.publish(date(2024, 4, 30))
    table = get_metric("crr", start=MAR, end=APR, rule=RULE, by="location")
    rows = {row.group: row for row in table.rows}
    assert not table.adds_up
    assert (rows["Tehran"].value, rows["Tehran"].counts.lost, rows["Tehran"].moved) == (0.5, 1, 1)
    # To Shiraz the mover is new, whatever was bought elsewhere before.
    assert (rows["Shiraz"].counts.new, rows["Shiraz"].counts.reactivated) == (1, 0)
    assert get_row("crr", MAR, APR).value == 1.0
    moved = list_names("moved", Period(MAR, APR), rule=RULE, group=Group("location", "Tehran"))
    assert list(moved) == [mover]


def test_groups_by_a_field_of_the_customer_add_up(ledger):
    cities = ["Tehran", "Tehran", "Shiraz", ""]
    ids = [ledger.add_customer(location=city, custom={"tier": "a" if city else "b"}) for city in cities]
    ledger.add_order(ids[0], date(2023, 12, 1))
    ledger.add_orders([(who, date(2024, 2, 20)) for who in ids] + [(ids[1], date(2024, 3, 20))])
    ledger.publish(date(2024, 4, 30))
    whole = count(get_row("crr", MAR, APR))
    for by in ("customer_location", "custom:tier"):
        table = get_metric("crr", start=MAR, end=APR, rule=RULE, by=by)
        assert table.adds_up
        counts = [count(row) for row in table.rows]
        assert sum(one.start for one in counts) == whole.start == 4
        assert sum(one.kept for one in counts) == whole.kept == 1
        assert all(row.moved is None for row in table.rows)


def test_a_field_of_the_business_s_own_goes_by_its_plain_name_and_location_by_what_has_one(ledger):
    ids = [
        ledger.add_customer(location=city, custom={"tier": tier}) for city, tier in (("X", "a"), ("Y", "b"))
    ]
    ledger.add_subscription(ids[0], JAN, MAR)
    ledger.add_subscription(ids[1], JAN)
    ledger.publish(date(2024, 4, 30), kind="subscriptions")
    for by, named, first in (("tier", "custom:tier", "a"), ("location", "customer_location", "X")):
        table = get_metric("crr", start=FEB, end=MAR, rule="subscription", by=by)
        assert table.by == named
        assert {row.group: row.value for row in table.rows}[first] == 0.0
        assert len(table.rows) == 2
    with pytest.raises(AskedWrongly) as refused:
        get_metric("crr", start=FEB, end=MAR, rule="subscription", by="colour")
    assert "tier" in refused.value.details["names"]


def test_plans_are_groups_of_subscriptions(ledger):
    one, two = ledger.add_customer(), ledger.add_customer()
    ledger.add_subscription(one, date(2023, 6, 1), FEB, plan="basic")
    ledger.add_subscription(one, FEB, plan="gold")
    ledger.add_subscription(two, date(2023, 6, 1), plan="gold")
    ledger.publish(date(2024, 4, 30), kind="subscriptions")
    rows = get_metric("customers_lost", start=JAN, end=FEB, rule="subscription", by="plan").rows
    told = {row.group: (row.value, row.moved) for row in rows}
    # At the midnight of 1 February the new plan begins, so it isn't held in that plan yet; in all it is.
    assert told == {"basic": (1.0, 1), "gold": (0.0, 0)}


def test_an_agent_counts_own_customers_only(shop):
    from vafa.warehouse.queries import open_snapshot

    visible = open_snapshot().ix_set([shop["kept"], shop["back"]])
    counts = get_row("crr", MAR, APR, visible=visible).counts
    assert (counts.start, counts.kept, counts.lost, counts.reactivated, counts.new) == (1, 1, 0, 1, 0)
    names = list_names("end", Period(MAR, APR), rule=RULE, visible=visible)
    assert sorted(names) == sorted([shop["kept"], shop["back"]])
    assert get_row("crr", MAR, APR, visible=BitMap()).reason == "nobody_at_the_start"


def test_other_denominators_are_for_churn_alone(shop):
    assert get_row("churn_rate", MAR, APR, denominator="average").value == pytest.approx(1 / 2.5)
    assert get_row("churn_rate", MAR, APR, denominator="ever").value == pytest.approx(1 / 4)
    with pytest.raises(AskedWrongly) as refused:
        get_metric("crr", denominator="average")
    assert refused.value.code == "denominator_not_for_metric"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"name": "loyalty"}, "metric_unknown"),
        ({"every": "moon"}, "name_unknown"),
        ({"calendar": "mayan"}, "name_unknown"),
        ({"week_start": "tue"}, "name_unknown"),
        ({"by": "colour"}, "name_unknown"),
        ({"rule": "purchase"}, "activity_rule_unknown"),
        ({"rule": "purchase:0d"}, "activity_rule_out_of_bounds"),
        ({"denominator": "end"}, "name_unknown"),
        ({"start": FEB, "end": FEB}, "period_empty"),
        ({"start": date(1900, 1, 1), "end": date(1901, 1, 1), "calendar": "hijri", "every": "month"},
         "calendar_range_exceeded"),
        ({"start": date(1900, 1, 1), "end": date(2000, 1, 1), "every": "day"}, "too_many_periods"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_refused_by_name(shop, asked, code):
    with pytest.raises(AskedWrongly) as refused:
        get_metric(**{"name": "crr", "rule": RULE} | asked)
    assert refused.value.code == code


def test_jalali_months_are_cut_in_the_data(shop):
    rows = get_metric(
        "customers_end",
        start=date(2024, 2, 20),
        end=date(2024, 4, 20),
        every="month",
        calendar="jalali",
        rule=RULE,
    ).rows
    assert [(row.start, row.end) for row in rows] == [
        (date(2024, 2, 20), date(2024, 3, 20)),
        (date(2024, 3, 20), date(2024, 4, 20)),
    ]
