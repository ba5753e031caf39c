"""Drivers: the weightiest group first, with who left of the third on whom it weighed most; an empty page teaches."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from django.test import Client

from vafa.data.subscriptions.models import Subscription
from vafa.front.risk.drivers_shown import build_factor_row, build_stated_row
from vafa.kit.locale.formats import build_default_style
from vafa.lab.design import Feature
from vafa.predict.models.models import Card
from vafa.predict.models.queries import tell_factors
from vafa.predict.models.training import Rows, fit_regression
from vafa.predict.models.types import FeatureTable
from vafa.predict.reasons.queries import join_factors, list_stated, tell_beside, tell_drivers
from vafa.predict.scores.tests.made import build_scores
from vafa.warehouse.queries import open_snapshot


def test_the_weightiest_comes_first_and_its_strongest_third_is_counted():
    scores = build_scores(dict.fromkeys(range(1, 10), 0.5), date(2026, 3, 1))
    weights = np.column_stack([np.linspace(-0.1, 0.1, 9), np.linspace(2, -2, 9)])
    now = replace(scores, groups=("orders", "rhythm"), stable=(False, True), contributions=weights)
    before = replace(now, contributions=weights / 2)
    everyone, left = np.ones(9, bool), np.arange(9) < 2
    first, second = tell_drivers(now, before, everyone, everyone, left)
    assert (first.group, first.is_stable, second.group, second.is_stable) == ("rhythm", True, "orders", False)
    assert first.weight == pytest.approx(2 * (first.weight_before or 0))
    assert (first.strongest.numerator, first.strongest.denominator) == (2, 3)
    assert (first.rest.numerator, first.rest.denominator) == (0, 6)
    # Only those who may be seen count.
    own = np.arange(9) >= 6
    assert tell_drivers(now, before, own, own, left)[0].strongest.numerator == 0
    assert tell_drivers(now, before, ~everyone, everyone, left) == ()


@pytest.mark.django_db
def test_without_predictions_the_page_leads_on(team):
    client = Client()
    client.force_login(team.owner)
    page = client.get("/risk/drivers/")
    assert page.status_code == 200
    assert page.context["rows"] == []
    assert b"/risk/common/" in page.content


@pytest.mark.django_db
def test_what_they_said_is_set_beside_what_weighed_most_and_differences_are_said_in_words(team):
    team.ledger.add_order(team.of_mina, date(2026, 1, 5))
    team.ledger.publish(date(2026, 2, 1), "orders")
    snapshot = open_snapshot()
    scores = replace(
        build_scores({team.of_mina: 0.5}, date(2026, 1, 20)),
        groups=("orders", "rhythm", "price"),
        stable=(True, True, False),
        contributions=np.array([[0.4, 0.9, 2.0]]),
    )
    said = [(team.of_mina, "cause:quality"), (team.of_mina, "cause:value"), (10**6, "cause:quality")]
    (found,) = tell_beside(snapshot, scores, np.array([True]), said)
    # The last word counts, and the price can't be seen to weigh, since its direction isn't sure.
    assert (found.reason, found.customers, found.most, found.agreement) == (
        "cause:value",
        1,
        "rhythm",
        "differs",
    )
    assert build_stated_row(found, build_default_style("en"))[-1] == "No, they differ: worth a look"
    sure = replace(scores, stable=(True, True, True))
    assert tell_beside(snapshot, sure, np.array([True]), said)[0].agreement == "agrees"
    assert tell_beside(snapshot, scores, np.array([True]), [(team.of_mina, "moved")])[0].agreement == "unseen"
    assert tell_beside(snapshot, scores, np.array([False]), said) == ()


@pytest.mark.django_db
def test_imported_reasons_are_told_by_cause_where_their_words_name_one(team):
    for reason, ended in (
        ("Too expensive", 5),
        ("too_expensive", 6),
        ("The moon was full", 7),
        ("گران است", 8),
        ("", 9),
    ):
        row = team.ledger.add_subscription(team.of_mina, date(2025, 1, ended), date(2026, 1, ended))
        Subscription.objects.filter(pk=row.pk).update(cancel_reason=reason)
    told = [reason for _pk, reason in list_stated(date(2026, 1, 1), date(2026, 2, 1))]
    assert told == ["cause:value", "cause:value", "The moon was full", "cause:value"]
    assert list_stated(date(2026, 1, 9), date(2026, 2, 1)) == []


def test_single_factors_add_up_to_their_groups_and_tell_which_way_they_go():
    random = np.random.default_rng(1)
    columns = {
        "recency_days": random.uniform(1, 100, 400),
        "orders": random.uniform(1, 9, 400),
        "lines": np.full(400, 2.0),
    }
    features = tuple(
        Feature(name, "orders" if name != "recency_days" else "rhythm", "number") for name in columns
    )
    labels = random.random(400) < 1 / (1 + np.exp(-(columns["recency_days"] - 50) / 15))
    regression = fit_regression(features, Rows(np.arange(400), columns, labels), 0)
    card = Card(document={"regression": regression.to_document()})
    scores = replace(
        build_scores(dict.fromkeys(range(1, 401), 0.5), date(2026, 3, 1)),
        groups=regression.groups,
        contributions=regression.contributions(columns),
        facts=FeatureTable(date(2026, 3, 1), np.arange(400), columns, features),
    )
    chosen = random.random(400) < 0.3
    told = {one.name: one for one in tell_factors(card, scores, chosen)}
    wanted = regression.contributions(columns)[chosen].mean(axis=0)
    place = regression.groups.index("orders")
    assert told["orders"].push + told["lines"].push == pytest.approx(wanted[place], abs=1e-5)
    assert told["recency_days"].push == pytest.approx(wanted[regression.groups.index("rhythm")], abs=1e-5)
    assert told["recency_days"].direction == 1
    assert told["recency_days"].weight > told["orders"].weight
    assert told["lines"].direction == 0
    assert tell_factors(card, scores, ~np.ones(400, bool)) == ()
    joined = join_factors(list(told.values()), [replace(told["orders"], push=0.5)], {"rhythm": True})
    assert joined[0].name == "recency_days"
    assert joined[0].is_stable
    assert joined[0].push_before is None
    row = build_factor_row(next(one for one in joined if one.name == "orders"), 90, build_default_style("en"))
    assert row[-1] == "More towards staying"
