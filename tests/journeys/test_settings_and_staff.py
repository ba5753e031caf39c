"""Changing the settings, letting somebody in, and what a role forbids."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys.conftest import PATIENCE_MS, sign_in, speak
from tests.journeys.site import OWNER, PASSWORD, Site, run_site
from tests.journeys.words import Words, plain
from tests.support.browser import open_watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

READER = "reader@example.com"


@pytest.fixture(scope="module")
def own_shop(shop_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A copy of the shop for journeys that change it."""
    home = tmp_path_factory.mktemp("changed") / "home"
    shutil.copytree(shop_home, home)
    with run_site(home) as site:
        yield site


@pytest.fixture
def owner(own_shop: Site, page: "Page") -> "Page":
    """A page of a browser in which the owner has signed in."""
    page.set_default_timeout(PATIENCE_MS)
    speak(page.context, own_shop, "en")
    sign_in(page, own_shop, OWNER)
    return page


def test_an_invited_reader_sees_figures_and_is_refused_the_rest(
    own_shop: Site, owner: "Page", browser: "Browser", words: Words
) -> None:
    email = f"{words.language}-{READER}"
    link = invite_reader(own_shop, owner, email)
    with open_watched(browser) as context:
        context.set_default_timeout(PATIENCE_MS)
        speak(context, own_shop, words.language)
        reader = context.new_page()
        reader.goto(link)
        assert email in reader.inner_text("main")
        reader.locator("input[name=password]").fill(PASSWORD)
        reader.get_by_role("button", name=words("Save and sign in")).click()
        reader.wait_for_url("**/overview/")
        places = reader.locator("nav.side-inner .nav-item").evaluate_all(
            "links => links.map(l => l.pathname)"
        )
        assert places == [
            "/overview/", "/customers/", "/risk/", "/segments/", "/trials/", "/explore/", "/reports/", "/dictionary/",
            "/understand/",
        ]  # fmt: skip
        for path in ("/imports/", "/settings/", "/settings/staff/", "/customers/export.csv"):
            answer = reader.goto(own_shop.get_url(path))
            assert answer is not None
            assert answer.status == 403, path
            assert words("You can't open this page") in reader.inner_text("main")
        reader.goto(own_shop.get_url("/customers/"))
        assert reader.get_by_role("link", name="CSV").count() == 0
        reader.goto(link)
        assert words("This invitation is no longer valid") in reader.inner_text("main")
    shut_out(own_shop, owner, email)


def invite_reader(site: Site, owner: "Page", email: str) -> str:
    """Let somebody in as read-only without a password; the link that the owner is to send."""
    owner.goto(site.get_url("/settings/staff/"))
    owner.locator("input[name=email]").fill(email)
    owner.locator("form:has(input[name=email]) select[name=role]").select_option("read_only")
    owner.get_by_role("button", name="Add", exact=True).click()
    link = owner.get_by_label(Words("en")("Invitation link")).input_value()
    owner.reload()
    assert owner.get_by_label(Words("en")("Invitation link")).count() == 0  # shown only once
    return link


def shut_out(site: Site, owner: "Page", email: str) -> None:
    """Whoever is shut out can't sign in again."""
    owner.goto(site.get_url("/settings/staff/"))
    row = owner.locator("tbody tr", has_text=email)
    row.locator("button[value=deactivate]").click()
    row.locator("button[value=reactivate]").wait_for()
    with_reader = owner.context.browser
    assert with_reader is not None
    context = with_reader.new_context()
    page = context.new_page()
    page.goto(site.get_url("/sign-in/"))
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button").click()
    page.locator(".notice-error").wait_for()
    context.close()


