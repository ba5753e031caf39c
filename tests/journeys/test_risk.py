"""A customer at risk, from the board to being saved: taken on, planned, moved by keyboard, told on the file."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys.conftest import PATIENCE_MS, Visit, sign_in, speak
from tests.journeys.site import OWNER, Site, run_module, run_site
from tests.journeys.words import Words

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def foreseeing(shop_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A copy of the shop with so many more customers that its past suffices to predict, running."""
    home = tmp_path_factory.mktemp("foreseeing") / "home"
    shutil.copytree(shop_home, home)
    run_module(home, "tests.journeys.leavers")
    with run_site(home) as site:
        yield site


def test_a_customer_is_taken_on_and_moved_by_keyboard(foreseeing: Site, page: "Page", words: Words) -> None:
    page.set_default_timeout(PATIENCE_MS)
    speak(page.context, foreseeing, words.language)
    sign_in(page, foreseeing, OWNER)
    page.goto(foreseeing.get_url("/risk/"))
    assert page.locator(".board-waiting .badge-error").count()
    name = page.locator(".board-waiting .board-name").first.inner_text()
    page.locator(".board-waiting button[name=one]").first.press("Enter")
    page.locator("[data-undo]").wait_for()
    # By the undo it waits again, and is taken on once more.
    page.locator("[data-undo] button").press("Enter")
    page.locator(".board-waiting .board-name", has_text=name).wait_for()
    page.locator(".board-waiting button[name=one]").first.press("Enter")
    page.locator("[data-stage=at_risk] [data-case]", has_text=name).wait_for()
    for stage in ("plan_made", "being_saved"):
        move(page, name, stage)
    plan(page, name, f"Call ({words.language})")
    see_on_the_file(page, foreseeing, name)
    page.goto(foreseeing.get_url("/risk/?column=being_saved"))
    move(page, name, "saved")


def move(page: "Page", name: str, stage: str) -> None:
    """By the card's menu, without a mouse; the card keeps the focus."""
    card = page.locator("[data-case]", has_text=name)
    summary = card.locator("summary")
    key = summary.get_attribute("id")
    summary.press("Enter")
    card.locator(f"button[value={stage}]").press("Enter")
    page.locator(f"[data-stage={stage}] [data-case]", has_text=name).wait_for()
    page.wait_for_function("key => document.activeElement.id === key", arg=key)


def plan(page: "Page", name: str, title: str) -> None:
    """The next step of a case, said on its page, stands on its card and among the tasks."""
    page.locator("[data-case]", has_text=name).locator(".board-foot a").click()
    page.locator("input[name=title]").fill(title)
    page.locator("select[name=ahead]").select_option("0")
    page.locator("form.stack button.btn-primary").click()
    page.locator("[data-undo]").wait_for()
    assert title in page.inner_text("main")


def see_on_the_file(page: "Page", site: Site, name: str) -> None:
    """The customer's file tells of the case, and with the customer's own numbers what the risk goes with."""
    page.goto(site.get_url("/risk/?column=being_saved"))
    page.locator("[data-case]", has_text=name).locator(".board-name").click()
    page.locator("#customer-risk a[href^='/risk/cases/']").wait_for()
    reasons = page.locator("#customer-risk ul.list-disc > li")
    assert 1 <= reasons.count() <= 3
    assert any(digit.isdigit() for digit in reasons.first.inner_text())


@pytest.fixture(scope="module")
def looked_at(shop: Site) -> None:
    """The worker's look at the shop's data, which comes within minutes, done at once."""
    run_module(shop.home, "tests.journeys.later", "2026-01-15T08:00:00+00:00", "predictions.look")


@pytest.mark.usefixtures("looked_at")
def test_a_shop_of_few_customers_is_told_what_is_missing(visit: Visit, words: Words) -> None:
    page = visit("/risk/", words.language)
    told = page.locator("[aria-labelledby=refused-title]")
    assert words.number(65) in told.locator("li").first.inner_text()
    assert told.locator("a").count() == 2
