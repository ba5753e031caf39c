"""Drivers: the weightiest group first, with who left of the third on whom it weighed most; an empty page teaches."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from django.test import Client, RequestFactory

from vafa.front.overview.views import Page
from vafa.front.risk import drivers
from vafa.predict.reasons.queries import tell_drivers
from vafa.predict.scores.tests.made import build_scores


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
def test_what_they_said_is_set_beside_what_weighed_most(team, monkeypatch):
    team.ledger.add_order(team.of_mina, date(2026, 1, 5))
    team.ledger.publish(date(2026, 2, 1), "orders")
    request = RequestFactory().get("/risk/drivers/")
    request.user = team.owner
    page = Page(request, "customer")
    scores = replace(
        build_scores({team.of_mina: 0.5}, date(2026, 1, 20)),
        groups=("orders", "rhythm", "price"),
        stable=(True, True, False),
        contributions=np.array([[0.4, 0.9, 2.0]]),
    )
    said = [(team.of_mina, "value.price_rise"), (10**6, "quality")]
    monkeypatch.setattr(drivers, "list_stated_causes", lambda since: said)
    assert [row[1:] for row in drivers.build_stated(page, scores, np.array([True]))] == [
        ["1", "Late for own rhythm", "1"]
    ]
    assert drivers.build_stated(page, scores, np.array([False])) == []
