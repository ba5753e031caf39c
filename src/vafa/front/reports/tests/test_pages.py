"""Dashboards on their pages: made, ordered, shown, printed, taken as files, deleted and taken back."""

import csv
import io
from datetime import date

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from vafa.data.business.actions import change_business
from vafa.data.customers.models import Customer
from vafa.data.log.actions import take_numbers
from vafa.data.staff.models import Staff
from vafa.front.overview.tests.shop import NOW, Shop, sign_in
from vafa.kit.models import AuditEntry
from vafa.kit.permissions import Role
from vafa.measure.reports.actions import create_dashboard
from vafa.measure.reports.models import Dashboard, DashboardItem
from vafa.measure.reports.queries import list_items
from vafa.measure.reports.types import Item

pytestmark = pytest.mark.django_db(transaction=True)
ITEM = {
    "metric": "crr",
    "chart": "trend",
    "every": "month",
    "periods": "6",
    "by": "",
    "rule": "",
    "title": "",
}


@pytest.fixture
def ann(shop: Shop, owner: Staff) -> Client:
    """The analyst's browser."""
    return sign_in(shop.hire(Role.ANALYST))


def make(ann: Client, *items: Item, shared: bool = True) -> Dashboard:
    staff = Staff.objects.get(role=Role.ANALYST)
    return create_dashboard("Retention", is_shared=shared, items=items, by=staff, now=NOW)


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def test_a_dashboard_is_made_step_by_step(ann: Client) -> None:
    assert "No dashboard yet" in read(ann, "/reports/")
    answer = ann.post("/reports/new/", {"name": "ماندن", "is_shared": "on", "begin": "empty"})
    dashboard = Dashboard.objects.get()
    assert answer.headers["Location"] == f"/reports/{dashboard.pk}/edit/"
    base = f"/reports/{dashboard.pk}/"
    for chosen in ({}, {"metric": "customers_new", "chart": "table"}, {"chart": "number", "periods": "۳"}):
        assert ann.post(f"{base}items/new/", ITEM | chosen).status_code == 302
    first, second, third = list_items(dashboard)
    assert third.periods == 3
    ann.post(f"{base}items/{third.pk}/do/", {"do": "up"})
    ann.post(f"{base}items/{first.pk}/do/", {"do": "down"})
    assert [row.pk for row in list_items(dashboard)] == [third.pk, first.pk, second.pk]
    ann.post(f"{base}items/{second.pk}/do/", {"do": "remove"})
    assert "The metric was removed." in read(ann, f"{base}edit/")
    ann.post(f"{base}put-back/")
    assert [row.metric for row in list_items(dashboard)] == ["crr", "crr", "customers_new"]
    assert "The metric was removed." not in read(ann, f"{base}edit/")
    ann.post(f"{base}items/{first.pk}/", ITEM | {"title": "Our own title"})
    assert "Our own title" in read(ann, base)


def test_the_usual_numbers_to_begin_with(ann: Client) -> None:
    ann.post("/reports/new/", {"name": "Essentials", "begin": "essentials"})
    dashboard = Dashboard.objects.get()
    assert not dashboard.is_shared
    page = read(ann, f"/reports/{dashboard.pk}/")
    # June 2025 of the shop: two of the four customers who were active at its start are still there at its end.
    assert "June 2025" in page
    assert 'data-chart="trend"' in page
    assert "data up to 30 June 2025" in page
    assert "Bought in the last 30 days" in page
    assert "This period is complete." in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"metric": "magic"}, "magic"),
        ({"periods": "0"}, "A whole number from 1 to 60."),
        ({"periods": "many"}, "A whole number from 1 to 60."),
        ({"every": "decade"}, "decade"),
        ({"metric": "average_order_value", "by": "company"}, "company"),
    ],
)
def test_what_cannot_be_shown_is_refused_at_once(ann: Client, change: dict[str, str], said: str) -> None:
    dashboard = make(ann)
    answer = ann.post(f"/reports/{dashboard.pk}/items/new/", ITEM | change)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not DashboardItem.objects.exists()


def test_a_metric_that_is_gone_holds_up_no_other(ann: Client) -> None:
    dashboard = make(ann, Item("crr", "number"), Item("churn_rate"))
    DashboardItem.objects.filter(metric="crr").update(metric="no_longer_told")
    page = read(ann, f"/reports/{dashboard.pk}/")
    assert "There is no metric named “no_longer_told”." in page
    assert "Churn rate" in page


def test_split_figures_are_a_table_of_groups(ann: Client) -> None:
    dashboard = make(ann, Item("crr", "table", by="location", periods=2), Item("crr", "trend", by="location"))
    page = read(ann, f"/reports/{dashboard.pk}/")
    assert "Split by: Location of the order" in page
    assert "Berlin" in page
    assert "These groups overlap, so they do not add up." in page


