"""The settings of margins, spend and the price index: kept, refused with a word, removed, and put back."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from vafa.data.business.actions import change_business
from vafa.data.costs.actions import set_price_month
from vafa.data.costs.queries import get_margin_table, list_margins, list_price_months, list_spends
from vafa.front.tests.conftest import NOW
from vafa.kit.models import AuditEntry

pytestmark = pytest.mark.django_db

COSTS, PRICES, BACK = "/settings/costs/", "/settings/prices/", "/settings/costs/put-back/"
SPEND = {
    "what": "spend",
    "amount": "۱٬۵۰۰٫۵",
    "currency": "IRT",
    "start_on": "1405/01/01",
    "last_on": "1405/01/31",
}
MONTH = {"month": "۱۴۰۳/۰۱", "value": "۲۱۵٫۳", "source": "مرکز آمار"}


@pytest.fixture
def shop(signed_in: Client) -> Client:
    change_business(by=None, now=NOW, currency="IRT", calendar="jalali", country="IR")
    return signed_in


def list_actions() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


def test_margins_are_told_removed_and_put_back(shop: Client) -> None:
    assert shop.post(COSTS, {"what": "margin", "percent": "۳۲٫۵٪", "valid_from": ""}).status_code == 302
    assert (
        shop.post(COSTS, {"what": "margin", "percent": "30", "valid_from": "1405/01/01"}).status_code == 302
    )
    assert [(row.share, row.valid_from) for row in list_margins()] == [
        (Decimal("0.3"), date(2026, 3, 21)),
        (Decimal("0.325"), None),
    ]
    page = shop.get(COSTS).content.decode()
    assert "32.5%" in page
    assert "From the beginning" in page
    removed = shop.post(f"/settings/costs/margins/{list_margins()[1].pk}/remove/", follow=True)
    assert "Put it back" in removed.content.decode()
    assert len(list_margins()) == 1
    assert "It is back." in shop.post(BACK, follow=True).content.decode()
    assert get_margin_table().find_share(1) is not None
    assert list_actions()[-4:] == ["margin.set", "margin.set", "margin.removed", "margin.set"]
    assert "could not be put back" in shop.post(BACK, follow=True).content.decode()


@pytest.mark.parametrize("percent", ["0", "-3", "101", "a third", ""])
def test_a_margin_is_a_share_of_revenue(shop: Client, percent: str) -> None:
    assert shop.post(COSTS, {"what": "margin", "percent": percent, "valid_from": ""}).status_code == 422
    assert not list_margins()


def test_spend_is_told_in_the_businesss_calendar_removed_and_put_back(shop: Client) -> None:
    assert shop.post(COSTS, SPEND | {"channel": " Search ", "location": "تهران"}).status_code == 302
    (told,) = list_spends()
    assert (told.start, told.end, told.amount) == (date(2026, 3, 21), date(2026, 4, 21), Decimal("1500.5"))
    assert (told.channel, told.location, told.currency) == ("Search", "تهران", "IRT")
    assert "Search" in shop.get(COSTS).content.decode()
    removed = shop.post(f"/settings/costs/spend/{told.id}/remove/", follow=True)
    assert "Put it back" in removed.content.decode()
    assert "Put it back" not in shop.get(COSTS).content.decode()
    shop.post(BACK)
    assert [spend.amount for spend in list_spends()] == [Decimal("1500.5")]


@pytest.mark.parametrize(
    "wrong", [{"amount": "0"}, {"amount": "much"}, {"start_on": "1405/13/01"}, {"last_on": "1404/12/29"}]
)
def test_a_spend_that_makes_no_sense_is_refused(shop: Client, wrong: dict[str, str]) -> None:
    refused = shop.post(COSTS, SPEND | wrong)
    assert refused.status_code == 422
    assert "field-errors" in refused.content.decode()
    assert not list_spends()


def test_months_of_the_index_are_told_removed_and_put_back(shop: Client) -> None:
    assert "No price index yet" in shop.get(PRICES).content.decode()
    assert shop.post(PRICES, MONTH).status_code == 302
    assert shop.post(PRICES, MONTH | {"month": "1404/01", "value": "301.42"}).status_code == 302
    page = shop.get(PRICES).content.decode()
    assert "40.0%" in page
    assert "There is no index for" in page
    assert [(row.started_on, row.value) for row in list_price_months()] == [
        (date(2025, 3, 21), Decimal("301.42")),
        (date(2024, 3, 20), Decimal("215.3")),
    ]
    shop.post("/settings/prices/remove/")
    assert not list_price_months()
    assert "It is back." in shop.post(BACK, follow=True).content.decode()
    shop.post(f"/settings/prices/{list_price_months()[0].pk}/remove/")
    assert len(list_price_months()) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"month": "1403/13"}, {"month": "1403"}, {"value": "0"}, {"source": ""}, {"source": "B"}, {"month": "2024-04"}],
)  # fmt: skip
def test_what_would_make_the_index_leap_is_refused(shop: Client, wrong: dict[str, str]) -> None:
    set_price_month(date(2024, 3, 20), date(2024, 4, 20), Decimal(1), "مرکز آمار", by=None, now=NOW)
    refused = shop.post(PRICES, MONTH | {"month": "1403/02"} | wrong)
    assert refused.status_code == 422
    assert "field-errors" in refused.content.decode()
    assert len(list_price_months()) == 1


def test_an_agent_sees_none_of_it(shop: Client) -> None:
    from vafa.data.staff.models import Staff
    from vafa.kit.permissions import Role

    agent = Staff.objects.create_user("a@example.com", "a long walk", role=Role.AGENT, created_at=NOW)
    client = Client()
    client.force_login(agent)
    for page in (COSTS, PRICES):
        assert client.get(page).status_code == 403
    assert client.post(BACK).status_code == 403
