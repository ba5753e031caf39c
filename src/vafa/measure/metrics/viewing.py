"""Whom the person who asks may see. Who is limited to own customers sees them behind every number too."""

from typing import Any

from pyroaring import BitMap

from vafa.data.business.queries import Business
from vafa.data.customers.queries import list_changed_of_others, list_owned_ids
from vafa.warehouse.queries import Snapshot

# In the middle of an import everybody is new: then it is quicker to ask who is one's own.
MOST_CHANGED = 2_000


def get_owner_id(staff: Any, business: Business) -> int | None:
    """The member of staff whose customers alone may be seen; None where there is no such limit."""
    return int(staff.pk) if staff.sees_own_only(business.agents_own_only) else None


def get_visible(snapshot: Snapshot, owner_id: int | None) -> BitMap | None:
    """The set of customers that may be seen; None for everybody. Who was given to somebody else after this state of the
    data was taken is not in it any more."""
    if owner_id is None:
        return None
    own: BitMap = snapshot.cached(("visible_to", owner_id), lambda: snapshot.visible_to(owner_id))
    gone = list_changed_of_others(snapshot.seq, owner_id, most=MOST_CHANGED)
    if len(gone) < MOST_CHANGED:
        return own - snapshot.ix_set(gone) if gone else own
    return own & snapshot.ix_set(list_owned_ids(owner_id))
