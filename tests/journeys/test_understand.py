"""Asking what if, and looking into the data, in a real browser."""

from typing import TYPE_CHECKING

from tests.journeys.conftest import Visit
from tests.journeys.words import plain

if TYPE_CHECKING:
    from playwright.sync_api import Page


def read(page: "Page") -> str:
    return plain(page.inner_text("main"))


def test_what_if_from_the_menu_to_the_shared_address(visit: Visit) -> None:
    page = visit("/overview/", "en")
    page.locator("nav.side-inner").get_by_role("link", name="Understand").click()
    page.get_by_role("link", name="What if?").click()
    page.wait_for_url("**/what-if/")
    own = page.locator("input[name=customers]").input_value()
    assert own.replace(",", "").isdigit()
    assert "Nothing is changed yet" in read(page)
    typed = {
        "customers": "1000",
        "new": "50",
        "churn": "10",
        "revenue": "100",
        "margin": "40",
        "churn_to": "5",
    }
    for name, text in typed.items():
        page.locator(f"input[name={name}]").fill(text)
    page.locator("select[name=months]").select_option("1")
    with page.expect_navigation():
        page.get_by_role("button", name="Work it out").click()
    assert "there are 50 customers more: 1,000 instead of 950" in read(page)
    page.wait_for_selector("figure[data-source=what-if-customers-data] canvas")
    again = visit(page.url.split("/", 3)[3].join(("/", "")), "en")
    assert "there are 50 customers more: 1,000 instead of 950" in read(again)
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV").click()
    assert saved.value.suggested_filename == "vafa-what-if.csv"


def test_what_if_works_without_scripts(visit: Visit) -> None:
    page = visit(
        "/what-if/?customers=1000&new=50&churn=10&churn_to=5&months=1", "en", java_script_enabled=False
    )
    assert "there are 50 customers more: 1,000 instead of 950" in read(page)
    page.locator("details.data-table summary").first.click()
    assert "950" in page.locator("details.data-table").first.inner_text()


def test_data_quality_from_the_menu_to_the_rows(visit: Visit) -> None:
    page = visit("/understand/", "en")
    page.get_by_role("link", name="Data quality").click()
    page.wait_for_url("**/quality/")
    said = read(page)
    assert "worth a look" in said or "Nothing in the data looks wrong" in said
    found = page.locator("article h3 a")
    if found.count():
        title = found.first.inner_text()
        found.first.click()
        assert title in read(page)
        assert page.locator("table tbody tr").count()
