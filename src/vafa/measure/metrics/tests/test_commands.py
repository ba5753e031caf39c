"""The commands: their documents, their refusals, and the worked examples counted from customers one by one."""

import csv
import io
from datetime import date
from itertools import pairwise

import pytest

from vafa.data.business.actions import change_business
from vafa.data.customers.actions import merge_customers
from vafa.measure.metrics.tests.ledger import NOW, Ledger

MAR, APR = date(2024, 3, 1), date(2024, 4, 1)
ROW_KEYS = {
    "from", "to", "group", "value", "low", "high", "start", "end", "new", "kept", "lost", "reactivated", "complete",
}  # fmt: skip
TABLE_KEYS = {"metric", "definition", "rule", "calendar", "zone", "data_until", "rows"}

# Worked examples of the articles small enough to count one by one: start, end, new, lost, retention.
EXAMPLES = {
    "G2": (100, 105, 15, 10, 0.9),
    "G5": (300, 290, 50, 60, 0.8),
    "G7": (20, 24, 5, 1, 0.95),
    "G9": (50, 60, 20, 10, 0.8),
}


@pytest.fixture
def shop(ledger):
    """One who stays and one who leaves in March 2024, known from January on."""
    ids = {
        "stays": ledger.add_customer("K-1", name="سارا", name_folded="سارا"),
        "goes": ledger.add_customer("K-2"),
    }
    ledger.add_orders([(ids["stays"], date(2024, 1, 1)), (ids["stays"], date(2024, 2, 20))])
    ledger.add_order(ids["stays"], date(2024, 3, 20), location="Tehran", line="tea")
    ledger.add_order(ids["goes"], date(2024, 2, 20), location="=1+1", order="A-9")
    ledger.publish(date(2024, 4, 30))
    return ids


@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_examples_counted_from_customers(ledger: Ledger, vafa, name):
    start, end, new, lost, crr = EXAMPLES[name]
    assert start - lost + new == end
    for who in range(start):
        ledger.add_subscription(
            ledger.add_customer(), date(2024, 1, 1), date(2024, 3, 10) if who < lost else None
        )
    for _who in range(new):
        ledger.add_subscription(ledger.add_customer(), date(2024, 3, 5))
    ledger.publish(date(2024, 4, 30), kind="subscriptions")
    span = ["--from", "2024-03-01", "--to", "2024-04-01", "--json"]
    _code, document = vafa("metric", "crr", *span)
    row = document["rows"][0]
    assert row["value"] == pytest.approx(crr)
    assert (row["start"], row["end"], row["new"], row["lost"]) == (start, end, new, lost)
    _code, churn = vafa("metric", "churn_rate", *span)
    assert churn["rows"][0]["value"] == pytest.approx(1 - crr)
    counts = ["--start", str(start), "--end", str(end), "--new", str(new), "--lost", str(lost)]
    _code, told = vafa("rate", *counts, "--json")
    assert told["crr"] == row["value"] == row["article_value"]


def test_the_document_of_a_metric(shop, vafa):
    code, document = vafa("metric", "crr", "--from", "2024-03-01", "--to", "2024-04-01", "--rule", "purchase:30d",
                          "--json")  # fmt: skip
    assert code == 0
    assert set(document) >= TABLE_KEYS
    assert document["data_until"] == "2024-05-01"
    assert (document["rule"], document["calendar"], document["zone"]) == ("purchase:30d", "gregorian", "UTC")
    (row,) = document["rows"]
    assert set(row) >= ROW_KEYS
    assert (row["from"], row["to"], row["group"]) == ("2024-03-01", "2024-04-01", None)
    assert (row["value"], row["kept"], row["lost"], row["complete"]) == (0.5, 1, 1, True)
    assert 0 < row["low"] < 0.5 < row["high"] < 1


