"""Scores of RFM, MRR, the last NPS answer, tickets and answers: by hand, and against their slow twins."""

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from vafa.data.business.models import Business, CurrencyRate
from vafa.data.costs.actions import set_margin
from vafa.lab.rules import ActivityRule
from vafa.measure.metrics.queries import get_customer_mrr
from vafa.measure.segments.coding import read_definition
from vafa.measure.segments.evaluating import find_members
from vafa.measure.segments.naive import PlainAsked, naive_find_members
from vafa.measure.segments.resolving import settle_as_of
from vafa.measure.segments.tests import world as worlds
from vafa.measure.segments.types import (
    RFM_MEASURES,
    Condition,
    Cutting,
    Definition,
    FactCondition,
    FactFilter,
    FieldCondition,
    Group,
    MeasureCondition,
    Span,
)
from vafa.warehouse.actions import refresh
from vafa.warehouse.queries import open_snapshot
from vafa.warehouse.tests.world import NOW, World, build_day

pytestmark = pytest.mark.django_db

RULE = ActivityRule("purchase", 30)
LAST_MONTH = Span("last_days", days=30)


def tell(condition, as_of, rule=RULE):
    """The ids of who meets one condition."""
    snapshot = open_snapshot()
    definition = Definition(Group("all", (condition,)))
    return set(
        snapshot.ids(find_members(definition, snapshot, Business(currency="TRY"), as_of, rule)).tolist()
    )


def test_scores_of_rfm_are_fifths_of_who_bought_before_the_day():
    world = World()
    people = [world.customer() for _ in range(6)]
    for place, customer in enumerate(people[:5]):
        for day in range(place + 1):
            world.order(customer, build_day(10 * place + day), amount=100 * (5 - place))
    refresh(now=NOW, rebuild=True)
    ids = [customer.pk for customer in people]
    for score in range(1, 6):
        assert tell(
            MeasureCondition("rfm_recency", "between", Decimal(score), Decimal(score)), build_day(90)
        ) == {ids[score - 1]}
        assert tell(
            MeasureCondition("rfm_frequency", "between", Decimal(score), Decimal(score)), build_day(90)
        ) == {ids[score - 1]}
    # 500, 800, 900, 800, 500: what is alike has one score, and some scores stay empty.
    assert tell(MeasureCondition("rfm_money", "at_least", Decimal(5)), build_day(90)) == {ids[2]}
    assert tell(MeasureCondition("rfm_money", "at_most", Decimal(1)), build_day(90)) == {ids[0], ids[4]}
    assert tell(MeasureCondition("rfm_money", "unknown"), build_day(90)) == {ids[5]}
    # As of an earlier day only who had bought by then is scored.
    assert tell(MeasureCondition("rfm_recency", "known"), build_day(20)) == set(ids[:2])
    assert tell(MeasureCondition("rfm_recency", "at_least", Decimal(5)), build_day(0)) == set()


def test_money_below_zero_in_another_currency_is_rounded_down():
    world = World()
    CurrencyRate.objects.create(currency="USD", rate=worlds.DOLLAR, valid_from=date(2020, 1, 1))
    people = [world.customer() for _ in range(2)]
    for customer in people:
        world.order(customer, build_day(0), amount=1)
    # One has -0.00033333333 and rounds down to -0.0004, the other has exactly -0.0003.
    world.returned(people[0], build_day(1), quantity=1, amount=Decimal("0.0001"), currency="USD")
    world.returned(people[1], build_day(1), quantity=1, amount=Decimal("0.0003"))
    refresh(now=NOW, rebuild=True)
    more = tell(MeasureCondition("rfm_money", "at_least", Decimal(3)), build_day(9))
    assert more == {people[1].pk}


