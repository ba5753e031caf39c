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
from tests.journeys.site import OWNER, Site, call
from tests.journeys.words import Words
from tests.support.smtp import MailSink, run_mail_sink

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
    assert page.locator("h1").inner_text().strip()


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
