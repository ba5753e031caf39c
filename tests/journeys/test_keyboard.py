"""The pages by keyboard alone."""

from typing import TYPE_CHECKING

from tests.journeys.conftest import Visit
from tests.journeys.words import Words, plain

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOCUSED = "() => document.activeElement"


def describe_focus(page: "Page") -> str:
    """What has the focus: the address of a link, or an element's name."""
    said: str = page.evaluate(
        "() => document.activeElement.getAttribute('href') || document.activeElement.tagName"
    )
    return said


def test_the_skip_link_comes_first_and_leads_to_the_content(visit: Visit, words: Words) -> None:
    page = visit("/overview/", words.language)
    page.keyboard.press("Tab")
    assert describe_focus(page) == "#content"
    link = page.locator(".skip-link")
    assert link.inner_text() == words("Skip to the content")
    page.wait_for_function("() => document.querySelector('.skip-link').getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.id === 'content'")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.querySelector('main').contains(document.activeElement)")


def test_the_menu_is_next_in_its_own_order(visit: Visit, words: Words) -> None:
    page = visit("/overview/", words.language)
    page.keyboard.press("Tab")
    expected = [
        "/", "/overview/", "/today/", "/customers/", "/risk/", "/segments/", "/campaigns/", "/automations/",
        "/trials/", "/explore/", "/reports/", "/dictionary/",
        "/understand/", "/imports/", "/settings/",
    ]  # fmt: skip
    reached = []
    for _press in expected:
        page.keyboard.press("Tab")
        reached.append(describe_focus(page))
    assert reached == expected
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings/")


def test_menus_open_and_close(visit: Visit, words: Words) -> None:
    page = visit("/customers/", words.language)
    summary = page.locator("details:has([name=language]) summary")
    summary.focus()
    page.keyboard.press("Enter")
    menu = page.locator("button[name=language][value=zh-hans]")
    menu.wait_for()
    page.keyboard.press("Escape")
    menu.wait_for(state="hidden")
    page.wait_for_function("() => document.activeElement.tagName === 'SUMMARY'")


def test_a_dialog_holds_the_focus_and_gives_it_back(visit: Visit, words: Words) -> None:
    page = visit("/imports/1/", words.language)
    button = page.get_by_role("button", name=words("Undo this import"))
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    assert plain(dialog.locator("h2").inner_text()) == words("Undo this import?")
    assert page.evaluate("() => document.querySelector('dialog[open]').contains(document.activeElement)")
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    assert button.evaluate("button => button === document.activeElement")
