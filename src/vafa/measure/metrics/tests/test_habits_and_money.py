"""Repeat purchases, gaps and order values, told by hand and by the slow twins."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from vafa.data.business.actions import change_business
from vafa.data.business.models import CurrencyRate
from vafa.data.orders.models import ReturnLine
from vafa.lab.purchases import naive_average_order_value
from vafa.measure.metrics import day_series
from vafa.measure.metrics.queries import get_metric
from vafa.measure.metrics.tests.ledger import NOW, Ledger
from vafa.warehouse.queries import open_snapshot

MAR, APR = date(2024, 3, 1), date(2024, 4, 1)


def get_row(name: str, **asked):
    rows = get_metric(name, start=MAR, end=APR, **asked).rows
    return rows[0]


@pytest.fixture
def shop(ledger):
    """Three who buy in March: on days 1, 11 and 31; on day 5 twice; on day 7 and in April."""
    ids = [ledger.add_customer(location=city) for city in ("Tehran", "Tehran", "Shiraz")]
    days = [(0, 1), (0, 11), (0, 31), (1, 5), (1, 5), (2, 7)]
    for who, day in days:
        ledger.add_order(ids[who], date(2024, 3, day), 10 * (who + 1), location="A" if day < 8 else "B")
    ledger.add_order(ids[2], date(2024, 4, 7), 99)
    ledger.add_order(None, date(2024, 3, 9), 110, order="till")
    ledger.publish(date(2024, 4, 30))
    return ids


def test_a_second_purchase_on_the_same_day_is_no_second_purchase(shop):
    row = get_row("repeat_purchase_rate")
    assert row.value == pytest.approx(1 / 3)
    assert 0 < row.low < row.value < row.high < 1


def test_gaps_are_counted_between_days_inside_the_period(shop):
    assert get_row("mean_days_between_purchases").value == 15.0
    assert get_row("mean_days_between_purchases", by="customer_location").group == "Tehran"


def test_habits_by_group(shop):
    rows = get_metric("repeat_purchase_rate", start=MAR, end=APR, by="customer_location").rows
    assert {row.group: row.value for row in rows} == {"Tehran": 0.5, "Shiraz": 0.0}
    rows = get_metric("mean_days_between_purchases", start=MAR, end=APR, by="location").rows
    assert {row.group: (row.value, row.reason) for row in rows if row.group} == {
        "A": (None, "nobody_bought_twice"),
        "B": (20.0, None),
    }


def test_the_gaps_are_given_with_their_median(shop):
    row = get_row("median_days_between_purchases")
    assert (row.value, row.n) == (15.0, 2)
    assert row.details == {"quarter": 10, "three_quarters": 20, "gaps": {10: 1, 20: 1}}
    for by in ("customer_location", "location"):
        rows = get_metric("median_days_between_purchases", start=MAR, end=APR, by=by).rows
        told = {row.group: (row.value, row.n, row.reason) for row in rows}
        if by == "location":
            assert told["B"] == (20.0, 1, None)
            assert told["A"] == (None, 0, "nobody_bought_twice")
        else:
            assert told == {"Tehran": (15.0, 2, None), "Shiraz": (None, 0, "nobody_bought_twice")}
    seen = open_snapshot().ix_set([shop[1], shop[2]])
    assert get_row("median_days_between_purchases", visible=seen).reason == "nobody_bought_twice"


def test_average_order_value_counts_sales_without_a_customer(shop):
    orders = [10, 10, 10, 20, 20, 30, 110]
    assert get_row("average_order_value").value == sum(orders) / len(orders)
    told = [(MAR.toordinal(), Decimal(amount)) for amount in orders]
    slow = naive_average_order_value(told, MAR.toordinal(), APR.toordinal())
    assert get_row("average_order_value").value == float(slow or 0)


def test_average_order_value_by_group_and_for_an_agent(shop):
    rows = get_metric("average_order_value", start=MAR, end=APR, by="customer_location").rows
    assert {row.group: row.value for row in rows} == {"Tehran": 14.0, "Shiraz": 30.0}
    rows = get_metric("average_order_value", start=MAR, end=APR, by="location").rows
    # The sale at the till has no place: its group's name is empty.
    assert {row.group: row.value for row in rows} == {"A": 20.0, "B": 10.0, "": 110.0}
    own = open_snapshot().ix_set([shop[2]])
    assert get_row("average_order_value", visible=own).value == 30.0


def test_average_order_value_by_product_and_by_a_field_of_ones_own(ledger):
    ids = [ledger.add_customer(custom={"a/b": tier}) for tier in ("gold", "iron")]
    for who, line, amount in [(0, "tea", 10), (1, "tea", 20), (1, "cup", 50)]:
        ledger.add_order(ids[who], MAR, amount, line=line, order=f"x{who}")
    ledger.publish(date(2024, 4, 30))
    rows = get_metric("average_order_value", start=MAR, end=APR, by="product").rows
    assert {row.group: row.value for row in rows} == {"A tea": 15.0, "A cup": 50.0}
    gold = open_snapshot().ix_set([ids[0]])
    for visible, told in [(None, {"gold": 10.0, "iron": 70.0}), (gold, {"gold": 10.0})]:
        rows = get_metric("average_order_value", start=MAR, end=APR, by="custom:a/b", visible=visible).rows
        assert {row.group: row.value for row in rows} == told


def test_a_later_correction_lessens_its_order_in_the_orders_own_month(ledger):
    who = ledger.add_customer()
    ledger.add_order(who, MAR, 100, order="a", quantity=2)
    ledger.add_order(who, date(2024, 4, 3), -40, order="a", quantity=-1)
    ledger.publish(date(2024, 4, 30))
    assert get_row("average_order_value").value == 60
    april = get_metric("average_order_value", start=APR, end=date(2024, 5, 1)).rows[0]
    assert (april.value, april.reason) == (None, "no_orders")


def test_lines_of_an_order_are_one_order_and_corrections_lessen_it(ledger):
    who = ledger.add_customer()
    ledger.add_order(who, MAR, 100, order="a")
    ledger.add_order(who, MAR, 50, order="a")
    ledger.add_order(who, MAR, -30, order="a", quantity=-1)
    ledger.add_order(who, MAR, 70, order="b")
    ledger.add_order(who, MAR, 1000, order="c", counts=False, status="failed")
    ledger.publish(date(2024, 4, 30))
    assert get_row("average_order_value").value == (120 + 70) / 2


def test_a_cancelled_order_is_no_order(ledger):
    who = ledger.add_customer()
    ledger.add_order(who, MAR, 100, order="a")
    ledger.add_order(who, MAR, 70, order="b")
    ReturnLine.objects.create(
        source=ledger.source, key="r1", order_key="a", customer_id=who, day=date(2024, 3, 2), quantity=1, amount=100,
        seq=10_000,
    )  # fmt: skip
    ledger.publish(date(2024, 4, 30))
    assert get_row("average_order_value").value == 70


@pytest.mark.parametrize(
    ("parts", "value"),
    [
        ({"less_discount": True, "tax": False, "shipping": False}, 90),
        ({"less_discount": False, "tax": False, "shipping": False}, 100),
        ({"less_discount": True, "tax": True, "shipping": False}, 99),
        ({"less_discount": True, "tax": True, "shipping": True}, 104),
    ],
)
def test_what_counts_as_revenue_is_the_businesss_setting(ledger, parts, value):
    change_business(by=None, now=NOW, revenue_parts=parts)
    ledger.add_order(ledger.add_customer(), MAR, 100, discount=10, tax=9, shipping=5)
    ledger.publish(date(2024, 4, 30))
    table = get_metric("average_order_value", start=MAR, end=APR)
    assert table.rows[0].value == value
    assert "Revenue is" in table.definition


def test_money_without_a_rate_stays_out_and_is_listed(ledger):
    change_business(by=None, now=NOW, currency="IRT")
    who = ledger.add_customer()
    ledger.add_order(who, MAR, 100, currency="IRT")
    ledger.add_order(who, date(2024, 3, 2), 3000, currency="IRR")
    ledger.add_order(who, date(2024, 3, 3), 7, currency="USD")
    ledger.publish(date(2024, 4, 30))
    table = get_metric("average_order_value", start=MAR, end=APR)
    assert (table.rows[0].value, table.currency) == (200.0, "IRT")
    assert [(row.currency, row.amount, row.orders) for row in table.left_out] == [("USD", Decimal(7), 1)]
    CurrencyRate.objects.create(currency="USD", rate=Decimal(50), valid_from=date(2024, 3, 3))
    table = get_metric("average_order_value", start=MAR, end=APR)
    assert table.rows[0].value == pytest.approx((100 + 300 + 350) / 3)
    assert table.left_out == ()


def test_a_rate_is_that_of_the_orders_own_day(ledger):
    change_business(by=None, now=NOW, currency="EUR")
    who = ledger.add_customer()
    for valid_from, rate in [(MAR, "2"), (date(2024, 3, 10), "4")]:
        CurrencyRate.objects.create(currency="USD", rate=Decimal(rate), valid_from=valid_from)
    ledger.add_order(who, date(2024, 3, 9), 10, currency="USD")
    ledger.add_order(who, date(2024, 3, 10), 10, currency="USD")
    ledger.publish(date(2024, 4, 30))
    assert get_row("average_order_value").value == (20 + 40) / 2


def test_only_unknown_money_gives_null_with_its_reason(ledger):
    change_business(by=None, now=NOW, currency="EUR")
    ledger.add_order(ledger.add_customer(), MAR, 10, currency="USD")
    ledger.publish(date(2024, 4, 30))
    row = get_row("average_order_value")
    assert (row.value, row.reason) == (None, "no_rate_for_currency")


def test_returns_that_name_no_order_leave_the_rate_of_orders_unknown(ledger):
    who = ledger.add_customer()
    ledger.add_order(who, MAR, 100, order="a", quantity=4)
    ReturnLine.objects.create(
        source=ledger.source, key="r1", order_key="", customer_id=who, day=date(2024, 3, 2), quantity=1, amount=25,
        seq=10_000,
    )  # fmt: skip
    ledger.publish(date(2024, 4, 30))
    row = get_row("return_rate_orders")
    assert (row.value, row.reason, row.details["unmatched"]) == (None, "returns_without_orders", 1)
    assert get_row("return_rate_units").value == 0.25


def test_a_few_days_of_a_large_business_are_told_as_when_all_are_asked_for(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = ledger.add_customer("a")
    for day, amount in ((date(2024, 3, 5), 10), (date(2024, 4, 2), 30), (date(2024, 4, 30), 7)):
        ledger.add_order(who, day, amount, location="Tehran")
    # What corrects an order later belongs to its first day, outside the days that are asked for.
    ledger.add_order(who, date(2024, 4, 2), 5, quantity=2, order="long", location="Shiraz")
    ledger.add_order(who, date(2024, 5, 9), -2, quantity=-1, order="long", location="Shiraz")
    asked: dict[str, Any] = {"start": date(2024, 4, 1), "end": date(2024, 5, 1)}

    def tell() -> list[tuple[float | None, int | None]]:
        snapshot = ledger.publish(date(2024, 6, 1))
        splits = [(name, by) for name in ("revenue", "average_order_value") for by in (None, "location")]
        tables = [
            get_metric(name, by=by, snapshot=snapshot, **asked)
            for name, by in (*splits, ("purchase_frequency", None))
        ]
        return [(row.value, row.n) for table in tables for row in table.rows]

    at_once = tell()
    monkeypatch.setattr(day_series, "MOST_ORDERS_AT_ONCE", 0)
    monkeypatch.setattr(day_series, "_FEW_DAYS", 1)
    ledger.add_order(None, date(2024, 1, 1), 1)
    assert tell() == at_once
