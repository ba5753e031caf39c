"""The rate page, open to anyone, and the dictionary of metrics."""

from typing import TYPE_CHECKING

import pytest

from tests.journeys.conftest import PATIENCE_MS, Visit, speak
from tests.journeys.site import Site
from tests.journeys.words import PERSIAN_DIGITS, Words, plain

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

# The articles' worked example: 20 at the start, 24 at the end, 5 new, one of the first lost.
EXAMPLE = {"start": "20", "end": "24", "new": "5"}


@pytest.fixture
def rate_page(browser_context: "BrowserContext", shop: Site, words: Words) -> "Page":
    """The rate page in a browser in which nobody has signed in."""
    browser_context.set_default_timeout(PATIENCE_MS)
    speak(browser_context, shop, words.language)
    page = browser_context.new_page()
    page.goto(shop.get_url("/rate/"))
    return page


def work_out(page: "Page", words: Words, **counts: str) -> str:
    """Type counts in the reader's digits; what the page then says."""
    for name, count in counts.items():
        typed = count.translate(PERSIAN_DIGITS) if words.language == "fa" else count
        page.locator(f"input[name={name}]").fill(typed)
    with page.expect_navigation():
        page.get_by_role("button", name=words("Work it out")).click()
    return plain(page.inner_text("main"))


def test_the_articles_example(rate_page: "Page", words: Words) -> None:
    said = work_out(rate_page, words, **EXAMPLE)
    lead = rate_page.locator(".stat-lead .stat-value")
    assert plain(lead.inner_text()) == words.percent(0.95)
    churn, net = (plain(text) for text in rate_page.locator(".grid-cards .stat-value").all_inner_texts())
    assert (churn, net) == (words.percent(0.05), words.percent(0.2))
    # The lost one may have been a newcomer: then all twenty stayed.
    assert words.percent(1) in said
    formula = rate_page.locator("code.formula", has_text="(E − N) ÷ S =").last
    assert formula.get_attribute("dir") == "ltr"
    assert all(f"{name}=" in rate_page.url for name in EXAMPLE)

    exact = work_out(rate_page, words, lost="1")
    assert plain(lead.inner_text()) == words.percent(0.95)
    assert "(S − L) ÷ S" in exact


def test_impossible_counts_are_refused_with_the_way_out(rate_page: "Page", words: Words) -> None:
    work_out(rate_page, words, start="20", end="30", new="5")
    refusal = plain(" ".join(rate_page.locator(".field-errors, .notice-error").all_inner_texts()))
    assert words.number(5) in refusal
    assert rate_page.locator(".stat-lead").count() == 0
    said = work_out(rate_page, words, reactivated="5")
    assert words.percent(1) in said
    work_out(rate_page, words, start="0", reactivated="")
    assert rate_page.locator(".field-errors, .notice-error").first.is_visible()
    assert rate_page.locator(".stat-lead").count() == 0


def test_newcomers_who_left_again_leave_it_open(rate_page: "Page", words: Words) -> None:
    work_out(rate_page, words, start="20", end="4", new="5")
    assert rate_page.locator(".stat-lead .stat-value").inner_text().strip() == "—"
    assert words.percent(0.2) in plain(rate_page.inner_text("main"))


def test_an_example_is_one_click(rate_page: "Page", words: Words) -> None:
    rate_page.get_by_role("link", name=words("Online shop")).first.click()
    rate_page.wait_for_url("**start=1000**")
    assert plain(rate_page.locator(".stat-lead .stat-value").inner_text()) == words.percent(0.7)


def test_a_metric_is_found_by_another_name_and_explained(visit: Visit, words: Words) -> None:
    page = visit("/dictionary/", words.language)
    everything = page.locator("main article").count()
    assert everything >= 13
    page.locator("input[name=q]").fill("ریزش" if words.language == "fa" else "attrition")
    page.locator("input[name=q]").press("Enter")
    page.wait_for_url("**q=**")
    assert 1 <= page.locator("main article").count() < everything
    page.get_by_role("link", name=words("Churn rate"), exact=True).click()
    page.wait_for_url("**/dictionary/churn_rate/**")
    assert page.locator("main code.formula").first.get_attribute("dir") == "ltr"
    assert words("Less is better") in page.inner_text("main")
    assert page.locator(".stat-value").inner_text().strip() not in {"", "–"}
