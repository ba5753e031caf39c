"""Whom the person who asks may see. Who is limited to own customers sees them behind every number too."""

from typing import Any

from pyroaring import BitMap

from vafa.data.business.queries import Business
from vafa.warehouse.queries import Snapshot


def get_owner_id(staff: Any, business: Business) -> int | None:
    """The member of staff whose customers alone may be seen; None where there is no such limit."""
    return int(staff.pk) if staff.sees_own_only(business.agents_own_only) else None


def get_visible(snapshot: Snapshot, owner_id: int | None) -> BitMap | None:
    """The set of customers that may be seen; None for everybody."""
    if owner_id is None:
        return None
    return snapshot.cached(("visible_to", owner_id), lambda: snapshot.visible_to(owner_id))
