"""Who is in a state under the activity rule at a boundary, and since when."""

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.lab.sets import build_set, list_members
from vafa.lab.spells import OPEN_END
from vafa.measure.segments.context import Context
from vafa.measure.segments.types import Since, StateCondition


def find_by_state(context: Context, condition: StateCondition, _among: BitMap | None = None) -> BitMap:
    """The customers in the state; with `since`, only those in it for at least or at most so many days."""
    snapshot, state = context.snapshot, condition.state
    active = snapshot.active(context.rule, context.as_of) & snapshot.everyone()
    if state == "active" and condition.since is None:
        return active
    spells = snapshot.current_spells(context.rule, context.as_of)
    if state == "new":
        return _narrow(active, snapshot.first_start_days(context.rule), condition.since, context.boundary)
    if state == "active":
        return _narrow(active, spells.start, condition.since, context.boundary)
    if state == "won_back":
        again = active & build_set(np.flatnonzero(spells.start != spells.first))
        return _narrow(again, spells.start, condition.since, context.boundary)
    begun = build_set(np.flatnonzero(spells.start != OPEN_END)) & snapshot.everyone()
    if state == "never":
        return snapshot.everyone() - begun
    return _narrow(begun - active, spells.end, condition.since, context.boundary)


def _narrow(members: BitMap, days: npt.NDArray[np.int32], since: Since | None, boundary: int) -> BitMap:
    """Those of the members since whose day so many have passed, until the boundary."""
    if since is None or not members:
        return members
    numbers = list_members(members)
    passed = boundary - days[numbers].astype(np.int64)
    fits = passed >= since.days if since.op == "at_least" else passed <= since.days
    return build_set(numbers[fits])
