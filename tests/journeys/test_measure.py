"""One person's afternoon: a segment, its retention read in every way, a file, a target, an alert, a report by mail."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys.conftest import PATIENCE_MS, sign_in, speak
from tests.journeys.mails import set_up_mail, wait_for_mail
from tests.journeys.site import OWNER, Site, call, make_owned_home, run_module, run_site
from tests.journeys.test_overview import read_value
from tests.journeys.trade import (
    BRANCHES,
    COUNTRIES,
    LINES,
    NEWCOMERS_A_DAY,
    NEWCOMERS_TODAY,
    OFTEN_DAYS,
    OFTEN_TIMES,
    Month,
    Trade,
    find_today,
)
from tests.journeys.words import Words, plain
from tests.support.smtp import MailSink, run_mail_sink

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

NAMES = {"fa": "مشتریان پابرجا", "en": "Steady customers"}
TARGET = 0.9


@dataclass(frozen=True)
class Afternoon:
    """A running shop, the browser of its owner, and the mail server that takes its mail."""

    site: Site
    page: "Page"
    trade: Trade
    words: Words
    sink: MailSink

    @property
    def month(self) -> Month:
        """The last month that was over this morning."""
        return self.trade.find_month(self.trade.today)

    def open(self, path: str) -> None:
        """Open a page."""
        self.page.goto(self.site.get_url(path))

    def read(self) -> str:
        """What the page says."""
        return plain(self.page.inner_text("main"))


@pytest.fixture
def afternoon(words: Words, page: "Page", tmp_path: Path) -> Iterator[Afternoon]:
    language = words.language
    trade = Trade(language, find_today(language))
    home = make_owned_home(tmp_path / "home", COUNTRIES[language][0], language)
    file = tmp_path / "sales.csv"
    file.write_bytes(trade.write_file(trade.sales))
    read = call(home, "import", "orders", str(file), *(("--unit", "toman") if language == "fa" else ()))
    assert (read["new"], read["rejected"]) == (len(trade.sales), 0)
    page.set_default_timeout(PATIENCE_MS)
    with run_mail_sink() as sink, run_site(home) as site:
        speak(page.context, site, language)
        sign_in(page, site, OWNER)
        yield Afternoon(site, page, trade, words, sink)


@pytest.mark.slow
def test_an_afternoon_of_measuring(afternoon: Afternoon, tmp_path: Path) -> None:
    set_up_mail(afternoon.site, afternoon.page, afternoon.sink)
    choose_rule(afternoon)
    segment = build_segment(afternoon)
    read_overview(afternoon, segment)
    read_trend(afternoon, segment)
    read_groups(afternoon)
    read_cross(afternoon)
    compare(afternoon)
    set_target(afternoon, segment)
    watch_newcomers(afternoon)
    bring_todays_orders(afternoon, tmp_path)
    get_alert(afternoon)
    settle_alert(afternoon)
    schedule_and_receive(afternoon, segment)


def choose_rule(at: Afternoon) -> None:
    """Say when somebody counts as active."""
    at.open("/settings/rule/")
    at.page.locator("input[name=kind][value=purchase]").check()
    at.page.locator("input[name=window_days]").fill(at.words.number(60))
    at.page.get_by_role("button", name=at.words("Save"), exact=True).click()
    at.page.get_by_text(at.words("Saved.")).wait_for()


def build_segment(at: Afternoon) -> str:
    """Build the segment of who bought three times in ninety days: its figures stand beside it before it is saved."""
    page, words, trade = at.page, at.words, at.trade
    at.open("/segments/")
    page.get_by_role("link", name=words("New segment")).first.click()
    page.locator("#segment-name").fill(NAMES[words.language])
    page.locator("[name='n0.what']").select_option("fact:purchase")
    page.locator("[name='n0.times']").fill(words.number(OFTEN_TIMES))
    page.locator("[name='n0.span']").select_option("last_days")
    page.locator("[name='n0.days']").fill(words.number(OFTEN_DAYS))
    often = trade.list_often(trade.today)
    page.locator("[data-count]", has_text=re.compile(f"^{words.number(len(often))}$")).wait_for()
    preview = page.locator("#preview")
    assert plain(preview.locator("[data-crr]").inner_text()) == words.percent(trade.get_crr(at.month))
    assert words.percent(len(often) / len(trade.days_of)) in plain(preview.inner_text())
    # What was typed is still there: the form is drawn anew while it is edited.
    assert page.locator("#segment-name").input_value() == NAMES[words.language]
    page.get_by_role("button", name=words("Save the segment")).click()
    page.wait_for_url(re.compile(r"/segments/(?!build)[^/]+/$"))
    assert words.number(len(often)) in plain(page.locator("#members-title").inner_text())
    return page.url.rstrip("/").rsplit("/", 1)[1]


def read_overview(at: Afternoon, segment: str) -> None:
    """Narrow the overview to the segment from its page."""
    at.page.get_by_role("link", name=at.words("On the overview")).click()
    at.page.wait_for_url(f"**/overview/?segment={segment}")
    crr = read_value(at.page, at.words("Customer retention rate (CRR)"))
    assert crr == at.words.percent(at.trade.get_crr(at.month))
    lost = len(at.trade.list_start(at.month)) - len(at.trade.list_kept(at.month))
    assert read_value(at.page, at.words("Lost customers")) == at.words.number(lost)
    assert NAMES[at.words.language] in at.read()


def read_trend(at: Afternoon, segment: str) -> None:
    """Explore shows the same month by month; the exported file holds the page's numbers."""
    page, words, trade = at.page, at.words, at.trade
    page.locator("nav.side-inner").get_by_role("link", name=words("Explore")).click()
    page.wait_for_url("**/explore/")
    choose(page, "segment", segment)
    page.locator("figure canvas, figure svg").first.wait_for()
    shown = [read_cells(row) for row in page.locator("details.data-table tbody tr").all()]
    rows = download(page)
    assert [words.percent(float(row["value"])) for row in rows] == [cells[1] for cells in shown]
    told = {row["from"]: row for row in rows if row["complete"] == "True"}
    for back in range(2):
        month = trade.find_month(trade.today, back)
        row = told[month.start.isoformat()]
        assert float(row["value"]) == pytest.approx(trade.get_crr(month), abs=1e-12)
        assert int(row["n"]) == len(trade.list_start(month))


