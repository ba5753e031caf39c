"""Every page in Persian and English: nothing that axe calls serious, and nothing wider than a phone."""

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.conftest import Visit
from tests.journeys.pages import list_pages, list_pages_of_each_kind
from tests.journeys.phone import PHONE, find_wide
from tests.journeys.words import LANGUAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

HARMFUL = ("serious", "critical")


OF_LANGUAGE_AND_SCHEME = (
    "color-contrast",
    "document-title",
    "html-has-lang",
    "html-lang-valid",
    "valid-lang",
)
# Two frames, so that the page has its new width.
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
DESK: "ViewportSize" = {"width": 1280, "height": 720}


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_fit_for_everybody(tour: Visit, language: str) -> None:
    """All of axe's rules in light in the first language. In the other one the colours in dark, which are all that
    changes with the scheme and don't with the language, and what is said of the language, on one page of each kind. In
    both the width on a phone, which costs a change of the window here where it would cost another visit."""
    is_first = language == LANGUAGES[0]
    scheme, rules = ("light", ()) if is_first else ("dark", OF_LANGUAGE_AND_SCHEME)
    found = []
    for path, options in list_pages() if is_first else list_pages_of_each_kind():
        page = tour(path, language, color_scheme=scheme, reduced_motion="reduce", **options)
        found += [f"{path}, {scheme}: {line}" for line in list_violations(page, *rules)]
        page.set_viewport_size(PHONE["viewport"])
        page.evaluate(TWO_FRAMES)
        found += [f"{path}, on a phone: {line}" for line in find_wide(page)]
        page.set_viewport_size(DESK)
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