def test_the_language_menu_keeps_the_page(own_shop: Site, owner: "Page") -> None:
    owner.goto(own_shop.get_url("/overview/?rule=purchase:60d"))
    for language, direction, rate in (("fa", "rtl", "۷۶٫۹٪"), ("zh-hans", "ltr", "76.9%"), ("ar", "rtl", "")):
        owner.locator("details:has([name=language]) summary").click()
        owner.locator(f"button[name=language][value={language}]").click()
        owner.wait_for_function("language => document.documentElement?.lang === language", arg=language)
        assert owner.locator("html").get_attribute("dir") == direction
        assert owner.url.endswith("/overview/?rule=purchase:60d")
        assert rate in plain(owner.locator(".stat-value").first.inner_text())


def test_the_theme_is_kept(own_shop: Site, owner: "Page") -> None:
    owner.goto(own_shop.get_url("/my-account/"))
    background = "() => getComputedStyle(document.documentElement).backgroundColor"
    light = owner.evaluate(background)
    owner.locator("[data-theme-toggle]").click()
    owner.wait_for_function("() => document.documentElement.dataset.theme === 'dark'")
    owner.reload()
    assert owner.locator("html").get_attribute("data-theme") == "dark"
    assert owner.evaluate(background) != light
    owner.locator("select[name=theme]").select_option("light")
    owner.locator("form:has(select[name=theme]) button").click()
    owner.get_by_text(Words("en")("Saved.")).wait_for()
    assert owner.locator("html").get_attribute("data-theme") == "light"
    assert owner.evaluate(background) == light


def test_digits_word_and_calendar_are_choices(own_shop: Site, owner: "Page") -> None:
    words = Words("fa")
    owner.goto(own_shop.get_url("/settings/"))
    owner.locator("input[name=customer_word][value=member]").check()
    owner.locator("input[name=name]").fill("باشگاه")
    owner.get_by_role("button", name="Save", exact=True).click()
    owner.get_by_text(Words("en")("Saved.")).wait_for()
    owner.goto(own_shop.get_url("/settings/place/"))
    owner.locator("select[name=digits]").select_option("latn")
    owner.locator("select[name=calendar]").select_option("gregorian")
    owner.get_by_role("button", name="Save", exact=True).click()
    owner.get_by_text(Words("en")("Saved.")).wait_for()
    speak(owner.context, own_shop, "fa")
    owner.goto(own_shop.get_url("/overview/?rule=purchase:60d&from=2025-09-01"))
    shown = plain(owner.inner_text("main"))
    assert "2025" in shown
    assert not re.findall("[^ ]* ?[^ ]*[۰-۹][^ ]* ?[^ ]*", shown)
    assert "باشگاه" in owner.inner_text(".top-business")
    assert words("Members") in owner.inner_text("nav.side-inner")
    owner.goto(own_shop.get_url("/settings/place/"))
    owner.locator("select[name=digits]").select_option("auto")
    owner.locator("select[name=calendar]").select_option("jalali")
    owner.locator("main form .btn-primary").click()
    owner.get_by_text(words("Saved.")).wait_for()
    owner.goto(own_shop.get_url("/overview/?rule=purchase:60d"))
    assert "۱۴۰۴" in owner.inner_text("main")


def test_a_shorter_window_shows_its_effect_before_it_is_saved(own_shop: Site, owner: "Page") -> None:
    owner.goto(own_shop.get_url("/settings/rule/"))
    owner.locator("input[name=window_days]").fill("45")
    owner.locator("button[name=preview]").click()
    owner.wait_for_url("**window_days=45**")
    effects = owner.locator("#rule-effects tbody tr")
    rates = {
        plain(row.locator("td").first.inner_text()): plain(row.locator("td").last.inner_text())
        for row in effects.all()
    }
    assert any("45" in title for title in rates)
    assert any(rate.startswith("76.9%") for rate in rates.values())
    owner.locator("input[name=kind][value=purchase]").check()
    owner.locator("input[name=window_days]").fill("60")
    owner.get_by_role("button", name="Save", exact=True).click()
    owner.get_by_text(Words("en")("Saved.")).wait_for()
    owner.goto(own_shop.get_url("/overview/"))
    assert plain(owner.locator(".stat-value").first.inner_text()) == "76.9%"