def test_others_see_what_is_shared_and_change_nothing(ann: Client, shop: Shop) -> None:
    shared, private = make(ann, Item("crr")), make(ann, Item("crr"), shared=False)
    reader = sign_in(shop.hire(Role.READ_ONLY))
    page = read(reader, f"/reports/{shared.pk}/")
    assert f"/reports/{shared.pk}/edit/" not in page
    assert "export" not in page
    assert reader.get(f"/reports/{private.pk}/").status_code == 404
    manager = sign_in(shop.hire(Role.MANAGER))
    assert manager.get(f"/reports/{shared.pk}/edit/").status_code == 200
    assert manager.get(f"/reports/{private.pk}/edit/").status_code == 404
    other = sign_in(shop.hire(Role.ANALYST, "bob@x.example"))
    assert other.get(f"/reports/{shared.pk}/edit/").status_code == 404
    assert other.post(f"/reports/{shared.pk}/delete/").status_code == 404
    assert other.post(f"/reports/{shared.pk}/duplicate/").status_code == 302
    assert Dashboard.objects.filter(name="Copy of Retention", is_shared=False).exists()


def test_deleting_can_be_undone(ann: Client) -> None:
    dashboard = make(ann, Item("crr"))
    ann.post(f"/reports/{dashboard.pk}/delete/")
    assert ann.get(f"/reports/{dashboard.pk}/").status_code == 404
    assert f"/reports/{dashboard.pk}/restore/" in read(ann, "/reports/")
    assert ann.get(f"/reports/{dashboard.pk}/restore/").status_code == 405
    ann.post(f"/reports/{dashboard.pk}/restore/")
    assert ann.get(f"/reports/{dashboard.pk}/").status_code == 200


def test_on_paper_there_is_no_navigation_and_nothing_is_cut_off(ann: Client) -> None:
    dashboard = make(ann, Item("crr"), Item("crr", "table", by="location", periods=12))
    page = read(ann, f"/reports/{dashboard.pk}/?print=1")
    assert 'class="side"' not in page
    assert "data-print" in page
    assert "<details" not in page.replace('<details class="help"', "")
    # Twelve months do not fit on a sheet, so the groups stand there twice.
    assert page.count("<td>Berlin</td>") + page.count("Berlin") >= 2


def test_everything_can_be_taken_as_a_file(ann: Client) -> None:
    dashboard = make(ann, Item("crr", periods=2), Item("customers_new", "table", by="location", periods=2))
    crr, split = list_items(dashboard)
    text = ann.get(f"/reports/{dashboard.pk}/items/{crr.pk}/export.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["from"], row["to"]) for row in rows] == [
        ("2025-05-01", "2025-06-01"),
        ("2025-06-01", "2025-07-01"),
    ]
    assert all(0 <= float(row["value"]) <= 1 for row in rows)
    whole = ann.get(f"/reports/{dashboard.pk}/export.csv").content.decode("utf-8-sig")
    everything = list(csv.DictReader(io.StringIO(whole)))
    assert {row["metric"] for row in everything} == {"crr", "customers_new"}
    assert {row["data_until"] for row in everything} == {"2025-07-01"}
    assert {row["rule"] for row in everything} == {"purchase:30d"}
    book = CalamineWorkbook.from_filelike(io.BytesIO(ann.get(f"/reports/{dashboard.pk}/export.xlsx").content))
    assert book.sheet_names == ["Contents", "1 crr", "2 customers_new"]
    sheet = book.get_sheet_by_name("1 crr").to_python()
    assert sheet[0][:4] == ["from", "to", "group", "value"]
    assert sheet[1][3] == pytest.approx(float(rows[0]["value"]))
    assert ann.get(f"/reports/{dashboard.pk}/items/{split.pk}/export.xlsx").status_code == 200
    assert ann.get(f"/reports/{dashboard.pk}/export.pdf").status_code == 404
    assert AuditEntry.objects.filter(action="dashboard.exported").count() == 4


def test_an_agent_sees_own_customers_behind_every_number(ann: Client, shop: Shop) -> None:
    change_business(by=None, now=NOW, agents_own_only=True)
    agent = shop.hire(Role.AGENT)
    Customer.objects.filter(pk=shop.staying).update(owner=agent, seq=take_numbers(1))
    shop.ledger.publish(date(2025, 6, 30))
    dashboard = make(ann, Item("customers_end", "number"))
    whole = read(ann, f"/reports/{dashboard.pk}/")
    own = read(sign_in(agent), f"/reports/{dashboard.pk}/")
    assert "These figures are of your own customers only." in own
    assert "These figures are of your own customers only." not in whole
    assert '<p class="stat-value num">1</p>' in own.replace("\n", "")


def test_without_data_the_page_says_so(signed_in: Client) -> None:
    signed_in.post("/reports/new/", {"name": "Essentials", "begin": "essentials"})
    page = read(signed_in, f"/reports/{Dashboard.objects.get().pk}/")
    assert "There are no data yet." in page
