"""Leaving the demo: one click, and the own business is there under the same address."""

import re
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from tests.support.tables import give_tables
from vafa.config.tests.conftest import Start, ask, find_free_port, list_processes, wait_for

pytestmark = pytest.mark.slow

PASSWORD = "a long walk in the rain"
# The demo's programs without the demo's data, which takes a while to make.
RUN_DEMO = """
import sys
from contextlib import ExitStack
from pathlib import Path
import django
django.setup()
from vafa.config.database import ensure_database
ensure_database()
from vafa.config.demo import DemoRun
from vafa.kit.running import hold_home
with ExitStack() as held:
    home = Path(sys.argv[1])
    held.enter_context(hold_home(home))
    DemoRun(home, "127.0.0.1", int(sys.argv[2]), held).run()
"""
MARK_DEMO = """
import django
django.setup()
from vafa.data.business.actions import change_business
from vafa.kit import clock
change_business(by=None, now=clock.now(), is_demo=True, is_set_up=True)
"""


class Browser:
    """Cookies and forms, as much of a browser as this needs."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> tuple[str, str]:
        with self.opener.open(self.address + path, timeout=10) as answer:
            return answer.url, answer.read().decode()

    def post(self, path: str, **fields: str) -> tuple[str, str]:
        token = next((cookie.value for cookie in self.cookies if cookie.name == "csrftoken"), "")
        sent = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        with self.opener.open(self.address + path, sent, timeout=10) as answer:
            return answer.url, answer.read().decode()


def test_leaving_the_demo_opens_the_own_business_at_its_address(start: Start, bare_home: Path) -> None:
    home, demo_home = bare_home, give_tables(bare_home / "demo")
    environment = {"VAFA_HOME": str(demo_home)}
    init = start(
        "init", "--email", "owner@example.com", "--password-stdin", "--json", said=PASSWORD, **environment
    )
    assert init.wait(90) == 0
    run_python(MARK_DEMO, demo_home).communicate(timeout=90)
    port = find_free_port()
    demo = run_python(RUN_DEMO, home, str(demo_home), str(port))
    try:
        browser = Browser(f"http://127.0.0.1:{port}")
        wait_for(lambda: ask(f"{browser.address}/healthz") == 200)
        browser.get("/sign-in/")
        browser.post("/sign-in/", login="owner@example.com", password=PASSWORD)
        assert "/leave-demo/" in browser.get("/settings/")[1]

        waiting, page = browser.post("/leave-demo/")
        token = re.fullmatch(r".*/demo-left/([\w-]+)/", waiting)
        assert token, waiting
        assert "Opening your own business" in page
        wait_for(lambda: is_begun(browser, f"/demo-left/{token[1]}/"))
        assert (home / "vafa.sqlite3").exists()
        assert not any(str(demo_home) in line for line in list_processes(demo_home).values())

        browser.get(f"/begin/{token[1]}/")
        landed, _page = browser.post(f"/begin/{token[1]}/", email="me@example.com", password=PASSWORD)
        assert landed.endswith("/first-steps/country/")
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.communicate(timeout=60)
    assert list_processes(home) == {}
    assert list_processes(demo_home) == {}


def run_python(code: str, home: Path, *arguments: str) -> "subprocess.Popen[str]":
    """Run a few lines with this home."""
    import os

    environment = {
        "VAFA_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "vafa.config.settings",
        "PATH": os.environ["PATH"],
    }
    return subprocess.Popen([sys.executable, "-c", code, *arguments], env=environment, text=True)


def is_begun(browser: Browser, path: str) -> bool:
    """Whether the page that waits leads on to the beginning by now."""
    try:
        return "/begin/" in browser.get(path)[0]
    except (urllib.error.URLError, OSError):
        return False
