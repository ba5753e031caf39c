"""Where the pages that explain, compare and question the figures are found."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from vafa.front.navigation import find_url
from vafa.kit.permissions import Permission, may, requires


@dataclass(frozen=True)
class Way:
    """A page, what it answers, and its icon."""

    url: str
    title: str
    text: str
    icon: str


@requires(Permission.SEE_FIGURES)
def understand(request: HttpRequest) -> HttpResponse:
    """`/understand/`: the pages that this person may open."""
    ways = [
        Way(url, title, text, icon)
        for name, title, text, icon, permission in list_places()
        if may(request.user, permission) and (url := find_url(name)) is not None
    ]
    return render(request, "understand/understand.html", {"ways": ways})


def list_places() -> list[tuple[str, str, str, str, Permission]]:
    """The pages: name of the address, title, what it answers, icon, and who may see it."""
    figures = Permission.SEE_FIGURES
    return [
        (
            "what_if",
            _("What if?"),
            _("What fewer lost customers, another price or cheaper newcomers would be worth."),
            "chart-line",
            figures,
        ),
        (
            "risk_when",
            _("How long they stay"),
            _("The share of customers still there month after month, and in which month they leave."),
            "clock",
            figures,
        ),
        (
            "benchmarks",
            _("Benchmarks"),
            _("Your retention beside your industry's, your target and your own past."),
            "scale",
            figures,
        ),
        (
            "targets",
            _("Targets and alerts"),
            _("What figures should be, and who is told when one leaves its usual range."),
            "target",
            figures,
        ),
        (
            "quality",
            _("Data quality"),
            _("Doubles, gaps, amounts far out: what may be wrong in the data, and how it is mended."),
            "shield-check",
            figures,
        ),
        (
            "doubles",
            _("Doubles"),
            _("Customers who may be known twice, compared, merged and taken apart again."),
            "git-merge",
            Permission.EDIT_CUSTOMERS,
        ),
        (
            "same_sales",
            _("Sales told twice"),
            _(
                "Orders that two sources tell of: one counts, the other is set aside, and both can count again."
            ),
            "copy",
            Permission.EDIT_CUSTOMERS,
        ),
        (
            "changes",
            _("Changed figures"),
            _("Why a figure is not what it was: what happened since, and how much each change did."),
            "history",
            figures,
        ),
        (
            "rate",
            _("Rate from counts"),
            _("Retention and churn from three numbers, without any data."),
            "percent",
            figures,
        ),
    ]
