"""What each floor brings to the customer file: fragments, pulled by the page when it is open.

A room adds its part by one line in PARTS: a name for the page's anchor, its title, the name of its address (which takes
`customer_id`), and who may see it. Its view answers through `render_part`, which makes a fragment of its template where
the page asks for one, and a whole page where a person follows the link without scripts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from vafa.data.business.queries import get_business
from vafa.data.customers.queries import find_customer, list_customer_rows
from vafa.front.customers.rows import name_customer
from vafa.front.customers.see_other import SeeOther
from vafa.front.overview.viewer import get_owner_id
from vafa.kit import clock
from vafa.kit.audit import record_seen
from vafa.kit.permissions import Permission, may

if TYPE_CHECKING:
    from vafa.data.customers.models import Customer

__all__ = [
    "PARTS",
    "Part",
    "SeeOther",
    "ShownPart",
    "get_customer_or_404",
    "is_fragment",
    "list_parts",
    "render_part",
]

Place = Literal["side", "main"]


@dataclass(frozen=True)
class Part:
    """One fragment of the file. `place` is "side" beside who the customer is, or "main" above the timeline."""

    key: str
    get_title: Callable[[], str]
    url_name: str
    permission: Permission
    place: Place = "side"


@dataclass(frozen=True)
class ShownPart:
    """A part as the page draws it."""

    key: str
    title: str
    url: str


PARTS: list[Part] = [
    Part("risk", lambda: _("Risk"), "customer_risk", Permission.SEE_CUSTOMERS),
    Part("consent", lambda: _("Consent"), "customer_consent", Permission.SEE_CUSTOMERS),
    Part("tasks", lambda: _("Tasks"), "customer_tasks", Permission.WORK_TASKS),
    Part("messages", lambda: _("Messages"), "customer_messages", Permission.SEE_CUSTOMERS),
    Part("automations", lambda: _("Automations"), "customer_automations", Permission.SEE_CUSTOMERS),
    Part("days", lambda: _("Days that come back"), "customer_days", Permission.SEE_CUSTOMERS),
    Part("by_hand", lambda: _("Enter by hand"), "by_hand", Permission.WRITE_NOTES),
    Part("merges", lambda: _("Doubles"), "customer_merges", Permission.EDIT_CUSTOMERS),
]


def list_parts(staff: Any, customer_id: int, place: Place) -> list[ShownPart]:
    """The parts of a place that this person may see, in the order of the list."""
    return [
        ShownPart(part.key, part.get_title(), reverse(part.url_name, args=[customer_id]))
        for part in PARTS
        if part.place == place and may(staff, part.permission)
    ]


def get_customer_or_404(request: HttpRequest, customer_id: int) -> "Customer":
    """The customer whose file is asked for, as the one kept after merges; 404 for whom this person may not see."""
    found = find_customer(customer_id)
    owner_id = get_owner_id(request.user, get_business())
    if found is None or (owner_id is not None and found.owner_id != owner_id):
        raise Http404
    record_seen("customer.seen", by=request.user, now=clock.now(), subject=f"customer:{found.pk}")
    return found


def is_fragment(request: HttpRequest) -> bool:
    """Whether the page's script asks for a piece of it, rather than a person for a page."""
    return request.headers.get("HX-Request") == "true"


def render_part(
    request: HttpRequest, customer: "Customer", template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A part alone as a fragment, or on a page of its own with the way back to the file."""
    context |= {"customer": customer}
    if is_fragment(request):
        return render(request, template, context, status=status)
    context |= {"name": name_customer(list_customer_rows([customer.pk])[0]), "part_template": template}
    return render(request, "customers/part_page.html", context, status=status)