def test_every_metric_answers_for_every_length_and_calendar(shop, vafa):
    _code, listed = vafa("metric", "--list", "--json")
    names = [entry["name"] for entry in listed["metrics"]]
    assert len(names) > 20
    assert all(entry["title"] and entry["unit"] for entry in listed["metrics"])
    for name in names:
        code, document = vafa("metric", name, "--json")
        assert code == 0
        if document["data_until"] is None:
            # What it is made of was never told: there are orders only.
            assert document["reason"] == "no_data"
            assert [(row["value"], row["reason"]) for row in document["rows"]] == [(None, "no_data")]
        assert document["rows"][0]["from"] == "2024-04-01"
    for every in ("day", "week", "month", "quarter", "half", "year", "30d"):
        for calendar in ("gregorian", "jalali", "hijri"):
            code, document = vafa(
                "metric", "customers_end", "--from", "2024-03-01", "--to", "2024-04-01", "--every", every,
                "--calendar", calendar, "--week-start", "sat", "--json",
            )  # fmt: skip
            rows = document["rows"]
            assert (code, document["calendar"]) == (0, calendar)
            assert rows[0]["from"] <= "2024-03-01" < rows[0]["to"]
            assert all(one["to"] == two["from"] for one, two in pairwise(rows))


def test_money_on_the_command_line_has_its_currency(shop, vafa):
    change_business(by=None, now=NOW, currency="EUR")
    _code, text = vafa("metric", "revenue")
    assert "Revenue (EUR)" in text
    _code, text = vafa("metric", "customers_end")
    assert "(EUR)" not in text


def test_csv_has_the_same_rows_and_no_formulas(shop, vafa):
    asked = ["metric", "customers_start", "--from", "2024-03-01", "--to", "2024-04-01", "--by", "location",
             "--rule", "purchase:30d"]  # fmt: skip
    _code, document = vafa(*asked, "--json")
    _code, text = vafa(*asked, "--csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["value"] for row in rows] == [str(row["value"]) for row in document["rows"]]
    assert {row["group"] for row in rows} == {"'=1+1", "Tehran", ""}
    assert {row["complete"] for row in rows} == {"true"}


def test_people_read_a_table(shop, vafa):
    _code, text = vafa(
        "metric", "crr", "--from", "2024-03-01", "--to", "2024-04-01", "--rule", "purchase:30d"
    )
    assert "50.0%" in text
    assert "Active is who bought in the last 30 days." in text
    assert "data up to 2024-05-01 (not included)" in text


def test_cohorts(shop, vafa):
    code, document = vafa("cohorts", "--every", "month", "--json")
    assert (code, document["data_until"]) == (0, "2024-05-01")
    assert document["cohorts"] == [
        {"start": "2024-01-01", "size": 1, "kept": [1, 1, 1, 0], "partial": False},
        {"start": "2024-02-01", "size": 1, "kept": [1, 0, 0], "partial": False},
    ]
    _code, half = vafa("cohorts", "--every", "half", "--count", "purchases", "--json")
    assert half["cohorts"] == [{"start": "2024-01-01", "size": 2, "kept": [2], "partial": True}]
    _code, text = vafa("cohorts", "--every", "half")
    assert "2*" in text


def test_why_tells_the_spell_and_its_rows(shop, vafa):
    code, document = vafa("why", "K-2", "--on", "2024-03-10", "--rule", "purchase:30d", "--json")
    assert (code, document["active"], document["verdict"]) == (0, True, "active")
    # Bought on 20 February: the boundaries of 21 February to 21 March are covered.
    assert document["spell"] == {"from": "2024-02-20", "to": "2024-03-22"}
    (row,) = document["rows"]
    assert (row["source"], row["key"], row["day"], row["decisive"]) == ("shop", "A-9", "2024-02-20", True)
    for on, active in (
        ("2024-02-20", False),
        ("2024-02-21", True),
        ("2024-03-21", True),
        ("2024-03-22", False),
    ):
        assert vafa("why", "K-2", "--on", on, "--rule", "purchase:30d", "--json")[1]["active"] is active
    unknown = vafa("why", "K-2", "--on", "2024-06-01", "--json")[1]
    assert (unknown["active"], unknown["verdict"]) == (None, "not_known_yet")


def test_why_finds_a_customer_by_name_and_by_our_own_id(shop, vafa):
    by_name = vafa("why", "سارا", "--on", "2024-03-10", "--json")[1]
    by_id = vafa("why", f"id:{shop['stays']}", "--on", "2024-03-10", "--json")[1]
    assert by_name == by_id
    assert by_name["keys"] == ["K-1"]
    code, text = vafa("why", "K-1", "--on", "2024-03-10", "--rule", "purchase:90d")
    assert code == 0
    assert "Active" in text


def test_why_counts_what_was_merged_in(ledger, shop, vafa):
    merge_customers(shop["goes"], shop["stays"], by=None, now=NOW)
    ledger.publish(date(2024, 4, 30))
    document = vafa("why", "K-2", "--on", "2024-03-10", "--rule", "purchase:30d", "--json")[1]
    assert (document["customer"], document["keys"]) == (shop["stays"], ["K-1", "K-2"])
    assert [row["day"] for row in document["rows"]].count("2024-02-20") == 2


def test_why_of_who_is_excluded_says_so(ledger, shop, vafa):
    from vafa.data.customers.models import Customer
    from vafa.data.log.actions import take_numbers

    Customer.objects.filter(pk=shop["goes"]).update(excluded=True, seq=take_numbers(1))
    ledger.publish(date(2024, 4, 30))
    document = vafa("why", "K-2", "--on", "2024-03-10", "--json")[1]
    assert (document["active"], document["verdict"], document["rows"]) == (None, "left_out", [])


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (["metric", "loyalty"], "metric_unknown"),
        (["metric"], "metric_missing"),
        (["metric", "crr", "--from", "21/3/2024"], "day_unknown"),
        (["metric", "crr", "--rule", "bought"], "activity_rule_unknown"),
        (["metric", "crr", "--by", "shoe size"], "name_unknown"),
        (["metric", "crr", "--by", "plan"], "name_unknown"),
        (["cohorts", "--every", "30d"], "name_unknown"),
        (["cohorts", "--count", "some"], "name_unknown"),
        (["why", "nobody", "--on", "2024-03-10"], "customer_unknown"),
        (["why", "K-1"], "day_missing"),
        (["why", "K-1", "--on", "1403-13-01"], "day_unknown"),
    ],
)
def test_wrong_questions_end_with_2_and_say_what_there_is(shop, vafa, asked, error):
    code, document = vafa(*asked, "--json")
    assert (code, document["error"]) == (2, error)
    assert document["message"]
    assert document["remedy"]


