"""Whom the person who asks may see. An agent limited to own customers sees them behind every number too."""

from pyroaring import BitMap

from vafa.data.business.queries import Business
from vafa.measure.metrics.queries import get_owner_id, get_visible, open_counted
from vafa.warehouse.queries import Snapshot, open_snapshot
from vafa.warehouse.types import CUSTOM_PREFIX, CUSTOMER_DIMENSIONS, Entity, Group

__all__ = ["get_owner_id", "get_visible", "list_seen_groups", "open_for"]


def open_for(
    business: Business, owner_id: int | None, entity: Entity | None = None
) -> tuple[Snapshot, BitMap | None]:
    """The newest snapshot as the business counts, or as `entity` says, and who may be seen in it."""
    snapshot = open_snapshot()
    return open_counted(snapshot, get_visible(snapshot, owner_id), entity, business)


def list_seen_groups(snapshot: Snapshot, dimension: str, visible: BitMap | None) -> list[Group]:
    """The values of a field; of a field of customers only those that somebody who may be seen has: what others are
    called, and where they work, is not everybody's to read."""
    groups = snapshot.list_groups(dimension)
    if visible is None or not (dimension in CUSTOMER_DIMENSIONS or dimension.startswith(CUSTOM_PREFIX)):
        return groups
    return [group for group in groups if snapshot.group_members(group) & visible]
