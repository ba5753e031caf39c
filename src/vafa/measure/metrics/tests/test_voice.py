"""What customers say: by question, scale and method, of those looked at; what does not add up is told apart."""

from datetime import date
from typing import Any

import pytest
from pyroaring import BitMap

from vafa.measure.metrics.queries import get_metric
from vafa.measure.metrics.tests.ledger import Ledger
from vafa.measure.metrics.types import MetricRow

MAY: dict[str, Any] = {"start": date(2025, 5, 1), "end": date(2025, 6, 1)}
UNTIL = date(2025, 6, 30)
# The scores 1 to 7 whose mean is published as 4.08.
PUBLISHED = dict(zip(range(1, 8), (80, 210, 140, 110, 160, 180, 120), strict=True))


def ask(ledger: Ledger, name: str, **asked: Any) -> MetricRow:
    """The row of May."""
    ledger.publish(UNTIL, "surveys")
    (row,) = get_metric(name, **(MAY | asked)).rows
    return row


def by_group(ledger: Ledger, name: str, by: str) -> dict[str | None, MetricRow]:
    ledger.publish(UNTIL, "surveys")
    return {row.group: row for row in get_metric(name, **MAY, by=by).rows}


def test_nps_counts_answers_of_zero_and_of_nobody(ledger):
    someone = ledger.add_customer()
    for score in (0, 9, 10, 10, 7):
        ledger.add_answer(someone, date(2025, 5, 3), score)
    ledger.add_answer(None, date(2025, 5, 31), 6)
    ledger.add_answer(someone, date(2025, 6, 1), 0)
    ledger.add_answer(someone, date(2025, 4, 30), 0)
    ledger.add_answer(someone, date(2025, 5, 9))
    row = ask(ledger, "nps")
    assert row.value == pytest.approx(1 / 6)
    assert (row.n, row.complete) == (6, True)
    ends = [row.low or 0.0, row.value or 0.0, row.high or 0.0]
    assert ends == sorted(ends)
    assert ends[0] < ends[2]
    (scale,) = row.details["scales"]
    assert (scale["promoters"], scale["passives"], scale["detractors"]) == (3, 1, 2)
    assert (scale["low"], scale["high"], scale["direction"], scale["method"]) == (0, 10, "high", "nps")
    assert scale["scores"] == {"0": 1, "6": 1, "7": 1, "9": 1, "10": 2}


