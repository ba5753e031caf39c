"""Take the README's pictures: the overview of the demo business, in Persian and in English, by Chromium.

    .venv/bin/python tools/pictures.py        starts the demo by itself, and stops it again

Needs the tools of the gate (./vafa test installs them) and Chromium (Debian: apt install chromium).
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.browser import ARGUMENTS, find_chromium  # noqa: E402 - found by the line above

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER = ROOT / "docs" / "pictures"
# Language of the page -> name of the picture.
PICTURES = {"en": "overview.png", "fa": "overview-fa.png"}
SIZE = {"width": 1280, "height": 1900}
MOST_BYTES = 400_000


def main() -> None:
    """Start the demo, take the pictures, stop it."""
    chromium = find_chromium()
    if chromium is None:
        sys.exit("No Chromium is installed (Debian: apt install chromium).")
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "vafa.config.command", "demo", "--json", "--port", "8765"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:
        try:
            assert demo.stdout is not None
            told = json.loads(demo.stdout.readline())
            take_pictures(chromium, told["address"], told["email"], read_password(told))
        finally:
            demo.send_signal(signal.SIGTERM)


def read_password(told: dict[str, str]) -> str:
    """The password of the demo's owner; a demo that runs already does not tell it."""
    if "password" not in told:
        sys.exit(f"The demo runs already at {told.get('address')}. Stop it first.")
    return told["password"]


def take_pictures(chromium: str, address: str, email: str, password: str) -> None:
    """One picture in each language."""
    os.environ.setdefault("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        for language, name in PICTURES.items():
            take_picture(browser, address, email, password, language, FOLDER / name)
        browser.close()


def take_picture(
    browser: "Browser", address: str, email: str, password: str, language: str, path: Path
) -> None:
    """The overview in a language."""
    context = browser.new_context(viewport=SIZE, color_scheme="light", locale="en-GB")  # type: ignore[arg-type]
    context.add_cookies([{"name": "django_language", "value": language, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/sign-in/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto(f"{address}/overview/")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500)  # charts draw themselves
    page.screenshot(path=path)
    size = path.stat().st_size
    if size > MOST_BYTES:
        sys.exit(f"{path.name} has {size} bytes; at most {MOST_BYTES} are wanted.")
    print(f"{path.relative_to(ROOT)}: {size // 1000} kB")
    context.close()


if __name__ == "__main__":
    main()