def read_groups(at: Afternoon) -> None:
    """By branch: the rates, how many stand behind them, and the same in the file."""
    page, words, trade = at.page, at.words, at.trade
    choose(page, "by", "location")
    page.get_by_role("link", name=words("By group"), exact=True).click()
    page.wait_for_url("**show=groups**")
    expected = {
        name: (words.percent(trade.get_crr(at.month, place)), len(trade.list_start(at.month, place)))
        for place, name in enumerate(BRANCHES[words.language])
    }
    rows = page.locator(".table-sticky tbody tr")
    shown = {
        plain(row.locator("th").inner_text()): (
            plain(row.locator(".meter .num").inner_text()),
            plain(row.locator("td").nth(2).inner_text()),
        )
        for row in rows.all()
    }
    assert shown == {name: (rate, words.number(count)) for name, (rate, count) in expected.items()}
    file = {row["group"]: (words.percent(float(row["value"])), int(row["n"])) for row in download(page)}
    assert file == expected


def read_cross(at: Afternoon) -> None:
    """Branches by lines of goods: each cell is the rate of the purchases of that line in that branch."""
    page, words, trade = at.page, at.words, at.trade
    page.get_by_role("link", name=words("Heat map"), exact=True).click()
    page.wait_for_url("**show=heat**")
    choose(page, "across", "product_line")
    columns = [
        plain(text) for text in page.locator("table.heat thead tr").last.locator("th").all_inner_texts()
    ]
    for row in page.locator("table.heat tbody tr").all():
        branch = BRANCHES[words.language].index(plain(row.locator("th").inner_text()))
        for name, cell in zip(columns[1:], row.locator("td").all(), strict=True):
            rate = trade.get_crr(at.month, branch, LINES[words.language].index(name))
            assert plain(cell.inner_text()) == words.percent(rate), (branch, name)
    assert page.locator("table.heat tbody td").count() == len(BRANCHES["en"]) * len(LINES["en"])


