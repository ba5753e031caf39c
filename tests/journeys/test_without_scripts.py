"""A browser without scripts: everything that matters works by plain forms and links."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys.conftest import PATIENCE_MS, sign_in, speak
from tests.journeys.site import OWNER, Site, make_owned_home, run_site
from tests.journeys.stories import tell_persian
from tests.journeys.words import Words, plain
from tests.support.browser import open_watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

STORY = tell_persian()


@pytest.fixture
def bare(browser: "Browser") -> Iterator["Page"]:
    """A page of a browser that runs no scripts."""
    with open_watched(browser, java_script_enabled=False) as context:
        context.set_default_timeout(PATIENCE_MS)
        yield context.new_page()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Site]:
    """An installation with an owner and no data."""
    with run_site(make_owned_home(tmp_path / "home", "IR", "fa")) as site:
        yield site


@pytest.mark.slow
def test_from_the_sign_in_to_the_overview(empty: Site, bare: "Page", tmp_path: Path) -> None:
    words = Words("fa")
    sign_in(bare, empty, OWNER)
    bare.goto(empty.get_url("/imports/"))
    file = tmp_path / STORY.file_name
    file.write_bytes(STORY.content)
    bare.locator("input[type=file]").set_input_files(file)
    bare.get_by_role("button", name=words("Look at the file")).click()
    bare.wait_for_url("**/columns/")
    bare.locator("input[name=unit][value=IRT]").check()
    bare.get_by_role("button", name=words("Bring it in")).click()
    # The page looks again by itself, without scripts by a refresh.
    bare.get_by_role("heading", name=words("Summary")).wait_for(timeout=60_000)
    bare.get_by_role("link", name=words("To the overview")).click()
    bare.wait_for_url("**/overview/")
    bare.locator("select[name=rule]").select_option("purchase:60d")
    bare.locator(".picker").first.get_by_role("button", name=words("Show"), exact=True).click()
    bare.wait_for_url("**rule=purchase**")
    text = plain(bare.inner_text("main"))
    assert words.percent(STORY.crr) in text
    table = bare.locator("[aria-labelledby=trend-title] details:has(table)")
    table.locator("summary").click()
    assert words.percent(STORY.crr) in plain(table.inner_text())
    label = bare.locator(".stat-label > span", has_text=words("Lost customers"))
    bare.locator(".stat").filter(has=label).first.locator(".stat-value a").click()
    bare.wait_for_url("**/names/lost/**")
    assert bare.locator("main tbody tr").count() == STORY.leaving

    bare.goto(empty.get_url("/imports/"))
    bare.get_by_role("link", name=STORY.file_name).click()
    question = bare.locator("details.without-scripts").filter(has_text=words("Undo this import"))
    question.locator("summary").click()
    question.get_by_role("button", name=words("Undo"), exact=True).click()
    bare.get_by_text(words("This import has been undone")).wait_for(timeout=60_000)


def test_language_and_account_work(shop: Site, bare: "Page") -> None:
    speak(bare.context, shop, "en")
    sign_in(bare, shop, OWNER)
    bare.goto(shop.get_url("/customers/"))
    bare.locator("details:has([name=language]) summary").click()
    bare.locator("[name=language][value=ar]").click()
    assert bare.locator("html").get_attribute("lang") == "ar"
    assert bare.url == shop.get_url("/customers/")
    bare.locator(f"summary[aria-label='{Words('ar')('Your account')}']").click()
    bare.get_by_role("button", name=Words("ar")("Sign out")).click()
    bare.wait_for_url("**/sign-in/")
