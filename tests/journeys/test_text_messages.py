"""The way of a shop that writes by text message: account, approved pattern, cost before it is sent, a campaign with a
control group, and «لغو ۱۱», which is obeyed at once and holds the next message back."""

import csv
import io
import re
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.journeys.addressed import LIST, build_number
from tests.journeys.conftest import PATIENCE_MS, sign_in, speak
from tests.journeys.site import OWNER, Site, call
from tests.journeys.words import Words, plain
from tests.support.kavenegar import Kavenegar, run_kavenegar

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE_SECONDS = 90
PATTERN, WORDS = "spring-code", "%token20 عزیز، بهار رسید. منتظر شما هستیم."


@pytest.fixture(scope="module")
def provider() -> Iterator[Kavenegar]:
    with run_kavenegar() as running:
        running.templates[PATTERN] = WORDS
        yield running


def test_text_messages_from_the_account_to_an_opt_out_by_reply(
    writing_shop: Site, page: "Page", words: Words, provider: Kavenegar
) -> None:
    page.set_default_timeout(PATIENCE_MS)
    speak(page.context, writing_shop, words.language)
    sign_in(page, writing_shop, OWNER)
    name = f"Line {words.language}"
    hook = add_account(writing_shop, page, provider, name)
    template = write_pattern(writing_shop, page, words)
    number = make_campaign(writing_shop, page, f"SMS {words.language}", template, name)
    provider.sent.clear()
    look_and_start(page, words)
    rows = wait_until_sent(writing_shop, page, number)
    treated = {row["customer_id"] for row in rows if row["state"] == "accepted"}
    assert any(row["why"] == "holdout" for row in rows)
    assert sorted(one.receptor[-10:] for one in provider.sent) == sorted(
        build_number(int(pk))[-10:] for pk in treated
    )
    assert all(one.template == PATTERN and "عزیز" in one.text for one in provider.sent)
    stopped = min(treated, key=int)
    reply(hook, build_number(int(stopped)), "لغو ۱۱")
    page.goto(writing_shop.get_url(f"/customers/{stopped}/consent/"))
    assert words("By the customer, in an answer to a message") in plain(
        page.locator("main").text_content() or ""
    )
    page.goto(writing_shop.get_url("/replies/?show=obeyed"))
    assert page.locator("tbody tr").count() >= 1
    again = repeat_campaign(writing_shop, page, number)
    rows = wait_until_sent(writing_shop, page, again)
    [row] = [row for row in rows if row["customer_id"] == stopped]
    assert (row["state"], row["why"]) in {("suppressed", "refused"), ("suppressed", "suppressed")}
    page.goto(writing_shop.get_url(f"/campaigns/{again}/runs/1/people/?state=suppressed&why={row['why']}"))
    assert page.locator(f"tbody a[href$='/customers/{stopped}/']").count() == 1


def add_account(site: Site, page: "Page", provider: Kavenegar, name: str) -> str:
    """Enter the account with its price; the address at which the provider tells what came in."""
    page.goto(site.get_url("/settings/sending/"))
    page.locator("a[href$='/settings/sending/new/kavenegar/']").click()
    fields = {
        "name": name,
        "key": provider.key,
        "url": provider.url,
        "sender": "10004346",
        "part_amount": "150",
    }
    for field, value in fields.items():
        page.locator(f"main input[name={field}]").fill(value)
    page.locator("main form button.btn-primary").click()
    return str(page.locator("#hook").input_value())


def write_pattern(site: Site, page: "Page", words: Words) -> str:
    """Write the approved pattern, and see on its page what the longest costs; the template's number."""
    page.goto(site.get_url("/templates/"))
    form = page.locator("form:has(select#channel)")
    form.locator("input[name=name]").fill(f"Pattern {words.language}")
    form.locator("select#channel").select_option("sms")
    form.locator("button.btn-primary").click()
    page.locator("textarea[name=body-fa]").fill(WORDS)
    page.locator("details:has(input[name=pattern-fa]) > summary").click()
    page.locator("input[name=pattern-fa]").fill(PATTERN)
    page.locator("input[name=slot-fa-0]").fill("token20")
    page.locator("input[name=fill-fa-0]").fill("{{ name | default: 'مشتری' }}")
    page.locator("#look [data-sms-count]").last.wait_for()
    page.locator("#look", has_text=words.number(150)).wait_for()
    page.locator("button[name=do][value=save]").click()
    page.wait_for_url("**saved=1**")
    found = re.search(r"/templates/(\d+)/", page.url)
    assert found is not None
    return found.group(1)


def make_campaign(site: Site, page: "Page", name: str, template: str, account: str) -> int:
    """Make a campaign by text message to the list; its number."""
    page.goto(site.get_url("/campaigns/new/"))
    page.locator("input[name=name]").fill(name)
    page.locator("select[name=channel]").select_option("sms")
    page.locator("select[name=segment]").select_option(LIST)
    page.locator("select[name=template]").select_option(template)
    page.locator("select[name=account]").select_option(label=account)
    page.locator("input[name=holdout][value='0.5']").check()
    page.locator("form:has(input[name=name]) button.btn-primary").click()
    page.wait_for_url(re.compile(r"/campaigns/\d+/$"))
    return int(page.url.rstrip("/").rsplit("/", 1)[-1])


def look_and_start(page: "Page", words: Words) -> None:
    """See what it costs at most and how long it gets, and start it."""
    page.locator("#reach-body #longest").wait_for()
    assert words.number(150) in plain(page.locator("#longest [data-sms-count]").inner_text())
    start(page)


def start(page: "Page") -> None:
    page.locator("[data-dialog-open=start]").click()
    page.locator("dialog#start form button.btn-primary").click()
    page.locator("#progress").wait_for()


def repeat_campaign(site: Site, page: "Page", number: int) -> int:
    """The same once more, as a campaign of its own; its number."""
    page.goto(site.get_url(f"/campaigns/{number}/"))
    page.locator("button[name=do][value=copy]").click()
    page.wait_for_url(re.compile(r"/campaigns/\d+/edit/$"))
    page.locator("form:has(input[name=name]) button.btn-primary").click()
    page.wait_for_url(re.compile(r"/campaigns/\d+/$"))
    again = int(page.url.rstrip("/").rsplit("/", 1)[-1])
    start(page)
    return again


def wait_until_sent(site: Site, page: "Page", number: int) -> list[dict[str, str]]:
    """What became of everybody, as its file says, once nobody waits any more."""
    until = time.monotonic() + PATIENCE_SECONDS
    address = site.get_url(f"/campaigns/{number}/runs/1/export.csv")
    while time.monotonic() < until:
        answer = page.request.get(address)
        rows = list(csv.DictReader(io.StringIO(answer.text().lstrip("\ufeff")))) if answer.ok else []
        if rows and all(row["state"] not in ("pending", "claimed") for row in rows):
            return rows
        time.sleep(0.3)
    raise AssertionError(call(site.home, "campaigns", "show", str(number)))


def reply(hook: str, number: str, text: str) -> None:
    """A customer answers, and the provider tells it at the account's own address."""
    told = {"messageid": f"9{number[-6:]}", "from": f"0{number[3:]}", "to": "10004346", "message": text}
    asked = urllib.request.Request(hook, data=urllib.parse.urlencode(told).encode(), method="POST")
    with urllib.request.urlopen(asked, timeout=20) as answer:
        assert answer.status == 200
