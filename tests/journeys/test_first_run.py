"""From an empty machine to a true picture: the one-time link, the first steps, a file, the overview, and undo."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys.conftest import PATIENCE_MS
from tests.journeys.site import OWNER, PASSWORD, Site, run_site
from tests.journeys.stories import RULE_DAYS, Story, tell_english, tell_persian
from tests.journeys.words import Words, plain

if TYPE_CHECKING:
    from playwright.sync_api import Page

PLACES = {
    "IR": {
        "zone": "Asia/Tehran",
        "calendar": "jalali",
        "week_start": "sat",
        "currency": "IRT",
        "phone_region": "IR",
        "fiscal_first_month": "1",
    },
    "US": {
        "calendar": "gregorian",
        "week_start": "sun",
        "currency": "USD",
        "phone_region": "US",
        "fiscal_first_month": "1",
    },
}
NO_DATA_YET = (
    "There is no data yet, so the effect can't be shown. Take the first choice for now; after the import this "
    "page shows what each rule says."
)
DAYS_OFF = {"IR": {"fri"}, "US": {"sat", "sun"}}


@pytest.mark.slow
@pytest.mark.parametrize("tell", [tell_persian, tell_english], ids=["fa", "en"])
def test_from_nothing_to_a_true_picture(tell: Callable[[], Story], tmp_path: Path, page: "Page") -> None:
    story = tell()
    page.set_default_timeout(PATIENCE_MS)
    with run_site(tmp_path / "home") as site:
        become_owner(page, site, site.document["begin"], story.language)
        take_first_steps(page, story)
        bring_file(page, story, tmp_path)
        read_summary(page, story)
        see_overview(page, story)
        undo(page, site, story)


def become_owner(page: "Page", site: Site, begin: str, language: str) -> None:
    """The printed link makes the owner once; every other page leads to it."""
    page.goto(site.get_url("/customers/"))
    assert page.url == site.get_url("/begin/")
    page.locator("details:has([name=language]) summary").click()
    page.locator(f"[name=language][value={language}]").click()
    words = Words(language)
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "fa" else "ltr")
    assert words(
        "Nobody owns this installation yet. The link by which the owner begins was printed where Vafa was started."
    ) in page.inner_text("main")
    page.locator("input[name=token]").fill("not-the-link")
    page.locator("main form button").click()
    assert words("This link is not the one that was printed, or it has been used.") in page.inner_text("main")
    page.goto(begin)
    page.locator("input[name=email]").fill(OWNER)
    page.locator("input[name=password]").fill("short")
    page.locator("main form button").click()
    assert page.locator(".field-errors").is_visible()
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url("**/first-steps/country/")
    page.context.clear_cookies(name="django_language")


def take_first_steps(page: "Page", story: Story) -> None:
    """The country settles the rest, all of it shown and changeable; then the name, the industry and the rule."""
    with page.expect_navigation():
        page.locator("select[name=country]").select_option(story.country)
    for name, value in PLACES[story.country].items():
        assert page.locator(f"select[name={name}]").input_value() == value, name
        assert page.locator(f"select[name={name}]").is_enabled()
    off = {
        day for day in ("sat", "sun", "mon", "tue", "wed", "thu", "fri")
        if page.locator(f"select[name=weekend_{day}]").input_value() == "full"
    }  # fmt: skip
    assert off == DAYS_OFF[story.country]
    words = Words(story.language)
    _go_on(page, words)
    page.wait_for_url("**/first-steps/business/")
    assert page.locator("select[name=language]").input_value() == story.language
    page.locator("input[name=name]").fill("خانهٔ چای" if story.language == "fa" else "Tea House")
    page.locator("input[name=customer_word][value=customer]").check()
    _go_on(page, words)
    page.wait_for_url("**/first-steps/industry/")
    page.locator("input[name=industry][value=retail]").check()
    _go_on(page, words)
    page.wait_for_url("**/first-steps/rule/")
    assert words(NO_DATA_YET) in page.inner_text("main")
    page.locator("input[name=kind][value=purchase]").check()
    page.locator("input[name=window_days]").fill(str(RULE_DAYS))
    _go_on(page, words)
    page.wait_for_url("**/first-steps/import/")
    page.locator("button[name=to][value=import]").click()
    page.wait_for_url("**/imports/")
    assert page.locator("html").get_attribute("lang") == story.language


def _go_on(page: "Page", words: Words) -> None:
    page.get_by_role("button", name=words("Go on"), exact=True).click()


def bring_file(page: "Page", story: Story, folder: Path) -> None:
    """Upload, look at the guess and the preview, answer what is asked, start."""
    words = Words(story.language)
    file = folder / story.file_name
    file.write_bytes(story.content)
    page.locator("input[type=file]").set_input_files(file)
    assert story.file_name in page.inner_text("[data-chosen]")
    page.get_by_role("button", name=words("Look at the file")).click()
    page.wait_for_url("**/columns/")
    CHECKS[story.country](page, words)
    page.get_by_role("button", name=words("Bring it in")).click()
    page.wait_for_url(lambda url: not url.endswith("/columns/"))
    page.get_by_role("button", name=words("Undo this import")).wait_for()


def check_persian_reading(page: "Page", words: Words) -> None:
    """Windows-1256 and Jalali days are told unaided; rial or toman is asked, and nothing starts without it."""
    chosen = {
        name: page.locator(f"#id_map_{name}").input_value()
        for name in ("order", "customer", "name", "phone", "at", "location", "amount", "status")
    }
    assert chosen == {
        "order": "شماره سفارش", "customer": "کد مشتري", "name": "نام مشتري", "phone": "موبايل",
        "at": "تاريخ", "location": "شعبه", "amount": "مبلغ", "status": "وضعيت",
    }  # fmt: skip
    preview = page.get_by_role("region", name=words("As the rows will be read"))
    assert "۱۲ شهریور ۱۴۰۴" in plain(preview.inner_text())
    assert "1404/13/45" in preview.inner_text()
    page.get_by_role("button", name=words("Bring it in")).click()
    assert (
        words("Say in which unit “%(column)s” is.", column="مبلغ") in page.get_by_role("alert").inner_text()
    )
    with page.expect_response("**/columns/"):
        page.locator("input[name=unit][value=IRT]").click()
    page.get_by_text(words("Before this can come in:")).wait_for(state="detached")
    assert "۱٬۲۰۰٬۰۰۰" in plain(preview.inner_text())
    assert page.locator("select[aria-label='لغو شده']").input_value() == "not"


def check_shopify_reading(page: "Page", words: Words) -> None:
    """The export is recognised; nothing has to be asked."""
    text = page.inner_text("main")
    assert words("Recognised as an export of %(system)s.", system="Shopify") in text
    assert words("Before this can come in:") not in text
    assert page.locator("#id_map_order").input_value() == "Name"
    assert page.locator("#id_map_quantity").input_value() == "Lineitem quantity"
    assert page.locator("select[aria-label='voided']").input_value() == "not"


CHECKS = {"IR": check_persian_reading, "US": check_shopify_reading}


def read_summary(page: "Page", story: Story) -> None:
    """The counts are the file's; what was rejected stands in a file with its line and reason."""
    words = Words(story.language)
    shown = {
        label: page.locator(".stat", has_text=words(label)).first.locator(".stat-value").inner_text()
        for label in ("Rows read", "New", "Rejected")
    }
    assert {label: plain(text) for label, text in shown.items()} == {
        "Rows read": words.number(story.rows),
        "New": words.number(story.rows - story.bad),
        "Rejected": words.number(story.bad),
    }
    with page.expect_download() as download:
        page.get_by_role("link", name=words("Download the rejected rows")).click()
    rejected = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert len(rejected) == story.bad + 1
    assert ("1404/13/45" if story.country == "IR" else "2025-09-45") in rejected[1]