def compare(at: Afternoon) -> None:
    """The month beside the one before it, with the list of those who make the difference."""
    page, words, trade = at.page, at.words, at.trade
    page.get_by_role("link", name=words("Compare"), exact=True).click()
    page.wait_for_url("**show=compare**")
    before = trade.find_month(trade.today, back=1)
    values = [plain(text) for text in page.locator(".grid-cards .stat-value").all_inner_texts()]
    assert values[:2] == [words.percent(trade.get_crr(month)) for month in (before, at.month)]
    gone = trade.list_kept(before) - trade.list_kept(at.month)
    page.locator(".card-body li a", has_text=words.number(len(gone))).click()
    page.wait_for_url("**/explore/people/only_first/**")
    assert words.number(len(gone)) in plain(page.inner_text("h1"))
    names = [plain(text) for text in page.locator("main tbody th").all_inner_texts()]
    assert len(names) == len(gone)
    with page.expect_download() as started:
        page.get_by_role("link", name="CSV").click()
    exported = started.value.path().read_text("utf-8-sig")
    assert {int(key) for key in re.findall(r"\bP(\d+)\b", exported)} == gone


def set_target(at: Afternoon, segment: str) -> None:
    """A target for the segment's rate: the list says whether it is reached, the trend draws it."""
    page, words = at.page, at.words
    at.open("/targets/")
    page.locator("select[name=metric]").select_option("crr")
    page.locator("select[name=segment]").select_option(segment)
    page.locator("input[name=target]").fill("۹۰٪" if words.language == "fa" else "90%")
    page.locator("input[name=watch]").uncheck()
    save(page)
    row = page.locator("[aria-labelledby=figures-title] tbody tr")
    said = plain(row.inner_text())
    assert words.percent(TARGET) in said
    assert words.percent(at.trade.get_crr(at.month)) in said
    assert words("missed") in said


def watch_newcomers(at: Afternoon) -> None:
    """Ask to be told when the newcomers of a day are not as usual. Nothing is alarmed on so far."""
    page, words = at.page, at.words
    page.locator("select[name=metric]").select_option("customers_new")
    page.locator("select[name=every]").select_option("day")
    page.locator("input[name=watch]").check()
    page.locator("input[name=by_mail]").check()
    save(page)
    row = page.locator("[aria-labelledby=figures-title] tbody tr").filter(has_text=words("New customers"))
    said = plain(row.inner_text())
    assert words.number(NEWCOMERS_A_DAY) in said
    assert words("here and by mail") in said
    do_later(at, timedelta(minutes=5), "figures.judge", "mail.send")
    page.reload()
    assert words("No alert so far.") in at.read()


