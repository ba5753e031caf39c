"""A role of one's own refuses what it forbids, and a second step is asked for at sign-in."""

import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.journeys.conftest import PATIENCE_MS, sign_in, speak
from tests.journeys.site import OWNER, PASSWORD, Site, run_site
from tests.journeys.words import Words
from tests.support.browser import open_watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


# One that is built into the device and asks for a finger, which it always gets.
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def own_shop(shop_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A copy of the shop for journeys that change it."""
    home = tmp_path_factory.mktemp("access") / "home"
    shutil.copytree(shop_home, home)
    with run_site(home) as site:
        yield site


def test_an_own_role_forbids_and_a_second_step_is_asked_for(
    own_shop: Site, page: "Page", browser: "Browser", words: Words
) -> None:
    page.set_default_timeout(PATIENCE_MS)
    speak(page.context, own_shop, words.language)
    sign_in(page, own_shop, OWNER)
    email, role = f"counter-{words.language}@example.com", f"Counter {words.language}"
    page.goto(own_shop.get_url("/settings/roles/new/"))
    page.locator("input[name=name]").fill(role)
    page.locator("input[name=permissions][value=see_customers]").check()
    page.locator("main form .btn-primary").click()
    page.get_by_text(words("Saved.")).wait_for()
    page.goto(own_shop.get_url("/settings/staff/"))
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=email]) select[name=role]").select_option(label=role)
    page.locator("form:has(input[name=email]) .btn-primary").click()
    page.get_by_text(words("Saved.")).wait_for()

    with open_watched(browser) as context:
        context.set_default_timeout(PATIENCE_MS)
        speak(context, own_shop, words.language)
        clerk = context.new_page()
        enter(clerk, own_shop, email)
        clerk.wait_for_url(re.compile(r"/(customers|today|search)/"))
        for path in ("/overview/", "/settings/roles/", "/imports/", "/customers/export.csv"):
            answer = clerk.goto(own_shop.get_url(path))
            assert answer is not None
            assert answer.status == 403, path
            assert words("You can't open this page") in clerk.inner_text("main")
        clerk.goto(own_shop.get_url("/my-account/second-step/app/"))
        secret = clerk.locator("main [translate=no]").inner_text().replace(" ", "")
        clerk.locator("input[name=code]").fill(build_code(secret, -1))
        clerk.locator("main form .btn-primary").click()
        clerk.wait_for_url("**/codes/")
        assert clerk.locator("main [translate=no] li").count() == 10
        context.clear_cookies()
        speak(context, own_shop, words.language)
        enter(clerk, own_shop, email)
        clerk.wait_for_url("**/sign-in/second-step/")
        assert words("Second step") in clerk.inner_text("main")
        clerk.locator("input[name=code]").fill(build_code(secret))
        clerk.locator("main form .btn-primary").click()
        clerk.wait_for_url(lambda url: "sign-in" not in url)
        assert clerk.goto(own_shop.get_url("/customers/")).status == 200
    see_that_a_passkey_signs_in_alone(browser, own_shop, email, secret)


def see_that_a_passkey_signs_in_alone(browser: "Browser", shop: Site, email: str, secret: str) -> None:
    # Browsers make passkeys for names, never for bare numbers.
    site = replace(shop, address=shop.address.replace("127.0.0.1", "localhost"))
    with open_watched(browser) as context:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        device = context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        enter(page, site, email)
        page.wait_for_url("**/sign-in/second-step/")
        page.locator("input[name=code]").fill(build_code(secret, 1))
        page.locator("main form .btn-primary").click()
        page.wait_for_url(lambda url: "sign-in" not in url)
        page.goto(site.get_url("/my-account/second-step/passkeys/add/"))
        page.locator("form[data-passkey=create] input[name=name]").fill("Laptop")
        page.locator("form[data-passkey=create] button").first.click()
        page.wait_for_url(lambda url: "/add/" not in url)
        context.clear_cookies()
        page.goto(site.get_url("/sign-in/"))
        page.locator("form[data-passkey=get] button").click()
        page.wait_for_url(lambda url: "sign-in" not in url)
        assert page.goto(site.get_url("/customers/")).status == 200


def enter(page: "Page", site: Site, email: str) -> None:
    page.goto(site.get_url("/sign-in/"))
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button").first.click()


def build_code(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))
