"""The what-if page: prefilled from the business, worked out from the address, and never mistaken for a measurement."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.test import Client

from vafa.data.business.actions import change_business
from vafa.data.costs.actions import add_spend, set_margin
from vafa.data.customers.models import Customer
from vafa.data.log.actions import take_numbers
from vafa.data.staff.models import Staff
from vafa.front.overview.tests.shop import NOW, Shop, sign_in
from vafa.kit.permissions import Role

COURSE = "customers=1000&new=50&churn=10&revenue=100&margin=40&acquisition_cost=200"


def read(client: Client, query: str = "") -> str:
    answer = client.get(f"/what-if/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def list_lines(answer) -> dict[str, tuple[str, str]]:
    return {line.label: (line.today, line.changed) for line in answer.context["result"].lines}


def test_the_form_begins_with_the_businesss_own_numbers_and_their_sources(shop: Shop):
    # From March to June 2025 the months began with 1, 2, 2 and 3 active customers and lost 0, 0, 1 and 2 of them.
    page = sign_in(shop.hire(Role.OWNER)).get("/what-if/")
    form = page.context["form"]
    assert form["customers"].value() == "1"
    assert form["churn"].value() == "37.50"
    assert "Active at the end of the data, on 30 June 2025" in page.content.decode()
    assert form["margin"].value() is None
    assert "Without it there is no profit" in page.content.decode()


def test_margin_and_spend_come_from_the_settings_and_revenue_from_known_customers(shop: Shop):
    owner = shop.hire(Role.OWNER)
    set_margin(Decimal("0.4"), None, by=owner, now=NOW)
    add_spend(date(2025, 3, 1), date(2025, 7, 1), Decimal(400), "EUR", by=owner, now=NOW)
    shop.ledger.add_order(None, date(2025, 5, 3), 5000)
    shop.ledger.publish(date(2025, 6, 30))
    form = sign_in(owner).get("/what-if/").context["form"]
    assert form["margin"].value() == "40.0"
    # March to June: 665.50 from known customers over (1 + 2) / 2 + 2 + (2 + 3) / 2 + (3 + 1) / 2 = 8 customer months.
    assert form["revenue"].value() == "83.19"
    # Leaving came new in March, newcomer in May; returning came back in May: 400 for three.
    assert form["acquisition_cost"].value() == "133.33"
    reader = sign_in(shop.hire(Role.READ_ONLY)).get("/what-if/")
    assert "Enter it" not in reader.content.decode()


def test_churn_from_ten_to_five_percent_by_hand(signed_in: Client):
    # 1,000 x 0.9 + 50 = 950 today, 1,000 x 0.95 + 50 = 1,000 with the change.
    answer = signed_in.get(f"/what-if/?{COURSE}&churn_to=5&months=1")
    lines = list_lines(answer)
    assert lines["Customers at the end"] == ("950", "1,000")
    assert lines["Revenue of all months"] == ("97.5K", "100K")
    # 40 x 975 - 50 x 200 = 29,000; 40 x 1,000 - 10,000 = 30,000
    assert lines["Profit"] == ("29K", "30K")
    assert "there are 50 customers more: 1,000 instead of 950" in answer.content.decode()


def test_the_same_in_persian_digits(signed_in: Client):
    asked = "customers=۱٬۰۰۰&new=۵۰&churn=۱۰٪&churn_to=۵&months=1"
    assert list_lines(signed_in.get(f"/what-if/?{asked}"))["Customers at the end"] == ("950", "1,000")


def test_no_change_says_so(signed_in: Client):
    page = read(signed_in, COURSE)
    assert "Nothing is changed yet, so both courses are the same." in page


def test_five_points_of_a_years_retention(signed_in: Client):
    answer = signed_in.get("/what-if/?customers=1000&new=0&churn=10&points=5&points_of=12&months=12")
    # 0.9 ** 12 = 28.24% of them are there after a year, and five points more
    assert list_lines(answer)["Customers at the end"] == ("282", "332")


def test_a_higher_price_goes_whole_into_profit_and_who_leaves_takes_it_along(signed_in: Client):
    # Nobody comes or goes: 1,000 x (100 - 60) = 40,000 a month; at 110: 50,000; and with 30% gone 35,000.
    still = "customers=1000&new=0&churn=0&revenue=100&margin=40&acquisition_cost=0&months=1&price=10"
    assert list_lines(signed_in.get(f"/what-if/?{still}"))["Profit"] == ("40K", "50K")
    assert list_lines(signed_in.get(f"/what-if/?{still}&leaving=30"))["Profit"] == ("40K", "35K")


def test_a_cheaper_newcomer_changes_the_profit_alone(signed_in: Client):
    answer = signed_in.get(f"/what-if/?{COURSE}&acquisition_cost_to=100&months=1")
    lines = list_lines(answer)
    assert lines["Customers at the end"] == ("950", "950")
    assert lines["Profit"] == ("29K", "34K")


def test_without_margin_or_acquisition_cost_it_says_what_it_cannot_tell(signed_in: Client):
    page = read(signed_in, "customers=10&new=1&churn=5&revenue=100&churn_to=4")
    assert "Without the margin only the revenue can be told" in page
    page = read(signed_in, "customers=10&new=1&churn=5&revenue=100&margin=40&churn_to=4")
    assert "Without the cost of winning a customer the profit is told before it." in page
    assert "Profit before the cost of winning customers, month by month" in page


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("churn=110", "Write a number between 0 and 100."),
        ("customers=many", "Write a number."),
        ("churn_to=-1", "Write a number between 0 and 100."),
        ("months=99", "99"),
    ],
)
def test_impossible_numbers_are_refused_beside_their_field(signed_in: Client, query: str, message: str):
    answer = signed_in.get(f"/what-if/?customers=10&new=1&churn=5&{query}")
    assert answer.context["result"] is None
    assert message in answer.content.decode()


def test_without_data_it_says_what_to_give(signed_in: Client):
    page = read(signed_in)
    assert "Three numbers are needed" in page
    assert "Import a file" in page


def test_claims_stand_with_their_source_and_apart_from_the_figures(signed_in: Client):
    answer = signed_in.get(f"/what-if/?{COURSE}")
    claims = answer.context["claims"]
    assert all(claim.source for claim in claims)
    texts = " ".join(claim.text for claim in claims)
    for figure in ("25 to 95", "5 to 25", "6 to 7", "31", "67", "60 to 70"):
        assert figure in texts
    assert "They are not Vafa" in answer.content.decode()
    assert any("With your numbers" in (claim.own or "") for claim in claims)


def test_the_file_has_both_courses_month_by_month(signed_in: Client):
    answer = signed_in.get(f"/what-if.csv?{COURSE}&churn_to=5&months=2")
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["month"] for row in rows] == ["1", "2"]
    assert float(rows[0]["customers_today"]) == 950
    assert float(rows[1]["customers_changed"]) == 1000
    assert signed_in.get(f"/what-if.xlsx?{COURSE}").status_code == 200
    assert signed_in.get(f"/what-if.pdf?{COURSE}").status_code == 404
    assert signed_in.get("/what-if.csv?customers=x").status_code == 404


def test_who_may_not_export_gets_no_file(shop: Shop, owner: Staff):
    reader = sign_in(shop.hire(Role.READ_ONLY))
    assert reader.get(f"/what-if.csv?{COURSE}").status_code == 403
    assert "what-if.csv" not in read(reader, COURSE)


def test_an_agent_with_own_customers_begins_with_those(shop: Shop, owner: Staff):
    agent = shop.hire(Role.AGENT)
    change_business(by=None, now=NOW, agents_own_only=True)
    Customer.objects.filter(pk__in=[shop.leaving, shop.staying]).update(
        owner_id=agent.pk, seq=take_numbers(1)
    )
    shop.ledger.publish(date(2025, 6, 30))
    answer = sign_in(agent).get("/what-if/")
    # Of the two, one is active at the end; of all customers it would be the same one, but nobody is new.
    form = answer.context["form"]
    assert (form["customers"].value(), form["new"].value()) == ("1", "0.3")
    assert "own customers only" in answer.content.decode()
