"""Mail in journeys: the server entered on the page, and what arrives there."""

import re
import time
from typing import TYPE_CHECKING

from tests.journeys.site import Site
from tests.support.smtp import MailSink, Taken

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE_SECONDS = 90


def set_up_mail(site: Site, page: "Page", sink: MailSink) -> None:
    """Enter the mail server and try it: the page says what the server answered."""
    before = len(sink.taken)
    page.goto(site.get_url("/settings/mail/"))
    form = page.locator("form:has(input[name=host])")
    form.locator("input[name=host]").fill("127.0.0.1")
    form.locator("input[name=port]").fill(str(sink.port))
    form.locator("select[name=security]").select_option("none")
    form.locator("input[name=sender_address]").fill("vafa@shop.example")
    form.locator("button.btn-primary").click()
    page.locator("form[action$='/settings/mail/try/'] button").click()
    page.get_by_text(re.compile("250 2.0.0 queued")).wait_for()
    assert len(sink.taken) == before + 1


def wait_for_mail(sink: MailSink, before: int) -> Taken:
    """The one mail that the server takes after the first `before`."""
    until = time.monotonic() + PATIENCE_SECONDS
    while len(sink.taken) == before and time.monotonic() < until:
        time.sleep(0.1)
    assert len(sink.taken) == before + 1, "no mail came, or more than one"
    return sink.taken[-1]