def test_the_published_effort_score(ledger):
    for score, count in PUBLISHED.items():
        for _ in range(count // 10):
            ledger.add_answer(None, date(2025, 5, 3), score, "ces")
    row = ask(ledger, "ces")
    assert row.value == pytest.approx(4.08)
    assert row.n == 100


def test_satisfaction_is_the_share_in_the_two_best_points_of_each_answers_own_scale(ledger):
    for score in (5, 4, 4, 3, 1):
        ledger.add_answer(None, date(2025, 5, 3), score, "csat")
    for score in (7, 5):
        ledger.add_answer(None, date(2025, 5, 4), score, "csat", scale_high=7)
    ledger.add_answer(None, date(2025, 5, 4), 1, "csat", direction="low")
    row = ask(ledger, "csat")
    assert row.value == pytest.approx(5 / 8)
    assert row.n == 8
    assert [(scale["high"], scale["direction"], scale["good"], scale["n"]) for scale in row.details["scales"]] == [
        (5, "high", 3, 5), (5, "low", 1, 1), (7, "high", 1, 2),
    ]  # fmt: skip
    assert row.details["apart"] == []


def test_means_on_another_scale_are_told_apart_and_not_mixed_in(ledger):
    for score in (6, 4, 5):
        ledger.add_answer(None, date(2025, 5, 3), score, "ces")
    ledger.add_answer(None, date(2025, 5, 3), 2, "ces", scale_high=5, direction="low")
    ledger.add_answer(None, date(2025, 6, 3), 1, "ces", scale_high=5, direction="low")
    row = ask(ledger, "ces")
    assert (row.value, row.n, row.details["method"]) == (5.0, 3, "mean")
    (apart,) = row.details["apart"]
    assert (apart["low"], apart["high"], apart["direction"], apart["n"], apart["value"]) == (
        1,
        5,
        "low",
        1,
        2.0,
    )
    (june,) = get_metric("ces", start=date(2025, 6, 1), end=date(2025, 7, 1)).rows
    assert (june.value, june.reason, june.n) == (None, "asked_in_another_way", 0)


def test_a_mean_of_satisfaction_is_told_as_a_place_on_the_scale(ledger):
    for score in (5, 4, 3):
        ledger.add_answer(None, date(2025, 5, 3), score, "csat", method="mean")
    row = ask(ledger, "csat")
    assert row.value == pytest.approx(0.75)
    assert row.details["method"] == "position"
    assert row.details["scales"][0]["scores"] == {"3": 1, "4": 1, "5": 1}


def test_the_share_who_found_it_easy(ledger):
    for score in (7, 5, 4, 1):
        ledger.add_answer(None, date(2025, 5, 3), score, "ces", method="easy")
    row = ask(ledger, "ces")
    assert (row.value, row.n, row.details["scales"][0]["good"]) == (0.5, 4, 2)


def test_the_sentence_says_scale_direction_and_method(ledger):
    ledger.add_answer(None, date(2025, 5, 3), 4, "csat")
    ledger.publish(UNTIL, "surveys")
    definition = get_metric("csat", **MAY).definition
    assert "from 1 to 5, where a high number is good" in definition
    assert "two best points" in definition


def test_the_response_rate_is_of_those_invited_in_the_period_whenever_they_answered(ledger):
    for day in (1, 9, 20):
        ledger.add_answer(None, date(2025, 5, day))
    ledger.add_answer(None, date(2025, 6, 5), 9, invited_on=date(2025, 5, 30))
    ledger.add_answer(None, date(2025, 5, 5), 3)
    row = ask(ledger, "response_rate")
    assert (row.value, row.n, row.details) == (0.25, 4, {"invited": 4, "answered": 1})
    assert row.low == pytest.approx(0.0456, abs=1e-3)
    assert (
        ask(ledger, "response_rate", start=date(2025, 6, 1), end=date(2025, 7, 1)).reason == "nobody_invited"
    )


def test_by_a_field_of_the_customer_and_of_the_answer(ledger):
    tehran, qom = ledger.add_customer(location="Tehran"), ledger.add_customer(location="Qom")
    ledger.add_answer(tehran, date(2025, 5, 3), 10, survey="spring", channel="sms")
    ledger.add_answer(tehran, date(2025, 5, 3), 10, survey="after sale", channel="sms")
    ledger.add_answer(qom, date(2025, 5, 3), 2, survey="spring", channel="mail")
    ledger.add_answer(None, date(2025, 5, 3), 2, survey="spring", channel="mail")
    rows = by_group(ledger, "nps", "customer_location")
    assert {group: (row.value, row.n) for group, row in rows.items()} == {
        "Tehran": (1.0, 2),
        "Qom": (-1.0, 1),
    }
    rows = by_group(ledger, "nps", "survey")
    assert {group: row.n for group, row in rows.items()} == {"spring": 3, "after sale": 1}
    rows = by_group(ledger, "nps", "answer_channel")
    assert {group: row.value for group, row in rows.items()} == {"sms": 1.0, "mail": -1.0}


def test_an_agent_hears_their_own_customers_only_and_nobody_else(ledger):
    own, other = ledger.add_customer(), ledger.add_customer()
    for customer, score in ((own, 9), (other, 0), (None, 0)):
        ledger.add_answer(customer, date(2025, 5, 3), score)
        ledger.add_answer(customer, date(2025, 5, 3))
    snapshot = ledger.publish(UNTIL, "surveys")
    visible = snapshot.ix_set([own])
    (row,) = get_metric("nps", **MAY, visible=visible).rows
    assert (row.value, row.n) == (1.0, 1)
    (row,) = get_metric("response_rate", **MAY, visible=visible).rows
    assert row.n == 1
    (row,) = get_metric("nps", **MAY, chosen=lambda _day: BitMap()).rows
    assert (row.value, row.reason) == (None, "no_answers")


def test_the_usual_way_is_everybodys_also_for_an_agent(ledger):
    own, other = ledger.add_customer(), ledger.add_customer()
    ledger.add_answer(own, date(2025, 5, 3), 2, "ces", scale_high=5)
    for _ in range(3):
        ledger.add_answer(other, date(2025, 1, 3), 6, "ces")
    snapshot = ledger.publish(UNTIL, "surveys")
    (row,) = get_metric("ces", **MAY, visible=snapshot.ix_set([own])).rows
    assert (row.value, row.reason) == (None, "asked_in_another_way")
    assert row.details["apart"][0]["n"] == 1


def test_without_answers_there_is_a_reason_and_no_value(ledger):
    ledger.add_order(ledger.add_customer(), date(2025, 5, 3))
    ledger.publish(UNTIL)
    for name in ("nps", "csat", "ces", "response_rate"):
        table = get_metric(name, **MAY)
        assert (table.reason, [row.value for row in table.rows], [row.reason for row in table.rows]) == (
            "no_data", [None], ["no_data"],
        )  # fmt: skip
    ledger.add_answer(None, date(2025, 5, 3), 9)
    assert ask(ledger, "csat").reason == "no_answers"


def test_companies_answer_through_their_people(ledger):
    from vafa.data.business.actions import change_business
    from vafa.measure.metrics.tests.ledger import NOW

    change_business(by=None, now=NOW, counts_as="company")
    one, two = ledger.add_customer(company="Acme"), ledger.add_customer(company="Acme")
    for customer, score in ((one, 9), (two, 10), (None, 3)):
        ledger.add_answer(customer, date(2025, 5, 3), score)
    assert ask(ledger, "nps").n == 3
    snapshot = ledger.publish(UNTIL, "surveys")
    (row,) = get_metric("nps", **MAY, visible=snapshot.ix_set([one])).rows
    assert (row.n, row.value) == (1, 1.0)
