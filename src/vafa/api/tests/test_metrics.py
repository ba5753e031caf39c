"""Metrics and cohorts by the API: the same as the commands tell, in words of the asker's language."""

import json
from datetime import date

import pytest
from django.test import Client

from vafa.api.tests.conftest import Ask
from vafa.data.business.actions import change_business
from vafa.data.customers.models import Customer
from vafa.data.log.actions import take_numbers
from vafa.front.overview.tests.shop import NOW, Shop
from vafa.kit.permissions import Role
from vafa.measure.metrics.queries import build_document, get_metric, list_metric_names
from vafa.warehouse.queries import open_snapshot

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_metric_is_told_as_the_command_tells_it(shop: Shop, ask: Ask) -> None:
    status, told = ask("/metrics/crr?from=2025-01-01&to=2025-07-01&every=month&by=location")
    table = get_metric("crr", start=date(2025, 1, 1), end=date(2025, 7, 1), every="month", by="location")
    assert status == 200
    assert told == json.loads(json.dumps(build_document(table), default=float)) | {"segment": None}
    assert told["rule"] == "purchase:30d"
    assert (told["zone"], told["data_until"]) == ("UTC", "2025-07-01")
    assert [row["complete"] for row in told["rows"][:2]] == [False, False]


def test_every_metric_of_the_dictionary_answers(shop: Shop, ask: Ask) -> None:
    _status, told = ask("/metrics")
    names = [entry["name"] for entry in told["metrics"]]
    assert names == list_metric_names()
    for name in names:
        status, document = ask(f"/metrics/{name}")
        assert status == 200, (name, document)
        assert document["metric"] == name


def test_cohorts(shop: Shop, ask: Ask) -> None:
    status, told = ask("/cohorts?every=quarter&count=purchases")
    assert status == 200
    assert told["every"] == "quarter"
    assert sum(cohort["size"] for cohort in told["cohorts"]) == 4


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/metrics/magic", 404, "metric_unknown"),
        ("/metrics/crr?by=shoe_size", 422, "name_unknown"),
        ("/metrics/crr?from=2025-06-01&to=2025-05-01", 422, "period_empty"),
        ("/metrics/crr?from=yesterday", 422, "parameters_unreadable"),
        ("/metrics/crr?denominator=moon", 422, "parameters_unreadable"),
        ("/metrics/crr?first_periods=0", 422, "parameters_unreadable"),
        ("/metrics/crr?segment=no-such-one", 404, "segment_unknown"),
        ("/cohorts?every=decade", 422, "parameters_unreadable"),
        ("/segments/no-such-one", 404, "segment_unknown"),
        ("/segments/no-such-one/members", 404, "segment_unknown"),
    ],
)
def test_a_wrong_question_is_a_problem_with_a_code(
    shop: Shop, ask: Ask, path: str, status: int, code: str
) -> None:
    got, told = ask(path)
    assert (got, told["code"], told["status"]) == (status, code, status)
    assert told["detail"]
    assert told["title"]


def test_problems_say_which_parameter_and_which_choices(shop: Shop, ask: Ask) -> None:
    _status, told = ask("/metrics/crr?from=yesterday&first_periods=0")
    assert {problem["parameter"] for problem in told["problems"]} == {"from", "first_periods"}
    _status, told = ask("/metrics/magic")
    assert "crr" in told["names"]


def test_texts_come_in_the_language_asked_for(shop: Shop, ask: Ask) -> None:
    _status, english = ask("/metrics?language=en")
    _status, persian = ask("/metrics?language=fa")
    assert english["metrics"][0]["title"] == "Customer retention rate (CRR)"
    assert persian["metrics"][0]["title"] != english["metrics"][0]["title"]
    assert [one["name"] for one in english["metrics"]] == [one["name"] for one in persian["metrics"]]


def test_a_token_sees_no_more_than_its_maker(shop: Shop, ask: Ask) -> None:
    agent = shop.hire(Role.AGENT)
    Customer.objects.filter(pk=shop.leaving).update(owner=agent, seq=take_numbers(1))
    shop.ledger.publish(date(2025, 6, 30))
    change_business(by=None, now=NOW, agents_own_only=True)
    path = "/metrics/customers_end?from=2025-05-01&to=2025-06-01"
    assert ask(path)[1]["rows"][0]["value"] == 3
    assert ask(path, staff=agent)[1]["rows"][0]["value"] == 0
    cohorts = ask("/cohorts", staff=agent)[1]
    assert sum(cohort["size"] for cohort in cohorts["cohorts"]) == 1
    assert open_snapshot().customer_count == 4


def test_the_document_describes_what_is_answered(shop: Shop, ask: Ask) -> None:
    answer = Client().get("/api/v1/openapi.json")
    document = answer.json()
    assert answer.status_code == 200
    assert document["openapi"].startswith("3.")
    assert set(document["paths"]) >= {
        "/api/v1/metrics",
        "/api/v1/metrics/{name}",
        "/api/v1/cohorts",
        "/api/v1/segments",
        "/api/v1/segments/{slug}",
        "/api/v1/segments/{slug}/members",
    }
    shape = document["components"]["schemas"]["RowOut"]["properties"]
    _status, told = ask("/metrics/crr")
    assert set(told["rows"][0]) == set(shape)
    parameters = {one["name"] for one in document["paths"]["/api/v1/metrics/{name}"]["get"]["parameters"]}
    assert {"from", "to", "every", "by", "rule", "segment", "denominator", "real"} <= parameters


def test_the_page_for_people_loads_nothing_from_elsewhere(owner: object) -> None:
    answer = Client().get("/api/v1/docs/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "/api/v1/segments/{slug}/members" in page
    assert "read:customers" in page
    assert 'src="http' not in page
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