def bring_todays_orders(at: Afternoon, folder: Path) -> None:
    """The orders of today come in by the page, with hardly a newcomer among them."""
    page, words = at.page, at.words
    file = folder / "today.csv"
    file.write_bytes(at.trade.write_file(at.trade.list_sales_since(find_today(words.language))))
    at.open("/imports/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name=words("Look at the file")).click()
    page.wait_for_url("**/columns/")
    if words.language == "fa":
        with page.expect_response("**/columns/"):
            page.locator("input[name=unit][value=IRT]").click()
    page.get_by_role("button", name=words("Bring it in")).click()
    page.get_by_role("link", name=words("To the overview")).click(timeout=60_000)
    page.wait_for_url("**/overview/")


def get_alert(at: Afternoon) -> None:
    """At its next round the worker finds the day unusual: the overview says so, and so does a mail."""
    page, words = at.page, at.words
    taken = len(at.sink.taken)
    do_later(at, timedelta(minutes=5), "figures.judge", "mail.send")
    mail = wait_for_mail(at.sink, taken)
    at.open("/overview/")
    alert = page.locator(".notice-warning", has=page.locator("form[action$='/settle/']"))
    said = plain(alert.inner_text())
    usual = words("%(value)s is less than its past let expect (%(range)s).")
    begin = usual.split("%(range)s", maxsplit=1)[0] % {"value": words.number(NEWCOMERS_TODAY)}
    for text in (said, plain(mail.text)):
        assert words("New customers") in text
        assert begin in text
    assert mail.recipient == OWNER
    assert words("New customers") in str(mail.message["Subject"])
    assert f'dir="{"rtl" if words.language == "fa" else "ltr"}"' in mail.html
    # Told once: the same day is never alarmed on again.
    do_later(at, timedelta(minutes=10), "figures.judge", "mail.send")
    assert len(at.sink.taken) == taken + 1


def settle_alert(at: Afternoon) -> None:
    """It leads to the figure; marked as seen to, it leaves the overview and stays in the list with the name."""
    page, words = at.page, at.words
    alert = page.locator(".notice-warning", has=page.locator("form[action$='/settle/']"))
    url = alert.locator("a").get_attribute("href")
    alert.get_by_role("button", name=words("Seen to")).click()
    page.wait_for_url("**/overview/")
    assert alert.count() == 0
    at.open("/targets/")
    settled = plain(page.locator("[aria-labelledby=alerts-title]").inner_text())
    assert words("New customers") in settled
    assert words("Seen to by %(name)s", name=OWNER) in settled
    assert url is not None
    at.open(url)
    last = read_cells(page.locator("details.data-table tbody tr").last)
    assert last[1] == words.number(NEWCOMERS_TODAY)


def schedule_and_receive(at: Afternoon, segment: str) -> None:
    """A dashboard of the segment goes out every morning: tomorrow's mail has the page's number."""
    page, words = at.page, at.words
    at.open("/reports/new/")
    page.locator("input[name=name]").fill(NAMES[words.language])
    page.locator("input[name=begin][value=empty]").check()
    page.locator("form:has(input[name=name]) button.btn-primary").click()
    page.wait_for_url("**/edit/")
    dashboard = page.url.removesuffix("edit/")
    page.goto(f"{dashboard}items/new/")
    page.locator("select[name=metric]").select_option("crr")
    page.locator("select[name=chart]").select_option("number")
    page.locator("select[name=segment]").select_option(segment)
    page.locator("form:has(select[name=metric]) button.btn-primary").click()
    page.wait_for_url("**/edit/")
    page.goto(f"{dashboard}schedules/")
    page.locator("select[name=every]").select_option("day")
    page.locator("input[type=checkbox][name^=to_]").check()
    page.locator("form:has(select[name=every]) button.btn-primary").click()
    page.wait_for_url("**/reports/schedules/*/")
    page.goto(dashboard)
    value = plain(page.locator("#report .stat-value").first.inner_text())
    assert value == words.percent(at.trade.get_crr(at.trade.find_month(find_today(words.language))))
    taken = len(at.sink.taken)
    do_later(at, timedelta(days=1, minutes=1), "reports.send", "mail.send")
    mail = wait_for_mail(at.sink, taken)
    assert mail.recipient == OWNER
    assert NAMES[words.language] in str(mail.message["Subject"])
    assert value in plain(mail.text)
    assert value in plain(re.sub(r"<[^>]+>", " ", mail.html))


def choose(page: "Page", name: str, value: str) -> None:
    """Choose in the explorer's form, and wait until what is shown is of the choice."""
    with page.expect_response(re.compile(rf"/explore/\?.*{name}={value}")):
        page.locator(f".picker select[name={name}]").select_option(value)
    page.wait_for_url(re.compile(rf"{name}={value}"))
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")


def read_cells(row: "Locator") -> list[str]:
    """The texts of a table's row."""
    return [plain(text) for text in row.locator("th, td").all_inner_texts()]


def download(page: "Page") -> list[dict[str, str]]:
    """The rows of the CSV file that stands beside what is shown."""
    with page.expect_download() as started:
        page.get_by_role("link", name="CSV").first.click()
    return list(csv.DictReader(io.StringIO(started.value.path().read_text("utf-8-sig"))))


def save(page: "Page") -> None:
    """Save what is watched."""
    with page.expect_navigation():
        page.locator("form:has(select[name=metric]) button.btn-primary").click()


def do_later(at: Afternoon, after: timedelta, *names: str) -> None:
    """Let a worker do parts of its timetable as it will so much later."""
    moment = (datetime.now(UTC) + after).isoformat()
    run_module(at.site.home, "tests.journeys.later", moment, *names)
