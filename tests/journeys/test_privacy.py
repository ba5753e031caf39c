"""A person says no on a page of their own, and is then erased: no page, list or search knows them any more."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.journeys.conftest import PATIENCE_MS, sign_in, speak
from tests.journeys.site import OWNER, Site, run_site
from tests.journeys.words import Words

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

# Whom the story erases: one for each language.
ERASED = {"fa": 7, "en": 8}


@pytest.fixture(scope="module")
def private_shop(shop_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A copy of the shop, running with its worker."""
    home = tmp_path_factory.mktemp("private") / "home"
    shutil.copytree(shop_home, home)
    with run_site(home) as site:
        yield site


def test_a_person_says_no_and_is_erased(
    private_shop: Site, browser: "Browser", page: "Page", words: Words
) -> None:
    file = private_shop.get_url(f"/customers/{ERASED[words.language]}/")
    page.set_default_timeout(PATIENCE_MS)
    speak(page.context, private_shop, words.language)
    sign_in(page, private_shop, OWNER)
    page.goto(file)
    name = page.inner_text("h1")
    phone = page.locator("#who dd .ltr").first.inner_text()
    assert search(page, private_shop, phone).filter(has_text=name).count() == 1
    page.goto(file)
    own_page = page.locator("#customer-consent a", has_text=words("The customer's own page"))
    refuse_everything(browser, str(own_page.get_attribute("href")), private_shop, words)
    page.reload()
    history = page.locator("#customer-consent details", has_text=words("What was said so far"))
    history.locator("summary").click()
    assert words("By the customer, on their own page") in history.inner_text()
    erase(page, words)
    page.goto(file)
    assert page.locator("h1", has_text=name).count() == 0
    assert search(page, private_shop, phone).filter(has_text=name).count() == 0


def search(page: "Page", site: Site, phone: str) -> "Locator":
    """The customers that the page of search finds by a phone number, which it was asked for indeed."""
    page.goto(site.get_url(f"/search/?find={quote(phone)}"))
    assert page.input_value("main input[name=find]") == phone
    return page.locator("main a[href^='/customers/']")


def refuse_everything(browser: "Browser", address: str, site: Site, words: Words) -> None:
    """As the customer, who has no account here; opening the page changes nothing."""
    context = browser.new_context()
    try:
        own = context.new_page()
        own.set_default_timeout(PATIENCE_MS)
        path = re.sub(r"^https?://[^/]+", "", address).split("?")[0]
        own.goto(site.get_url(f"{path}?lang={words.language}"))
        assert own.get_attribute("html", "dir") == ("rtl" if words.language == "fa" else "ltr")
        own.get_by_role("button", name=words("Stop all advertising and surveys")).click()
        own.locator("[role=status]", has_text=words("Saved.")).wait_for()
        assert own.locator("input[name=may]:checked").count() == 0
    finally:
        context.close()


def erase(page: "Page", words: Words) -> None:
    """From the file to the receipt; a wrong number erases nobody."""
    page.locator("#customer-consent").get_by_role("link", name=words("Erase this customer")).click()
    number = page.url.rstrip("/").split("/")[-2]
    for typed in (number + "1", number):
        page.fill("#erase-typed", typed)
        page.get_by_role("button", name=words("Erase for good")).click()
        if typed != number:
            page.locator("#erase-error").wait_for()
    page.wait_for_url("**/privacy/erasures/**")
    # Old copies behind the figures are removed as soon as no page may be reading them, which takes minutes.
    gone = "The person is gone from every table. The copies behind the figures are made anew; that takes a few minutes."
    page.get_by_text(words(gone)).wait_for()
