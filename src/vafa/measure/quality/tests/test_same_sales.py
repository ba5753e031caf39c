"""A sale told by two sources is found, counts once when joined, and twice again when parted, to the last unit."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from vafa.data.business.actions import change_business, set_rate
from vafa.data.log.actions import get_or_add_source, mark_received, take_numbers
from vafa.data.orders.actions import (
    SaleNotJoined,
    SaleSetAside,
    hold_joined,
    join_sales,
    keep_sales_apart,
    part_sales,
)
from vafa.data.orders.models import OrderLine, ReturnLine, SameSale
from vafa.data.orders.queries import count_same_sales, list_same_sales
from vafa.measure.metrics.queries import get_metric
from vafa.measure.metrics.tests.ledger import NOW
from vafa.measure.quality.actions import look_for_same_sales
from vafa.warehouse.actions import refresh
from vafa.warehouse.queries import open_snapshot
from vafa.warehouse.types import Query

MAY, JUNE = date(2025, 5, 1), date(2025, 6, 1)


@pytest.fixture
def books(ledger):
    """A shop and an accounting program in Iran, and a customer whom both know."""
    change_business(by=None, now=NOW, currency="IRT", country="IR")
    shop, accounts = ledger.source, get_or_add_source("accounts")

    def sell(source, amount, day=MAY, **fields):
        ledger.source = shop if source == "shop" else accounts
        return ledger.add_order(fields.pop("customer", customer), day, amount, **fields)

    customer = ledger.add_customer("a", name="Anna")
    return sell


def look():
    refresh(now=NOW)
    look_for_same_sales(now=NOW)
    return {(pair.first.number, pair.second.number): pair for pair in list_same_sales("open")}


def figures():
    """Revenue and purchases, by the metric and by the bare facts; the copy built anew from nothing says the same."""
    told = []
    for source in ("shop", "accounts"):
        mark_received(get_or_add_source(source), "orders", now=NOW, complete_through=JUNE)
    for rebuild in (False, True):
        refresh(now=NOW, rebuild=rebuild)
        snapshot = open_snapshot()
        revenue = get_metric("revenue", start=MAY, end=JUNE, every="month", snapshot=snapshot).rows[0].value
        bought = snapshot.run(Query("SELECT count(*), count(DISTINCT order_no) FROM facts WHERE is_purchase"))
        returned = snapshot.run(Query("SELECT count(*) FROM returns"))
        told.append((Decimal(str(revenue)), *bought[0], returned[0][0]))
    assert told[0] == told[1]
    return told[0]


def test_rial_and_toman_of_one_day_are_one_sale(books):
    books("shop", 150_000, currency="IRT", order="s1")
    books("accounts", 1_500_000, currency="IRR", order="f9")
    books("accounts", 990_000, currency="IRR", order="f10")
    found = look()
    assert list(found) == [("s1", "f9")]
    assert set(found["s1", "f9"].evidence) == {"customer", "amount", "day"}


def test_the_same_number_is_surer_and_stands_another_amount(books):
    books("shop", 100, order="17")
    books("accounts", 100, MAY + timedelta(days=1), order="17")
    books("shop", 300, order="18")
    books("accounts", 327, order="18")
    books("shop", 50, order="19")
    books("accounts", 51, order="20")
    found = look()
    assert set(found) == {("17", "17"), ("18", "18")}
    assert found["17", "17"].score > found["18", "18"].score
    assert "other_amount" in found["18", "18"].evidence


def test_another_currency_counts_by_its_rate(books):
    set_rate("USD", Decimal(100_000), MAY, by=None, now=NOW)
    books("shop", 10, currency="USD", order="s1")
    books("accounts", 1_010_000, currency="IRT", order="f1")
    assert list(look()) == [("s1", "f1")]


def test_two_equal_purchases_of_a_day_are_two_in_both_sources(books):
    for number in ("1", "2"):
        books("shop", 100, order=f"s{number}")
        books("accounts", 100, order=f"f{number}")
    assert len(look()) == 2
    assert len({number for pair in look() for number in pair}) == 4


def test_others_sales_of_one_source_and_of_nobody_are_left_alone(books, ledger):
    other = ledger.add_customer("b", name="Ben")
    books("shop", 100, order="s1")
    books("shop", 100, order="s2")
    books("accounts", 100, order="f1", customer=other)
    books("accounts", 100, order="f2", customer=None)
    books("accounts", 100, MAY + timedelta(days=2), order="f3")
    assert look() == {}


def test_the_figures_follow_a_joining_and_come_back(books):
    books("shop", 100, order="s1")
    books("shop", 20, order="s1")
    books("accounts", 120, order="f1")
    books("shop", 70, MAY + timedelta(days=9), order="s2")
    before = figures()
    assert before == (Decimal(310), 4, 3, 0)
    (pair,) = look().values()
    join_sales(pair.id, by=None, now=NOW)
    assert figures() == (Decimal(190), 3, 2, 0)
    assert count_same_sales("joined") == 1
    assert look() == {}
    part_sales(pair.id, by=None, now=NOW)
    assert figures() == before
    # What was parted by hand is not proposed again.
    assert look() == {}


def test_the_other_one_may_count(books):
    books("shop", 300, order="7")
    books("accounts", 327, order="7")
    (pair,) = look().values()
    join_sales(pair.id, by=None, now=NOW, swap=True)
    assert figures()[0] == 327
    part_sales(pair.id, by=None, now=NOW)
    assert figures()[0] == 627


def give_back(number, source, amount):
    return ReturnLine.objects.create(
        source=get_or_add_source(source), key=f"r{number}", order_key=number, day=MAY, amount=Decimal(amount),
        quantity=Decimal(1), customer_id=OrderLine.objects.get(order_key=number).customer_id, seq=take_numbers(1),
    )  # fmt: skip


def test_a_return_told_twice_counts_once_and_one_told_once_stays(books):
    for number in ("1", "2"):
        books("shop", 100, MAY + timedelta(days=int(number) * 5), order=f"s{number}")
        books("accounts", 100, MAY + timedelta(days=int(number) * 5), order=f"f{number}")
    for number in ("s1", "f1"):
        give_back(number, "shop" if number == "s1" else "accounts", 30)
    give_back("f2", "accounts", 10)
    before = figures()
    pairs = look().values()
    for pair in pairs:
        join_sales(pair.id, by=None, now=NOW)
    assert figures()[3] == 2
    for pair in pairs:
        part_sales(pair.id, by=None, now=NOW)
    assert figures() == before


def test_a_line_that_comes_later_is_set_aside_too(books):
    books("shop", 100, order="s1")
    books("accounts", 100, order="f1")
    (pair,) = look().values()
    join_sales(pair.id, by=None, now=NOW)
    books("accounts", 5, order="f1")
    assert figures()[0] == 105
    assert hold_joined() == 1
    assert hold_joined() == 0
    assert figures()[0] == 100
    part_sales(pair.id, by=None, now=NOW)
    assert figures()[0] == 205


def test_no_circle_leaves_a_sale_uncounted(books):
    books("shop", 100, order="s1")
    books("accounts", 100, order="f1")
    (pair,) = look().values()
    join_sales(pair.id, by=None, now=NOW)
    # The same two the other way round, as two people might decide at once.
    other = SameSale.objects.get(pk=pair.id)
    other.pk, other.state = None, "open"
    other.first_source_id, other.second_source_id = other.second_source_id, other.first_source_id
    other.first_number, other.second_number = other.second_number, other.first_number
    other.save()
    with pytest.raises(SaleSetAside):
        join_sales(other.pk, by=None, now=NOW)
    assert join_sales(pair.id, by=None, now=NOW).state == "joined"
    assert figures()[0] == 100
    part_sales(pair.id, by=None, now=NOW)
    for wrong in (pair.id, 999):
        with pytest.raises(SaleNotJoined):
            part_sales(wrong, by=None, now=NOW)


def test_what_was_said_to_be_two_is_not_proposed_again(books):
    books("shop", 100, order="s1")
    books("accounts", 100, order="f1")
    (pair,) = look().values()
    keep_sales_apart(pair.id, by=None, now=NOW)
    assert look() == {}
    assert figures()[0] == 200
