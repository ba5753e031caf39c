"""What an address of the list of tasks asks for, and what it takes to answer."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vafa.act.followups.queries import get_viewer, tell_moment
from vafa.act.followups.types import SHOWS, WHOSE, Moment, TaskFilter, Viewer
from vafa.data.business.queries import Business, get_business, get_style
from vafa.data.customers.queries import find_customer, list_ids_of
from vafa.kit import clock
from vafa.kit.ids import read_id
from vafa.kit.locale.formats import Style
from vafa.kit.permissions import Permission, may

KEPT = ("show", "whose", "staff", "customer", "rule", "batch", "q")


@dataclass(frozen=True)
class Eyes:
    """Who looks, when, and how it is written for them."""

    viewer: Viewer
    business: Business
    style: Style
    moment: Moment

    @property
    def zone(self) -> ZoneInfo:
        """The business's time zone."""
        return ZoneInfo(self.business.zone)


def open_eyes(request: HttpRequest) -> Eyes:
    """The eyes of whoever asks, now."""
    business = get_business()
    return Eyes(
        get_viewer(request.user),
        business,
        get_style(translation.get_language() or "en", business),
        tell_moment(clock.now(), business.zone),
    )


def read_filter(request: HttpRequest, eyes: Eyes) -> TaskFilter:
    """The filter of an address; what is unknown in it is left out. Without one: one's own open tasks, or for those who
    give tasks to others everybody's."""
    asked = request.GET
    usual = "all" if may(request.user, Permission.ASSIGN_TASKS) else "mine"
    found = TaskFilter(
        show=next((name for name in SHOWS if name == asked.get("show")), "open"),
        whose=next((name for name in WHOSE if name == asked.get("whose")), usual),  # type: ignore[arg-type]
        staff_id=read_id(asked.get("staff", "")),
        rule_id=read_id(asked.get("rule", "")),
        batch_id=read_id(asked.get("batch", "")),
        text=asked.get("q", "").strip()[:200],
    )
    if found.staff_id is not None:
        found = replace(found, whose="all")
    if (customer := find_asked_customer(asked.get("customer", ""), eyes)) is not None:
        found = replace(found, customers=tuple(list_ids_of(customer.pk)), whose="all")
    return found


def find_asked_customer(text: str, eyes: Eyes) -> Any:
    """The customer that an address names by id, if this person may see it."""
    number = read_id(text)
    customer = None if number is None else find_customer(number)
    if customer is None or (eyes.viewer.own_only and customer.owner_id != eyes.viewer.staff_id):
        return None
    return customer


def build_address(request: HttpRequest, **changes: Any) -> str:
    """The query of this list with some things changed; None takes one away."""
    asked = {name: request.GET[name] for name in KEPT if request.GET.get(name)} | changes
    return "?" + urlencode({name: value for name, value in asked.items() if value not in (None, "")})


def name_show(show: str) -> str:
    """Which tasks a list shows."""
    return {
        "open": _("Open tasks"),
        "overdue": _("Overdue"),
        "today": _("Today"),
        "next": _("Next seven days"),
        "done": pgettext("tasks", "Finished"),
        "cancelled": pgettext("tasks", "Cancelled"),
        "all": _("All tasks"),
    }[show]
