"""The risk on the customer file, and the board where a risk is known."""

from datetime import date, timedelta

import numpy as np
import pytest
from django.test import Client

from vafa.act.followups.tests.conftest import NOW
from vafa.act.saving.models import Case
from vafa.data.business.actions import change_business
from vafa.kit import clock
from vafa.measure.segments.actions import add_members, create_segment
from vafa.warehouse.actions import publish_column
from vafa.warehouse.queries import open_snapshot

pytestmark = pytest.mark.django_db
KNOWN = date(2026, 3, 14)


@pytest.fixture
def predicted(team, monkeypatch):
    """Mina's customer is at high risk and Omid's at low; nobody's has been lost long ago."""
    change_business(by=None, now=NOW, activity_rule="purchase:60d")
    monkeypatch.setattr(clock, "now", lambda: NOW)
    for customer in (team.of_mina, team.of_omid):
        team.ledger.add_order(customer, KNOWN - timedelta(days=20), 100)
    team.ledger.add_order(team.of_nobody, KNOWN - timedelta(days=200), 100)
    team.ledger.publish(KNOWN)
    ids = [team.of_mina, team.of_omid, team.of_nobody]
    for name, values in (
        ("risk", [0.62, 0.1, 0.99]),
        ("risk_band", [2, 0, 2]),
        ("value_at_risk", [62.0, 10.0, 5.0]),
        ("next_order_days", [40.0, 12.0, np.nan]),
    ):
        publish_column(name, ids, np.array(values, np.float32), KNOWN)
    return team


def browse(staff):
    client = Client()
    client.force_login(staff)
    return client


def test_the_board_offers_active_customers_of_the_asked_band(predicted):
    client = browse(predicted.owner)

    def list_waiting(query=""):
        return [(one.name, one.tone) for one in client.get(f"/risk/{query}").context["waiting"]]

    assert list_waiting() == [("of mina", "error")]  # who is lost is not at risk any more
    assert list_waiting("?band=0") == [("of omid", "")]
    assert list_waiting("?band=1") == []
    client.post("/risk/act/", {"do": "take_on", "one": predicted.of_mina})
    case = Case.objects.get()
    assert (case.value, case.band, round(case.chance, 2)) == (62, 2, 0.62)
    # The risk of a case is the present one.
    publish_column("risk_band", [predicted.of_mina], np.array([0], np.float32), KNOWN)
    (column,) = (one for one in client.get("/risk/?band=0").context["columns"] if one.stage == "at_risk")
    assert [card.name for card in column.cards] == ["of mina"]


def test_the_file_tells_the_risk_the_day_and_the_segments(predicted):
    client = browse(predicted.mina)
    address = f"/customers/{predicted.of_mina}/risk/"
    risk = client.get(address).context["risk"]
    assert risk.tone == "error"
    assert risk.sentence
    assert len(risk.expected) == 2
    assert client.get(f"/customers/{predicted.of_omid}/risk/").status_code == 404
    assert client.post(f"/customers/{predicted.of_omid}/risk/").status_code == 404
    assert client.post(address).url.endswith("#part-risk")
    assert client.get(address).context["case"] == Case.objects.get()
    segment = create_segment("Friends", None, by=predicted.owner, now=NOW)
    add_members(segment.slug, [predicted.of_mina], snapshot=open_snapshot(), by=predicted.owner, now=NOW)
    page = client.get(f"/customers/{predicted.of_mina}/")
    assert [one.name for one in page.context["segments"]] == ["Friends"]
    assert (
        client.get(f"/customers/{predicted.of_mina}/risk/", headers={"HX-Request": "true"}).status_code == 200
    )


def test_money_at_risk_is_of_active_customers_whom_one_may_see(predicted):
    def find(staff):
        return browse(staff).get("/overview/").context["at_risk"]

    assert "62" in find(predicted.owner).value
    assert find(predicted.mina).value == find(predicted.owner).value
    assert "62" not in find(predicted.omid).value


def test_cases_without_a_next_step_stand_on_the_page_of_the_day(predicted):
    client = browse(predicted.mina)
    client.post("/risk/act/", {"do": "take_on", "one": predicted.of_mina})
    case = Case.objects.get()
    (row,) = client.get("/today/").context["cases"].rows
    assert (row.name, row.due, row.url) == ("of mina", "", f"/risk/cases/{case.pk}/")
    client.post(f"/risk/cases/{case.pk}/", {"title": "Call", "ahead": "1"})
    assert client.get("/today/").context["cases"].rows == []
    client.post(f"/risk/cases/{case.pk}/", {"title": "Call", "ahead": "0"})
    assert [row.step for row in client.get("/today/").context["cases"].rows] == ["Call"]
    assert browse(predicted.owner).get("/today/").context["cases"].rows == []