def test_mrr_is_what_runs_at_the_boundary():
    world = World()
    CurrencyRate.objects.create(currency="USD", rate=Decimal(2), valid_from=build_day(0))
    month, year, dollars, unpriced, no_rate, gone, none, rests = (world.customer() for _ in range(8))
    start, end = build_day(0), build_day(400)
    for customer, fields in (
        (month, {"amount": 120, "interval": "1 month"}),
        (month, {"amount": 30, "interval": "3 month"}),
        (year, {"amount": 100, "interval": "1 year"}),
        (dollars, {"amount": 10, "interval": "1 month", "currency": "USD"}),
        (unpriced, {"amount": None, "interval": "1 month"}),
        (no_rate, {"amount": 10, "interval": "1 month", "currency": "EUR"}),
        (
            rests,
            {"amount": 9, "interval": "1 month", "frozen_from": build_day(50), "frozen_until": build_day(70)},
        ),
    ):
        world.subscription(customer, start, end, **fields)
    world.subscription(gone, start, build_day(30), amount=500, interval="1 month")
    refresh(now=NOW, rebuild=True)

    def between(least, most, as_of=60, rule=RULE):
        condition = MeasureCondition("mrr", "between", Decimal(least), Decimal(most))
        return tell(condition, build_day(as_of), rule)

    assert between("130", "130") == {month.pk}
    assert between("8.3333", "8.3334") == {year.pk}  # 100 / 12
    assert between("8.3333", "8.3333") == set()
    assert between("20", "20") == {dollars.pk}
    assert between("0", "0") == {gone.pk, none.pk, rests.pk}
    assert between("9", "9", as_of=80) == {rests.pk}
    assert between("500", "500", as_of=20) == {gone.pk}
    # With days of grace the price goes on after the end.
    assert between("500", "500", as_of=33, rule=ActivityRule("subscription", 5)) == {gone.pk}
    assert between("500", "500", as_of=36, rule=ActivityRule("subscription", 5)) == set()
    assert tell(MeasureCondition("mrr", "unknown"), build_day(60)) == {unpriced.pk, no_rate.pk}
    assert tell(MeasureCondition("mrr", "top", Decimal(30)), build_day(60)) == {month.pk}
    mrr = get_customer_mrr(open_snapshot(), Business(currency="TRY"), build_day(60), RULE)
    assert int(mrr.units.sum()) == (130 + 20) * 720_000 + 6_000_000


def test_last_nps_is_that_of_the_last_answer_before_the_day():
    world = World()
    fan, critic, silent, other = (world.customer() for _ in range(4))
    world.answer(fan, build_day(1), 2)
    world.answer(fan, build_day(20), 10)
    world.answer(fan, build_day(25), 3, question="csat")
    world.answer(fan, build_day(30), None)
    world.answer(critic, build_day(5), 9)
    world.answer(critic, build_day(5), 0)
    world.answer(silent, build_day(6), None)
    world.answer(None, build_day(6), 7)
    world.answer(other, build_day(6), Decimal("6.5"))
    refresh(now=NOW, rebuild=True)
    assert tell(MeasureCondition("last_nps", "at_least", Decimal(9)), build_day(40)) == {fan.pk}
    assert tell(MeasureCondition("last_nps", "at_least", Decimal(9)), build_day(20)) == set()
    assert tell(MeasureCondition("last_nps", "at_most", Decimal(6)), build_day(20)) == {fan.pk, critic.pk}
    assert tell(MeasureCondition("last_nps", "at_most", Decimal("6.5")), build_day(40)) == {
        critic.pk,
        other.pk,
    }
    assert tell(MeasureCondition("last_nps", "unknown"), build_day(40)) == {silent.pk}


def test_tickets_and_answers_within_days():
    world = World()
    loud, once, quiet = (world.customer() for _ in range(3))
    for day in (10, 31, 40, 59):
        world.ticket(loud, build_day(day), category="delay" if day < 40 else "bill")
    world.ticket(once, build_day(60), category="delay")
    world.ticket(None, build_day(50))
    world.answer(once, build_day(45), 0, survey="spring")
    world.answer(once, build_day(46), None, survey="spring")
    world.answer(quiet, build_day(29), 10, survey="exit")
    refresh(now=NOW, rebuild=True)
    as_of = build_day(60)
    assert tell(FactCondition("ticket", "exactly", 3, LAST_MONTH), as_of) == {loud.pk}
    assert tell(FactCondition("ticket", "at_most", 0, LAST_MONTH), as_of) == {once.pk, quiet.pk}
    delay = (FactFilter("category", ("Delay",)),)
    assert tell(FactCondition("ticket", "exactly", 1, LAST_MONTH, delay), as_of) == {loud.pk}
    assert tell(FactCondition("ticket", span=LAST_MONTH), as_of + timedelta(days=1)) == {loud.pk, once.pk}
    assert tell(FactCondition("answer", "exactly", 1, LAST_MONTH), as_of) == {once.pk}
    assert tell(FactCondition("answer", "at_most", 0, LAST_MONTH), as_of) == {loud.pk, quiet.pk}
    exit_survey = (FactFilter("survey", ("exit",)),)
    assert tell(FactCondition("answer", filters=exit_survey), as_of) == {quiet.pk}


