"""Contracts tried at past days: a snapshot is refused, a plan that loses many is found, chance stays chance."""

from datetime import date, timedelta

import numpy as np
import pytest

from vafa.data.customers.models import Customer
from vafa.data.log.actions import take_numbers
from vafa.data.subscriptions.models import Subscription
from vafa.measure.metrics.tests.ledger import Ledger
from vafa.predict.models.queries import try_question
from vafa.predict.models.types import Lack, Question
from vafa.warehouse.queries import Snapshot

UNTIL = date(2025, 7, 1)
QUESTION = Question("contracts", 60)
# The chance to leave in each month, by plan.
PLANS = {"short": 0.15, "long": 0.02}


def fill(ledger: Ledger, rows: list[tuple[str, date, date | None]]) -> Snapshot:
    first = take_numbers(2 * len(rows))
    people = Customer.objects.bulk_create(Customer(seq=first + n) for n in range(len(rows)))
    Subscription.objects.bulk_create(
        Subscription(
            source=ledger.source,
            key=f"s{n}",
            customer=person,
            plan=plan,
            started_on=start,
            ended_on=end,
            seq=first + len(rows) + n,
        )
        for n, (person, (plan, start, end)) in enumerate(zip(people, rows, strict=True))
    )
    return ledger.publish(UNTIL - timedelta(days=1), "subscriptions")


def draw(rates: dict[str, float], customers: int, seed: int) -> list[tuple[str, date, date | None]]:
    """Customers who began in the two years before the end of data, each with a plan, and left by its rate."""
    random = np.random.default_rng(seed)
    rows: list[tuple[str, date, date | None]] = []
    for _ in range(customers):
        plan = str(random.choice(list(rates)))
        start = UNTIL - timedelta(days=int(random.integers(1, 730)))
        end = start + timedelta(days=int(random.exponential(30 / rates[plan])) + 1)
        rows.append((plan, start, end if end < UNTIL else None))
    return rows


def test_a_snapshot_in_which_all_ends_are_on_one_day_is_refused(ledger: Ledger) -> None:
    """As of the public telecom table: who has left by the day of the file is told, and not when."""
    rows: list[tuple[str, date, date | None]] = [
        (
            "gold",
            UNTIL - timedelta(days=30 + 7 * number),
            UNTIL - timedelta(days=1) if number % 3 == 0 else None,
        )
        for number in range(180)
    ]
    shown, verdict = try_question(fill(ledger, rows), QUESTION, "gregorian")
    assert verdict.level == "refused"
    assert verdict.lacks == (Lack("other_ends", 0, 25),)
    # Of one past day it looks as if all had left within the horizon.
    assert shown is not None
    assert [day.leavers > 25 for day in shown.days] == [False, False, False, False, True]


def test_what_a_plan_loses_is_told_with_proven_skill(ledger: Ledger) -> None:
    shown, verdict = try_question(fill(ledger, draw(PLANS, 800, 1)), QUESTION, "gregorian")
    assert shown is not None
    assert len(shown.days) == 5
    assert verdict.level in ("bands", "percent")
    assert "skill" not in {lack.code for lack in verdict.lacks}
    base = [day.judged["base"].auc or 0 for day in shown.days]
    recency = [day.recency_auc or 0 for day in shown.days]
    assert float(np.mean(base)) > max(0.65, float(np.mean(recency)) + 0.05)
    gap = shown.gaps["base", "base_rate"]
    assert gap is not None
    assert gap[1] < 0


def test_where_all_plans_lose_alike_nothing_is_told_apart(ledger: Ledger) -> None:
    shown, verdict = try_question(
        fill(ledger, draw(dict.fromkeys(PLANS, 0.06), 500, 2)), QUESTION, "gregorian"
    )
    assert shown is not None
    assert np.mean([day.judged["base"].auc or 0 for day in shown.days]) == pytest.approx(0.5, abs=0.06)
    assert np.mean([day.judged["logistic"].auc or 0 for day in shown.days]) == pytest.approx(0.5, abs=0.06)
    assert "skill" in {lack.code for lack in verdict.lacks}
