"""Every page in Persian and English: nothing that axe calls serious, and nothing wider than a phone."""

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.conftest import Visit
from tests.journeys.pages import list_pages
from tests.journeys.phone import PHONE, find_wide
from tests.journeys.words import LANGUAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

HARMFUL = ("serious", "critical")


# Two frames, so that the colours have begun to change, and then until they have ended.
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
AT_REST = "() => document.getAnimations().every(one => one.playState !== 'running')"
DESK: "ViewportSize" = {"width": 1280, "height": 720}


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_fit_for_everybody(tour: Visit, language: str) -> None:
    """Axe's rules in light; in dark the colours, which are all that changes, and are those of any language; and the
    width on a phone, which costs a change of the window here where it would cost another visit."""
    found = []
    for path, options in list_pages():
        page = tour(path, language, color_scheme="light", reduced_motion="reduce", **options)
        found += [f"{path}: {line}" for line in list_violations(page)]
        page.set_viewport_size(PHONE["viewport"])
        page.evaluate(TWO_FRAMES)
        found += [f"{path}, on a phone: {line}" for line in find_wide(page)]
        page.set_viewport_size(DESK)
        if language != LANGUAGES[0]:
            continue
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        page.evaluate(TWO_FRAMES)
        page.wait_for_function(AT_REST)
        found += [f"{path}, dark: {line}" for line in list_violations(page, "color-contrast")]
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
    assert not found, "\n".join(found)


def list_violations(page: "Page", *rules: str) -> list[str]:
    """What axe finds serious or critical by all rules or by these, each with the elements it is about."""
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = list(rules)
    report = Axe().run(page, options=options)
    return [
        f"{violation['id']}: {[node['target'] for node in violation['nodes']][:5]} {violation['help']}"
        for violation in report.response["violations"]
        if violation["impact"] in HARMFUL
    ]


def test_axe_would_tell(page: "Page") -> None:
    page.set_content("<html lang=en><title>A page</title><main><h1>A page</h1><input type=text></main>")
    assert [line.split(":")[0] for line in list_violations(page)] == ["label"]
    assert not list_violations(page, "color-contrast")
    page.set_content(
        "<html lang=en><title>A page</title><p style='color: #eee; background: #fff'>Hardly read</p>"
    )
    assert [line.split(":")[0] for line in list_violations(page, "color-contrast")] == ["color-contrast"]
