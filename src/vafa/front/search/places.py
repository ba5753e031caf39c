"""The pages, metrics and segments that a text may mean, of those that a person may open."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from vafa.data.business.queries import Business
from vafa.front.navigation import PLACES, find_url
from vafa.front.settings_pages import TABS
from vafa.front.understand.views import list_places
from vafa.kit.locale.letters import fold
from vafa.kit.permissions import Permission, may
from vafa.measure.metrics.queries import list_entries_by_family
from vafa.measure.segments.queries import list_segments


@dataclass(frozen=True)
class Page:
    """A page that was found: its address, title, icon, and what kind of page it is ("" for an ordinary one)."""

    url: str
    title: str
    icon: str
    kind: str = ""


def find_pages(text: str, staff: Any, business: Business, limit: int) -> list[Page]:
    """The pages whose title holds all the words, those that begin so first."""
    words = fold(text).split()
    if not words:
        return []
    found = [
        (not title.startswith(words[0]), page)
        for page in _list_pages(staff, business)
        if all(word in (title := fold(page.title)) for word in words)
    ]
    found.sort(key=lambda pair: pair[0])
    return list({page.url: page for _rank, page in found}.values())[:limit]


def _list_pages(staff: Any, business: Business) -> Iterator[Page]:
    for place in PLACES:
        if may(staff, place.permission) and (url := find_url(place.url_name)):
            yield Page(url, place.get_title(business), place.icon)
    for name, title, _text, icon, permission in list_places():
        if may(staff, permission) and (url := find_url(name)):
            yield Page(url, title, icon)
    for name, get_title, needed in TABS:
        if (needed is None or may(staff, needed)) and (url := find_url(name)):
            yield Page(url, get_title(), "settings", _("Settings"))
    if may(staff, Permission.SEE_CUSTOMERS):
        for segment in list_segments():
            yield Page(reverse("segment", args=[segment.slug]), segment.name, "chart-pie", _("Segment"))
    if may(staff, Permission.SEE_FIGURES):
        for _family, entries in list_entries_by_family():
            for entry in entries:
                yield Page(reverse("metric", args=[entry.name]), entry.title, "book-open", _("Metric"))
