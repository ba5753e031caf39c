"""Revenue and what rests on it, told by hand: returns, currencies, prices, margins, and whose customers are seen."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from vafa.data.business.actions import change_business, set_rate
from vafa.data.costs.actions import add_spend, set_margin, set_price_month
from vafa.data.log.actions import take_numbers
from vafa.data.orders.models import ReturnLine
from vafa.measure.metrics.queries import Options, get_metric
from vafa.measure.metrics.tests.ledger import NOW
from vafa.warehouse.queries import open_snapshot

MAR, APR, MAY = date(2024, 3, 1), date(2024, 4, 1), date(2024, 5, 1)
REAL = Options(real=True)


def get_rows(name: str, **asked: Any):
    usual: dict[str, Any] = {"start": MAR, "end": MAY, "every": "month", "rule": "purchase:90d"}
    usual.update(asked)
    return get_metric(name, **usual).rows


def send_back(
    ledger, day: date, amount: int, *, order: str = "", customer: int | None = None, quantity=1
) -> None:
    number = take_numbers(1)
    ReturnLine.objects.create(
        source=ledger.source, key=f"r{number}", order_key=order, customer_id=customer, day=day, quantity=quantity,
        amount=amount, currency="IRT", seq=number,
    )  # fmt: skip


@pytest.fixture
def shop(ledger):
    """Two customers who buy in March at two places, one who comes in April, and a till; in toman."""
    change_business(by=None, now=NOW, currency="IRT")
    ids = [ledger.add_customer() for _ in range(3)]
    for who, day, amount, place, order in [
        (0, date(2024, 3, 5), 100, "A", "a"),
        (1, date(2024, 3, 6), 300, "B", "b"),
        (0, date(2024, 4, 5), 50, "A", "c"),
        (2, date(2024, 4, 6), 80, "B", "d"),
    ]:
        ledger.add_order(ids[who], day, amount, location=place, order=order, quantity=2, currency="IRT")
    ledger.add_order(None, date(2024, 3, 7), 40, location="A", order="till", currency="IRT")
    return ids


def test_what_comes_back_is_taken_off_on_its_own_day_at_the_place_where_it_was_sold(ledger, shop):
    send_back(ledger, date(2024, 4, 9), 30, order="b")
    send_back(ledger, date(2024, 4, 10), 5, customer=shop[0])
    ledger.publish(date(2024, 4, 30))
    assert [row.value for row in get_rows("revenue")] == [440, 95]
    by_place = {(row.start, row.group): row.value for row in get_rows("revenue", by="location")}
    assert by_place[MAR, "A"] == 140
    assert by_place[MAR, "B"] == 300
    assert by_place[APR, "A"] == 50
    assert by_place[APR, "B"] == 50
    # The average order is not lessened by what stands apart from it, and n counts orders.
    assert [(row.value, row.n) for row in get_rows("average_order_value")] == [(440 / 3, 3), (65, 2)]
    # The return that does not say whose it is belongs to the customer of its order.
    assert [row.value for row in get_rows("revenue", visible=open_snapshot().ix_set([shop[1]]))] == [300, -30]


def test_an_order_taken_back_whole_brings_nothing_at_any_time(ledger, shop):
    send_back(ledger, date(2024, 4, 9), 290, order="b", quantity=2)
    ledger.publish(date(2024, 4, 30))
    assert [row.value for row in get_rows("revenue")] == [140, 130]
    assert [row.value for row in get_rows("purchase_frequency")] == [1, 1]
    rates = get_rows("return_rate_orders")
    assert [(row.value, row.n) for row in rates] == [(1 / 3, 3), (0, 2)]
    assert [row.value for row in get_rows("return_rate_units")] == [0, 2 / 4]


def test_a_return_without_an_order_counts_in_units_and_is_told_as_unmatched(ledger, shop):
    send_back(ledger, date(2024, 4, 9), 10, customer=shop[0])
    ledger.publish(date(2024, 4, 30))
    orders, units = get_rows("return_rate_orders")[1], get_rows("return_rate_units")[1]
    assert (orders.value, orders.details["unmatched"]) == (None, 1)
    assert (units.value, units.details["unmatched"]) == (1 / 4, 1)


def test_rial_and_toman_are_one_money_and_what_has_no_rate_is_told(ledger, shop):
    ledger.add_order(shop[0], date(2024, 3, 8), 2000, currency="IRR", order="e")
    ledger.add_order(shop[0], date(2024, 3, 9), 7, currency="USD", order="f")
    ledger.publish(date(2024, 4, 30))
    table = get_metric("revenue", start=MAR, end=APR)
    assert (table.rows[0].value, table.rows[0].n) == (640, 4)
    assert [(row.currency, row.amount, row.orders) for row in table.left_out] == [("USD", Decimal(7), 1)]
    set_rate("USD", Decimal("60000.5"), date(2024, 3, 9), by=None, now=NOW)
    table = get_metric("revenue", start=MAR, end=APR)
    assert (table.rows[0].value, table.left_out) == (640 + 7 * 60000.5, ())
    set_rate("USD", Decimal("60000.5"), date(2024, 3, 9), by=None, now=NOW)
    assert get_metric("purchase_frequency", start=MAR, end=APR).rows[0].value == 4 / 2


def test_real_terms_follow_the_index_and_stop_where_it_does(ledger, shop):
    ledger.publish(date(2024, 4, 30))
    assert {row.reason for row in get_rows("revenue", options=REAL)} == {"no_price_index"}
    set_price_month(MAR, APR, Decimal(100), "centre", by=None, now=NOW)
    assert [(row.value, row.reason) for row in get_rows("revenue", options=REAL)] == [
        (440, None),
        (None, "no_index_for_these_days"),
    ]
    set_price_month(APR, MAY, Decimal(150), "centre", by=None, now=NOW)
    assert [row.value for row in get_rows("revenue", options=REAL)] == [660, 130]
    march = Options(real=True, real_base=MAR)
    assert [row.value for row in get_rows("revenue", options=march)] == [440, pytest.approx(130 / 1.5)]


def test_revenue_retained_by_those_who_were_there(ledger, shop):
    ledger.add_order(shop[1], date(2024, 4, 20), 450, order="g", currency="IRT")
    ledger.add_order(None, date(2024, 3, 1), 5, order="first", currency="IRT")
    ledger.publish(date(2024, 4, 30))
    april = {"start": APR, "end": MAY, "every": None}
    # In the 30 days before April: 400 of the two who were active; in April 50 and 450 of them.
    net = get_rows("order_revenue_retention", **april)[0]
    assert (net.value, net.n) == (500 / 400, 2)
    assert get_rows("order_grr", **april)[0].value == (50 + 300) / 400
    set_price_month(MAR, APR, Decimal(100), "centre", by=None, now=NOW)
    set_price_month(APR, MAY, Decimal(200), "centre", by=None, now=NOW)
    assert get_rows("order_revenue_retention", options=REAL, **april)[0].value == 500 / 800
    assert get_rows("order_revenue_retention")[0].reason == "nobody_at_the_start"
    long_before = get_rows("order_revenue_retention", start=date(2024, 3, 20), end=MAY, every=None)[0]
    assert long_before.reason == "before_is_cut_off"


def test_value_and_cost_of_a_customer(ledger, shop):
    ledger.publish(date(2024, 4, 30))
    clv = get_rows("historical_clv")
    assert [(row.value, row.n, row.details["basis"]) for row in clv] == [
        (400 / 2, 2, "revenue"),
        (530 / 3, 3, "revenue"),
    ]
    assert {row.reason for row in get_rows("cac")} == {"no_marketing_spend"}
    add_spend(MAR, date(2024, 4, 11), Decimal(410), "IRT", location="B", by=None, now=NOW)
    cac = get_rows("cac")
    assert [(row.value, row.n) for row in cac] == [(155, 2), (100, 1)]
    assert [row.details["spend"] for row in cac] == [310, 100]
    assert {row.reason for row in get_rows("clv_to_cac")} == {"no_margin"}
    set_margin(Decimal("0.5"), APR, by=None, now=NOW)
    assert {row.reason for row in get_rows("historical_clv")} == {"no_margin_for_these_days"}
    set_margin(Decimal("0.2"), None, by=None, now=NOW)
    assert [row.value for row in get_rows("historical_clv")] == [80 / 2, (80 + 65) / 3]
    assert get_rows("clv_to_cac")[1].value == pytest.approx((145 / 3) / 100)
    # In April the mean of two and three active customers leaves 65 in 30 days.
    assert get_rows("payback_months")[1].value == pytest.approx(100 / (65 / 2.5 / 30 * 365.2425 / 12))
    by_place = {(row.start, row.group): (row.value, row.reason) for row in get_rows("cac", by="location")}
    assert by_place[MAR, "B"] == (310, None)
    assert by_place[MAR, "A"] == (None, "no_marketing_spend")
    own = open_snapshot().ix_set([shop[0]])
    assert {row.reason for row in get_rows("cac", visible=own)} == {"spend_is_of_all"}
    assert get_rows("historical_clv", visible=own)[1].value == 100 * 0.2 + 50 * 0.5


def test_a_business_without_orders_is_told_why_there_is_no_value(ledger):
    who = ledger.add_customer()
    ledger.add_subscription(who, date(2023, 1, 1))
    ledger.publish(date(2024, 4, 30), kind="subscriptions")
    add_spend(MAR, APR, Decimal(31), "", by=None, now=NOW)
    for name in (
        "revenue", "average_order_value", "purchase_frequency", "revenue_per_customer", "return_rate_units",
        "return_rate_orders", "historical_clv", "clv_to_cac", "payback_months", "order_revenue_retention", "order_grr",
    ):  # fmt: skip
        table = get_metric(name, start=MAR, end=APR, rule="subscription")
        assert table.reason or table.rows[0].reason, name
        assert all(row.value is None for row in table.rows), name
    ledger.add_subscription(ledger.add_customer(), date(2024, 3, 5))
    ledger.publish(date(2024, 4, 30), kind="subscriptions")
    cac = get_metric("cac", start=MAR, end=APR, rule="subscription").rows[0]
    assert (cac.value, cac.n) == (31, 1)
