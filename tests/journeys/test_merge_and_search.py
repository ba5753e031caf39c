"""Somebody known twice: found by half a phone number, merged with everything they own, and taken apart again."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys.conftest import Visit, keep_state, receive
from tests.journeys.site import Site, call, run_site
from tests.journeys.stories import name_person, phone_person
from tests.journeys.words import PERSIAN_DIGITS, Words, plain

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

# Whom the accounting program knows too, under numbers of its own: one for each language, and one for the click that
# merges all; what is taken apart by hand is not proposed again.
TWICE = {"fa": 3, "en": 4}
BOTH = 5


@pytest.fixture(scope="module")
def twice(shop_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The shop with a second source that knows three of its customers by the same names and phones."""
    folder = tmp_path_factory.mktemp("twice")
    shutil.copytree(shop_home, folder / "home")
    rows = [
        f"A-{person},K{person},{name_person(person)},{phone_person(person)},1404/07/03,990000"
        for person in (*TWICE.values(), BOTH)
    ]
    file = folder / "accounts.csv"
    file.write_text("\n".join(["شماره سفارش,کد مشتری,نام مشتری,موبایل,تاریخ,مبلغ", *rows]), encoding="utf-8")
    counts = call(folder / "home", "import", "orders", str(file), "--source", "accounts", "--unit", "rial")
    assert (counts["new"], counts["rejected"]) == (len(rows), 0)
    with run_site(folder / "home") as site:
        yield site


@pytest.fixture
def go(browser: "Browser", twice: Site) -> Iterator[Visit]:
    """Open a page as the owner."""
    with receive(browser, twice, keep_state(twice, browser)) as open_page:
        yield open_page


def find(page: "Page", text: str) -> "Locator":
    """Press "/", write, and wait for what is found: the customers of the list."""
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    with page.expect_response(lambda answer: "/search/found/" in answer.url):
        page.keyboard.type(text)
    page.locator("#search-more").wait_for()
    return page.locator("#search-found a[id^=search-customer]")


def write_half(person: int, language: str) -> str:
    """The last digits of a phone, as whoever reads the page writes them."""
    half = phone_person(person).replace(" ", "")[-6:]
    return half.translate(PERSIAN_DIGITS) if language == "fa" else half


def test_somebody_known_twice_becomes_one_and_two_again(go: Visit, words: Words) -> None:
    person = TWICE[words.language]
    page = go("/overview/", words.language)
    page.wait_for_load_state("networkidle")
    found = find(page, write_half(person, words.language))
    assert [plain(text) for text in found.locator("bdi").all_inner_texts()] == [name_person(person)] * 2
    page.keyboard.press("ArrowDown")
    chosen = found.first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{chosen}")

    page = go("/customers/doubles/", words.language)
    page.get_by_role("button", name=words("Look again")).click()
    row = page.locator("main tbody tr").filter(has_text=phone_person(person).replace(" ", "")[1:])
    assert words("Same phone number") in row.inner_text()
    row.get_by_role("link", name=words("Compare")).click()
    page.get_by_role("button", name=words("Merge"), exact=True).click()
    page.wait_for_url(lambda url: "/merge/" not in url)
    page.wait_for_load_state("networkidle")
    assert find(page, write_half(person, words.language)).count() == 1

    page.keyboard.press("Escape")
    page.locator("#part-merges").get_by_role("button", name=words("Take apart again")).click()
    page.get_by_text(words("They are two persons again.")).wait_for()
    page.wait_for_load_state("networkidle")
    assert find(page, write_half(person, words.language)).count() == 2


def test_all_that_are_almost_certain_are_merged_and_taken_back_at_once(go: Visit, words: Words) -> None:
    page = go("/customers/doubles/", words.language)
    page.get_by_role("button", name=words("Look again")).click()
    rows = page.locator("main tbody tr").filter(has_text=phone_person(BOTH).replace(" ", "")[1:])
    assert rows.count() == 1
    page.locator("[data-dialog-open=merge-certain]").click()
    page.locator("#merge-certain").get_by_role("button", name=words("Merge"), exact=True).click()
    page.wait_for_url("**merged=**")
    assert rows.count() == 0
    page.get_by_role("button", name=words("Take back")).click()
    page.wait_for_url(lambda url: "merged=" not in url)
    page.get_by_role("button", name=words("Look again")).click()
    page.wait_for_load_state("networkidle")
    assert rows.count() == 1
