"""Any metric by any field: each view shows what the command tells, and the lists hold whom the sides differ by."""

import csv
import io
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from vafa.data.business.actions import change_business
from vafa.data.staff.models import Staff
from vafa.front.overview.tests.shop import MAY, NOW, Shop, sign_in
from vafa.kit.permissions import Role
from vafa.measure.metrics.queries import get_metric, list_metric_names
from vafa.warehouse.queries import open_snapshot
from vafa.warehouse.types import Group

END = date(2025, 6, 30)
PERIOD = {"start": date(2025, 5, 1), "end": date(2025, 6, 1)}


def open_page(client: Client, query: str):
    answer = client.get(f"/explore/?{MAY}&{query}")
    assert answer.status_code == 200
    return answer


@pytest.mark.parametrize("show", ["trend", "groups", "heat", "compare"])
@pytest.mark.parametrize("by", ["", "location"])
def test_every_metric_has_every_view(shop: Shop, signed_in: Client, show: str, by: str) -> None:
    for name in list_metric_names():
        answer = open_page(signed_in, f"metric={name}&show={show}&by={by}")
        assert answer.context["asked"].entry.name == name
        assert answer.context["shown"] is None or answer.context["refusal"] is None


def test_the_trend_holds_the_values_of_the_command(shop: Shop, signed_in: Client) -> None:
    chart = open_page(signed_in, "metric=crr&show=trend").context["shown"]
    table = get_metric("crr", start=date(2024, 5, 1), end=PERIOD["end"], every="month")
    known = [row.value for row in table.rows if row.value is not None]
    assert [value for value in chart.data["series"][0]["values"] if value is not None] == known
    assert chart.raw[-1][:2] == [PERIOD["start"], PERIOD["end"]]


def test_groups_are_ranked_and_uncertain_ranks_marked(shop: Shop, signed_in: Client) -> None:
    groups = open_page(signed_in, "metric=crr&show=groups&by=location").context["shown"]
    told = {
        row.group: row.value
        for row in get_metric("crr", by="location", start=PERIOD["start"], end=PERIOD["end"]).rows
    }
    assert {row[0]: row[1] for row in groups.raw} == {
        name: value for name, value in told.items() if value is not None
    }
    values = [row[1] for row in groups.raw]
    assert values == sorted(values, reverse=True)
    # One or two customers each: nothing can be ranked.
    assert groups.some_unranked
    assert all(row.unranked for row in groups.rows)


def test_two_fields_crossed_are_the_one_within_the_other(shop: Shop, signed_in: Client) -> None:
    cross = open_page(signed_in, "metric=crr&show=heat&by=location&across=product_line").context["shown"]
    snapshot = open_snapshot()
    for place, line in enumerate(cross.raw_columns[1:], start=1):
        rows = get_metric(
            "crr",
            by="location",
            start=PERIOD["start"],
            end=PERIOD["end"],
            snapshot=snapshot.within(Group("product_line", line)),
        ).rows
        told = {row.group: row.value for row in rows}
        assert {row[0]: row[place] for row in cross.raw} == {row[0]: told.get(row[0]) for row in cross.raw}


def test_crossed_with_a_field_of_the_customer(shop: Shop, signed_in: Client) -> None:
    for who in (shop.staying, shop.leaving, shop.newcomer, shop.returning):
        shop.ledger.change_customer(who, company="Alpha" if who == shop.staying else "Beta")
    shop.ledger.publish(END)
    cross = open_page(signed_in, "metric=customers_start&show=heat&by=location&across=company").context[
        "shown"
    ]
    counts = {row[0]: dict(zip(cross.raw_columns[1:], row[1:], strict=True)) for row in cross.raw}
    assert counts["Berlin"] == {"Alpha": 1, "Beta": 0}
    assert counts["Bonn"] == {"Alpha": 0, "Beta": 1}


def test_a_comparison_names_who_makes_the_difference(shop: Shop, signed_in: Client) -> None:
    shown = open_page(signed_in, "metric=customers_end&show=compare").context["shown"]
    assert [row[3] for row in shown.raw] == [2, 3]
    addresses = [side.url for side in shown.people]
    found = [{row.id for row in signed_in.get(url).context["rows"]} for url in addresses]
    # At the end of April: staying and leaving. At the end of May: staying, newcomer, returning.
    assert found == [{shop.leaving}, {shop.newcomer, shop.returning}]
    content = b"".join(signed_in.get(addresses[1].replace("only_second/", "only_second.csv")))
    assert len(list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))) == 2


def test_a_comparison_of_money_names_who_makes_the_difference(shop: Shop, signed_in: Client) -> None:
    page = open_page(signed_in, "metric=revenue&show=compare")
    money, raw = page.context["shown"].money, page.context["shown"].raw
    assert money.rows
    assert money.total.change.lstrip("+−") in page.content.decode()
    assert (money.total.change[0] == "+") == (raw[1][3] > raw[0][3])
    assert all(row.url and row.name for row in money.rows)
    assert open_page(signed_in, "metric=revenue&show=compare&real=1").context["shown"].money is None
    assert open_page(signed_in, "metric=crr&show=compare").context["shown"].money is None


