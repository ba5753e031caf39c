"""What the articles contradict themselves in, and what was settled, by its number (X1 to X22).

X21 is about returns and cancellations.
"""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils import translation

from tests.golden.business import Story, ask, live, run
from tests.laws.worlds import open_shop
from vafa.data.staff.models import Staff
from vafa.data.staff.queries import forget_owner
from vafa.kit.errors import AskedWrongly
from vafa.kit.permissions import Role
from vafa.measure.metrics.queries import list_benchmarks, list_entries

MARCH = (date(2024, 3, 1), date(2024, 4, 1))
QUARTER = (date(2024, 1, 1), date(2024, 4, 1))


@pytest.fixture
def shop(db, tmp_path):
    with open_shop(tmp_path) as shop:
        yield shop


def open_as_owner() -> Client:
    """A browser of an owner, in English."""
    owner = Staff.objects.create_user(
        "owner@example.com",
        "a long walk in the rain",
        role=Role.OWNER,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    forget_owner()
    client = Client()
    client.force_login(owner)
    return client


def rate(counts: str) -> dict[str, object]:
    return run("rate", *counts.split())


def get_titles(language: str) -> dict[str, str]:
    with translation.override(language):
        return {entry.name: entry.title for entry in list_entries()}


def test_x1_two_counts_are_not_enough():
    for counts in ("--start 100 --end 105", "--end 105 --new 15", "--start 100 --new 15"):
        with pytest.raises(AskedWrongly):
            rate(counts)


def test_x2_and_x5_a_rate_has_a_denominator_and_is_a_fraction():
    document = rate("--start 100 --end 105 --new 15")
    assert (document["crr"], document["churn"]) == (0.9, pytest.approx(0.1))


def test_x3_formulas_are_left_to_right_runs_and_the_inverted_reading_is_not_taken(db):
    assert rate("--start 20 --end 24 --new 5")["crr"] == 0.95
    client = Client()
    for language in ("fa", "ar", "zh-hans", "en"):
        client.cookies["django_language"] = language
        page = client.get("/rate/?start=20&end=24&new=5").content.decode()
        assert page.count('<code class="formula" dir="ltr">') >= 2, language


def test_x4_every_rates_formula_has_both_its_parts(db):
    for entry in list_entries():
        if entry.unit == "share":
            above, below = entry.formula.replace("÷", "/").rsplit("/", 1)
            assert above.strip()
            assert below.strip()


def test_x6_net_change_and_churn_are_two_metrics(shop):
    story = Story(1000, 300, 200, *MARCH)
    live(shop, story)
    assert ask("net_change_rate", story)["value"] == pytest.approx(-0.1)
    assert ask("churn_rate", story)["value"] == pytest.approx(0.3)
    document = rate("--start 1000 --end 900 --new 200")
    assert (document["net_change"], document["churn"]) == (pytest.approx(-0.1), pytest.approx(0.3))


def test_x7_the_denominator_is_the_start_and_others_are_chosen_and_named(shop):
    story = Story(100, 20, 30, *MARCH, left_again=10)
    live(shop, story)
    told = {
        name: run("metric", "churn_rate", "--from", "2024-03-01", "--to", "2024-04-01", "--denominator", name)
        for name in ("start", "average", "ever")
    }
    assert ask("churn_rate", story)["value"] == told["start"]["rows"][0]["value"] == 0.2
    assert told["average"]["rows"][0]["value"] == 20 / 100
    assert told["ever"]["rows"][0]["value"] == 20 / 130
    assert len({document["definition"] for document in told.values()}) == 3


def test_x8_a_number_and_a_share_have_different_names(shop):
    story = Story(1000, 150, 0, *MARCH)
    live(shop, story)
    assert ask("customers_lost", story)["value"] == 150
    assert ask("churn_rate", story)["value"] == 0.15


def test_x9_who_was_lost_decides_and_counts_alone_give_a_range(shop):
    open_ = rate("--start 20 --end 24 --new 5")
    assert (open_["crr_low"], open_["crr_high"]) == (0.95, 1.0)
    # The one who left was one of the five new: all twenty stayed, whatever the formula says.
    story = Story(20, 0, 5, *QUARTER, left_again=1)
    live(shop, story)
    row = ask("crr", story)
    assert (row["start"], row["end"], row["value"]) == (20, 24, 1.0)
    assert (row["article_value"], row["article_customers"]) == (0.95, 1)


def test_x10_who_came_back_is_not_kept(shop):
    story = Story(10, 2, 3, *MARCH, back=4)
    live(shop, story)
    row = ask("crr", story)
    assert (row["end"], row["reactivated"], row["value"]) == (15, 4, 0.8)
    assert (row["article_value"], row["article_customers"]) == (1.2, 4)
    with pytest.raises(AskedWrongly, match="At least 2 customers came back"):
        rate("--start 10 --end 15 --new 3")
    assert rate("--start 10 --end 15 --new 3 --reactivated 4")["crr"] == 0.8
    gone_again = rate("--start 10 --end 5 --new 9")
    assert (gone_again["crr"], gone_again["crr_low"], gone_again["crr_high"]) == (None, 0.0, 0.5)


def test_x11_buying_again_and_staying_are_two_metrics(shop):
    names = {row["name"] for row in run("metric", "--list")["metrics"]}
    assert {"crr", "repeat_purchase_rate"} <= names
    shop.bring("orders", [
        {"order": f"o{n}", "customer": f"c{n % 3}", "at": at, "quantity": 1, "amount": 1}
        for n, at in enumerate(["2024-01-05", "2024-02-20", "2024-03-20", "2024-04-30", "2024-03-05"])
    ])  # fmt: skip
    shop.follow()
    story = Story(0, 0, 0, *MARCH)
    assert ask("repeat_purchase_rate", story, "--rule", "purchase:30d")["value"] == 0.0
    assert ask("crr", story, "--rule", "purchase:30d")["value"] == 1.0


def test_x13_retention_and_churn_of_one_definition_add_up_to_one(shop):
    story = Story(30, 7, 9, *MARCH, left_again=2, back=3)
    live(shop, story)
    for rule in ("subscription", "subscription+7d"):
        crr, churn = (ask(name, story, "--rule", rule) for name in ("crr", "churn_rate"))
        assert crr["value"] + churn["value"] == pytest.approx(1.0)
        assert crr["low"] + churn["high"] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("counts", "churn_annual"),
    [
        ("--start 1000 --end 900 --new 200 --period year", 0.300),
        ("--start 5000 --end 4800 --new 800 --period month", 0.931),
        ("--start 300 --end 290 --new 50 --period quarter", 0.590),
        ("--start 100 --end 105 --new 15 --period month", 0.718),
        ("--start 20 --end 24 --new 5 --period quarter", 0.185),
    ],
)
def test_x14_and_x22_unlike_periods_are_annualised_only_when_the_period_is_said(counts, churn_annual):
    document = rate(counts)
    assert document["churn_annual"] == pytest.approx(churn_annual, abs=0.0005)
    assert document["annual_is"] == "extrapolation"
    assert rate(counts.partition(" --period")[0])["churn_annual"] is None


