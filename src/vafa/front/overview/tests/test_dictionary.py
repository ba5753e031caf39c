"""The dictionary: every metric with its page, found by any of its names."""

import pytest
from django.test import Client

from vafa.front.overview.tests.shop import MAY, Shop
from vafa.measure.metrics.queries import list_entries, list_metric_names
from vafa.measure.metrics.tests.ledger import Ledger


def test_every_metric_is_listed_with_its_formula(ledger: Ledger, signed_in: Client) -> None:
    page = signed_in.get("/dictionary/").content.decode()
    for entry in list_entries():
        assert f"/dictionary/{entry.name}/" in page
    assert '<code class="formula" dir="ltr">CRR = K / S' in page


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("retention", "crr"),
        ("نرخ نگهداشت", "crr"),
        ("客户保留率", "crr"),
        ("CCR", "churn_rate"),
        ("aov", "average_order_value"),
    ],
)
def test_any_name_of_a_metric_finds_it(ledger: Ledger, signed_in: Client, text: str, name: str) -> None:
    families = signed_in.get("/dictionary/", {"q": text}).context["families"]
    found = [entry.name for _title, entries in families for entry in entries]
    assert name in found
    assert len(found) < len(list_metric_names())


def test_no_metric_of_a_name_is_said(ledger: Ledger, signed_in: Client) -> None:
    assert "No metric of this name" in signed_in.get("/dictionary/?q=weather").content.decode()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("crr", "50.0%"), ("churn_rate", "50.0%"), ("customers_start", "2"), ("customers_kept", "1"),
        ("customers_end", "3"), ("average_order_value", "€62.50"),
    ],
)  # fmt: skip
def test_each_page_tells_the_present_value(shop: Shop, signed_in: Client, name: str, value: str) -> None:
    context = signed_in.get(f"/dictionary/{name}/?{MAY}").context
    assert context["value"] == value


def test_every_page_opens_with_and_without_data(ledger: Ledger, signed_in: Client) -> None:
    for name in list_metric_names():
        assert signed_in.get(f"/dictionary/{name}/").status_code == 200


def test_an_unknown_metric_is_not_found(ledger: Ledger, signed_in: Client) -> None:
    assert signed_in.get("/dictionary/happiness/").status_code == 404


def test_each_page_says_whose_days_these_are_and_whether_the_period_is_over(
    shop: Shop, signed_in: Client
) -> None:
    known = signed_in.get(f"/dictionary/average_order_value/?{MAY}").context["known"]
    assert "data up to" in known[0]
    assert known[1] == "This period is complete."
