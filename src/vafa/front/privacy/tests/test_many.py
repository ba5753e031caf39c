"""Erasing several customers at once, and those of whom nothing is heard: proposed, erased only where people say so."""

from datetime import date, timedelta

import pytest
from django.test import Client

from vafa.act.followups.actions import create_task
from vafa.act.followups.tests.conftest import NOW, Team
from vafa.act.followups.types import TaskTold
from vafa.data.consent.actions import set_consent
from vafa.data.consent.models import Erasure
from vafa.data.consent.types import Channel, Proof, Purpose, Told, Way
from vafa.data.customers.models import Customer
from vafa.data.staff.models import Staff
from vafa.front.privacy import inactive, retention
from vafa.front.privacy.tasks import go_on_with_all
from vafa.front.tests.conftest import let_be_confirmed
from vafa.kit import clock
from vafa.kit.models import AuditEntry

TODAY = date(2026, 3, 15)
YEAR = timedelta(days=365)


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def sign_in(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    let_be_confirmed(client, staff)
    return client


def add_quiet(team: Team, name: str, **fields: object) -> int:
    """A customer whose only order is three years old."""
    customer = team.ledger.add_customer(name, name=name, **fields)
    team.ledger.add_order(customer, TODAY - 3 * YEAR)
    return customer


def test_several_are_erased_after_their_number_was_typed(team: Team) -> None:
    client = sign_in(team.owner)
    chosen = {"do": "erase", "id": [team.of_mina, team.of_omid], "sure": "1"}
    assert client.post("/customers/bulk/", chosen | {"typed": "3"}).status_code == 422
    stale = Client()
    stale.force_login(team.owner)
    stale.post("/customers/bulk/", chosen | {"typed": "2"})
    assert sign_in(team.mina).post("/customers/bulk/", chosen | {"typed": "2"}).status_code == 403
    assert not Erasure.objects.exists()
    done = client.post("/customers/bulk/", chosen | {"typed": "\u06f2"})
    assert done.headers["Location"] == "/privacy/erasures/"
    # Each has a receipt of their own, so that each can be allowed back alone.
    assert set(Erasure.objects.values_list("customer_id", flat=True)) == {team.of_mina, team.of_omid}
    assert go_on_with_all(NOW) == 2
    assert list(Customer.objects.exclude(name="").values_list("pk", flat=True)) == [team.of_nobody]


def test_who_is_quiet_is_proposed_and_nobody_of_whom_anything_is_heard(team: Team) -> None:
    quiet = add_quiet(team, "quiet")
    merged = add_quiet(team, "merged")
    heard = add_quiet(team, "heard of through a merge")
    Customer.objects.filter(pk=merged).update(kept_id=heard)
    team.ledger.add_order(merged, TODAY - timedelta(days=3))
    contacted, asked, planned, bought = (add_quiet(team, name) for name in ("c", "a", "p", "b"))
    team.ledger.add_contact(contacted, TODAY - timedelta(days=30))
    told = Told(asked, Channel.EMAIL, Purpose.MARKETING, True)
    set_consent(told, Proof("form"), Way.PAGE, by=None, now=NOW - timedelta(days=20))
    create_task(TaskTold("Call", TODAY, customer_id=planned), by=team.owner, now=NOW)
    team.ledger.add_order(bought, TODAY)
    team.ledger.publish(TODAY, "interactions")
    since = NOW - 2 * YEAR
    assert inactive.list_inactive(since) == [quiet]
    # Whom nothing is known of has not fallen silent.
    assert team.of_nobody not in inactive.list_inactive(since)
    Customer.objects.filter(pk=team.of_nobody).update(joined_on=TODAY - 3 * YEAR)
    assert inactive.list_inactive(since) == [team.of_nobody, quiet]


def test_days_that_no_source_tells_of_make_nobody_quiet(team: Team) -> None:
    last = team.ledger.add_customer("last", name="last")
    team.ledger.add_order(last, TODAY - 3 * YEAR)
    team.ledger.publish(TODAY - 3 * YEAR)
    assert inactive.list_inactive(NOW - 2 * YEAR) == []


def test_nobody_is_erased_by_itself_unless_that_was_switched_on(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet = add_quiet(team, "quiet")
    team.ledger.add_order(team.of_mina, TODAY)
    team.ledger.publish(TODAY)
    client, days = sign_in(team.owner), {f"days.{kind.key}": "0" for kind in retention.KINDS}
    assert client.get("/privacy/inactive/").context["rows"] == []
    client.post("/settings/privacy/", {"do": "keep", **days, "days.customers": "730"})
    assert [row["id"] for row in client.get("/privacy/inactive/").context["rows"]] == [quiet]
    assert retention.apply(NOW) == {}
    assert not Erasure.objects.exists()
    client.post("/settings/privacy/", {"do": "keep", **days, "days.customers": "730", "by_itself": "1"})
    assert AuditEntry.objects.get(action="retention.by_itself_set").details == {"on": True}
    assert retention.apply(NOW) == {"customers": 1}
    assert Erasure.objects.get().customer_id == quiet
    later = NOW + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    go_on_with_all(later)
    # The copy that a page may just be reading goes a little later.
    assert Erasure.objects.get().state == "rows"
    assert retention.apply(NOW) == {}
    assert sign_in(team.mina).get("/privacy/inactive/").status_code == 403
