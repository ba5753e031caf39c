"""A task from the customer file to its end: noted, reminded of on the page of the day, finished, undone, finished."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys.conftest import PATIENCE_MS, sign_in, speak
from tests.journeys.site import OWNER, Site, run_site
from tests.journeys.words import Words

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def working_shop(shop_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A copy of the shop, running with its worker."""
    home = tmp_path_factory.mktemp("working") / "home"
    shutil.copytree(shop_home, home)
    with run_site(home) as site:
        yield site


def test_a_task_is_noted_reminded_of_and_finished(working_shop: Site, page: "Page", words: Words) -> None:
    title = f"Call back ({words.language})"
    page.set_default_timeout(PATIENCE_MS)
    speak(page.context, working_shop, words.language)
    sign_in(page, working_shop, OWNER)
    note_on_the_customer_file(page, working_shop, title)
    finish_today(page, working_shop, words, title)
    page.goto(working_shop.get_url("/tasks/?show=done"))
    assert title in page.inner_text("main table")
    page.goto(working_shop.get_url("/customers/1/"))
    page.locator("#customer-tasks").get_by_role("button", name=words("Open again")).first.wait_for()


def note_on_the_customer_file(page: "Page", site: Site, title: str) -> None:
    """In two fields, without leaving the page."""
    page.goto(site.get_url("/customers/1/"))
    form = page.locator("#customer-tasks form", has=page.locator("input[name=title]"))
    form.locator("input[name=title]").fill(title)
    form.locator("select[name=ahead]").select_option("0")
    form.locator("button.btn-primary").click()
    page.locator("#customer-tasks a", has_text=title).first.wait_for()
    assert page.url.endswith("/customers/1/")


def finish_today(page: "Page", site: Site, words: Words, title: str) -> None:
    """It stands among the tasks of today; a click too early is undone."""
    for is_last in (False, True):
        page.goto(site.get_url("/today/"))
        task = page.locator("#today form", has_text=title)
        task.get_by_role("button", name=words("Done"), exact=True).click()
        page.locator("[data-undo]").wait_for()
        assert title not in page.inner_text("#today")
        if not is_last:
            page.locator("[data-undo] button").click()
            page.locator("#today form", has_text=title).wait_for()