def test_of_two_with_the_same_name_one_is_asked_for(ledger, shop, vafa):
    other = ledger.add_customer(name="سارا", name_folded="سارا")
    code, document = vafa("why", "سارا", "--on", "2024-03-10", "--json")
    assert (code, document["error"]) == (2, "customer_ambiguous")
    assert document["details"]["customers"] == [shop["stays"], other]


def test_a_command_tells_what_the_records_hold_now(ledger, shop, vafa):
    asked = [
        "metric",
        "customers_start",
        "--from",
        "2024-03-01",
        "--to",
        "2024-04-01",
        "--rule",
        "purchase:30d",
    ]
    before = vafa(*asked, "--json")[1]["rows"][0]["value"]
    ledger.add_order(ledger.add_customer(), date(2024, 2, 25))
    assert vafa(*asked, "--json")[1]["rows"][0]["value"] == before + 1


def test_money_in_real_terms_names_its_base_and_its_index(ledger, vafa):
    from decimal import Decimal

    from vafa.data.costs.actions import set_price_month

    who = ledger.add_customer()
    for month, amount in ((1, 100), (2, 150)):
        ledger.add_order(who, date(2024, month, 10), amount)
    ledger.publish(date(2024, 2, 29))
    asked = ("metric", "revenue", "--every", "month", "--from", "2024-01-01", "--to", "2024-03-01", "--json")
    code, told = vafa(*asked, "--real")
    assert code == 0
    assert told["real"] is None
    assert [(row["value"], row["reason"]) for row in told["rows"]] == [(None, "no_price_index")] * 2
    for month, value in ((1, 100), (2, 200)):
        start, end = date(2024, month, 1), date(2024, month + 1, 1)
        set_price_month(start, end, Decimal(value), "bureau", by=None, now=NOW)
    _code, told = vafa(*asked, "--real")
    assert told["real"] == {
        "base_from": "2024-02-01",
        "base_to": "2024-03-01",
        "source": "bureau",
        "index_from": "2024-01-01",
        "index_until": "2024-03-01",
    }
    assert [row["value"] for row in told["rows"]] == [200.0, 150.0]
    assert "bureau" in told["definition"]
    _code, told = vafa(*asked, "--real-base", "2024-01-31")
    assert [row["value"] for row in told["rows"]] == [100.0, 75.0]
    _code, told = vafa(*asked)
    assert (told["real"], [row["value"] for row in told["rows"]]) == (None, [100.0, 150.0])
    for wrong in (("metric", "crr", "--real", "--json"), (*asked, "--real-base", "2019-01-01")):
        code, told = vafa(*wrong)
        assert code == 2
        assert told["error"] in ("real_not_for_metric", "price_index_empty")
