"""The main navigation: the pages that exist and that this person may see."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vafa.data.business.queries import get_customer_word
from vafa.kit.permissions import Permission, may
from vafa.measure.metrics.queries import get_owner_id

if TYPE_CHECKING:
    from vafa.data.business.models import Business


@dataclass(frozen=True)
class Place:
    """One entry: the name of its page, its title in the page's language, its icon, and who may see it."""

    url_name: str
    get_title: Callable[["Business"], str]
    icon: str
    permission: Permission
    holds: tuple[str, ...] = ()
    """The names of pages elsewhere that are reached through this one, and mark it."""
    of_everybody: bool = False
    """Whether it counts all customers, so that it is nothing for those who see own customers alone."""


@dataclass(frozen=True)
class NavigationItem:
    """An entry as the page draws it."""

    url: str
    title: str
    icon: str
    active: bool


PLACES = (
    Place("overview", lambda _business: _("Overview"), "layout-dashboard", Permission.SEE_FIGURES),
    Place(
        "today",
        lambda _business: _("Today"),
        "calendar-days",
        Permission.WORK_TASKS,
        holds=("tasks", "replies"),
    ),
    Place(
        "customers", lambda business: get_customer_word(business).heading, "users", Permission.SEE_CUSTOMERS
    ),
    Place("risk", lambda _business: _("Risk"), "shield", Permission.SEE_CUSTOMERS),
    Place("segments", lambda _business: _("Segments"), "chart-pie", Permission.SEE_CUSTOMERS),
    Place(
        "campaigns",
        lambda _business: _("Campaigns"),
        "send",
        Permission.EDIT_MESSAGES,
        holds=("templates", "queue"),
        of_everybody=True,
    ),
    Place("automations", lambda _business: _("Automations"), "workflow", Permission.EDIT_MESSAGES),
    Place(
        "trials",
        lambda _business: pgettext("did it work", "Results"),
        "scale",
        Permission.SEE_FIGURES,
        of_everybody=True,
    ),
    Place("explore", lambda _business: _("Explore"), "chart-line", Permission.SEE_FIGURES),
    Place("reports", lambda _business: _("Reports"), "chart-column", Permission.SEE_FIGURES),
    Place("metrics", lambda _business: _("Metrics"), "book-open", Permission.SEE_FIGURES),
    Place(
        "understand",
        lambda _business: _("Understand"),
        "search",
        Permission.SEE_FIGURES,
        holds=("what_if", "benchmarks", "quality", "changes", "targets", "same_sales"),
    ),
    Place("imports", lambda _business: _("Import"), "upload", Permission.IMPORT),
    Place("settings", lambda _business: _("Settings"), "settings", Permission.CHANGE_SETTINGS),
)


def build_navigation(request: HttpRequest, business: "Business") -> list[NavigationItem]:
    """The entries for this person, with the one that holds the present page marked."""
    is_limited = get_owner_id(request.user, business) is not None
    found = [
        (place, url)
        for place in PLACES
        if may(request.user, place.permission)
        and not (place.of_everybody and is_limited)
        and (url := find_url(place.url_name)) is not None
    ]
    here = max((url for place, url in found if _holds(place, url, request.path)), key=len, default="")
    return [NavigationItem(url, place.get_title(business), place.icon, url == here) for place, url in found]


def _holds(place: Place, url: str, path: str) -> bool:
    inside = [url, *(found for name in place.holds if (found := find_url(name)) is not None)]
    return any(path.startswith(start) for start in inside)


def find_url(name: str) -> str | None:
    """The address of a page without parameters; None while no room brings it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
