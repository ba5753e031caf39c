"""Recurring revenue from real imports: hand-checked values, plans, currencies, freezes, real terms."""

from datetime import date
from decimal import Decimal

import pytest

from vafa.data.business.actions import change_business
from vafa.data.business.models import CurrencyRate
from vafa.data.costs.actions import set_price_month
from vafa.lab.periods import Period
from vafa.measure.metrics.queries import MoneySide, Options, get_metric, list_money_moves
from vafa.measure.metrics.tests.club import NOW, Club, ask, ask_all, club
from vafa.warehouse.queries import open_snapshot

__all__ = ["club"]

pytestmark = pytest.mark.django_db

MARCH = ("2024-03-01", "2024-04-01")
MOVES = ("mrr_new", "mrr_expansion", "mrr_contraction", "mrr_churned", "mrr_reactivated")


@pytest.fixture
def told(club: Club) -> Club:
    """In March a leaves, b pays 10 less, c 10 more, d stays, e is new, f comes back."""
    club.members(
        "a gold 10 2024-01-01 2024-03-20",
        "b gold 30 2024-01-01 2024-03-15",
        "b silver 20 2024-03-15 -",
        "c silver 20 2024-01-01 2024-03-15",
        "c gold 30 2024-03-15 -",
        "d gold 40 2024-01-01 -",
        "e gold 7 2024-03-10 -",
        "f gold 5 2023-01-01 2023-06-01",
        "f gold 9 2024-03-31 -",
    )
    return club


def test_the_published_example(told: Club) -> None:
    """ChartMogul: start 100, churn 10, contraction 10, expansion 10 -> gross 20%, net 10%."""
    values = {name: ask(name, *MARCH).value for name in MOVES}
    assert values == {
        "mrr_new": 7.0,
        "mrr_expansion": 10.0,
        "mrr_contraction": 10.0,
        "mrr_churned": 10.0,
        "mrr_reactivated": 9.0,
    }
    assert ask("mrr", "2024-02-01", "2024-03-01").value == 100
    assert ask("mrr", *MARCH).value == 106
    assert ask("arr", *MARCH).value == 12 * 106
    assert ask("gross_revenue_churn", *MARCH).value == 0.2
    assert ask("net_revenue_churn", *MARCH).value == 0.1
    assert ask("grr", *MARCH).value == 0.8
    assert ask("nrr", *MARCH).value == 0.9
    row = ask("nrr", *MARCH)
    assert (row.n, row.complete, row.details["start_money"], row.details["churned_customers"]) == (
        4,
        True,
        100.0,
        1,
    )


def test_published_mrr_churn_of_34_500(club: Club) -> None:
    """MRR 34,500 over 10 customers, two at 3,000 leave -> MRR churn 17.39%, customer churn 20%."""
    rest = [f"c{n} gold {28_500 / 8} 2024-01-01 -" for n in range(8)]
    club.members(*rest, "x gold 3000 2024-01-01 2024-03-09", "y gold 3000 2024-01-01 2024-03-31")
    row = ask("gross_revenue_churn", *MARCH)
    assert row.value == pytest.approx(6_000 / 34_500)
    assert row.value == pytest.approx(0.1739, abs=0.00005)
    assert row.details["start_money"] == 34_500
    assert ask("churn_rate", *MARCH, rule="subscription").value == 0.2


def test_a_table_of_months_chains(told: Club) -> None:
    rows = get_metric("nrr", start=date(2024, 1, 1), end=date(2024, 6, 1), every="month").rows
    assert [row.details["start_money"] for row in rows[1:]] == [row.details["end_money"] for row in rows[:-1]]
    assert (rows[0].value, rows[0].reason) == (None, "no_revenue_at_the_start")
    for row in rows:
        of = {name.removesuffix("_money"): value for name, value in row.details.items()}
        ups = of["new"] + of["expansion"] + of["reactivated"]
        assert of["start"] + ups - of["contraction"] - of["churned"] == of["end"]


def test_by_plan_who_changed_it_is_moved(told: Club) -> None:
    rows = ask_all("mrr_churned", *MARCH, by="plan")
    # a (10) and b (30) left gold, and b has silver now; c left silver for gold.
    assert {group: (row.value, row.moved) for group, row in rows.items()} == {
        "gold": (40.0, 1),
        "silver": (20.0, 1),
    }
    assert {group: row.value for group, row in ask_all("mrr", *MARCH, by="plan").items()} == {
        "gold": 86.0,
        "silver": 20.0,
    }
    # New in gold is who never had it before: c and e; f comes back to it.
    assert ask_all("mrr_new", *MARCH, by="plan")["gold"].value == 37.0
    assert ask_all("mrr_reactivated", *MARCH, by="plan")["gold"].value == 9.0


