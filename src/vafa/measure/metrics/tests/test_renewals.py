"""Renewals and cancellations from real imports, hand-checked."""

from datetime import date
from decimal import Decimal

import pytest

from vafa.data.business.actions import change_business
from vafa.data.business.models import CurrencyRate
from vafa.measure.metrics.queries import get_metric
from vafa.measure.metrics.tests.club import NOW, Club, ask, ask_all, club

__all__ = ["club"]

pytestmark = pytest.mark.django_db

MARCH = ("2024-03-01", "2024-04-01")
GRACE = {"rule": "subscription+7d"}


@pytest.fixture
def told(club: Club) -> Club:
    """Due in March: a renews dearer on the day, b three days late, c never, d for another plan, e is due in April; f
    runs on."""
    club.members(
        "a gold 10 2023-03-10 2024-03-10",
        "a gold 12 2024-03-10 2025-03-10",
        "b gold 10 2023-03-10 2024-03-10",
        "b gold 10 2024-03-13 2025-03-10",
        "c gold 10 2023-03-10 2024-03-10",
        "d gold 10 2023-03-10 2024-03-10",
        "d silver 6 2024-03-01 2025-03-10",
        "e gold 10 2023-04-01 2024-04-01",
        "f gold 10 2023-03-10 -",
    )
    return club


def test_of_those_due_after_grace(told: Club) -> None:
    row = ask("renewal_rate", *MARCH, **GRACE)
    assert (row.value, row.n, row.details["renewed"]) == (0.75, 4, 3)
    assert row.low is not None
    assert row.high is not None
    assert row.low < 0.75 < row.high
    strict = ask("renewal_rate", *MARCH)
    assert (strict.value, strict.details) == (0.5, {"due": 4, "renewed": 2, "grace_not_over": 0})
    assert ask("renewal_rate_money", *MARCH, **GRACE).value == pytest.approx((12 + 10 + 6) / 40)
    assert ask("renewal_rate", "2024-05-01", "2024-06-01").reason == "nothing_due"


def test_what_was_cancelled_of_what_ran(told: Club) -> None:
    row = ask("cancellation_rate", *MARCH, **GRACE)
    # Six ran at the start; c's ended, and e's on the very end of March.
    assert row.details == {"running": 6, "cancelled": 2, "undecided": 0}
    assert row.value == pytest.approx(2 / 6)
    assert ask("cancellation_rate", "2024-04-01", "2024-05-01").details["running"] == 4
    table = get_metric("cancellation_rate", start=date(2024, 3, 1), end=date(2024, 4, 1))
    assert table.entity == "subscription"


def test_whose_grace_is_not_over_leaves_the_rate(club: Club) -> None:
    club.members(
        "a gold 10 2023-03-10 2024-03-10",
        "b gold 10 2023-03-10 2024-03-28",
        "b gold 10 2024-03-28 -",
        "c gold 10 2023-03-10 2024-03-29",
        through="2024-03-31",
    )
    row = ask("renewal_rate", *MARCH, **GRACE)
    assert (row.value, row.details) == (0, {"due": 1, "renewed": 0, "grace_not_over": 2})
    late = ask("renewal_rate", "2024-03-20", "2024-04-01", **GRACE)
    assert (late.value, late.reason) == (None, "grace_not_over")
    # Of those due even who renewed already is left out, for counting only them would flatter; that it goes on is known.
    assert ask("cancellation_rate", *MARCH, **GRACE).details == {"running": 2, "cancelled": 1, "undecided": 1}


def test_by_plan_and_by_customer(told: Club) -> None:
    told.bring(
        [{"customer": key, "location": "Rey" if key in "ac" else "Qom"} for key in "abcdef"], "customers"
    )
    by_plan = ask_all("renewal_rate", *MARCH, by="plan", **GRACE)
    assert (by_plan["gold"].value, by_plan["silver"].reason) == (0.75, "nothing_due")
    by_city = ask_all("renewal_rate", *MARCH, by="customer_location", **GRACE)
    assert {city: (row.details["renewed"], row.n) for city, row in by_city.items()} == {
        "Rey": (1, 2),
        "Qom": (2, 2),
    }
    assert ask("renewal_rate", *MARCH, visible=told.number_of("c"), **GRACE).value == 0
    seen = ask_all("cancellation_rate", *MARCH, by="plan", visible=told.number_of("c", "f"), **GRACE)
    assert seen["gold"].details == {"running": 2, "cancelled": 1, "undecided": 0}


def test_money_of_other_currencies_at_the_rate_of_the_first_day(club: Club) -> None:
    change_business(currency="EUR", by=None, now=NOW)
    CurrencyRate.objects.create(currency="USD", rate=Decimal("0.5"), valid_from=date(2024, 1, 1))
    row = {"customer": "a", "interval": "month", "started_at": "2023-03-10", "ended_at": "2024-03-10"}
    club.bring(
        [
            row | {"amount": 10, "currency": "EUR"},
            row | {"amount": 14, "currency": "USD", "started_at": "2024-03-10", "ended_at": ""},
            row | {"customer": "b", "amount": 90, "currency": "GBP"},
        ],
        through=date(2024, 12, 31),
    )
    told = ask("renewal_rate_money", *MARCH)
    assert (told.value, told.n, told.details["unpriced"]) == (0.7, 1, 1)
    assert ask("renewal_rate", *MARCH).value == 0.5


def test_without_prices_there_is_no_rate_of_money(club: Club) -> None:
    club.bring(
        [{"customer": "a", "started_at": "2023-03-10", "ended_at": "2024-03-10"}], through=date(2024, 12, 31)
    )
    assert ask("renewal_rate_money", *MARCH).reason == "no_subscription_prices"
    assert ask("renewal_rate", *MARCH).value == 0