def see_overview(page: "Page", story: Story) -> None:
    """The overview opens on the file's last whole month, with its true numbers."""
    words = Words(story.language)
    page.get_by_role("link", name=words("To the overview")).click()
    page.wait_for_url("**/overview/")
    assert plain(page.inner_text(".picker >> nth=0 >> xpath=..")).startswith(story.before)
    assert read_cards(page, words) == {
        "Customer retention rate (CRR)": words.percent(story.crr),
        "Churn rate": words.percent(1 - story.crr),
        "Active customers": words.number(story.end),
        "New customers": words.number(story.newcomers),
        "Lost customers": words.number(story.leaving),
        "Reactivated customers": words.number(story.returning),
    }


def read_cards(page: "Page", words: Words) -> dict[str, str]:
    """The overview's first numbers by their titles."""
    titles = (
        "Customer retention rate (CRR)", "Churn rate", "Active customers", "New customers", "Lost customers",
        "Reactivated customers",
    )  # fmt: skip
    cards = page.locator(".stat")
    found = {}
    for title in titles:
        label = page.locator(".stat-label > span", has_text=words(title))
        found[title] = plain(cards.filter(has=label).first.locator(".stat-value").inner_text())
    return found


def undo(page: "Page", site: Site, story: Story) -> None:
    """Taking the import back asks first, and leaves nothing: the overview teaches again."""
    words = Words(story.language)
    page.goto(site.get_url("/imports/"))
    page.get_by_role("link", name=story.file_name).click()
    page.get_by_role("button", name=words("Undo this import")).click()
    dialog = page.get_by_role("dialog")
    assert words("Undo this import?") in dialog.inner_text()
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    page.get_by_role("button", name=words("Undo this import")).click()
    dialog.get_by_role("button", name=words("Undo"), exact=True).click()
    page.get_by_text(words("This import has been undone")).wait_for()
    page.goto(site.get_url("/overview/"))
    assert words("Bring in your orders or memberships") in page.inner_text("main")
    page.goto(site.get_url("/customers/"))
    assert words("Nobody here yet") in page.inner_text("main")