def test_by_a_field_of_the_customer_groups_add_up(told: Club) -> None:
    told.bring(
        [{"customer": key, "location": "Rey" if key in "abc" else "Qom"} for key in "abcdef"], "customers"
    )
    for name in ("mrr", *MOVES):
        rows = ask_all(name, *MARCH, by="customer_location")
        assert sum(row.value or 0 for row in rows.values()) == ask(name, *MARCH).value
    assert ask_all("nrr", *MARCH, by="customer_location")["Rey"].value == pytest.approx(50 / 60)


def test_only_those_whom_the_asker_may_see(told: Club) -> None:
    some = told.number_of("a", "d")
    assert ask("mrr", *MARCH, visible=some).value == 40
    assert ask("grr", *MARCH, visible=some).value == 0.8
    assert ask("mrr_churned", *MARCH, by="plan", visible=some, groups_limit=1).value == 10
    chosen = ask("mrr", *MARCH, chosen=lambda start: some if start == date(2024, 3, 1) else None)
    assert chosen.value == 40


def test_a_freeze_and_a_pack(club: Club) -> None:
    row = {"plan": "gold", "amount": 30, "interval": "month", "started_at": "2024-01-01"}
    frozen = {"frozen_from": "2024-03-10", "frozen_until": "2024-04-10"}
    pack = {"sessions": 10, "sessions_used": 10, "last_visit": "2024-03-20", "interval": "", "amount": 60}
    club.bring(
        [row | {"customer": "a"} | frozen, row | pack | {"customer": "b", "ended_at": "2024-12-31"}],
        through=date(2024, 12, 31),
    )
    assert ask("mrr_contraction", *MARCH).value == 30
    month = 60 * 30.4375 / 365
    assert ask("mrr_churned", *MARCH).value == pytest.approx(month, abs=1e-5)
    assert ask("mrr_expansion", "2024-04-01", "2024-05-01").value == 30
    assert ask("customers_lost", *MARCH, rule="subscription").value == 1
    assert ask("mrr", *MARCH).value == 0
    assert ask("mrr", "2024-04-01", "2024-05-01").value == 30


def test_the_grace_of_the_rule_keeps_a_late_renewal(club: Club) -> None:
    club.members("a gold 10 2024-01-01 2024-03-29", "a gold 12 2024-04-03 -")
    april = ("2024-04-01", "2024-05-01")
    assert [ask("mrr_churned", *MARCH).value, ask("mrr_reactivated", *april).value] == [10, 12]
    rule = "subscription+7d"
    assert [ask(n, *MARCH, rule=rule).value for n in ("mrr_churned", "mrr")] == [0, 10]
    assert ask("mrr_expansion", *april, rule=rule).value == 2
    assert "7" in get_metric("mrr", start=date(2024, 3, 1), end=date(2024, 4, 1), rule=rule).definition


def test_what_has_no_known_price_is_told_and_stays_out(club: Club) -> None:
    row = {"customer": "a", "started_at": "2024-01-01", "amount": 10, "interval": "month"}
    club.bring([row, row | {"customer": "b", "amount": ""}], through=date(2024, 12, 31))
    table = get_metric("mrr", start=date(2024, 3, 1), end=date(2024, 4, 1))
    assert (table.rows[0].value, table.rows[0].details["unpriced_subscriptions"], table.rows[0].n) == (
        10,
        1,
        2,
    )
    assert "1 subscription is in no sum of money" in table.definition
    unknown = ask("mrr", *MARCH, visible=club.number_of("b"))
    assert (unknown.value, unknown.reason) == (None, "no_subscription_prices")
    assert ask("nrr", *MARCH, visible=club.number_of("b")).reason == "no_subscription_prices"


@pytest.fixture
def abroad(club: Club) -> Club:
    """Two who pay in other money, of which one has a rate that changes in March."""
    change_business(currency="EUR", by=None, now=NOW)
    row = {"started_at": "2024-01-01", "interval": "month", "currency": "EUR"}
    club.bring(
        [
            row | {"customer": "a", "amount": 10},
            row | {"customer": "b", "amount": 20, "currency": "USD"},
            row | {"customer": "c", "amount": 70, "currency": "GBP", "ended_at": "2024-03-15"},
        ],
        through=date(2024, 12, 31),
    )
    CurrencyRate.objects.create(currency="USD", rate=Decimal("0.9"), valid_from=date(2024, 1, 1))
    CurrencyRate.objects.create(currency="USD", rate=Decimal("0.8"), valid_from=date(2024, 3, 10))
    return club


