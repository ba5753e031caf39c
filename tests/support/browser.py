"""A real browser for tests: the machine's own Chromium, driven by Playwright, kept on this machine."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.support.needs import give_up

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",  # build machines run as root in a container, where the sandbox can't start
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # No request leaves this machine: all but those to itself go to a proxy that isn't there.
    "--proxy-server=http://127.0.0.1:9",
)
LOCAL = {"127.0.0.1", "localhost", "::1"}


def find_chromium() -> str | None:
    """The path of an installed Chromium or Chrome, or None."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def playwright() -> Iterator["Playwright"]:
    """Playwright itself, once for this test process."""
    from playwright.sync_api import sync_playwright

    # Playwright's synchronous API keeps an event loop running in this thread, and Django refuses its
    # database there unless told otherwise; no test runs anything asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        yield driver
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The path of Chromium; without one, the test is skipped or (VAFA_REQUIRE) fails."""
    path = find_chromium()
    if path is None:
        give_up("chromium", "no Chromium is installed (Debian: apt install chromium)")
    return path


@pytest.fixture(scope="session")
def browser(chromium_path: str, playwright: "Playwright") -> Iterator["Browser"]:
    """A running Chromium, once for this test process."""
    browser = playwright.chromium.launch(executable_path=chromium_path, args=list(ARGUMENTS))
    yield browser
    browser.close()


class Watch:
    """What a page did that no page of ours may do: requests to other hosts, script errors, broken policy."""

    def __init__(self) -> None:
        self.outside: list[str] = []
        self.errors: list[str] = []

    def follow(self, context: "BrowserContext") -> None:
        """Watch every page of this context. Requests are heard of, not routed: that would switch off the cache."""
        context.on("request", self.note)
        context.on("console", self.hear)
        context.on("weberror", lambda problem: self.errors.append(str(problem.error)))

    def note(self, request: "Request") -> None:
        """Note a request to another host, which the browser can't make."""
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname not in LOCAL:
            self.outside.append(request.url)

    def hear(self, message: "ConsoleMessage") -> None:
        """Keep console errors, save the browser's remark on a 4xx or 5xx, which a test may well be after."""
        answered = message.text.startswith("Failed to load resource: the server responded")
        if message.type == "error" and not answered:
            self.errors.append(message.text)


@contextmanager
def open_watched(browser: "Browser", **options: Any) -> Iterator["BrowserContext"]:
    """A fresh browser profile, 1280 pixels wide unless the options say otherwise. At its end this fails if a page
    of it asked another host for anything, broke the content security policy or raised a script error."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
    watch = Watch()
    watch.follow(context)
    try:
        yield context
    finally:
        context.close()
    assert not watch.outside, f"requests to other hosts: {watch.outside}"
    assert not watch.errors, f"errors in the browser's console: {watch.errors}"


@pytest.fixture
def browser_context(browser: "Browser") -> Iterator["BrowserContext"]:
    """A fresh browser profile; see `open_watched` for what its pages may not do."""
    with open_watched(browser) as context:
        yield context


@pytest.fixture
def page(browser_context: "BrowserContext") -> "Page":
    """One page in a fresh browser profile; see `browser_context` for what it may not do."""
    return browser_context.new_page()