MEASURES: tuple[Any, ...] = (
    *RFM_MEASURES, "mrr", "last_nps", "clv", "days_since_last_contact", "purchase_day_value", "discount_share",
    "return_share",
)  # fmt: skip
OPS: tuple[Any, ...] = (("at_least", 3), ("less_than", 3), ("more_than", 0), ("top", 40), ("unknown", 0))
FACTS: tuple[Any, ...] = ("ticket", "answer")
COUNTS: tuple[Any, ...] = (("at_least", 1), ("at_most", 1), ("exactly", 2))
NEW: list[Condition] = [
    *(MeasureCondition(name, op, Decimal(value)) for name in MEASURES for op, value in OPS),
    MeasureCondition("product_lines", "at_least", Decimal(2)),
    MeasureCondition("product_lines", "unknown"),
    *(FactCondition(name, op, times, span) for name in FACTS for op, times in COUNTS for span in (Span(), LAST_MONTH)),
    *(FieldCondition(name, "is", values) for name, values in worlds.FACT_VALUES.items()),
    *(FieldCondition(name, "unknown") for name in worlds.FACT_VALUES),
]  # fmt: skip


def test_new_conditions_agree_with_their_slow_twins():
    CurrencyRate.objects.create(currency="USD", rate=worlds.DOLLAR, valid_from=date(2020, 1, 1))
    chance = random.Random(7)
    for _ in range(6):
        worlds.fill(World(), chance)
    for share, since in ((Decimal("0.35"), build_day(20)), (Decimal("0.6"), build_day(45))):
        set_margin(share, since, by=None, now=NOW)
    margins = {build_day(20).toordinal(): Decimal("0.35"), build_day(45).toordinal(): Decimal("0.6")}
    refresh(now=NOW, rebuild=True)
    shop = worlds.read_plain()
    met = dict.fromkeys(range(len(NEW)), 0)
    for day in (0, 25, 41, 62):
        for rule in (RULE, ActivityRule("subscription", 4)):
            asked = PlainAsked(build_day(day), rule, Cutting(), rates=worlds.RATES, margins=margins)
            for place, condition in enumerate(NEW):
                found = tell(condition, build_day(day), rule)
                assert found == naive_find_members(condition, shop, asked), (condition, day, rule)
                met[place] += 0 < len(found) < len(shop)
    # Each tells some from others on at least one day.
    assert all(met.values()), [NEW[place] for place, times in met.items() if not times]


def test_a_segment_waits_for_the_source_of_its_numbers():
    world = World()
    customer = world.customer()
    world.order(customer, build_day(80))
    world.subscription(customer, build_day(0), None)
    world.answer(customer, build_day(50), 5)
    world.ticket(customer, build_day(40))
    refresh(now=NOW, rebuild=True)
    snapshot = open_snapshot()

    def settle(condition):
        return settle_as_of(Definition(Group("all", (condition,))), snapshot, RULE, NOW)

    answers = snapshot.freshness(None, ["answers"]).data_until
    assert settle(MeasureCondition("last_nps", "known")) == settle(FactCondition("answer")) == answers
    assert settle(FactCondition("ticket")) == snapshot.freshness(None, ["tickets"]).data_until
    assert settle(MeasureCondition("rfm_money", "known")) == snapshot.freshness(None, ["orders"]).data_until
    assert settle(MeasureCondition("mrr", "known")) == snapshot.freshness(None, ["subscriptions"]).data_until


def test_definitions_written_before_are_still_read():
    document = {
        "version": 1,
        "root": {
            "group": "all",
            "parts": [
                {"fact": "interaction", "op": "at_least", "times": 2},
                {"measure": "revenue", "op": "top", "value": "10"},
            ],
        },
    }
    assert read_definition(document) == Definition(
        Group(
            "all",
            (FactCondition("interaction", "at_least", 2), MeasureCondition("revenue", "top", Decimal(10))),
        )
    )