def test_each_boundary_has_the_rate_of_its_own_day(abroad: Club) -> None:
    table = get_metric("mrr_contraction", start=date(2024, 3, 1), end=date(2024, 4, 1))
    assert table.rows[0].value == pytest.approx(2)
    assert (table.rows[0].details["start_money"], table.rows[0].details["end_money"]) == (28, 26)
    assert ask("mrr_churned", *MARCH).value == 0
    left = table.left_out[0]
    assert (left.currency, left.amount, left.orders, left.of) == ("GBP", Decimal(70), 1, "subscriptions")
    assert "rate of its own day" in table.definition


def test_a_currency_without_a_rate_alone_has_no_value(abroad: Club) -> None:
    row = ask("mrr", "2024-02-01", "2024-03-01", visible=abroad.number_of("c"))
    assert (row.value, row.reason) == (None, "no_rate_for_subscriptions")


def test_a_rate_that_comes_later_is_seen_at_once(abroad: Club) -> None:
    february = ("2024-02-01", "2024-03-01")
    assert ask("mrr", *february).value == 28
    CurrencyRate.objects.create(currency="GBP", rate=Decimal("1.2"), valid_from=date(2024, 1, 1))
    assert ask("mrr", *february).value == 28 + 84


def test_in_real_terms_a_price_that_only_follows_inflation_is_no_growth(club: Club) -> None:
    club.members("a gold 10 2024-01-01 2024-03-15", "a gold 12 2024-03-15 -")
    for month, value in enumerate((100, 100, 150), start=1):
        first, end = date(2024, month, 1), date(2024, month + 1, 1)
        set_price_month(first, end, Decimal(value), "office", by=None, now=NOW)
    assert ask("nrr", *MARCH).value == 1.2
    real = ask("nrr", *MARCH, options=Options(real=True))
    # 10 of February are 15 of March.
    assert real.value == pytest.approx(12 / 15)
    assert ask("mrr_contraction", *MARCH, options=Options(real=True)).value == pytest.approx(3)
    later = ask("nrr", "2024-05-01", "2024-06-01", options=Options(real=True))
    assert (later.value, later.reason) == (None, "no_index_for_these_days")


def test_without_an_index_there_are_no_real_terms(told: Club) -> None:
    row = ask("mrr", *MARCH, options=Options(real=True))
    assert (row.value, row.reason) == (None, "no_price_index")


def test_without_any_subscription(club: Club) -> None:
    table = get_metric("mrr")
    assert (table.rows, table.reason) == ((), "no_data")


def test_companies_are_one_customer_where_they_are_counted(told: Club) -> None:
    """a and b work for one company: that a leaves is no churn of it, but contraction."""
    told.bring([{"customer": key, "company": "Acme"} for key in "ab"], "customers")
    asked = {"entity": "company"}
    assert ask("mrr", *MARCH, **asked).value == 106
    row = ask("mrr_contraction", *MARCH, **asked)
    assert (row.value, row.n) == (20, 3)
    assert ask("mrr_churned", *MARCH, **asked).value == 0
    assert ask("mrr_churned", *MARCH, visible=told.number_of("a"), **asked).value == 10
    assert ask("cancellation_rate", *MARCH, **asked).n == ask("cancellation_rate", *MARCH).n


def test_figures_of_subscriptions_say_the_rule_by_which_they_count(told: Club) -> None:
    for name in ("mrr", "nrr", "renewal_rate"):
        for rule, counted in (("purchase:90d", "subscription"), ("subscription+7d", "subscription+7d")):
            table = get_metric(name, start=date(2024, 3, 1), end=date(2024, 4, 1), rule=rule)
            assert table.rule.text == counted


def test_a_business_of_subscriptions_alone_has_no_figures_of_orders(told: Club) -> None:
    """Nothing is known of orders: that is neither a value of nothing nor data that don't reach back."""
    for name in ("historical_clv", "clv_to_cac", "payback_months", "order_revenue_retention", "order_grr"):
        row = ask(name, *MARCH)
        assert (row.value, row.reason) == (None, "orders_are_missing"), name


def test_who_makes_the_difference_of_mrr(told: Club) -> None:
    snapshot = open_snapshot()
    first, second = (
        MoneySide(Period(date(2024, month, 1), date(2024, month + 1, 1)), snapshot) for month in (2, 3)
    )
    found = list_money_moves("nrr", first, second)
    assert found is not None
    assert sorted(float(row.change) for row in found.rows) == [-10, -10, 7, 9, 10]
    assert found.total == 6
    assert found.others == 0
    few = list_money_moves("mrr", first, second, most=2)
    assert few is not None
    assert sum((row.change for row in few.rows), few.others) == 6
    assert few.others_count == 3
