"""The customer file in a day's work: found by phone, a call written down, a promise made and kept."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys.conftest import Visit, keep_state, receive
from tests.journeys.site import Site, run_site
from tests.journeys.stories import name_person, phone_person
from tests.journeys.words import Words, plain

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, StorageState

CALL, PROMISE = "درباره قیمت پرسید", "پیش‌فاکتور را می‌فرستیم"


@pytest.fixture(scope="module")
def own_shop(shop_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A copy of the shop for journeys that change it."""
    home = tmp_path_factory.mktemp("file") / "home"
    shutil.copytree(shop_home, home)
    with run_site(home) as site:
        yield site


@pytest.fixture(scope="module")
def state(own_shop: Site, browser: "Browser") -> "StorageState":
    return keep_state(own_shop, browser)


@pytest.fixture
def work(browser: "Browser", own_shop: Site, state: "StorageState") -> Iterator[Visit]:
    with receive(browser, own_shop, state) as go:
        yield go


def get_newest(page: "Page") -> str:
    return plain(page.locator("#timeline > li").first.inner_text())


def test_find_a_customer_log_a_call_and_promise_something(work: Visit, words: Words) -> None:
    person = 1 if words.language == "fa" else 2
    page = work("/customers/", words.language)
    page.locator("#customers input[name=q]").fill(phone_person(person))
    page.locator("#customers input[name=q]").press("Enter")
    page.wait_for_function("() => document.querySelectorAll('main tbody tr').length === 1")
    page.locator("main tbody th a").click()
    page.wait_for_url("**/customers/*/")
    assert plain(page.inner_text("h1")) == name_person(person)

    bar = page.locator("#write")
    bar.get_by_role("link", name=words("Call"), exact=True).click()
    bar.locator("input[name=outcome]").fill(words("Reached"))
    bar.locator("textarea").fill(CALL)
    bar.get_by_role("button", name=words("Write down"), exact=True).click()
    page.get_by_text(CALL).wait_for()
    newest = get_newest(page)
    assert words("Call") in newest
    assert words("Reached") in newest

    bar.get_by_role("link", name=words("Promise"), exact=True).click()
    bar.locator("input[name=due_on]").wait_for()
    bar.locator("textarea").fill(PROMISE)
    page.locator("#write input[name=due_on]").fill("1499/01/01")
    page.get_by_role("button", name=words("Write down"), exact=True).click()
    page.get_by_text(PROMISE).wait_for()
    assert words("Open", context="promise") in get_newest(page)

    page.locator("#timeline button[value=kept]").click()
    page.locator("#timeline button[value=open]").wait_for()
    assert words("Kept", context="promise") in get_newest(page)
    page.locator("#story select[name=kind]").select_option("call")
    page.wait_for_function("() => document.querySelectorAll('#timeline > li').length === 1")
    assert CALL in get_newest(page)
