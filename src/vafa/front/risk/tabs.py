"""The pages of Risk as views of one thing: each shows the way to the others that its reader may see."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vafa.kit.permissions import Permission, may

Tab = dict[str, Any]


def list_tabs(user: Any, here: str) -> list[Tab]:
    """The pages, of which the one of this URL name is open."""
    pages = (
        ("risk", _("Risk board"), Permission.SEE_CUSTOMERS),
        ("risk_common", pgettext("those who left", "In common"), Permission.SEE_FIGURES),
        ("risk_drivers", _("What goes with leaving"), Permission.SEE_FIGURES),
        ("risk_when", _("How long they stay"), Permission.SEE_FIGURES),
        ("risk_value", pgettext("of customers", "Value"), Permission.SEE_FIGURES),
        ("risk_record", _("Track record"), Permission.SEE_CUSTOMERS),
        ("risk_models", _("Models"), Permission.MANAGE_MODELS),
    )
    return [
        {"url": reverse(name), "title": title, "active": name == here}
        for name, title, permission in pages
        if may(user, permission)
    ]
