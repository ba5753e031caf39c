"""An agent limited to own customers sees them alone: in counts, lists, searches and pages."""

import re
from datetime import date

import pytest
from django.test import Client

from vafa.data.business.actions import change_business
from vafa.data.customers.models import Customer
from vafa.data.log.actions import take_numbers
from vafa.data.staff.models import Staff
from vafa.front.overview.tests.shop import MAY, NOW, Shop, sign_in
from vafa.kit.permissions import Role


@pytest.fixture
def agent(shop: Shop, owner: Staff) -> Client:
    """The browser of an agent who looks after whoever leaves and whoever comes new."""
    staff = shop.hire(Role.AGENT)
    for pk in (shop.leaving, shop.newcomer):
        Customer.objects.filter(pk=pk).update(owner=staff, seq=take_numbers(1))
    shop.ledger.publish(date(2025, 6, 30))
    change_business(by=None, now=NOW, agents_own_only=True)
    return sign_in(staff)


CARD = re.compile(r'stat-label"><span>(.*?)</span>.*?stat-value num">(?:<a[^>]*>)?([^<]*)', re.DOTALL)


def get_values(client: Client) -> dict[str, str]:
    """The cards as they stand on the page, by their labels."""
    return dict(CARD.findall(client.get(f"/overview/?{MAY}").content.decode()))


def test_figures_count_own_customers_only(shop: Shop, agent: Client, signed_in: Client) -> None:
    own, all_of_them = get_values(agent), get_values(signed_in)
    assert (own["Customer retention rate (CRR)"], own["Active customers"], own["Lost customers"]) == (
        "0.0%", "1", "1",
    )  # fmt: skip
    assert (own["Average order value"], own["Repeat purchase rate"]) == ("€30.00", "100.0%")
    assert (all_of_them["Customer retention rate (CRR)"], all_of_them["Active customers"]) == ("50.0%", "3")
    # Whoever asks first must not leave the next one the wrong figures.
    assert get_values(agent) == own


def test_cohorts_groups_and_trends_too(shop: Shop, agent: Client) -> None:
    context = agent.get(f"/overview/?{MAY}&by=location").context
    assert [row.size for row in context["heat"].rows] == ["1", "1"]
    assert [(row.name, row.cells[0].text) for row in context["split"].rows] == [("Bonn", "1")]
    assert max(context["growth"].data["series"][0]["values"]) <= 1
    assert context["is_limited"]


@pytest.mark.parametrize("name", ["start", "end", "lost", "kept", "new", "reactivated"])
def test_names_are_own_customers_only(shop: Shop, agent: Client, name: str) -> None:
    found = {row.id for row in agent.get(f"/names/{name}/?{MAY}").context["rows"]}
    assert found <= {shop.leaving, shop.newcomer}


def test_lists_and_searches_too(shop: Shop, agent: Client) -> None:
    for query in ("", "sort=revenue", "state=lost", "q=K"):
        found = {row.id for row in agent.get(f"/customers/?{query}").context["rows"]}
        assert found <= {shop.leaving, shop.newcomer}, query
    assert [row.id for row in agent.get("/customers/?q=K2").context["rows"]] == [shop.leaving]
    assert not agent.get("/customers/?q=K1").context["rows"]


def test_pages_of_others_are_not_found(shop: Shop, agent: Client) -> None:
    assert agent.get(f"/customers/{shop.leaving}/").status_code == 200
    assert agent.get(f"/customers/{shop.staying}/").status_code == 404
    assert agent.get(f"/customers/{shop.staying}/?on=2025-05-01").status_code == 404


def test_the_dictionary_tells_the_own_value(shop: Shop, agent: Client) -> None:
    assert agent.get(f"/dictionary/customers_start/?{MAY}").context["value"] == "1"


def test_files_stay_closed(shop: Shop, agent: Client) -> None:
    for address in ("/customers/export.csv", f"/names/lost.csv?{MAY}", f"/overview/export/figures.csv?{MAY}"):
        assert agent.get(address).status_code == 403


def test_without_the_limit_an_agent_sees_everybody(shop: Shop, agent: Client) -> None:
    change_business(by=None, now=NOW, agents_own_only=False)
    assert get_values(agent)["Active customers"] == "3"
    assert agent.get(f"/customers/{shop.staying}/").status_code == 200