def test_x15_a_benchmark_without_a_period_says_so_and_is_not_compared(db):
    document = rate("--start 100 --lost 25 --period month --industry retail")["benchmark"]
    assert (document["period"], document["churn_annual_is"]) == ("unstated", None)  # type: ignore[index]
    assert [row.industry for row in list_benchmarks() if row.period == "year"] == ["saas"]


def test_x16_a_month_and_thirty_days_are_different_periods(shop):
    story = Story(100, 10, 15, date(2024, 4, 20), date(2024, 5, 21))
    live(shop, story)
    asked = ("metric", "crr", "--from", "2024-04-20", "--to", "2024-05-20")
    months = run(*asked, "--every", "month", "--calendar", "jalali")["rows"]
    assert [(row["from"], row["to"]) for row in months] == [("2024-04-20", "2024-05-21")]
    days = run(*asked, "--every", "30d")["rows"]
    assert [(row["from"], row["to"]) for row in days] == [("2024-04-20", "2024-05-20")]


def test_x17_abbreviations_are_spelled_out(db):
    titles = get_titles("en")
    assert "retention" in titles["crr"].lower()
    assert "churn" in titles["churn_rate"].lower()
    assert not any("CCR" in title for title in titles.values())


def test_x18_arabic_says_loss_of_customers_not_disturbance(db):
    titles = get_titles("ar")
    assert "فقدان" in titles["churn_rate"] or "تسرب" in titles["churn_rate"]
    assert "الاحتفاظ" in titles["crr"]
    assert not any("اضطراب" in title for title in titles.values())


def test_x12_and_x19_claims_of_costs_are_quoted_and_never_worked_with(shop):
    client = open_as_owner()
    asked = "customers=1000&new=50&churn=10&revenue=100&margin=40&acquisition_cost=200&months=12"
    with_claims = client.get(f"/what-if/?{asked}&churn_to=5")
    claims = {claim.text: claim.source for claim in with_claims.context["claims"]}
    for multiple in ("five times", "5 to 25 times", "6 to 7 times"):
        assert any(multiple in text for text in claims), multiple
    # 1,000 x 0.9 ** 12 + 500 x (1 - 0.9 ** 12) and 1,000 x 0.95 ** 12 + 1,000 x (1 - 0.95 ** 12): exact, by hand.
    lines = {line.label: (line.today, line.changed) for line in with_claims.context["result"].lines}
    assert lines["Customers at the end"] == ("641", "1,000")
    assert lines["To be won each month to stay level"] == ("100", "50")


def test_x20_a_hundred_percent_of_five_is_weak_evidence(shop):
    story = Story(5, 0, 0, *MARCH)
    live(shop, story)
    row = ask("crr", story)
    assert (row["value"], row["high"]) == (1.0, 1.0)
    assert row["low"] == pytest.approx(0.5655, abs=1e-4)
    assert rate("--start 5 --end 5 --new 0")["sample_low"] == pytest.approx(row["low"])
