"""The benchmarks' page: like with like only, every source by itself, and the own past and target beside it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from vafa.data.business.actions import change_business
from vafa.data.customers.models import Customer
from vafa.data.log.actions import take_numbers
from vafa.data.staff.models import Staff
from vafa.front.overview.tests.shop import NOW, Shop, sign_in
from vafa.kit.permissions import Role
from vafa.measure.metrics.queries import list_benchmark_figures, list_industries
from vafa.measure.metrics.tests.ledger import Ledger
from vafa.measure.watching.actions import set_target
from vafa.measure.watching.types import Figure


@pytest.fixture
def loyal(ledger: Ledger, signed_in: Client) -> Client:
    """The owner of a shop of 100 customers, known for 15 months, of whom 10 leave in the last year."""
    change_business(by=None, now=NOW, activity_rule="purchase:45d", is_set_up=True, industry="retail")
    rows = []
    for number in range(100):
        customer = ledger.add_customer(f"c{number}")
        last = date(2025, 2, 15) if number < 10 else date(2025, 6, 30)
        day = date(2024, 3, 1)
        while day <= last:
            rows.append((customer, day))
            day += timedelta(days=30)
    ledger.add_orders(rows)
    ledger.publish(date(2025, 6, 30))
    return signed_in


def ask(client: Client, query: str = "") -> Any:
    answer = client.get(f"/benchmarks/?{query}")
    assert answer.status_code == 200
    return answer


def judge(client: Client, industry: str) -> dict[tuple[str, str], tuple[str, str]]:
    claims = ask(client, f"industry={industry}").context["claims"]
    return {(claim.publisher, claim.named): (claim.period, claim.verdict) for claim in claims}


def test_the_own_year_ends_where_the_data_end(loyal: Client):
    page = ask(loyal)
    assert page.context["year"]["value"] == "90.0%"
    assert page.context["year"]["period"] == "1 July 2024 – 30 June 2025"


def test_a_year_is_held_against_years_and_nothing_against_the_unstated(loyal: Client):
    verdicts = judge(loyal, "retail")
    assert verdicts["First Page Sage", "eCommerce"] == ("A year", "Yours (90.0%) is higher.")
    period, verdict = verdicts["Exploding Topics", "Retail"]
    assert (period, verdict) == ("Period unstated", "Not compared: the source does not say for which period.")
    assert verdicts["ParsVT CRM", "Retail and online shops"][0] == "Period unstated"


def test_a_month_is_held_against_months(loyal: Client):
    month = ask(loyal).context["month"]["value"]
    period, verdict = judge(loyal, "subscription")["Recurly Research", "B2C"]
    assert period == "A month"
    assert month in verdict
    assert "90.0%" not in verdict


def test_what_a_few_customers_cannot_tell_apart_is_not_ranked(loyal: Client):
    verdicts = judge(loyal, "insurance")
    # 90 of 100 is known within 82.6% to 94.5%: 86% lies in between.
    assert verdicts["First Page Sage", "Commercial Insurance"][1] == (
        "Yours (90.0%) cannot be told from it with so few customers."
    )
    assert (
        judge(loyal, "saas")["ParsVT CRM", "Software as a service (SaaS)"][1]
        == "Yours (90.0%) lies within it."
    )


def test_disagreement_is_told_and_not_averaged(loyal: Client):
    said = ask(loyal, "industry=saas").context["disagreement"]
    assert "from 74% to 95%" in said
    assert ask(loyal, "industry=food").context["disagreement"] is None


def test_the_industry_is_the_businesss_own_until_another_is_chosen(loyal: Client):
    assert ask(loyal).context["industry_title"] == "Retail and online shops"
    page = ask(loyal, "industry=club")
    assert page.context["industry_title"] == "Sports club or gym"
    assert "This is not the industry that your settings name" in page.content.decode()
    assert ask(loyal, "industry=nonsense&metric=nonsense&every=nonsense").context["claims"] == []


def test_data_younger_than_a_year_are_not_compared_with_years(shop: Shop):
    owner = sign_in(shop.hire(Role.OWNER))
    page = ask(owner, "industry=retail")
    assert page.context["year"] is None
    assert "Your data are younger than a year." in page.content.decode()
    assert judge(owner, "retail")["First Page Sage", "eCommerce"][1].startswith("Not compared: your data")


def test_the_own_past_and_the_target(loyal: Client):
    past = ask(loyal, "metric=crr&every=month").context["past"]
    beside = {one.label: (one.value, one.change.direction) for one in past.beside}
    assert past.value == "100.0%"
    assert set(beside) == {"The best", "The median", "A year ago"}
    assert beside["The best"] == ("100.0%", "same")
    assert past.told == "No target is set for it."
    set_target(Figure("crr", "", "month"), 0.95, by=None, now=NOW)
    past = ask(loyal, "metric=crr&every=month").context["past"]
    assert [(one.value, one.change.text) for one in past.beside if one.label == "Your target"] == [
        ("95.0%", "Higher now")
    ]


def test_without_data_the_claims_still_stand(signed_in: Client):
    page = ask(signed_in, "industry=media")
    assert len(page.context["claims"]) == 4
    assert page.context["past"] is None


def test_every_figure_has_its_source_and_a_share_between_nothing_and_all():
    figures = list_benchmark_figures()
    assert len(figures) > 50
    titles = dict(list_industries())
    for figure in figures:
        assert 0 <= figure.low <= figure.high <= 1
        assert figure.source.publisher
        assert figure.source.title
        assert figure.industry in titles


def test_an_agent_with_own_customers_is_compared_by_those(loyal: Client, ledger: Ledger):
    agent = Staff.objects.create_user("a@example.com", "a long walk", role=Role.AGENT, created_at=NOW)
    change_business(by=None, now=NOW, agents_own_only=True)
    own = list(Customer.objects.order_by("pk").values_list("pk", flat=True)[:20])
    Customer.objects.filter(pk__in=own).update(owner_id=agent.pk, seq=take_numbers(1))
    ledger.publish(date(2025, 6, 30))
    page = ask(sign_in(agent))
    assert page.context["year"]["value"] == "50.0%"
    assert "own customers only" in page.content.decode()
