"""A phone's screen, and what sticks out of it."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTH = 390
PHONE: dict[str, Any] = {"viewport": {"width": WIDTH, "height": 844}}
# Elements that stick out of the screen, save those inside a box that scrolls by itself.
FIND_WIDE = """() => [...document.querySelectorAll('body *')].filter(element => {
    const { left, right, width } = element.getBoundingClientRect()
    if (!width || (left > -1 && right < innerWidth + 1)) return false
    for (let box = element.parentElement; box && box !== document.body; box = box.parentElement)
        if (getComputedStyle(box).overflowX !== 'visible') return false
    return getComputedStyle(element).position !== 'fixed'
}).slice(0, 5).map(element => element.outerHTML.slice(0, 120))"""


def find_wide(page: "Page") -> list[str]:
    """What makes an open page wider than a phone's screen; nothing where it fits."""
    width = page.evaluate("() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
    return [f"{width} pixels, {page.evaluate(FIND_WIDE)}"] if width > WIDTH else []
