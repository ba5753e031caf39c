"""A campaign from the account that sends it to its result: a real mail server gets exactly those who are not held out,
and one of them unsubscribes by one click from the mail."""

import re
import time
import urllib.request
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.journeys.addressed import COUNT, LIST
from tests.journeys.conftest import PATIENCE_MS, sign_in, speak
from tests.journeys.site import OWNER, Site, call, run_module
from tests.journeys.words import Words
from tests.support.smtp import MailSink, run_mail_sink
from vafa.kit.locale.digits import to_latin_digits

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE_SECONDS = 90


@pytest.fixture(scope="module")
def sink() -> Iterator[MailSink]:
    with run_mail_sink() as running:
        yield running


def test_a_campaign_from_its_account_to_its_result(
    writing_shop: Site, page: "Page", words: Words, sink: MailSink
) -> None:
    page.set_default_timeout(PATIENCE_MS)
    speak(page.context, writing_shop, words.language)
    sign_in(page, writing_shop, OWNER)
    set_up_sending(writing_shop, page, sink)
    number = write(writing_shop, page, words)
    sink.taken.clear()
    look_and_start(page, sink)
    treated = wait_until_sent(writing_shop, number)
    assert len(sink.taken) == treated > 0
    unsubscribe(writing_shop, sink)
    page.reload()
    page.locator("a[href*='/trials/of/']").click()
    page.wait_for_url("**/trials/of/**")
    assert page.locator("#decisions").count() == 1
    assert page.locator("[aria-labelledby=arms-title]").count() == 0  # no day of it is known yet
    run_module(writing_shop.home, "tests.journeys.outcome", str(number))
    page.reload()
    read_result(page, words, treated)
    decide(page, words)
    read_report(writing_shop, page, words)


def read_result(page: "Page", words: Words, treated: int) -> None:
    """All who got it stayed and nobody of the control group did: told with intervals, in plain words, and in money."""
    assert page.locator(".page-lead .badge-success").count() == 1
    rows = page.locator("[aria-labelledby=arms-title] table").first.locator("tbody tr")
    kept = [to_latin_digits(row.locator("td").nth(2).inner_text()) for row in rows.all()]
    assert kept == ["0", str(treated)]
    points, saved = page.locator(".stat-value").all()[:2]
    assert "100" in to_latin_digits(points.inner_text())
    assert to_latin_digits(saved.inner_text()) == str(treated)
    interval = to_latin_digits(page.locator(".stat-note").first.inner_text())
    low = re.search(r"\d+", interval)
    assert low is not None
    assert int(low.group()) > 0
    page.locator("#costs select[name=kind]").select_option("gifts")
    page.locator("#costs input[name=amount]").fill("۲٬۰۰۰٬۰۰۰" if words.language == "fa" else "2,000,000")
    page.locator("#costs button[value=add]").click()
    page.wait_for_url("**#costs")
    per = to_latin_digits(page.locator(".stat-value").nth(3).inner_text()).replace("٫", ".")
    assert float(per) == pytest.approx(treated / 2)


def decide(page: "Page", words: Words) -> None:
    """Write down what was decided, and find it in the log."""
    page.locator("input[name=choice][value=keep]").check()
    page.locator("textarea[name=why]").fill(f"More stay {words.language}")
    page.locator("#decisions button.btn-primary").click()
    page.locator("#decisions .timeline", has_text=f"More stay {words.language}").wait_for()


def read_report(site: Site, page: "Page", words: Words) -> None:
    """The month's report names it among what was tried, with nothing of it to stop."""
    page.goto(site.get_url("/trials/report/"))
    tried = page.locator("[aria-labelledby=ended-title] tr", has_text=f"Spring {words.language}")
    assert tried.locator(".badge-success").count() == 1
    assert page.locator("[aria-labelledby=stop-title] li").count() == 0
    link = page.locator("a[href*='/trials/report/export.csv']").get_attribute("href")
    file = page.request.get(site.get_url(link or ""))
    assert f"Spring {words.language}" in file.text()
    page.goto(site.get_url("/trials/decisions/"))
    assert page.locator("tbody tr", has_text=f"More stay {words.language}").count() == 1


