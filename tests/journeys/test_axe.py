"""Nothing that axe calls serious or critical, on every page, in light and dark."""

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.conftest import Visit
from tests.journeys.pages import list_pages
from tests.journeys.words import LANGUAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page

HARMFUL = ("serious", "critical")


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_serious(visit: Visit, language: str, scheme: str) -> None:
    found = []
    for path, options in list_pages():
        page = visit(path, language, color_scheme=scheme, reduced_motion="reduce", **options)
        found += [f"{path}: {line}" for line in list_violations(page)]
        page.close()
    assert not found, "\n".join(found)


def list_violations(page: "Page") -> list[str]:
    """What axe finds serious or critical, each with the elements it is about."""
    report = Axe().run(page, options={"resultTypes": ["violations"]})
    return [
        f"{violation['id']}: {[node['target'] for node in violation['nodes']][:5]} {violation['help']}"
        for violation in report.response["violations"]
        if violation["impact"] in HARMFUL
    ]


def test_axe_would_tell(page: "Page") -> None:
    page.set_content("<html lang=en><title>A page</title><main><h1>A page</h1><input type=text></main>")
    assert [line.split(":")[0] for line in list_violations(page)] == ["label"]
