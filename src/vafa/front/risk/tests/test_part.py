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
from vafa.predict.models.types import Question
from vafa.predict.scores.actions import issue, tell_moves
from vafa.predict.scores.models import Standing
from vafa.predict.scores.tests.made import build_scores
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
    Standing.objects.create(
        pk=1, kind="orders", horizon_days=60, as_of=KNOWN, verdict="percent", looked_at=NOW
    )
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
    assert case.horizon_days == 60
    assert (case.value, case.band, round(case.chance or 0, 2)) == (62, 2, 0.62)
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
    assert page.context["risk"] == (risk.badge, "error")
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


def test_whose_risk_rose_stands_on_the_page_of_the_day_until_somebody_takes_it_on(predicted):
    ids, asked = (predicted.of_mina, predicted.of_omid), Question("orders", 60)
    for chances, back in (((0.2, 0.9), 3), ((0.7, 0.5), 1)):
        scores = build_scores(
            dict(zip(ids, chances, strict=True)), KNOWN - timedelta(days=back), question=asked
        )
        issue(scores, open_snapshot(), lineage="a", nightly=True, now=NOW)
        tell_moves(NOW)
    mina, boss = browse(predicted.mina), browse(predicted.owner)
    (row,) = mina.get("/today/").context["rises"].rows
    assert (row.id, row.tone) == (predicted.of_mina, "error")
    assert browse(predicted.omid).get("/today/").context["rises"].rows == []  # it fell
    assert boss.get("/today/").context["rises"].rows == []
    assert [one.id for one in boss.get("/today/?whose=all").context["rises"].rows] == [predicted.of_mina]
    past = mina.get(f"/customers/{predicted.of_mina}/risk/").context["past"]
    assert [told for _day, told in past.rows] == ["70%", "20%"]
    assert past.points == "3.0,27.0 157.0,12.0"
    assert past.moved
    mina.post("/risk/act/", {"one": predicted.of_mina, "next": "/today/"})
    assert mina.get("/today/").context["rises"].rows == []


def test_a_refusal_says_what_is_missing_and_shows_who_is_late(predicted):
    told = [["customers", 60, 100], ["leavers", 3, 25]]
    Standing.objects.update(verdict="refused", lacks=told)
    for back in (0, 5, 10):
        predicted.ledger.add_order(predicted.of_omid, KNOWN - timedelta(days=30 + back), 10)
    predicted.ledger.publish(KNOWN)
    page = browse(predicted.owner).get("/risk/")
    assert len(page.context["outlook"].lacks) == 2
    assert "60" in page.context["outlook"].lacks[0]
    assert [one.name for one in page.context["waiting"]] == ["of omid"]
    assert browse(predicted.owner).get(f"/customers/{predicted.of_omid}/risk/").context["risk"] is None
