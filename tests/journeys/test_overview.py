"""The overview and what stands behind it: period, split and rule; names, exports, and why."""

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

from tests.journeys.conftest import Visit
from tests.journeys.stories import BRANCHES, tell_persian, tell_purchases
from tests.journeys.words import Words, plain

if TYPE_CHECKING:
    from playwright.sync_api import Page

STORY = tell_persian()
RULE = "purchase:60d"


def read_value(page: "Page", title: str) -> str:
    """The number of a card."""
    label = page.locator(".stat-label > span", has_text=title)
    return plain(page.locator(".stat").filter(has=label).first.locator(".stat-value").inner_text())


def choose(page: "Page", name: str, value: str) -> None:
    """Choose from a picker, and wait until the figures are those of the choice."""
    with page.expect_response(re.compile(rf"/overview/\?.*{name}={value}".replace(":", "(:|%3A)"))):
        page.locator(f".picker select[name={name}]").select_option(value)
    page.wait_for_url(re.compile(rf"{name}={value}".replace(":", "(:|%3A)")))
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")


def test_rule_period_and_split_stand_in_the_address(visit: Visit, words: Words) -> None:
    page = visit("/overview/", words.language)
    choose(page, "rule", RULE)
    assert read_value(page, words("Customer retention rate (CRR)")) == words.percent(STORY.crr)
    choose(page, "by", "location")
    rows = page.locator("[aria-labelledby=split-title] tbody tr")
    assert {plain(text) for text in rows.locator("th").all_inner_texts()} == set(BRANCHES)
    page.locator("a[rel=prev]").click()
    page.wait_for_url("**from=2025-08-23**")
    kept = ("rule=purchase", "by=location")
    assert all(part in page.url for part in kept)
    assert read_value(page, words("New customers")) == words.number(STORY.staying)
    page.locator("a[rel=next]").click()
    page.wait_for_url("**from=2025-09-23**")
    choose(page, "every", "quarter")
    assert words("Season") in page.locator("select[name=every]").inner_text()
    title = page.locator("strong.text-lg").inner_text()
    assert ("پاییز" if words.language == "fa" else "1404") in title
    page.reload()
    assert page.locator("select[name=every]").input_value() == "quarter"
    assert page.locator("select[name=by]").input_value() == "location"


def test_a_click_on_the_lost_lists_and_exports_as_many(visit: Visit, words: Words) -> None:
    page = visit(f"/overview/?rule={RULE}", words.language)
    label = page.locator(".stat-label > span", has_text=words("Lost customers"))
    page.locator(".stat").filter(has=label).first.locator(".stat-value a").click()
    page.wait_for_url("**/names/lost/**")
    names = page.locator("main tbody th").all_inner_texts()
    assert len(names) == STORY.leaving
    assert words.number(STORY.leaving) in page.inner_text("h1")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    exported = list(csv.reader(Path(download.value.path()).read_text("utf-8-sig").splitlines()))[1:]
    assert len(exported) == STORY.leaving
    assert {name for row in exported for name in row} >= {plain(name) for name in names}


def test_a_name_leads_to_its_page_and_to_why(visit: Visit, words: Words) -> None:
    page = visit(f"/names/lost/?every=own&from=2025-09-23&to=2025-10-23&rule={RULE}", words.language)
    row = page.locator("main tbody tr").first
    name = plain(row.locator("th").inner_text())
    row.get_by_role("link", name=words("Why: %(name)s", name=name)).click()
    page.wait_for_url("**/customers/**")
    assert name in page.inner_text("h1")
    why = page.locator("#why")
    bought = "۱۸ مرداد ۱۴۰۴" if words.language == "fa" else "18 Mordad 1404"
    assert bought in plain(why.inner_text())
    assert ("۱ آبان ۱۴۰۴" if words.language == "fa" else "1 Aban 1404") in plain(why.inner_text())
    lost = plain(why.locator("p strong").first.inner_text())
    why.locator("input[name=on]").fill("1404/07/01")
    why.locator("button").click()
    page.wait_for_function(
        "old => document.querySelector('#why p strong').textContent.trim() !== old", arg=lost
    )
    assert ("۱ مهر ۱۴۰۴" if words.language == "fa" else "1 Mehr 1404") in plain(
        page.locator("#why").inner_text()
    )
    assert page.locator("#timeline li").count() == 1


def test_every_number_with_names_has_as_many(visit: Visit) -> None:
    bought = list(tell_purchases(STORY.staying, STORY.leaving, STORY.newcomers, STORY.returning))
    assert (
        len({one.person for one in bought})
        == STORY.staying + STORY.leaving + STORY.newcomers + STORY.returning
    )
    counts = {
        "start": STORY.start, "end": STORY.end, "kept": STORY.staying, "lost": STORY.leaving,
        "new": STORY.newcomers, "reactivated": STORY.returning,
        "article_difference": STORY.returning,
    }  # fmt: skip
    words = Words("fa")
    for name, count in counts.items():
        page = visit(f"/names/{name}/?every=own&from=2025-09-23&to=2025-10-23&rule={RULE}")
        listed = page.locator("main tbody tr").count()
        total = plain(page.locator("h1").inner_text())
        assert (listed, words.number(count) in total) == (min(count, 50), True), name
        page.close()


def test_charts_are_drawn_and_stand_as_tables_too(visit: Visit, words: Words) -> None:
    page = visit(f"/overview/?rule={RULE}", words.language)
    for name in ("trend", "growth"):
        page.locator(f"figure[data-chart={name}] canvas, figure[data-chart={name}] svg").first.wait_for()
    table = page.locator("[aria-labelledby=trend-title] details:has(table)")
    table.locator("summary").click()
    assert words.percent(STORY.crr) in plain(table.inner_text())
