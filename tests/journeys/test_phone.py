"""The pages on a phone: nothing is wider than the screen, and the menu reaches everything."""

import pytest

from tests.journeys.conftest import Visit
from tests.journeys.pages import list_pages
from tests.journeys.words import ALL_LANGUAGES

WIDTH = 390
PHONE = {"viewport": {"width": WIDTH, "height": 844}}
# Elements that stick out of the screen, save those inside a box that scrolls by itself.
FIND_WIDE = """() => [...document.querySelectorAll('body *')].filter(element => {
    const { left, right, width } = element.getBoundingClientRect()
    if (!width || (left > -1 && right < innerWidth + 1)) return false
    for (let box = element.parentElement; box && box !== document.body; box = box.parentElement)
        if (getComputedStyle(box).overflowX !== 'visible') return false
    return getComputedStyle(element).position !== 'fixed'
}).slice(0, 5).map(element => element.outerHTML.slice(0, 120))"""


@pytest.mark.slow
@pytest.mark.parametrize("language", ALL_LANGUAGES)
def test_no_page_is_wider_than_a_phone(tour: Visit, language: str) -> None:
    wide = []
    for path, options in list_pages():
        page = tour(path, language, **PHONE, **options)
        width = page.evaluate(
            "() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"
        )
        if width > WIDTH:
            wide.append(f"{path}: {width} pixels, {page.evaluate(FIND_WIDE)}")
    assert not wide, "\n".join(wide)


def test_the_phones_menu_reaches_every_page(walk: Visit) -> None:
    page = walk("/overview/", "fa", **PHONE)
    bar = page.locator("nav.bottom")
    assert bar.is_visible()
    assert page.locator(".side").is_hidden()
    bar.locator("summary").click()
    bar.locator("a[href='/settings/']").click()
    page.wait_for_url("**/settings/")
