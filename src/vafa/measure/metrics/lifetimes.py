"""The lengths of first spells, as they were known at a day: what survival is told from."""

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.lab.calendars import CalendarName, get_first_day
from vafa.lab.rules import ActivityRule
from vafa.lab.sets import list_members
from vafa.lab.survival import Lifetimes, build_lifetimes
from vafa.lab.tenure import build_ages
from vafa.measure.metrics.membership import is_customer_dimension
from vafa.warehouse.queries import Snapshot
from vafa.warehouse.types import Group

Ordinals = npt.NDArray[np.int64]


def get_lifetimes(
    snapshot: Snapshot,
    rule: ActivityRule,
    boundary: int,
    calendar: CalendarName,
    group: Group | None = None,
    members: BitMap | None = None,
    *,
    in_days: bool = False,
) -> Lifetimes:
    """The first spells of these customers (None: all) that began before the boundary (ordinal), with their ages in
    months and days (`lab.tenure`), or in days.

    Within a group of an order's or a subscription's field they are of that group alone; of a customer's field, of the
    customers who have that value.
    """
    if group is not None and is_customer_dimension(group.dimension):
        own = snapshot.group_members(group)
        members = own if members is None else own & members
    _numbers, starts, ends = list_begun(snapshot, rule, group, boundary, calendar, members)
    seen_until = np.minimum(ends, boundary).astype(np.int64)
    ages = seen_until - starts if in_days else build_ages(starts, seen_until, calendar)
    return build_lifetimes(ages, ends <= boundary)


def list_begun(
    snapshot: Snapshot,
    rule: ActivityRule,
    group: Group | None,
    boundary: int,
    calendar: CalendarName,
    members: BitMap | None,
) -> tuple[Ordinals, Ordinals, Ordinals]:
    """The customers who began their first spell before a boundary, their first-ever start, and the spell's end."""
    starts, ends = snapshot.first_spells(rule, group)
    if members is None:
        numbers = np.flatnonzero(starts < boundary)
    else:
        numbers = list_members(members).astype(np.int64)
        numbers = numbers[starts[numbers] < boundary]
    first_starts = snapshot.first_start_days(rule, group)[numbers]
    # Days before the calendar's first year have no months: such a start counts from there.
    origins = np.maximum(first_starts, get_first_day(calendar)).astype(np.int64)
    return numbers, origins, ends[numbers].astype(np.int64)
