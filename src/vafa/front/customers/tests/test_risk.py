"""The risk on the list of customers: sorted, filtered and exported as far as it may be told."""

import csv
import io

import pytest
from django.test import Client

from vafa.data.business.actions import change_business
from vafa.front.customers.choosing import list_matching_ids
from vafa.front.overview.tests.shop import NOW, Shop, sign_in
from vafa.front.overview.views import Page
from vafa.kit.permissions import Role
from vafa.predict.models.types import Lack, Question, Verdict
from vafa.predict.scores.standing import note_standing
from vafa.warehouse.actions import publish_column, withdraw_column

ORDERS = Question("orders", 90)


def publish(shop: Shop, *, chances: bool = True) -> None:
    """High risk of one, raised of another, low of a third; nothing is known of the fourth."""
    ids, day = [shop.leaving, shop.returning, shop.staying], NOW.date()
    publish_column("risk_band", ids, [2, 1, 0], day)
    if chances:
        publish_column("risk", ids, [0.82, 0.41, 0.07], day)
    note_standing(ORDERS, day, Verdict("percent" if chances else "bands"), None, asked="", now=NOW)


def list_shown(client: Client, query: str) -> list[int]:
    return [row.id for row in client.get(f"/customers/?{query}").context["rows"]]


def read_file(client: Client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/customers/export.csv?{query}")
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_without_predictions_there_is_nothing_of_them(shop: Shop, signed_in: Client) -> None:
    page = signed_in.get("/customers/?sort=risk")
    assert [column.title for column in page.context["columns"]][-1] == "Revenue"
    assert page.context["bands"] == []
    assert len(page.context["rows"]) > 3
    assert "risk_band" not in read_file(signed_in)[0]


def test_it_is_sorted_by_the_risk_and_who_has_none_comes_last(shop: Shop, signed_in: Client) -> None:
    publish(shop)
    order = [shop.leaving, shop.returning, shop.staying]
    assert list_shown(signed_in, "sort=risk")[:3] == order
    assert list_shown(signed_in, "sort=risk&dir=up")[:3] == order[::-1]
    publish_column("risk", order, [0.1, 0.2, 0.3], NOW.date())
    assert list_shown(signed_in, "sort=risk")[:3] == order[::-1]
    page = signed_in.get("/customers/?sort=risk").content.decode()
    assert "30%" in page
    assert 'aria-sort="descending"' in page


def test_it_is_filtered_by_band_and_so_are_files_and_what_is_done_in_bulk(
    shop: Shop, signed_in: Client
) -> None:
    publish(shop)
    assert list_shown(signed_in, "risk=high") == [shop.leaving]
    assert list_shown(signed_in, "risk=nonsense") == list_shown(signed_in, "")
    (row,) = read_file(signed_in, "risk=raised")
    assert row["id"] == str(shop.returning)
    told = (row["risk_band"], row["risk"], row["risk_as_of"], row["risk_horizon_days"])
    assert told == ("raised", "0.41", NOW.date().isoformat(), "90")
    request = signed_in.get("/customers/").wsgi_request
    assert list_matching_ids(Page(request, "customer"), {"risk": "low"}) == [shop.staying]
    links = signed_in.get("/customers/?risk=high").context["columns"]
    assert all("risk=high" in column.query for column in links)


def test_where_only_bands_may_be_told_no_percentage_is(shop: Shop, signed_in: Client) -> None:
    publish(shop, chances=False)
    assert list_shown(signed_in, "sort=risk")[:3] == [shop.leaving, shop.returning, shop.staying]
    page = signed_in.get("/customers/?sort=risk&risk=high")
    assert "82%" not in page.content.decode()
    assert page.context["rows"][0].risk.band == "High"
    assert "risk" not in read_file(signed_in)[0]


def test_where_nothing_may_be_told_nobody_is_chosen_and_it_says_why(shop: Shop, signed_in: Client) -> None:
    publish(shop)
    withdraw_column("risk")
    withdraw_column("risk_band")
    lacks = (Lack("customers", 60, 100),)
    note_standing(ORDERS, NOW.date(), Verdict("refused", lacks), None, asked="", now=NOW)
    page = signed_in.get("/customers/?risk=high")
    assert page.context["rows"] == []
    assert any("60" in problem and "100" in problem for problem in page.context["problems"])
    request = page.wsgi_request
    assert list_matching_ids(Page(request, "customer"), {"risk": "high"}) == []
    assert list_matching_ids(Page(request, "customer"), {"risk": "high", "q": "a"}) == []


@pytest.mark.usefixtures("signed_in")
def test_an_agent_sees_the_risk_of_own_customers_alone(shop: Shop) -> None:
    change_business(by=None, now=NOW, agents_own_only=True)
    agent = shop.hire(Role.AGENT)
    shop.ledger.change_customer(shop.staying, owner_id=agent.pk)
    shop.ledger.publish()
    publish(shop)
    client = sign_in(agent)
    assert list_shown(client, "sort=risk") == [shop.staying]
    assert list_shown(client, "risk=high") == []
