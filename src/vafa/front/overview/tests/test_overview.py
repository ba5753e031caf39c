"""The overview shows the right numbers, says what they mean, and leads to the names behind them."""

import csv
import io
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from vafa.data.business.actions import change_business
from vafa.data.customers.models import Customer
from vafa.data.log.actions import take_numbers
from vafa.data.staff.models import Staff
from vafa.front.overview.tests.shop import MAY, NOW, Shop, sign_in
from vafa.kit.permissions import Role
from vafa.measure.metrics.queries import get_metric
from vafa.measure.metrics.tests.ledger import Ledger
from vafa.warehouse.actions import refresh


def get_page(client: Client, query: str = MAY) -> str:
    answer = client.get(f"/overview/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def get_cards(client: Client, query: str = MAY) -> dict[str, Any]:
    return {card.name: card for card in client.get(f"/overview/?{query}").context["cards"]}


def read_csv(client: Client, part: str, query: str = MAY) -> list[dict[str, str]]:
    answer = client.get(f"/overview/export/{part}.csv?{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_cards_tell_the_month(shop: Shop, signed_in: Client) -> None:
    cards = get_cards(signed_in)
    shown = {name: card.value for name, card in cards.items()}
    assert shown == {
        "crr": "50.0%",
        "churn_rate": "50.0%",
        "customers_end": "3",
        "customers_new": "1",
        "customers_lost": "1",
        "customers_reactivated": "1",
        "net_change_rate": "50.0%",
        "growth_rate": "100.0%",
        "repeat_purchase_rate": "33.3%",
        "average_order_value": "€62.50",
        "mean_days_between_purchases": "2.0 days",
    }
    assert "9.5%–90.5%" in (cards["crr"].interval or "")


def test_a_card_says_how_it_moved_and_whether_that_is_good(shop: Shop, signed_in: Client) -> None:
    cards = get_cards(signed_in)
    # In April both of the start stayed.
    assert (cards["crr"].change.direction, cards["crr"].change.good) == ("down", False)
    assert (cards["churn_rate"].change.direction, cards["churn_rate"].change.good) == ("up", False)
    assert "50.0\xa0pp" in cards["crr"].change.text
    assert "100.0%" in cards["crr"].change.text


def test_a_card_explains_its_number(shop: Shop, signed_in: Client) -> None:
    hint = str(get_cards(signed_in)["crr"].hint)
    assert "CRR = K / S" in hint
    assert "30 days" in hint
    assert "30 June 2025" in hint


def test_every_count_leads_to_as_many_names(shop: Shop, signed_in: Client) -> None:
    for card in get_cards(signed_in).values():
        if card.url is None:
            continue
        names = signed_in.get(card.url).context
        if card.name.startswith("customers_"):
            assert len(names["rows"]) == int(card.value), card.name
    page = get_page(signed_in)
    assert "/names/lost/?" in page


def test_the_articles_formula_is_shown_where_it_differs(shop: Shop, signed_in: Client) -> None:
    note = signed_in.get(f"/overview/?{MAY}").context["article"]
    assert "100.0%" in note.text
    names = signed_in.get(note.url).context["rows"]
    assert [row.id for row in names] == [shop.returning]


def test_the_articles_formula_is_not_shown_where_it_agrees(shop: Shop, signed_in: Client) -> None:
    assert signed_in.get("/overview/?from=2025-04-01").context["article"] is None


def test_the_trend_marks_what_is_not_complete(shop: Shop, signed_in: Client) -> None:
    trend = signed_in.get("/overview/?from=2025-06-01").context["trend"]
    told = dict(zip(trend.data["labels"], trend.data["complete"], strict=True))
    assert told == {
        "January 2025": False, "February 2025": False, "March 2025": True, "April 2025": True,
        "May 2025": True, "June 2025": True,
    }  # fmt: skip


def test_a_month_in_which_the_data_end_is_not_complete(shop: Shop, signed_in: Client) -> None:
    shop.ledger.add_order(shop.staying, date(2025, 7, 3))
    shop.ledger.publish(date(2025, 7, 5))
    context = signed_in.get("/overview/?from=2025-07-01").context
    assert context["trend"].data["complete"][-1] is False
    crr = next(card for card in context["cards"] if card.name == "crr")
    assert "data end inside" in crr.note
    assert crr.change is None
    assert context["pickers"].later is None


def test_growth_adds_up(shop: Shop, signed_in: Client) -> None:
    rows = read_csv(signed_in, "growth")
    assert rows
    for row in rows:
        counts = {name: int(row[name]) for name in ("start", "kept", "new", "reactivated", "lost", "end")}
        assert counts["kept"] + counts["lost"] == counts["start"]
        assert counts["kept"] + counts["new"] + counts["reactivated"] == counts["end"]


def test_the_ceiling_of_growth_is_told(shop: Shop, signed_in: Client) -> None:
    """One new, one of two lost, one back: 1 / 50% without and 2 / 50% with those who come back."""
    page = get_page(signed_in)
    assert "Ceiling of growth" in page
    assert "With 1 new customer in the period and a churn rate of 50.0%" in page
    assert "If as many come back as did in this period, it is 4." in page
    assert "At the end of the period there are 3: there is room to grow." in page
    # In April nobody was lost.
    assert "Nobody was lost in this period" in get_page(signed_in, "from=2025-04-01")


def test_counting_companies_changes_every_figure(shop: Shop, signed_in: Client) -> None:
    Customer.objects.update(company="One", seq=take_numbers(1))
    refresh(now=NOW)
    assert get_cards(signed_in)["customers_end"].value == "3"
    change_business(by=None, now=NOW, counts_as="company")
    cards = get_cards(signed_in)
    assert (cards["customers_end"].value, cards["crr"].value) == ("1", "100.0%")
    names = signed_in.get(cards["customers_end"].url or "")
    assert len(names.context["rows"]) == 1
    everybody = signed_in.get("/customers/")
    assert len(everybody.context["rows"]) == Customer.objects.count()


def test_the_figures_in_the_file_are_those_of_the_metrics(shop: Shop, signed_in: Client) -> None:
    rows = {row["metric"]: row for row in read_csv(signed_in, "figures")}
    for name, row in rows.items():
        found = get_metric(name, start=date(2025, 5, 1), end=date(2025, 6, 1)).rows[0]
        assert row["value"] == str(found.value), name
        assert (row["from"], row["to"]) == ("2025-05-01", "2025-06-01")


def test_groups_overlap_and_who_moved_is_told(shop: Shop, signed_in: Client) -> None:
    split = signed_in.get(f"/overview/?{MAY}&by=location").context["split"]
    assert split.overlaps
    rows = {row["group"]: row for row in read_csv(signed_in, "split", f"{MAY}&by=location")}
    # Whoever left bought in Berlin in March (over by May) and in Bonn in April.
    assert (rows["Bonn"]["start"], rows["Bonn"]["lost"], rows["Bonn"]["new"]) == ("1", "1", "1")
    assert (rows["Berlin"]["start"], rows["Berlin"]["kept"], rows["Berlin"]["reactivated"]) == ("1", "1", "1")
    for row in split.rows:
        for title, cell in zip(split.raw_columns[1:], row.cells, strict=False):
            if cell.url:
                assert len(signed_in.get(cell.url).context["rows"]) == int(cell.text), (row.name, title)


def test_a_rule_that_cannot_be_split_so_is_explained(shop: Shop, signed_in: Client) -> None:
    shop.ledger.add_subscription(shop.staying, date(2025, 1, 1))
    shop.ledger.publish(date(2025, 6, 30), kind="subscriptions")
    split = signed_in.get(f"/overview/?{MAY}&by=location&rule=subscription").context["split"]
    assert split.text


def test_cohorts_are_drawn_with_blank_and_partial_cells(shop: Shop, signed_in: Client) -> None:
    shop.ledger.add_order(shop.staying, date(2025, 7, 3))
    shop.ledger.publish(date(2025, 7, 5))
    heat = signed_in.get("/overview/").context["heat"]
    first = heat.rows[0]
    assert (first.name, first.size) == ("January 2025", "2")
    assert [cell.text for cell in first.cells] == ["100%", "50%", "50%", "50%", "100%", "50%", "50%"]
    assert [cell.partial for cell in first.cells] == [False] * 6 + [True]
    assert heat.rows[-1].cells[-1].text == ""


def test_a_benchmark_of_no_period_is_told_and_not_drawn(shop: Shop, signed_in: Client) -> None:
    change_business(by=None, now=NOW, industry="retail")
    context = signed_in.get(f"/overview/?{MAY}").context
    assert "does not say for which period" in context["benchmark"]
    assert "benchmark" not in context["trend"].data


def test_a_yearly_benchmark_is_drawn_among_years_only(shop: Shop, signed_in: Client) -> None:
    change_business(by=None, now=NOW, industry="saas")
    month = signed_in.get(f"/overview/?{MAY}").context
    assert "benchmark" not in month["trend"].data
    assert "extrapolation" in month["benchmark"]
    year = signed_in.get("/overview/?every=year&from=2025-01-01").context
    assert 0 < year["trend"].data["benchmark"]["value"] < 1


def test_a_wrong_rule_is_told_and_the_business_rule_shown(shop: Shop, signed_in: Client) -> None:
    context = signed_in.get(f"/overview/?{MAY}&rule=whoever").context
    assert any("whoever" in problem for problem in context["problems"])
    assert next(card.value for card in context["cards"] if card.name == "crr") == "50.0%"


def test_before_any_data_the_page_leads_to_the_import(ledger: Ledger, signed_in: Client) -> None:
    page = signed_in.get("/overview/").content.decode()
    assert "Bring in your orders" in page
    assert "vafa demo" in page


def test_persian_pages_write_persian_digits_everywhere(shop: Shop, signed_in: Client) -> None:
    change_business(by=None, now=NOW, country="IR", calendar="jalali", currency="IRT")
    signed_in.cookies["django_language"] = "fa"
    context = signed_in.get("/overview/").context
    for card in context["cards"]:
        told = " ".join(filter(None, (card.value, card.interval, card.change and card.change.text)))
        # The words of the interval name its 95% themselves.
        assert not re.search(r"[0-9]", told.replace("95%", "")), told
    assert all(not re.search(r"[0-9]", label) for label in context["trend"].data["labels"])
    assert all(not re.search(r"[0-9]", cell.text) for row in context["heat"].rows for cell in row.cells)


def test_the_sources_are_listed_with_their_age(shop: Shop, signed_in: Client) -> None:
    sources = signed_in.get("/overview/").context["sources"]
    assert [(line.source, line.kind, line.until) for line in sources] == [("shop", "Orders", "30 June 2025")]


@pytest.mark.parametrize("role", [Role.READ_ONLY, Role.AGENT])
def test_who_may_not_export_gets_no_file(shop: Shop, owner: Staff, role: Role) -> None:
    client = sign_in(shop.hire(role))
    assert "/overview/export/" not in get_page(client)
    assert client.get(f"/overview/export/figures.csv?{MAY}").status_code == 403


@pytest.mark.parametrize("part", ["figures", "trend", "growth", "cohorts", "split"])
def test_every_part_comes_as_a_workbook_too(shop: Shop, signed_in: Client, part: str) -> None:
    answer = signed_in.get(f"/overview/export/{part}.xlsx?{MAY}&by=location")
    assert answer.status_code == 200
    assert answer.content[:2] == b"PK"


def test_unknown_parts_and_formats_are_not_found(shop: Shop, signed_in: Client) -> None:
    assert signed_in.get("/overview/export/secrets.csv").status_code == 404
    assert signed_in.get("/overview/export/figures.exe").status_code == 404
    assert signed_in.get("/overview/export/split.csv").status_code == 404


def test_every_count_of_a_chart_leads_to_as_many_names(shop: Shop, signed_in: Client) -> None:
    context = signed_in.get("/overview/?from=2025-06-01").context
    for series in context["growth"].data["series"]:
        for value, url in zip(series["values"], series.get("urls", []), strict=False):
            assert len(signed_in.get(url).context["rows"]) == value, (series["name"], url)
    reader = sign_in(shop.hire(Role.READ_ONLY))
    assert reader.get("/overview/").context["growth"].data["series"][0]["urls"][0]
