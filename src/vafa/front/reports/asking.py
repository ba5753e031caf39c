"""A dashboard's figures as one member of staff may see them."""

from typing import Any

from vafa.data.business.queries import get_business
from vafa.front.overview.figures import Asker
from vafa.front.overview.viewer import get_owner_id, get_visible
from vafa.measure.reports.queries import Dashboard, DashboardItem, build_item, get_figures, list_items
from vafa.measure.reports.types import Figures, Item
from vafa.warehouse.queries import open_snapshot


def build_asker(staff: Any) -> Asker:
    """Whoever looks: the data as they are now, and whom this person may see."""
    snapshot, business = open_snapshot(), get_business()
    owner_id = get_owner_id(staff, business)
    return Asker(snapshot, business, owner_id, get_visible(snapshot, owner_id))


def ask_item(asker: Asker, item: Item) -> Figures:
    """An item's figures. They are not kept from one page to the next: segments, margins and prices may change while
    the data stay as they are; what takes long is kept with the state of the data itself."""
    return get_figures(item, snapshot=asker.snapshot, visible=asker.visible)


def ask_dashboard(asker: Asker, dashboard: Dashboard) -> list[tuple[DashboardItem, Figures]]:
    """All items of a dashboard with their figures, in their order."""
    return [(row, ask_item(asker, build_item(row))) for row in list_items(dashboard)]
