"""What customers say, from a file to a figure: the scale is asked, a bad score comes back, the customer is quoted."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys.conftest import PATIENCE_MS, sign_in, speak
from tests.journeys.site import OWNER, Site, run_site
from tests.journeys.words import Words, plain

if TYPE_CHECKING:
    from playwright.sync_api import Page

# The last month that the shop's orders hold in full.
MONTH = "every=own&from=2025-09-23&to=2025-10-23"
SCORES = (5, 5, 4, 4, 4, 3, 2, 1)
SATISFIED = 5 / 8
COMMENT = "Always fresh"


@pytest.fixture(scope="module")
def listening_shop(shop_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A copy of the shop, running with its worker."""
    home = tmp_path_factory.mktemp("listening") / "home"
    shutil.copytree(shop_home, home)
    with run_site(home) as site:
        yield site


def test_answers_come_in_and_are_counted(
    listening_shop: Site, page: "Page", words: Words, tmp_path: Path
) -> None:
    page.set_default_timeout(PATIENCE_MS)
    speak(page.context, listening_shop, words.language)
    sign_in(page, listening_shop, OWNER)
    bring(page, listening_shop, words, write_file(tmp_path, words.language))
    page.goto(listening_shop.get_url(f"/dictionary/csat/?{MONTH}"))
    value = plain(page.locator(".stat-value").first.inner_text())
    assert value == words.percent(SATISFIED)
    page.goto(listening_shop.get_url(f"/explore/?metric=csat&{MONTH}"))
    assert page.locator("[data-chart], canvas, .chart").first.is_visible()
    page.goto(listening_shop.get_url("/customers/1/"))
    assert COMMENT in page.inner_text("#timeline")


def write_file(folder: Path, language: str) -> Path:
    """A survey tool's export: eight scores that leave their scale open, one that can't be."""
    file = folder / f"answers-{language}.csv"
    rows = [f"{number},C{number},{score},{COMMENT},2025-10-05" for number, score in enumerate(SCORES, 1)]
    rows.append("99,C1,9,,2025-10-06")
    file.write_text("Response ID,Customer ID,Satisfaction,Comment,Answered at\n" + "\n".join(rows) + "\n")
    return file


def bring(page: "Page", site: Site, words: Words, file: Path) -> None:
    """Upload, answer what is asked, start, and read what became of it."""
    page.goto(site.get_url("/imports/"))
    page.locator("input[name=kind][value=surveys]").check()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name=words("Look at the file")).click()
    page.wait_for_url("**/columns/")
    page.get_by_role("button", name=words("Bring it in")).click()
    asked = words("Say on which scale “%(column)s” is.", column="Satisfaction")
    assert asked in page.get_by_role("alert").inner_text()
    with page.expect_response("**/columns/"):
        # Not check(): what is clicked is replaced by the answer, and would be looked for in vain.
        page.locator("input[name=scale][value='1-5']").click()
    page.get_by_text(words("Before this can come in:")).wait_for(state="detached")
    preview = page.get_by_role("region", name=words("As the rows will be read"))
    assert words(
        "“%(value)s” does not lie on the scale from %(low)s to %(high)s.", value="9", low=1, high=5
    ) in (preview.inner_text())
    page.get_by_role("button", name=words("Bring it in")).click()
    page.wait_for_url(lambda url: not url.endswith("/columns/"))
    page.get_by_role("button", name=words("Undo this import")).wait_for()
    # The second language brings the same answers: nothing new, nothing changed.
    rejected = page.locator(".stat", has_text=words("Rejected")).first.locator(".stat-value").inner_text()
    assert plain(rejected) == words.number(1)
