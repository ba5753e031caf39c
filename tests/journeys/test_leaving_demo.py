"""The demo as a newcomer meets it: signed in, looked around, and left for an own business by one click."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys.site import OWNER, PASSWORD, run_site
from tests.journeys.words import Words
from tests.support.browser import Watch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LONG_MS = 240_000


@pytest.fixture
def waiting(browser: "Browser") -> Iterator["Page"]:
    """A page that may find nobody at its address for a while: the demo stops before the own business is up."""
    watch = Watch()
    context = browser.new_context()
    watch.follow(context)
    context.set_default_timeout(LONG_MS)
    yield context.new_page()
    context.close()
    assert not watch.outside
    assert not [error for error in watch.errors if "ERR_CONNECTION_REFUSED" not in error]


@pytest.mark.slow
def test_one_click_leads_from_the_demo_to_an_own_business(tmp_path: Path, waiting: "Page") -> None:
    words = Words("en")  # the browser's language; the demo's business speaks Persian
    page = waiting
    with run_site(tmp_path / "home", "demo") as demo:
        page.goto(demo.get_url("/sign-in/"))
        page.locator("input[name=login]").fill(demo.document["email"])
        page.locator("input[name=password]").fill(demo.document["password"])
        page.locator("main button").click()
        page.wait_for_url("**/overview/")
        assert Words("fa")("This is a demo business; its people are made up.") in page.inner_text(
            "aside.strip"
        )
        assert page.locator(".stat-value").first.inner_text().strip().endswith("٪")
        page.goto(demo.get_url("/customers/"))
        assert page.locator("main tbody tr").count() == 50

        page.locator("aside.strip button").click()
        page.wait_for_url("**/begin/**")
        assert words("Welcome") in page.inner_text("main")
        page.locator("input[name=email]").fill(OWNER)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button").click()
        page.wait_for_url("**/first-steps/country/")
        page.get_by_role("button", name=words("Skip all; I will look around first")).click()
        page.wait_for_url("**/overview/")
        assert page.locator("aside.strip").count() == 0
        assert words("Bring in your orders or memberships") in page.inner_text("main")
