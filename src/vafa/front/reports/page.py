"""What every page of a dashboard rests on."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from vafa.data.business.queries import get_style
from vafa.front.overview.figures import Asker
from vafa.front.reports.asking import ask_dashboard
from vafa.front.reports.shown import Shown, show_item
from vafa.kit.locale.formats import Style
from vafa.kit.permissions import Permission, may
from vafa.measure.reports.queries import Dashboard, can_edit, find_dashboard

FORMATS = ("csv", "xlsx")


def get_page_style() -> Style:
    """How this page writes digits and dates."""
    return get_style(translation.get_language() or "en")


def get_seen(request: HttpRequest, dashboard_id: int) -> Dashboard:
    """A dashboard that may be seen; else 404, since even that it exists is not everybody's business."""
    dashboard = find_dashboard(dashboard_id, request.user)
    if dashboard is None:
        raise Http404
    return dashboard


def get_editable(request: HttpRequest, dashboard_id: int) -> Dashboard:
    """A dashboard that may be changed; else 404."""
    dashboard = get_seen(request, dashboard_id)
    if not can_edit(request.user, dashboard):
        raise Http404
    return dashboard


def show_dashboard(
    asker: Asker, dashboard: Dashboard, style: Style, *, names_customers: bool = True
) -> list[dict[str, Any]]:
    """A dashboard's items in blocks, as its page lays them out: numbers in a row stand side by side."""
    blocks: list[dict[str, Any]] = []
    for row, figures in ask_dashboard(asker, dashboard):
        shown = show_item(figures, style, names_customers=names_customers)
        is_number = shown.kind == "number"
        if not blocks or not is_number or not blocks[-1]["numbers"]:
            blocks.append({"numbers": is_number, "items": []})
        blocks[-1]["items"].append({"id": row.pk, "key": f"report-{row.pk}", "shown": shown})
    return blocks


def list_shown(
    asker: Asker, dashboard: Dashboard, style: Style, *, names_customers: bool = True
) -> list[Shown]:
    """A dashboard's items, one after another."""
    return [
        show_item(figures, style, names_customers=names_customers)
        for _row, figures in ask_dashboard(asker, dashboard)
    ]


def describe_dashboard(request: HttpRequest, dashboard: Dashboard) -> dict[str, Any]:
    """What stands around a dashboard: whose it is, and what this person may do with it."""
    owner = dashboard.owner
    return {
        "dashboard": dashboard,
        "may_edit": can_edit(request.user, dashboard),
        "may_make": may(request.user, Permission.EDIT_REPORTS),
        "may_export": may(request.user, Permission.EXPORT),
        "formats": FORMATS,
        "whose": str(owner) if owner is not None else _("somebody who has no access any more"),
    }
