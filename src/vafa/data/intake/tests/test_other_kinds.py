"""Subscriptions, returns and interactions."""

from datetime import date
from pathlib import Path

import pytest

from vafa.data.intake.tests.helpers import bring, counts, query, write

pytestmark = pytest.mark.django_db

SUBSCRIPTIONS = "Subscription ID,Customer ID,Plan,Amount,Currency,Interval,Start date,End date\n"


def test_the_end_of_a_subscription_is_the_first_day_without_it_unless_said_otherwise(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        SUBSCRIPTIONS
        + "s1,a,Gold,10,EUR,monthly,2025-01-01,2025-02-01\ns2,b,Gold,10,EUR,yearly,2025-01-01,\n",
    )
    assert counts(bring(path, "subscriptions")) == (2, 2, 0, 0, 0)
    ends = "SELECT key, ended_on FROM subscriptions_subscription ORDER BY key"
    assert query(ends) == [("s1", date(2025, 2, 1)), ("s2", None)]
    assert counts(bring(path, "subscriptions", last_day_included=True)) == (2, 0, 1, 1, 0)
    assert query(ends) == [("s1", date(2025, 2, 2)), ("s2", None)]


def test_a_subscription_that_ends_before_it_starts_is_rejected(tmp_path: Path) -> None:
    path = write(tmp_path, SUBSCRIPTIONS + "s1,a,Gold,10,EUR,monthly,2025-03-01,2025-02-01\n")
    assert counts(bring(path, "subscriptions")) == (1, 0, 0, 0, 1)


def test_a_subscription_number_that_comes_twice_is_two_periods(tmp_path: Path) -> None:
    rows = "s1,a,Gold,10,EUR,monthly,2025-01-01,2025-02-01\ns1,a,Gold,12,EUR,monthly,2025-04-01,\n"
    path = write(tmp_path, SUBSCRIPTIONS + rows)
    assert counts(bring(path, "subscriptions")) == (2, 2, 0, 0, 0)
    assert query("SELECT key FROM subscriptions_subscription ORDER BY key") == [("s1",), ("s1#2",)]
    assert counts(bring(path, "subscriptions")) == (2, 0, 0, 2, 0)


def test_a_subscription_told_twice_in_the_same_words_is_one(tmp_path: Path) -> None:
    row = "s1,a,Gold,10,EUR,monthly,2025-01-01,2025-02-01\n"
    again = "s1,a,Gold,12,EUR,monthly,2025-04-01,\n"
    path = write(tmp_path, SUBSCRIPTIONS + row + again + row + again)
    result = bring(path, "subscriptions")
    assert counts(result) == (4, 2, 0, 2, 0)
    assert result.summary["exact_repeats"] == 2
    assert query("SELECT key FROM subscriptions_subscription ORDER BY key") == [("s1",), ("s1#2",)]
    # Without a number, two equal rows may well be two subscriptions.
    nameless = "".join(row.replace("s1,", ",", 1) for _ in range(2))
    assert counts(bring(write(tmp_path, SUBSCRIPTIONS + nameless), "subscriptions")) == (2, 2, 0, 0, 0)


def test_a_subscription_of_nobody_is_rejected(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        SUBSCRIPTIONS + "s1,,Gold,10,EUR,monthly,2025-01-01,\ns2,b,Gold,10,EUR,monthly,2025-01-01,\n",
    )
    assert counts(bring(path, "subscriptions")) == (2, 1, 0, 0, 1)


def test_stripe_subscriptions_are_recognised(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "id,Customer ID,Customer Email,Plan,Quantity,Interval,Amount,Status,Created (UTC),Start (UTC),Ended At (UTC)\n"
        "sub_1,cus_1,ann@example.com,gold,1,month,10.00,active,2025-01-01 10:00,2025-01-01 10:00,\n"
        "sub_2,cus_2,bob@example.com,gold,1,month,10.00,canceled,2025-01-01 10:00,2025-01-01 10:00,2025-03-05 09:00\n",
    )
    result = bring(path, "subscriptions")
    assert result.summary["system"] == "stripe"
    assert query("SELECT key, plan, started_on, ended_on FROM subscriptions_subscription ORDER BY key") == [
        ("sub_1", "gold", date(2025, 1, 1), None),
        ("sub_2", "gold", date(2025, 1, 1), date(2025, 3, 5)),
    ]


def test_returns_are_positive_and_may_name_their_order(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "Return ID,Order ID,Customer ID,Return date,Product,Quantity,Amount,Reason\n"
        "r1,1,a,2025-03-05,tea,-1,-5,broken\nr2,,a,2025-03-06,mug,2,8,\n",
    )
    assert counts(bring(path, "returns")) == (2, 2, 0, 0, 0)
    assert query("SELECT order_key, quantity, amount, reason FROM orders_returnline ORDER BY id") == [
        ("1", 10000, 50000, "broken"),
        ("", 20000, 80000, ""),
    ]
    assert counts(bring(path, "returns")) == (2, 0, 0, 2, 0)


def test_interactions_are_facts_of_a_customer(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "Customer ID,Type,Date,Subject,Notes,Duration\n"
        "a,Call,2025-03-05 10:30,Price,Asked,00:12:40\na,Call,2025-03-05 10:30,Price,Asked again,5\n"
        ",Call,2025-03-05,,,\n",
    )
    assert counts(bring(path, "interactions")) == (3, 2, 0, 0, 1)
    assert query("SELECT kind, day, minutes FROM interactions_interaction ORDER BY id") == [
        ("Call", date(2025, 3, 5), 13),
        ("Call", date(2025, 3, 5), 5),
    ]
    assert counts(bring(path, "interactions")) == (3, 0, 0, 2, 1)
