"""A renewal, a payment and a visit are entered by hand in two fields, are facts like all others, and are taken back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from vafa.act.followups.tests.conftest import NOW, Team
from vafa.data.business.actions import change_business
from vafa.data.customers.actions import merge_customers
from vafa.data.interactions.models import Interaction
from vafa.data.log.models import Happening, Removal
from vafa.data.orders.models import OrderLine
from vafa.data.subscriptions.models import Subscription
from vafa.front.followups.tests.test_pages import TODAY, sign_in
from vafa.front.today.tests.test_today import list_people
from vafa.kit import clock
from vafa.kit.models import AuditEntry

DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(team: Team, monkeypatch: pytest.MonkeyPatch) -> Client:
    """That of the agent who looks after one of the customers, whose subscription ends in three days."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    change_business(by=None, now=NOW, currency="IRT")
    add = team.ledger.add_subscription
    row = add(team.of_mina, date(2026, 2, 16), TODAY + 3 * DAY, plan="Gold")
    Subscription.objects.filter(pk=getattr(row, "pk", row)).update(
        amount=Decimal(500), currency="IRT", interval="month"
    )
    team.ledger.publish(TODAY - DAY, "subscriptions")
    return sign_in(team.mina)


def test_a_renewal_is_proposed_like_the_last_one_entered_live_and_taken_back(
    team: Team, browser: Client
) -> None:
    address = f"/customers/{team.of_mina}/by-hand/"
    forms = {one["do"]: one["form"] for one in browser.get(address).context["forms"]}
    # As long as the last one: from 18 March on, the 30 days from 16 February to 17 March.
    assert forms["renewal"].initial == {"last_day": date(2026, 4, 16), "amount": "500"}
    assert list_people(browser, "ending") == [(team.of_mina, "Gold")]
    told = {"do": "renewal", "last_day": "۱۴۰۵/۰۱/۲۸", "amount": "۶۰۰", "next": "/today/"}
    assert browser.post(address, told)["Location"] == "/today/"
    row = Subscription.objects.latest("pk")
    assert (row.started_on, row.ended_on, row.amount) == (TODAY + 3 * DAY, date(2026, 4, 18), 600)
    assert (row.plan, row.currency, row.interval, row.source.name) == ("Gold", "IRT", "month", "by-hand")
    told_of = Happening.objects.get(kind="subscription_new")
    assert (told_of.live, told_of.subject, told_of.details["customer"]) == (True, row.pk, team.of_mina)
    assert list_people(browser, "ending") == []
    (entered,) = browser.get(address).context["entered"]
    browser.post(address, {"do": "back_renewal", "key": entered.key})
    assert list_people(browser, "ending") == [(team.of_mina, "Gold")]
    assert Removal.objects.filter(table="subscription", row=row.pk).exists()
    said = AuditEntry.objects.filter(action__startswith="subscription.").order_by("id")
    assert [entry.action for entry in said] == ["subscription.entered", "subscription.taken_back"]


def test_a_payment_is_an_order_that_figures_count(team: Team, browser: Client) -> None:
    address = f"/customers/{team.of_mina}/by-hand/"
    browser.post(address, {"do": "payment", "amount": "1,250.5", "day": "1404/12/24"})
    browser.post(address, {"do": "payment", "amount": "10", "day": "1404/11/24"})
    lines = OrderLine.objects.order_by("pk")
    assert [(line.amount, line.day, line.counts, line.currency) for line in lines] == [
        (Decimal("1250.5"), TODAY, True, "IRT"),
        (Decimal(10), date(2026, 2, 13), True, "IRT"),
    ]
    # What was a month ago is history, and history never acts.
    assert list(
        Happening.objects.filter(kind="order_new").order_by("seq").values_list("live", flat=True)
    ) == [
        True,
        False,
    ]
    snapshot = team.ledger.publish(TODAY - DAY, "subscriptions")
    assert snapshot.has_orders
    assert len(snapshot.buyers(TODAY, TODAY + DAY)) == 1
    # Nothing entered by hand holds the end of the other data back, or moves it on.
    assert snapshot.freshness(None, ("subscriptions",)).data_until == TODAY
    browser.post(address, {"do": "back_payment", "key": lines[0].order_key})
    assert OrderLine.objects.count() == 1


def test_a_visit_is_an_interaction(team: Team, browser: Client) -> None:
    address = f"/customers/{team.of_mina}/by-hand/"
    for text in ("Looked at the new ones", ""):
        browser.post(address, {"do": "visit", "day": "1404/12/24", "text": text})
    visits = Interaction.objects.order_by("pk").values_list("kind", "day", "text", "outcome")
    assert list(visits) == [
        ("visit", TODAY, "Looked at the new ones", ""),
        ("visit", TODAY, "", "Was here"),
    ]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"do": "renewal", "last_day": "1404/12/20", "amount": "5"}, "last_day"),
        ({"do": "renewal", "last_day": "x", "amount": "5"}, "last_day"),
        ({"do": "renewal", "last_day": "1405/01/28", "amount": "-5"}, "amount"),
        ({"do": "payment", "amount": "", "day": "1404/12/24"}, "amount"),
        ({"do": "payment", "amount": "5", "day": "1404/12/25"}, "day"),
        ({"do": "visit", "day": "", "text": "x"}, "day"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    team: Team, browser: Client, told: dict[str, str], field: str
) -> None:
    answer = browser.post(f"/customers/{team.of_mina}/by-hand/", told)
    assert answer.status_code == 422
    (form,) = (one["form"] for one in answer.context["forms"] if one["do"] == told["do"])
    assert list(form.errors) == [field]
    assert not OrderLine.objects.exists()


def test_only_ones_own_customers_and_their_own_rows_are_touched(team: Team, browser: Client) -> None:
    assert browser.get(f"/customers/{team.of_omid}/by-hand/").status_code == 404
    other = f"/customers/{team.of_omid}/by-hand/"
    sign_in(team.omid).post(other, {"do": "payment", "amount": "7", "day": "1404/12/24"})
    number = OrderLine.objects.get().order_key
    browser.post(f"/customers/{team.of_mina}/by-hand/", {"do": "back_payment", "key": number})
    assert OrderLine.objects.exists()
    # Of whoever was merged into the customer it is the customer's.
    merge_customers(team.of_omid, team.of_mina, by=team.owner, now=NOW)
    browser.post(f"/customers/{team.of_mina}/by-hand/", {"do": "back_payment", "key": number})
    assert not OrderLine.objects.exists()