def set_up_sending(site: Site, page: "Page", sink: MailSink) -> None:
    """Enter the mail server of this machine, and where customers reach the pages."""
    page.goto(site.get_url("/settings/sending/"))
    form = page.locator("form:has(input[name=host])")
    for name, value in (
        ("name", "Mail"), ("host", "127.0.0.1"), ("port", str(sink.port)), ("sender_address", "shop@shop.example"),
    ):  # fmt: skip
        form.locator(f"input[name={name}]").fill(value)
    form.locator("select[name=security]").select_option("none")
    form.locator("button.btn-primary").click()
    page.locator("form[action$='/do/'] button[value=pause]").first.wait_for()
    page.locator("input[name=address]").fill(site.address)
    page.locator("form:has(input[name=address]) button.btn-primary").click()
    page.locator("form:has(input[name=address]) .badge-success").wait_for()


def write(site: Site, page: "Page", words: Words) -> int:
    """Make a campaign to the list and write its text; its number."""
    page.goto(site.get_url("/campaigns/new/"))
    page.locator("input[name=name]").fill(f"Spring {words.language}")
    page.locator("select[name=segment]").select_option(LIST)
    page.locator("input[name=holdout][value='0.5']").check()
    page.locator("form:has(input[name=name]) button.btn-primary").click()
    page.wait_for_url(re.compile(r"/campaigns/\d+/$"))
    number = int(page.url.rstrip("/").rsplit("/", 1)[-1])
    page.locator("a[href$='/text/']").click()
    page.locator("input[name=fa-subject]").fill("بهار رسید")
    page.locator("textarea[name=fa-body]").fill("سلام {{ name }}\n\nمنتظر شما هستیم.")
    page.locator("form:has(input[name=fa-subject]) button.btn-primary").click()
    page.wait_for_url(re.compile(r"/campaigns/\d+/$"))
    return number


def look_and_start(page: "Page", sink: MailSink) -> None:
    """See who gets it, send it to oneself, and start it."""
    page.locator("#reach-body .stat-value").first.wait_for()
    assert page.locator("#reach-body tbody tr").count() >= 1  # one said no
    page.locator("form[action$='/test/'] button").click()
    page.wait_for_load_state()
    assert [mail.recipient for mail in sink.taken] == [OWNER]
    sink.taken.clear()
    page.locator("[data-dialog-open=start]").click()
    page.locator("dialog#start form button.btn-primary").click()
    page.locator("#progress").wait_for()


def wait_until_sent(site: Site, number: int) -> int:
    """How many got it, once nobody waits any more; they, the control group and who said no are all there are."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        document = call(site.home, "campaigns", "show", str(number))
        run = document["runs"][0] if document["runs"] else {}
        if document["state"] == "sent":
            counts = {(one["state"], one["why"]): one["count"] for one in run["reasons"]}
            held = counts.pop(("suppressed", "holdout"), 0)
            treated = counts.pop(("accepted", ""), 0)
            assert set(counts) <= {("suppressed", "refused")}
            assert run["controls"] == held
            assert treated + held + sum(counts.values()) == COUNT
            return treated
        time.sleep(0.5)
    raise AssertionError("the campaign was not sent in time")


def unsubscribe(site: Site, sink: MailSink) -> None:
    """By one click in the mail program (RFC 8058): a POST to the address in the header."""
    mail = sink.taken[-1]
    address = re.search(r"<(http[^>]+)>", str(mail.message["List-Unsubscribe"]))
    assert address is not None
    assert address.group(1).startswith(site.address)
    asked = urllib.request.Request(address.group(1), data=b"List-Unsubscribe=One-Click", method="POST")
    with urllib.request.urlopen(asked, timeout=20) as answer:
        assert answer.status == 200
    customer = mail.recipient.removeprefix("reader").partition("@")[0]
    assert customer.isdigit()
