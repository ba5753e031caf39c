"""A playbook from the list to its result: the dry run, a live first order by the API, a real mail server that gets
exactly those who are not held out, one who unsubscribes by one click, and the page of the result."""

import csv
import io
import json
import re
import shutil
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys.conftest import PATIENCE_MS, sign_in, speak
from tests.journeys.newcomers import NEWCOMERS
from tests.journeys.site import OWNER, Site, run_module, run_site
from tests.journeys.test_campaign import set_up_sending, unsubscribe
from tests.journeys.words import Words
from tests.support.smtp import MailSink, run_mail_sink
from vafa.kit import clock

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE_SECONDS = 90
PLAYBOOK = "first_order_thanks"


@pytest.fixture(scope="module")
def sink() -> Iterator[MailSink]:
    with run_mail_sink() as running:
        yield running


@pytest.fixture(scope="module")
def greeting_shop(shop_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    """A copy of the shop with newcomers, running with its worker, and a token for their orders."""
    home = tmp_path_factory.mktemp("greeting") / "home"
    shutil.copytree(shop_home, home)
    token = run_module(home, "tests.journeys.newcomers").split()[-1]
    with run_site(home, allow="127.0.0.1") as site:
        yield site, token


def test_a_playbook_from_the_list_to_its_result(
    greeting_shop: tuple[Site, str], page: "Page", words: Words, sink: MailSink
) -> None:
    site, token = greeting_shop
    page.set_default_timeout(PATIENCE_MS)
    speak(page.context, site, words.language)
    sign_in(page, site, OWNER)
    set_up_sending(site, page, sink)
    number = take_playbook(site, page)
    look_at_dry_run(site, page, number)
    page.locator("button[value=publish]").click()
    page.locator("button[value=pause]").wait_for()
    sink.taken.clear()
    for n in range(NEWCOMERS):
        order(site, token, f"{words.language}-{n}")
    treated = wait_until_sent(site, page, number, sink)
    assert len(sink.taken) == treated
    unsubscribe(site, sink)
    page.goto(site.get_url(f"/automations/{number}/"))
    page.locator("main a[href*='/trials/']").first.click()
    page.wait_for_url("**/trials/**")
    assert page.locator("h1").inner_text().strip()
    assert page.locator("main .facts dd").count() >= 3
    page.goto(site.get_url(f"/automations/{number}/"))
    page.locator("[data-dialog-open=switch-off]").click()
    page.locator("dialog#switch-off form button.btn-error").click()
    page.locator("button[value=publish]").wait_for()


def take_playbook(site: Site, page: "Page") -> int:
    """Make a draft by the playbook, for marketing, with half of all held out, and without its hour of waiting; its
    number."""
    page.goto(site.get_url("/automations/"))
    page.locator(f"button[name=playbook][value={PLAYBOOK}]").click()
    page.wait_for_url(re.compile(r"/automations/\d+/$"))
    number = int(page.url.rstrip("/").rsplit("/", 1)[-1])
    page.goto(site.get_url(f"/automations/{number}/edit/"))
    page.locator("button[value='remove:s1']").click()
    page.locator("button[value='remove:s1']").wait_for(state="detached")
    page.locator("[name=purpose]").select_option("marketing")
    page.locator("input[name=holdout]").fill("50")
    return number


def look_at_dry_run(site: Site, page: "Page", number: int) -> None:
    """See who would have entered on the last days that are known, and go back."""
    page.locator("button[value=dry_run]").click()
    page.wait_for_url(re.compile("/dry-run/"))
    page.locator("a[href='?days=90']").click()
    page.wait_for_url(re.compile("days=90"))
    assert page.locator("main tbody tr").count() >= 1
    page.goto(site.get_url(f"/automations/{number}/"))


def order(site: Site, token: str, customer: str) -> None:
    """A first order, as the shop's own program tells of it."""
    told = {
        "id": f"first-{customer}",
        "customer": customer,
        "at": clock.now().isoformat(),
        "lines": [{"product": "tea", "quantity": 1, "price": 450}],
    }
    asked = urllib.request.Request(
        site.get_url("/api/v1/orders"),
        data=json.dumps(told).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked, timeout=20) as answer:
        assert answer.status == 201


def wait_until_sent(site: Site, page: "Page", number: int, sink: MailSink) -> int:
    """How many of all who entered were not held out, once each of them has got the mail."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        file = page.request.get(site.get_url(f"/automations/{number}/log.csv")).text()
        rows = list(csv.DictReader(io.StringIO(file.lstrip("\ufeff"))))
        treated = sum(row["state"] != "held_out" for row in rows)
        if len(rows) == NEWCOMERS and all(row["state"] != "running" for row in rows):
            assert {row["arm"] for row in rows} == {"control", "treated"}
            if len(sink.taken) >= treated:
                return treated
        time.sleep(0.5)
    raise AssertionError("not everybody who entered was written to in time")
