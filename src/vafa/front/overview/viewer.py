"""Whom the person who asks may see. An agent limited to own customers sees them behind every number too."""

from pyroaring import BitMap

from vafa.data.business.queries import Business
from vafa.measure.metrics.queries import get_owner_id, get_visible, open_counted
from vafa.warehouse.queries import Snapshot, open_snapshot
from vafa.warehouse.types import Entity

__all__ = ["get_owner_id", "get_visible", "open_for"]


def open_for(
    business: Business, owner_id: int | None, entity: Entity | None = None
) -> tuple[Snapshot, BitMap | None]:
    """The newest snapshot as the business counts, or as `entity` says, and who may be seen in it."""
    snapshot = open_snapshot()
    return open_counted(snapshot, get_visible(snapshot, owner_id), entity, business)
