"""A dashboard from its making to a revoked link: made, sent by mail to a real server, taken as a file, shared."""

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from tests.journeys.conftest import PATIENCE_MS, sign_in, speak
from tests.journeys.mails import set_up_mail, wait_for_mail
from tests.journeys.site import OWNER, Site, run_site
from tests.journeys.words import Words, plain
from tests.support.browser import open_watched
from tests.support.smtp import MailSink, Taken, run_mail_sink

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

RULE = "purchase:60d"


@pytest.fixture(scope="module")
def sink() -> Iterator[MailSink]:
    with run_mail_sink() as running:
        yield running


@pytest.fixture(scope="module")
def reporting_shop(shop_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A copy of the shop, running with its worker."""
    home = tmp_path_factory.mktemp("reporting") / "home"
    shutil.copytree(shop_home, home)
    with run_site(home) as site:
        yield site


@pytest.fixture
def owner(reporting_shop: Site, page: "Page", words: Words) -> "Page":
    """The owner's browser, in each language."""
    page.set_default_timeout(PATIENCE_MS)
    speak(page.context, reporting_shop, words.language)
    sign_in(page, reporting_shop, OWNER)
    return page


def test_a_report_from_making_to_revoking(
    reporting_shop: Site, owner: "Page", browser: "Browser", words: Words, sink: MailSink
) -> None:
    set_up_mail(reporting_shop, owner, sink)
    dashboard = make_dashboard(reporting_shop, owner, words)
    mail = schedule_and_receive(owner, dashboard, words, sink)
    check_mail(mail, words, browser)
    export(owner, dashboard)
    share_and_revoke(reporting_shop, owner, dashboard, browser, words)
    delete_and_take_back(owner, dashboard)


def make_dashboard(site: Site, page: "Page", words: Words) -> str:
    """Make one from nothing, add three metrics, and bring the last one to the top; the address of the dashboard."""
    page.goto(site.get_url("/reports/new/"))
    page.locator("input[name=name]").fill(f"Board {words.language}")
    page.locator("input[name=begin][value=empty]").check()
    page.locator("form:has(input[name=name]) button.btn-primary").click()
    page.wait_for_url("**/edit/")
    dashboard = page.url.removesuffix("edit/")
    for metric, chart, by in (
        ("customers_new", "table", ""),
        ("crr", "trend", "location"),
        ("crr", "number", ""),
    ):
        page.goto(f"{dashboard}items/new/")
        page.locator("select[name=metric]").select_option(metric)
        page.locator("select[name=chart]").select_option(chart)
        page.locator("select[name=by]").select_option(by)
        page.locator("select[name=rule]").select_option(RULE)
        page.locator("input[name=periods]").fill("۳" if words.language == "fa" else "3")
        page.locator("form:has(select[name=metric]) button.btn-primary").click()
        page.wait_for_url("**/edit/")
    for place in (2, 1):
        # By the keyboard alone: the buttons are what a form needs, and no dragging.
        with page.expect_navigation():
            page.locator("tbody tr").nth(place).locator("button[value=up]").press("Enter")
    page.goto(dashboard)
    first = plain(page.locator("#report .stat-label").first.inner_text())
    assert first == words("Customer retention rate (CRR)")
    page.locator("figure canvas").wait_for()
    return dashboard


def schedule_and_receive(page: "Page", dashboard: str, words: Words, sink: MailSink) -> Taken:
    """Schedule it for oneself, look at the preview, send it now; the mail as the server took it."""
    page.goto(f"{dashboard}schedules/")
    page.locator("select[name=every]").select_option("week")
    page.locator("input[type=checkbox][name^=to_]").check()
    page.locator("select[name^=language_]").select_option(words.language)
    page.locator("form:has(select[name=every]) button.btn-primary").click()
    page.wait_for_url("**/reports/schedules/*/")
    with page.expect_popup() as opened:
        page.locator("a[href*='/preview/']").click()
    preview = opened.value
    assert f"Board {words.language}" in preview.locator("body").inner_text()
    preview.close()
    before = len(sink.taken)
    page.locator("button[value=send]").click()
    mail = wait_for_mail(sink, before)
    page.reload()
    page.locator("td .badge-success").wait_for()
    return mail


def check_mail(mail: Taken, words: Words, browser: "Browser") -> None:
    """The mail reads in its own direction, with the reader's digits, and fits a phone; nothing in it is fetched."""
    right_to_left = words.language == "fa"
    assert mail.recipient == OWNER
    assert f'dir="{"rtl" if right_to_left else "ltr"}"' in mail.html
    with open_watched(browser, viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.set_content(mail.html)
        text = plain(page.locator("body").inner_text())
        assert words("Customer retention rate (CRR)") in text
        assert ("٪" in text) == right_to_left
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        direction = page.locator("body div").first.evaluate("element => getComputedStyle(element).direction")
        assert direction == ("rtl" if right_to_left else "ltr")


def export(page: "Page", dashboard: str) -> None:
    """Take the whole as CSV and XLSX."""
    page.goto(dashboard)
    with page.expect_download() as started:
        page.locator(".page-actions a[href$='export.csv']").click()
    rows = list(csv.DictReader(io.StringIO(started.value.path().read_text(encoding="utf-8-sig"))))
    assert {row["metric"] for row in rows} == {"crr", "customers_new"}
    with page.expect_download() as started:
        page.locator(".page-actions a[href$='export.xlsx']").click()
    with ZipFile(started.value.path()) as book:
        assert "xl/worksheets/sheet4.xml" in book.namelist()


def share_and_revoke(site: Site, owner: "Page", dashboard: str, browser: "Browser", words: Words) -> None:
    """Whoever has the link reads the dashboard without signing in, until it is revoked."""
    owner.goto(f"{dashboard}links/")
    owner.locator("input[name=label]").fill("Board")
    owner.locator("form:has(input[name=label]) button.btn-primary").click()
    link = owner.locator("input[readonly]").input_value()
    with open_watched(browser) as context:
        speak(context, site, words.language)
        guest = context.new_page()
        answer = guest.goto(link)
        assert answer is not None
        assert answer.status == 200
        guest.locator("figure canvas").wait_for()
        assert words("Customer retention rate (CRR)") in plain(guest.locator("main").inner_text())
        assert guest.locator("main a").count() == 0
        owner.locator("form[action*='/revoke/'] button").click()
        owner.wait_for_load_state()
        answer = guest.reload()
        assert answer is not None
        assert answer.status == 410
        assert guest.locator("figure").count() == 0


def delete_and_take_back(page: "Page", dashboard: str) -> None:
    """Delete it, after a question, and take it back."""
    page.goto(f"{dashboard}edit/")
    page.locator("[data-dialog-open=delete-dashboard]").click()
    page.locator("#delete-dashboard .btn-error").click()
    page.wait_for_url("**/reports/")
    page.locator("form[action$='/restore/'] button").first.click()
    page.wait_for_url(dashboard)


def test_a_dashboard_is_made_without_scripts(reporting_shop: Site, browser: "Browser") -> None:
    with open_watched(browser, java_script_enabled=False) as context:
        context.set_default_timeout(PATIENCE_MS)
        speak(context, reporting_shop, "en")
        page = context.new_page()
        sign_in(page, reporting_shop, OWNER)
        page.goto(reporting_shop.get_url("/reports/new/"))
        page.locator("input[name=name]").fill("Without scripts")
        page.locator("form:has(input[name=name]) button.btn-primary").click()
        assert page.url.endswith("/edit/")
        count = page.locator("tbody tr").count()
        page.locator("tbody tr").nth(1).locator("button[value=remove]").click()
        assert page.locator("tbody tr").count() == count - 1
        page.locator("form[action$='/put-back/'] button").click()
        assert page.locator("tbody tr").count() == count
        page.locator("tbody tr").nth(1).locator("button[value=up]").click()
        page.goto(page.url.removesuffix("edit/"))
        # Every chart is a table as well.
        assert page.locator("figure.chart").count() == page.locator("figure.chart:visible").count() + 2
        page.locator("details.data-table summary").first.click()
        assert page.locator("details.data-table table").first.is_visible()
        page.goto(f"{page.url}edit/")
        page.locator("details.without-scripts summary").click()
        page.locator("details.without-scripts form button").click()
        assert page.url.endswith("/reports/")
