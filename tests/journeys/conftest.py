"""What the journeys share: a shop whose every number is known, running for real, and browsers signed in to it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.site import OWNER, PASSWORD, Site, call, make_owned_home, run_module, run_site
from tests.journeys.stories import tell_answers, tell_card_file, tell_persian
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
def furnished(shop_home: Path) -> Iterator[Site]:
    """The same after some weeks: with answers, a card file, segments, targets and a report, so that no page is bare."""
    copy = shop_home.parent / "furnished"
    shutil.copytree(shop_home, copy)
    answers, cards = shop_home.parent / "answers.csv", shop_home.parent / "cards.csv"
    answers.write_bytes(tell_answers())
    call(copy, "import", "surveys", str(answers), "--question", "nps", "--complete-through", "2025-10-22")
    cards.write_bytes(tell_card_file())
    call(copy, "import", "customers", str(cards))
    run_module(copy, "tests.journeys.furnishing")
    with run_site(copy) as site:
        yield site


@pytest.fixture(scope="session")
def writing_shop(shop_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A copy of the shop with readers, running with its worker; it may ask itself whether it answers."""
    home = tmp_path_factory.mktemp("writing") / "home"
    shutil.copytree(shop_home, home)
    run_module(home, "tests.journeys.addressed")
    with run_site(home, allow="127.0.0.1,localhost") as site:
        yield site


@pytest.fixture(scope="session")
def owner_state(shop: Site, browser: "Browser") -> "StorageState":
    """What a browser keeps in which the owner of the shop has signed in."""
    return keep_state(shop, browser)


@pytest.fixture(scope="session")
def furnished_state(furnished: Site, browser: "Browser") -> "StorageState":
    """The same of the furnished shop."""
    return keep_state(furnished, browser)


def keep_state(site: Site, browser: "Browser") -> "StorageState":
    """Sign the owner in, and keep what the browser then holds."""
    context = browser.new_context()
    sign_in(context.new_page(), site, OWNER)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def visit(browser: "Browser", shop: Site, owner_state: "StorageState") -> Iterator[Visit]:
    """Open a page of the shop as its owner: `visit("/overview/", "fa")`. Further arguments are the browser's
    own (viewport, color_scheme ...); pages of equal arguments share a browser profile."""
    with receive(browser, shop, owner_state) as go:
        yield go


@pytest.fixture
def walk(browser: "Browser", furnished: Site, furnished_state: "StorageState") -> Iterator[Visit]:
    """The same in the furnished shop."""
    with receive(browser, furnished, furnished_state) as go:
        yield go


@pytest.fixture
def tour(browser: "Browser", furnished: Site, furnished_state: "StorageState") -> Iterator[Visit]:
    """The same from page to page in one tab, which costs a third: leave the page as it was, and don't close it."""
    with receive(browser, furnished, furnished_state, in_one_tab=True) as go:
        yield go


@contextmanager
def receive(
    browser: "Browser", site: Site, state: "StorageState", *, in_one_tab: bool = False
) -> Iterator[Visit]:
    """A function that opens pages of a site in profiles of whoever's state it is."""
    profiles: dict[str, BrowserContext] = {}
    with ExitStack() as stack:

        def go(path: str, language: str = "fa", **options: Any) -> "Page":
            key = f"{language} {options}"
            if key not in profiles:
                options = {"storage_state": state, **options}
                profiles[key] = context = stack.enter_context(open_watched(browser, **options))
                context.set_default_timeout(PATIENCE_MS)
                speak(context, site, language)
            tabs = profiles[key].pages if in_one_tab else []
            page = tabs[0] if tabs else profiles[key].new_page()
            page.goto(site.get_url(path))
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
