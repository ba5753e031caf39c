"""On a phone: the menu reaches everything; no page is wider than the screen in languages that axe doesn't walk."""

from typing import TYPE_CHECKING

import pytest

from tests.journeys.conftest import Visit
from tests.journeys.pages import list_pages_of_each_kind
from tests.journeys.phone import PHONE, find_wide
from tests.journeys.words import ALL_LANGUAGES, LANGUAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.mark.slow
@pytest.mark.parametrize("language", [name for name in ALL_LANGUAGES if name not in LANGUAGES])
def test_no_page_is_wider_than_a_phone(tour: Visit, language: str) -> None:
    """In Persian and English `test_axe` looks, which opens the same pages. Of the other languages each looks at every
    other page, and together they see all: what is too wide is a table or a form, not one language's words."""
    others = [name for name in ALL_LANGUAGES if name not in LANGUAGES]
    wide = []
    for path, options in list_pages_of_each_kind()[others.index(language) :: len(others)]:
        wide += [f"{path}: {line}" for line in find_wide(tour(path, language, **PHONE, **options))]
    assert not wide, "\n".join(wide)


def test_the_phones_menu_reaches_every_page(walk: Visit) -> None:
    page = walk("/overview/", "fa", **PHONE)
    bar = page.locator("nav.bottom")
    assert bar.is_visible()
    assert page.locator(".side").is_hidden()
    bar.locator("summary").click()
    bar.locator("a[href='/settings/']").click()
    page.wait_for_url("**/settings/")


def test_the_width_of_a_page_is_noticed(page: "Page") -> None:
    page.set_viewport_size(PHONE["viewport"])
    page.set_content("<body><p>As wide as the screen</p>")
    assert not find_wide(page)
    page.set_content("<body><div style='width: 500px' id=wide>Wider</div>")
    assert 'id="wide"' in find_wide(page)[0]
