"""Contracts as of a day: nothing that is told later changes what is known of it, and who left is told by the rule."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from vafa.data.business.actions import change_business
from vafa.data.business.models import CurrencyRate
from vafa.data.business.queries import get_business
from vafa.data.interactions.models import Interaction
from vafa.data.log.actions import take_numbers
from vafa.data.subscriptions.models import Subscription
from vafa.lab.hazard import build_cells, fit_hazard
from vafa.lab.rules import ActivityRule
from vafa.measure.metrics.tests.ledger import NOW, Ledger
from vafa.predict.models.actions import change_settings
from vafa.predict.models.contract_features import TENURE_ODDS, build_contract_table
from vafa.predict.models.contract_hazard import (
    FIRST_PLAN,
    Stays,
    build_stays,
    find_chances,
    find_expected_days,
    find_half_days,
    fit_tenure_hazard,
)
from vafa.predict.models.contract_members import find_contract_stayers, list_contract_numbers
from vafa.predict.models.queries import build_values, find_half_day
from vafa.predict.models.types import FeatureTable, PredictionSettings, Question

DAY = date(2025, 6, 1)
RULE = ActivityRule("subscription")
QUESTION = Question("contracts", 30)


def before(days: int) -> date:
    return DAY - timedelta(days=days)


def write(
    ledger: Ledger, started: date, ended: date | None, customer: int | None = None, **fields: Any
) -> int:
    """A subscription, of a new customer unless one is named."""
    owner = ledger.add_customer() if customer is None else customer
    row = ledger.add_subscription(owner, started, ended)
    Subscription.objects.filter(pk=row.pk).update(seq=take_numbers(1), **fields)
    return owner


def get(table: FeatureTable, customer: int, name: str) -> Any:
    value = table.columns[name][list(table.customer_ids).index(customer)]
    return value if isinstance(value, str) else float(value)


def build(ledger: Ledger) -> FeatureTable:
    snapshot = ledger.publish(kind="subscriptions")
    return build_contract_table(snapshot, DAY, QUESTION, list_contract_numbers(snapshot, DAY))


@pytest.fixture
def club(ledger: Ledger) -> dict[str, int]:
    """Yearly contracts that were renewed, and others."""
    for number in range(12):
        write(ledger, before(500 + number), before(135 + number))
    loyal = write(ledger, before(400), before(35), amount=100, interval="1 month")
    write(ledger, before(30), None, loyal, amount=120, interval="1 month")
    fresh = write(ledger, before(65), None)
    frozen = write(ledger, before(100), DAY + timedelta(days=40), frozen_from=before(10), plan="other")
    ledger.add_contact(fresh, before(12))
    ledger.add_answer(fresh, before(5), 2)
    ledger.add_ticket(frozen, NOW.replace(year=2025, month=5, day=20))
    return {"loyal": loyal, "fresh": fresh, "frozen": frozen}


def test_what_is_known_of_contracts(ledger: Ledger, club: dict[str, int]) -> None:
    table = build(ledger)
    assert sorted(table.customer_ids.tolist()) == sorted(club.values())
    loyal, fresh, frozen = club["loyal"], club["fresh"], club["frozen"]
    assert get(table, fresh, "days_to_term") == 300
    # Its plan has no terms; the end that will come is not looked at.
    assert np.isnan(get(table, frozen, "days_to_term"))
    assert get(table, frozen, "is_frozen") == 1
    assert get(table, loyal, "monthly_price") == 120
    assert get(table, loyal, "price_change") == pytest.approx(0.2)
    assert (get(table, loyal, "renewals"), get(table, loyal, "late_renewals")) == (1, 1)
    assert (get(table, loyal, "tenure_days"), get(table, loyal, "spell_days")) == (400, 30)
    assert get(table, loyal, "has_returned") == 1
    assert get(table, fresh, "plan") == "gold"
    assert get(table, fresh, "contact_days") == 12
    assert get(table, fresh, "last_score") == pytest.approx(0.2)
    assert (get(table, frozen, "tickets_recent"), get(table, frozen, "tickets_open")) == (1, 1)
    assert "visit_days" not in table.columns


def test_prices_in_other_currencies_are_converted_and_left_unknown_without_a_rate(ledger: Ledger) -> None:
    business = get_business()
    business.currency = "EUR"
    business.save()
    CurrencyRate.objects.create(currency="USD", rate=Decimal("0.5"), valid_from=before(500))
    CurrencyRate.objects.create(currency="USD", rate=Decimal(9), valid_from=DAY)
    write(ledger, before(200), before(60))
    prices = {
        write(ledger, before(90), None, amount=100, interval="1 month", currency=currency): wanted
        for currency, wanted in (("EUR", 100), ("", 100), ("USD", 50), ("JPY", None))
    }
    table = build(ledger)
    for customer, wanted in prices.items():
        told = get(table, customer, "monthly_price")
        assert (wanted is None and np.isnan(told)) or told == wanted
    change_settings(PredictionSettings(90, 1, 2, 0.0), by=None, now=NOW)
    free = build_values(ledger.publish(), QUESTION, DAY)
    change_settings(PredictionSettings(90, 1, 2, 0.05), by=None, now=NOW)
    dear = build_values(ledger.publish(), QUESTION, DAY)
    assert free is not None
    assert dear is not None
    assert (dear.value_36m[:3] < free.value_36m[:3]).all()
    assert free.value_36m[2] == pytest.approx(free.value_36m[0] / 2)
    assert np.isnan(free.value_36m[3])


def test_facts_of_the_day_and_later_change_nothing(ledger: Ledger, club: dict[str, int]) -> None:
    known = build(ledger)
    for customer in club.values():
        write(ledger, DAY, DAY + timedelta(days=9), customer, plan="dearer", amount=999, interval="1 month")
        write(ledger, DAY + timedelta(days=50), None, customer)
        ledger.add_contact(customer, DAY)
        ledger.add_answer(customer, DAY + timedelta(days=1), 9)
        ledger.add_ticket(customer, NOW.replace(year=2025, month=6, day=1))
    for days in range(60):
        write(ledger, DAY + timedelta(days=days), None)
    # Those who run now leave: at D it was not known.
    running = Subscription.objects.filter(customer_id__in=club.values(), started_on__lt=DAY, ended_on=None)
    assert running.update(ended_on=DAY + timedelta(days=3), cancel_reason="price", seq=take_numbers(1)) == 2
    later = build(ledger)
    assert list(later.customer_ids) == list(known.customer_ids)
    assert later.features == known.features
    for name, values in known.columns.items():
        np.testing.assert_array_equal(later.columns[name], values, err_msg=name)


def test_what_is_written_when_somebody_leaves_is_no_contact(ledger: Ledger, club: dict[str, int]) -> None:
    Interaction.objects.create(
        source=ledger.source,
        key="l",
        customer_id=club["fresh"],
        kind="leaving",
        day=before(1),
        seq=take_numbers(1),
    )
    assert get(build(ledger), club["fresh"], "contact_days") == 12


def test_who_left_is_told_by_the_rule(ledger: Ledger) -> None:
    stays = write(ledger, before(90), None)
    leaves = write(ledger, before(90), DAY + timedelta(days=20))
    late = write(ledger, before(90), DAY + timedelta(days=20))
    write(ledger, DAY + timedelta(days=25), None, late)
    later = write(ledger, before(90), DAY + timedelta(days=31))
    snapshot = ledger.publish()

    def find_left(days: int) -> set[int]:
        stayed = snapshot.list_ids(find_contract_stayers(snapshot, DAY, Question("contracts", days)))
        return {stays, leaves, late, later} - set(stayed.tolist())

    assert find_left(30) == {leaves}
    # On the 31st day itself it ends: the midnight after finds nobody.
    assert find_left(31) == {leaves, later}
    change_business(by=None, now=NOW, activity_rule="subscription+14d")
    assert find_left(30) == set()


def test_the_hazard_knows_no_end_after_the_day(ledger: Ledger) -> None:
    rows: list[tuple[date, date | None, dict[str, Any]]] = [
        (before(200 + number), before(200 + number - 50), {}) for number in range(20)
    ]
    rows += [(before(120), DAY + timedelta(days=number), {}) for number in range(1, 21)]
    ledger.add_members(rows)
    snapshot = ledger.publish()
    hazard = fit_tenure_hazard(snapshot, DAY, RULE)
    assert hazard.leavers == 20
    Subscription.objects.filter(ended_on__gt=DAY).update(ended_on=None, seq=take_numbers(1))
    assert fit_tenure_hazard(ledger.publish(), DAY, RULE).to_document() == hazard.to_document()


def test_chances_follow_from_the_shares_that_stay() -> None:
    """Of 100 customers 10 leave in the first period: within 30 days a tenth, within 60 a fifth less a hundredth."""
    plans = {"first_plan": np.full(100, "gold")}
    cells = build_cells((FIRST_PLAN,), plans, [0] * 100, [True] * 10 + [False] * 90)
    hazard = fit_hazard((FIRST_PLAN,), cells, penalty=1e-9)
    stays = Stays(np.asarray([0.0, 45.0, 400.0]), np.asarray(["gold", "gold", "never seen"]))
    told = [find_chances(hazard, stays, days) for days in (30, 60, 15)]
    assert told[0] == pytest.approx([0.1] * 3, abs=1e-6)
    assert told[1] == pytest.approx([0.19] * 3, abs=1e-6)
    assert told[2] == pytest.approx([1 - 0.9**0.5] * 3, abs=1e-6)
    rate = -np.log(0.9) / 30
    assert find_expected_days(hazard, stays, 365) == pytest.approx(
        [(1 - np.exp(-rate * 365)) / rate] * 3, rel=1e-3
    )
    # Half leave in about 197 days, but nobody was seen for longer than one period.
    assert np.isnan(find_half_days(hazard, stays)).all()
    longer = replace(hazard, longest=12)
    assert find_half_days(longer, stays)[:2] == pytest.approx([np.log(2) / rate] * 2, rel=1e-6)


def test_the_plan_tells_who_leaves_sooner(ledger: Ledger) -> None:
    for number in range(30):
        write(ledger, before(150 + number), before(20 + number) if number % 3 else None, plan="short")
        write(ledger, before(150 + number), None if number else before(10), plan="long")
    snapshot = ledger.publish()
    numbers = list_contract_numbers(snapshot, DAY)
    stays = build_stays(snapshot, DAY, RULE, numbers)
    assert sorted(set(stays.plans)) == ["long", "short"]
    chances = find_chances(fit_tenure_hazard(snapshot, DAY, RULE), stays, 90)
    assert chances[stays.plans == "short"].min() > chances[stays.plans == "long"].max()


def test_until_when_half_stay_is_told_of_who_is_there_where_enough_have_left(ledger: Ledger) -> None:
    there = write(ledger, before(60), None)
    gone = write(ledger, before(60), before(5))
    assert find_half_day(ledger.publish(), DAY, there) is None
    for number in range(40):
        write(ledger, before(400 + number), before(400 + number - 30 * (number % 10 + 1)))
    snapshot = ledger.publish()
    end = find_half_day(snapshot, DAY, there)
    assert end is not None
    # Of ten equal steps two are over: about half of the other eight are still to come.
    assert before(-90) < end < before(-170)
    assert find_half_day(snapshot, DAY, gone) is None


def test_the_base_model_tells_no_nan_while_nobody_has_left(ledger: Ledger) -> None:
    ledger.add_members([(before(90), None, {}) for _ in range(3)])
    odds = build(ledger).columns[TENURE_ODDS]
    assert len(odds) == 3
    assert np.isfinite(odds).all()
    assert (odds < 0).all()
