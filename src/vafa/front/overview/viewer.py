"""Whom the person who asks may see. An agent limited to own customers sees them behind every number too."""

from typing import Any

from pyroaring import BitMap

from vafa.data.business.queries import Business
from vafa.kit.permissions import Role
from vafa.measure.metrics.queries import open_counted
from vafa.warehouse.queries import Snapshot, open_snapshot
from vafa.warehouse.types import Entity


def get_owner_id(staff: Any, business: Business) -> int | None:
    """The member of staff whose customers alone may be seen; None where there is no such limit."""
    return int(staff.pk) if business.agents_own_only and staff.role == Role.AGENT else None


def open_for(
    business: Business, owner_id: int | None, entity: Entity | None = None
) -> tuple[Snapshot, BitMap | None]:
    """The newest snapshot as the business counts, or as `entity` says, and who may be seen in it."""
    snapshot = open_snapshot()
    return open_counted(snapshot, get_visible(snapshot, owner_id), entity, business)


def get_visible(snapshot: Snapshot, owner_id: int | None) -> BitMap | None:
    """The set of customers that may be seen; None for everybody."""
    if owner_id is None:
        return None
    return snapshot.cached(("visible_to", owner_id), lambda: snapshot.visible_to(owner_id))
