"""Whom the person who asks may see. An agent limited to own customers sees them behind every number too."""

from typing import Any

from pyroaring import BitMap

from vafa.data.business.queries import Business
from vafa.kit.permissions import Role
from vafa.warehouse.queries import Snapshot


def get_owner_id(staff: Any, business: Business) -> int | None:
    """The member of staff whose customers alone may be seen; None where there is no such limit."""
    return int(staff.pk) if business.agents_own_only and staff.role == Role.AGENT else None


def get_visible(snapshot: Snapshot, owner_id: int | None) -> BitMap | None:
    """The set of customers that may be seen; None for everybody."""
    if owner_id is None:
        return None
    return snapshot.cached(("visible_to", owner_id), lambda: snapshot.visible_to(owner_id))
