"""A business of sixty customers is told that no risk is told, what is missing, and who is late."""

from datetime import date, timedelta

import pytest
from django.test import Client

from vafa.act.followups.tests.conftest import NOW
from vafa.data.business.actions import change_business
from vafa.predict.scores.tasks import look

pytestmark = pytest.mark.django_db
KNOWN = date(2026, 3, 14)


def test_sixty_customers_are_too_few(team):
    change_business(by=None, now=NOW, activity_rule="purchase:60d")
    people = [team.ledger.add_customer(f"p{n}", name=f"p{n}") for n in range(60)]
    team.ledger.add_orders(
        [
            (pk, KNOWN - timedelta(days=place % 30 + 9 * back))
            for place, pk in enumerate(people)
            for back in range(40)
        ]
    )
    team.ledger.publish(KNOWN)
    look(NOW)
    client = Client()
    client.force_login(team.owner)
    page = client.get("/risk/")
    outlook = page.context["outlook"]
    assert outlook.level == "refused"
    assert "60" in outlook.lacks[0]
    assert outlook.lacks[0] in page.content.decode()
    assert len(page.context["waiting"]) == 8  # who is latest for the own rhythm
    assert page.context["waiting_total"]


def test_a_shop_where_nobody_ever_came_again_is_refused_too(team):
    change_business(by=None, now=NOW, activity_rule="purchase:60d")
    people = [team.ledger.add_customer(f"p{n}", name=f"p{n}") for n in range(120)]
    team.ledger.add_orders([(pk, KNOWN - timedelta(days=3 * place + 1)) for place, pk in enumerate(people)])
    team.ledger.publish(KNOWN)
    look(NOW)
    client = Client()
    client.force_login(team.owner)
    outlook = client.get("/risk/").context["outlook"]
    assert outlook.level == "refused"
    assert outlook.lacks
