"""What the journeys share: a shop whose every number is known, running for real, and browsers signed in to it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.site import OWNER, PASSWORD, Site, call, make_owned_home, run_site
from tests.journeys.stories import tell_persian
from tests.journeys.words import LANGUAGES, Words
from tests.support.browser import open_watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, StorageState

PATIENCE_MS = 30_000

Visit = Callable[..., "Page"]


@pytest.fixture(params=LANGUAGES)
def words(request: pytest.FixtureRequest) -> Words:
    """The texts of each language that a journey is made in."""
    return Words(request.param)


@pytest.fixture(scope="session")
def shop_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the Persian shop with its orders, to be served or copied; nobody changes it."""
    folder = tmp_path_factory.mktemp("shop")
    home = make_owned_home(folder / "home", "IR", "fa")
    story = tell_persian()
    file = folder / story.file_name
    file.write_bytes(story.content)
    counts = call(home, "import", "orders", str(file), "--unit", "toman")
    assert (counts["read"], counts["rejected"]) == (story.rows, story.bad)
    return home


@pytest.fixture(scope="session")
def shop(shop_home: Path) -> Iterator[Site]:
    """The Persian shop, running; journeys that change nothing share it."""
    copy = shop_home.parent / "served"
    shutil.copytree(shop_home, copy)
    with run_site(copy) as site:
        yield site


@pytest.fixture(scope="session")
def owner_state(shop: Site, browser: "Browser") -> "StorageState":
    """What a browser keeps in which the owner of the shop has signed in."""
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, shop, OWNER)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def visit(browser: "Browser", shop: Site, owner_state: "StorageState") -> Iterator[Visit]:
    """Open a page of the shop as its owner: `visit("/overview/", "fa")`. Further arguments are the browser's
    own (viewport, color_scheme ...); pages of equal arguments share a browser profile."""
    profiles: dict[str, BrowserContext] = {}
    with ExitStack() as stack:

        def go(path: str, language: str = "fa", **options: Any) -> "Page":
            key = f"{language} {options}"
            if key not in profiles:
                options = {"storage_state": owner_state, **options}
                profiles[key] = context = stack.enter_context(open_watched(browser, **options))
                context.set_default_timeout(PATIENCE_MS)
                speak(context, shop, language)
            page = profiles[key].new_page()
            page.goto(shop.get_url(path))
            return page

        yield go


def speak(context: "BrowserContext", site: Site, language: str) -> None:
    """Choose the language of the pages in this browser, as the menu does."""
    context.add_cookies([{"name": "django_language", "value": language, "url": site.address}])


def sign_in(page: "Page", site: Site, email: str, password: str = PASSWORD) -> None:
    """Sign in by the page."""
    page.goto(site.get_url("/sign-in/"))
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("main button").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
