"""A segment from its first condition to the figures that it narrows: built by mouse and by keyboard, saved, used."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys.conftest import PATIENCE_MS, sign_in, speak
from tests.journeys.site import OWNER, Site, call, run_site
from tests.journeys.stories import RULE_DAYS, Story, tell_persian
from tests.journeys.words import Words, plain

if TYPE_CHECKING:
    from playwright.sync_api import Page

STORY: Story = tell_persian()


@pytest.fixture(scope="module")
def segment_shop(shop_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A copy of the shop, running with its worker."""
    home = tmp_path_factory.mktemp("segments") / "home"
    shutil.copytree(shop_home, home)
    with run_site(home) as site:
        yield site


@pytest.fixture
def owner(segment_shop: Site, page: "Page", words: Words) -> "Page":
    """The owner's browser, in each language."""
    page.set_default_timeout(PATIENCE_MS)
    speak(page.context, segment_shop, words.language)
    sign_in(page, segment_shop, OWNER)
    return page


def test_a_segment_from_its_conditions_to_the_figures_of_it(
    segment_shop: Site, owner: "Page", words: Words
) -> None:
    name = f"Lately {words.language}"
    first_by_mouse(segment_shop, owner, words)
    second_by_keyboard(owner, words)
    crr = plain(owner.inner_text("#preview [data-crr]"))
    slug = save(owner, name)
    check_page(segment_shop, owner, words, slug, crr)
    narrow_the_list(segment_shop, owner, words, slug, name)
    narrow_the_overview(segment_shop, owner, words, slug, name, crr)


def first_by_mouse(site: Site, page: "Page", words: Words) -> None:
    """Whoever bought at least once: everybody of the story."""
    page.goto(site.get_url("/segments/"))
    page.get_by_role("link", name=words("New segment")).first.click()
    page.wait_for_url("**/segments/build/")
    page.locator("select[name='n0.what']").select_option("fact:purchase")
    page.locator("[name='n0.times']").wait_for()
    wait_for_count(page, words, STORY.start + STORY.newcomers + STORY.returning)


def second_by_keyboard(page: "Page", words: Words) -> None:
    """Who bought in the last days, without touching the mouse: add a condition, choose, write, and it is counted."""
    page.locator("button[value='add@']").focus()
    page.keyboard.press("Enter")
    page.locator("select[name='n1.what']").wait_for()
    page.wait_for_function("() => document.activeElement?.name === 'n1.what'")
    # Choosing by keyboard: the arrows go through the choices one by one.
    steps = page.evaluate(
        "() => [...document.activeElement.options].findIndex(one => one.value === 'measure:days_since_last_purchase')"
    )
    for _ in range(steps):
        page.keyboard.press("ArrowDown")
    page.locator("select[name='n1.op']").wait_for()
    page.locator("select[name='n1.op']").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_function("() => document.querySelector(\"[name='n1.op']\").value === 'at_most'")
    page.locator("[name='n1.value']").wait_for()
    page.locator("[name='n1.value']").focus()
    page.keyboard.type(words.number(RULE_DAYS))
    wait_for_count(page, words, STORY.end)


def wait_for_count(page: "Page", words: Words, count: int) -> None:
    """The preview counts by itself."""
    page.locator("#preview [data-count]", has_text=words.number(count)).wait_for()
    assert plain(page.inner_text("#preview [data-count]")) == words.number(count)
    assert page.locator("#preview .preview-sample a").count() == min(10, count)


def save(page: "Page", name: str) -> str:
    """Save it; its page shows as many members as were counted."""
    page.locator("#segment-name").fill(name)
    page.locator("button[value=save]").click()
    page.wait_for_url(lambda url: "/segments/" in url and "build" not in url)
    slug = page.url.rstrip("/").rsplit("/", 1)[-1]
    assert name in page.inner_text("h1")
    return slug


def check_page(site: Site, page: "Page", words: Words, slug: str, crr: str) -> None:
    """The page, the command and the preview say the same."""
    told = call(site.home, "segment", "show", slug)
    assert told["count"] == STORY.end
    assert words.number(STORY.end) in plain(page.inner_text("#members-title"))
    row = call(site.home, "metric", "crr", "--segment", slug)["rows"][0]
    assert words.percent(row["value"]) == crr
    assert crr in plain(page.inner_text("main"))


def narrow_the_list(site: Site, page: "Page", words: Words, slug: str, name: str) -> None:
    """The list of customers, narrowed to the segment by its own choice."""
    page.goto(site.get_url("/customers/"))
    with page.expect_response(lambda answer: f"segment={slug}" in answer.url):
        page.locator("select[name=segment]").select_option(label=name)
    page.wait_for_url(f"**segment={slug}**")
    page.locator(".pages", has_text=words.number(STORY.end)).wait_for()


def narrow_the_overview(site: Site, page: "Page", words: Words, slug: str, name: str, crr: str) -> None:
    """The overview of the segment: the same retention, and it says whose figures these are."""
    page.goto(site.get_url("/overview/"))
    with page.expect_response(lambda answer: f"segment={slug}" in answer.url):
        page.locator("select[name=segment]").select_option(label=name)
    page.wait_for_url(f"**segment={slug}**")
    page.locator(f".notice a[href='/segments/{slug}/']", has_text=name).wait_for()
    assert crr in plain(page.locator(".stat-lead").first.inner_text())
    # Split by segments it stands among the others.
    page.goto(site.get_url("/overview/?by=segment"))
    assert name in page.inner_text("main")


def test_the_ready_segments_appear_by_themselves(segment_shop: Site, owner: "Page", words: Words) -> None:
    page = owner
    for _ in range(40):
        page.goto(segment_shop.get_url("/segments/"))
        if page.locator(".segment-card").count() >= 9:
            break
        page.wait_for_timeout(1_000)
    assert page.locator(".segment-card").count() >= 9
    page.locator(".segment-card a[href='/segments/active/']").click()
    page.wait_for_url("**/segments/active/")
    assert page.locator("#members tbody tr").count() > 0
