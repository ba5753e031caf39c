"""Customers at risk: listed and made a segment, taken on and moved on the board until they are saved, and what became
of those who were told to be safe."""

import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys.conftest import PATIENCE_MS, Visit, sign_in, speak
from tests.journeys.leavers import PREDICTED, TAKEN_ON_BEFORE, name_buyer, tell_orders
from tests.journeys.site import OWNER, Site, run_module, run_site
from tests.journeys.words import Words, plain

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.slow

HORIZON = timedelta(days=90)


@pytest.fixture(scope="module")
def foreseeing(shop_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A copy of the shop with so many more customers that its past suffices to predict, running."""
    home = tmp_path_factory.mktemp("foreseeing") / "home"
    shutil.copytree(shop_home, home)
    run_module(home, "tests.journeys.leavers")
    with run_site(home) as site:
        yield site


@pytest.fixture
def owner(foreseeing: Site, page: "Page", words: Words) -> "Page":
    """The owner's browser, in each language."""
    page.set_default_timeout(PATIENCE_MS)
    speak(page.context, foreseeing, words.language)
    sign_in(page, foreseeing, OWNER)
    return page


def test_a_customer_is_taken_on_and_moved_by_keyboard(foreseeing: Site, owner: "Page", words: Words) -> None:
    page = owner
    page.goto(foreseeing.get_url("/risk/"))
    assert page.locator(".board-waiting .badge-error").count()
    name = page.locator(".board-waiting .board-name").first.inner_text()
    page.locator(".board-waiting button[name=one]").first.press("Enter")
    page.locator("[data-undo]").wait_for()
    # By the undo it waits again, and is taken on once more.
    page.locator("[data-undo] button").press("Enter")
    page.locator(".board-waiting .board-name", has_text=name).wait_for()
    page.locator(".board-waiting button[name=one]").first.press("Enter")
    page.locator("[data-stage=at_risk] [data-case]", has_text=name).wait_for()
    for stage in ("plan_made", "being_saved"):
        move(page, name, stage)
    plan(page, name, f"Call ({words.language})")
    see_on_the_file(page, foreseeing, name)
    page.goto(foreseeing.get_url("/risk/?column=being_saved"))
    move(page, name, "saved")


def move(page: "Page", name: str, stage: str) -> None:
    """By the card's menu, without a mouse; the card keeps the focus."""
    card = page.locator("[data-case]", has_text=name)
    summary = card.locator("summary")
    key = summary.get_attribute("id")
    summary.press("Enter")
    card.locator(f"button[value={stage}]").press("Enter")
    page.locator(f"[data-stage={stage}] [data-case]", has_text=name).wait_for()
    page.wait_for_function("key => document.activeElement.id === key", arg=key)


def plan(page: "Page", name: str, title: str) -> None:
    """The next step of a case, said on its page, stands on its card and among the tasks."""
    page.locator("[data-case]", has_text=name).locator(".board-foot a").click()
    page.locator("input[name=title]").fill(title)
    page.locator("select[name=ahead]").select_option("0")
    page.locator("form.stack button.btn-primary").click()
    page.locator("[data-undo]").wait_for()
    assert title in page.inner_text("main")


def see_on_the_file(page: "Page", site: Site, name: str) -> None:
    """The customer's file tells of the case, and with the customer's own numbers what the risk goes with."""
    page.goto(site.get_url("/risk/?column=being_saved"))
    page.locator("[data-case]", has_text=name).locator(".board-name").click()
    page.locator("#customer-risk a[href^='/risk/cases/']").wait_for()
    reasons = page.locator("#customer-risk ul.list-disc > li")
    assert 1 <= reasons.count() <= 3
    assert any(digit.isdigit() for digit in reasons.first.inner_text())


def test_a_card_is_dragged_to_the_next_column_and_tells_how_long_it_stays(
    foreseeing: Site, owner: "Page", words: Words
) -> None:
    page = owner
    page.goto(foreseeing.get_url("/risk/"))
    days = words.count("%(count)s day", "%(count)s days", TAKEN_ON_BEFORE.days)
    waited = words("In this stage for %(days)s", days=days)
    key = page.locator("[data-stage=at_risk] [data-case]", has_text=waited).first.get_attribute("data-case")
    card = page.locator(f"[data-case='{key}']")
    # By its edge: a name in it is a link, which can be dragged too.
    card.drag_to(page.locator("[data-stage=plan_made] .board-head"), source_position={"x": 6, "y": 6})
    page.locator(f"[data-stage=plan_made] [data-case='{key}']").wait_for()
    page.goto(foreseeing.get_url("/risk/?column=plan_made"))
    there = page.locator(f"[data-stage=plan_made] [data-case='{key}']")
    assert words("In this stage since today") in plain(there.inner_text())
    there.locator(".board-foot a").click()
    page.wait_for_url("**/risk/cases/**")
    facts = plain(page.inner_text("dl.facts"))
    assert f"{words('At risk', context='stage')} {days}" in facts
    assert words("Plan made", context="stage") in facts


def test_those_at_high_risk_are_listed_sorted_and_made_a_segment(
    foreseeing: Site, owner: "Page", words: Words
) -> None:
    page = owner
    page.goto(foreseeing.get_url("/customers/"))
    page.locator("select[name=risk]").select_option("high")
    page.wait_for_url("**risk=high**")
    for falls in (True, False):
        page.locator("main thead").get_by_role("link", name=words("Risk")).click()
        page.locator(f"th[aria-sort={'descending' if falls else 'ascending'}]").wait_for()
        told = [plain(text) for text in page.locator("main tbody td:last-child").all_inner_texts()]
        assert all(text.startswith(words("High", context="risk")) for text in told)
        chances = [read_number(text) for text in told]
        assert chances == sorted(chances, reverse=falls)
    assert chances[0] < chances[-1]
    listed = list_links(page)
    slug = make_segment(foreseeing, page, words, len(listed))
    page.goto(foreseeing.get_url(f"/customers/?segment={slug}&sort=risk&dir=up"))
    assert list_links(page) == listed


def list_links(page: "Page") -> list[str]:
    """Who stands in the list of customers, from its top."""
    links: list[str] = page.locator("main tbody th a").evaluate_all("all => all.map(link => link.pathname)")
    return links


def make_segment(site: Site, page: "Page", words: Words, count: int) -> str:
    """Whoever is at high risk, of whom the preview counts as many as the list has; the name in its address."""
    page.goto(site.get_url("/segments/build/"))
    page.locator("select[name='n0.what']").select_option("field:risk_band")
    page.locator("input[name='n0.value'][value=high]").check()
    page.locator("#preview [data-count]", has_text=re.compile(f"^\\s*{words.number(count)}\\s*$")).wait_for()
    page.locator("#segment-name").fill(f"Leaving ({words.language})")
    page.locator("button[value=save]").click()
    page.wait_for_url(lambda url: "/segments/" in url and "build" not in url)
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def test_what_was_predicted_stands_beside_what_happened(
    foreseeing: Site, owner: "Page", words: Words
) -> None:
    page = owner
    page.goto(foreseeing.get_url("/risk/record/"))
    page.locator("figure[data-chart=trend] svg, figure[data-chart=trend] canvas").first.wait_for()
    months = read_rows(page.locator("[aria-labelledby=months-title]"))
    assert len(months) == len(PREDICTED)
    found = 0
    for day, month in zip(reversed(PREDICTED), months, strict=True):
        page.locator("select[name=of]").select_option(day.isoformat())
        page.locator("[aria-labelledby=closer-title] form button").click()
        page.wait_for_url(f"**of={day.isoformat()}**")
        found += check_month(page, day, month)
    assert found
    with page.expect_download() as download:
        page.locator("#safe a[download]").first.click()
    lines = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert len(lines) == 1 + page.locator("#safe tbody tr").count()


def check_month(page: "Page", day: date, month: list[str]) -> int:
    """The bands make up the month, and who was told to be safe and left has truly not come; how many those are."""
    customers, predicted, left = map(read_number, month[2:5])
    assert 0 < predicted < customers
    bands = [
        list(map(read_number, row[1:4]))
        for row in read_rows(page.locator("[aria-labelledby=closer-title]"))[:3]
    ]
    assert (sum(band[0] for band in bands), sum(band[2] for band in bands)) == (customers, left)
    names = [plain(text) for text in page.locator("#safe tbody th").all_inner_texts()]
    assert len(names) == bands[-1][2]
    bought: dict[str, list[date]] = {}
    for person, on in tell_orders():
        bought.setdefault(name_buyer(person + 1), []).append(on)
    for name in names:
        days = bought.get(name, [])
        assert not [on for on in days if day <= on < day + HORIZON]
    return len([name for name in names if name in bought])


def read_rows(part: "Locator") -> list[list[str]]:
    """The cells of the tables of a part of a page."""
    rows: list[list[str]] = part.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText))"
    )
    return [[plain(text) for text in row] for row in rows]


def read_number(text: str) -> int:
    """The first whole number of a text, in whichever digits."""
    found = re.search(r"\d+", text)
    assert found, text
    return int(found[0])


@pytest.fixture(scope="module")
def looked_at(shop: Site) -> None:
    """The worker's look at the shop's data, which comes within minutes, done at once."""
    run_module(shop.home, "tests.journeys.later", "2026-01-15T08:00:00+00:00", "predictions.look")


@pytest.mark.usefixtures("looked_at")
def test_a_shop_of_few_customers_is_told_what_is_missing(visit: Visit, words: Words) -> None:
    page = visit("/risk/", words.language)
    told = page.locator("[aria-labelledby=refused-title]")
    assert words.number(65) in told.locator("li").first.inner_text()
    assert told.locator("a").count() == 2