def test_two_rules_are_compared_in_the_same_period(shop: Shop, signed_in: Client) -> None:
    shown = open_page(signed_in, "metric=customers_lost&show=compare&with=rule&other=purchase:90d").context[
        "shown"
    ]
    values = [
        get_metric("customers_lost", rule=rule, start=PERIOD["start"], end=PERIOD["end"]).rows[0].value
        for rule in ("purchase:90d", None)
    ]
    assert [row[3] for row in shown.raw] == values


def test_segments_overlap_otherwise_than_branches_and_sums_of_orders_do_not(
    shop: Shop, signed_in: Client
) -> None:
    signed_in.post("/segments/ready/")
    notes = {
        (name, by): open_page(signed_in, f"metric={name}&show=groups&by={by}").context["shown"].overlaps
        for name, by in (("crr", "segment"), ("crr", "location"), ("revenue", "location"))
    }
    assert "segments" in notes["crr", "segment"]
    assert "moved" in notes["crr", "location"]
    assert notes["revenue", "location"] is None


def test_a_number_of_periods_is_read_in_any_digits_and_written_in_those_of_the_page(
    shop: Shop, signed_in: Client
) -> None:
    page = open_page(signed_in, "metric=crr&show=heat&by=location&count=۳").context
    assert page["choices"].count == "3"
    assert len(page["shown"].columns) == 3
    assert open_page(signed_in, "show=heat&by=location&count=30").context["shown"].columns[0] != ""
    crossed = open_page(signed_in, "show=heat&by=location&across=product_line&count=3")
    assert crossed.context["choices"].count is None


def test_what_can_not_be_compared_is_said(shop: Shop, signed_in: Client) -> None:
    assert open_page(signed_in, "show=compare&with=rule").context["refusal"]
    assert open_page(signed_in, "show=compare&with=rule&other=purchase:-1d").context["refusal"]
    assert open_page(signed_in, "show=compare&with=group&by=location").context["refusal"]
    assert open_page(signed_in, "metric=no-such&show=nonsense&across=nothing&count=abc").context["shown"]


def test_an_agent_sees_own_customers_alone(shop: Shop, owner: Staff) -> None:
    agent = shop.hire(Role.AGENT)
    change_business(by=None, now=NOW, agents_own_only=True)
    shop.ledger.change_customer(shop.staying, owner=agent)
    shop.ledger.publish(END)
    client = sign_in(agent)
    shown = open_page(client, "metric=customers_end&show=compare").context["shown"]
    assert [row[3] for row in shown.raw] == [1, 1]
    assert [side.count for side in shown.people] == ["0", "0"]
    money = open_page(client, "metric=revenue&show=compare").context["shown"].money
    assert {row.url for row in (money.rows if money else [])} <= {reverse("customer", args=[shop.staying])}
    assert (
        client.get(f"{reverse('explore_people', args=['only_second'])}?{MAY}&show=compare").context["rows"]
        == []
    )
    assert client.get(f"/explore/export.csv?{MAY}").status_code == 403


def test_the_file_holds_what_is_shown(shop: Shop, signed_in: Client) -> None:
    answer = signed_in.get(f"/explore/export.csv?{MAY}&metric=crr&show=groups&by=location")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["group"] for row in rows} == {"Berlin", "Bonn"}
    shown = open_page(signed_in, "metric=crr&show=groups&by=location").context["shown"]
    assert [row["n"] for row in rows] == [row.observations for row in shown.rows]
    assert signed_in.get(f"/explore/export.xlsx?{MAY}&metric=crr").status_code == 200


def test_answers_are_split_by_their_own_fields_and_by_no_field_of_orders(
    shop: Shop, signed_in: Client
) -> None:
    for survey, channel, score in (("spring", "sms", 10), ("spring", "mail", 0), ("sale", "sms", 0)):
        shop.ledger.add_answer(shop.staying, date(2025, 5, 5), score, survey=survey, channel=channel)
    shop.ledger.publish(END, "surveys")
    page = open_page(signed_in, "metric=nps&show=groups&by=survey").context
    assert {row[0]: row[1] for row in page["shown"].raw} == {"spring": 0.0, "sale": -1.0}
    offered = [option.value for option in page["pickers"].by]
    assert "answer_channel" in offered
    assert "location" not in offered
    crossed = open_page(signed_in, "metric=nps&show=heat&by=survey&across=answer_channel").context["shown"]
    assert crossed is not None
    refused = open_page(signed_in, "metric=nps&show=heat&by=survey&across=location").context
    assert refused["shown"] is None
    assert refused["refusal"]
    kept = open_page(signed_in, "metric=crr&show=groups&by=survey").context
    assert kept["question"].by is None


def test_every_view_says_whose_days_these_are_and_how_far_they_are_known(
    shop: Shop, signed_in: Client
) -> None:
    groups = open_page(signed_in, "metric=crr&show=groups&by=location").context["known"]
    assert groups[1] == "This period is complete."
    assert "data up to" in groups[0]
    assert len(open_page(signed_in, "metric=crr&show=trend").context["known"]) == 1


def test_a_rule_that_is_none_is_not_compared_with(shop: Shop, signed_in: Client) -> None:
    for rule in ("purchase:9999999d", "nonsense"):
        page = open_page(signed_in, f"metric=crr&show=compare&with=rule&other={rule}")
        assert page.context["refusal"] == "Choose the other rule of who counts as active."
