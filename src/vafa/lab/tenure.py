"""Time as a customer, in months of a calendar: who is still active after how long.

An age is whole months and the days beyond them, as one number: months * 32 + days. The k-th month is over on
the same day of the month, or on the last day of a month that has no such day, so whoever pays for a year leaves
at 12 months exactly, in leap years too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vafa.lab.calendars import (
    CalendarName,
    Days,
    get_month_index,
    get_month_start,
    list_month_indexes,
    list_month_starts,
)
from vafa.lab.rates import Rate, build_proportion

MONTH_TICKS = 32
"""Ages a month: more than the longest month has days."""


def build_ages(starts: npt.ArrayLike, ends: npt.ArrayLike, calendar: CalendarName) -> Days:
    """The age at each end (an ordinal, not before its start).

    Raises CalendarRangeExceeded outside the calendar's known years.
    """
    begun, over = np.asarray(starts, dtype=np.int64), np.asarray(ends, dtype=np.int64)
    if not len(begun):
        return np.empty(0, np.int64)
    table = _MonthsOfDays(int(begun.min()), int(over.max()), calendar)
    start_index, start_day = table.split(begun)
    end_index, end_day = table.split(over)
    # The day of this month on which a month is over, and of the month before.
    due = np.minimum(start_day, table.lengths[end_index])
    due_before = np.minimum(start_day, table.lengths[end_index - 1])
    is_over = end_day >= due
    beyond = np.where(is_over, end_day - due, end_day + table.lengths[end_index - 1] - due_before)
    months: Days = end_index - start_index - ~is_over
    return months * MONTH_TICKS + beyond


def add_months(starts: npt.ArrayLike, months: int, calendar: CalendarName) -> Days:
    """The day on which so many months are over, for each start.

    Raises CalendarRangeExceeded outside the calendar's known years.
    """
    begun = np.asarray(starts, dtype=np.int64)
    if not len(begun):
        return np.empty(0, np.int64)
    indexes = list_month_indexes(begun, calendar)
    days = begun - list_month_starts(indexes, calendar)
    first_days = list_month_starts(indexes + months, calendar)
    lengths = list_month_starts(indexes + months + 1, calendar) - first_days
    added: Days = first_days + np.minimum(days, lengths - 1)
    return added


class _MonthsOfDays:
    """The months of a stretch of days, each looked up once however many dates lie there."""

    def __init__(self, first: int, last: int, calendar: CalendarName) -> None:
        self._first = first
        days = np.arange(first, last + 1)
        indexes = list_month_indexes(days, calendar)
        # One month more before the first, whose length a start's own month may ask for.
        self._indexes = indexes - indexes[0] + 1
        self._days = days - list_month_starts(indexes, calendar) + 1
        months = np.arange(indexes[0], indexes[-1] + 2)
        self.lengths = np.concatenate(([MONTH_TICKS], np.diff(list_month_starts(months, calendar))))

    def split(self, ordinals: Days) -> tuple[Days, Days]:
        """The month, counted within the stretch, and the day of the month."""
        places = ordinals - self._first
        return self._indexes[places], self._days[places]


@dataclass(frozen=True)
class TenureTable:
    """By whole months since the first-ever start: how many customers there are, and how many are active.

    The tables of customers apart add up.
    """

    customers: tuple[int, ...] = ()
    active: tuple[int, ...] = ()

    def __add__(self, other: "TenureTable") -> "TenureTable":
        return TenureTable(
            _add_up(self.customers, other.customers),
            _add_up(self.active, other.active),
        )

    def share_at(self, months: int) -> Rate | None:
        """The share still active of those for whom so many months are over, but not one more; None of nobody."""
        if not 0 <= months < len(self.customers):
            return None
        return build_proportion(self.active[months], self.customers[months])


def _add_up(one: Sequence[int], other: Sequence[int]) -> tuple[int, ...]:
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    return tuple(count + (shorter[at] if at < len(shorter) else 0) for at, count in enumerate(longer))


def build_tenure_table(
    first_starts: npt.ArrayLike, is_active: npt.ArrayLike, boundary: int, calendar: CalendarName
) -> TenureTable:
    """The table at a boundary, from each customer's first-ever start (before it) and whether active at it."""
    starts = np.asarray(first_starts, dtype=np.int64)
    if not len(starts):
        return TenureTable()
    months = build_ages(starts, np.full(len(starts), boundary), calendar) // MONTH_TICKS
    customers = np.bincount(months)
    active = np.bincount(months[np.asarray(is_active, dtype=np.bool_)], minlength=len(customers))
    return TenureTable(tuple(customers.tolist()), tuple(active.tolist()))


def naive_add_months(start: int, months: int, calendar: CalendarName) -> int:
    """The slow twin: the same day of the later month, or its last one."""
    index = get_month_index(start, calendar)
    day = start - get_month_start(index, calendar)
    first, after = get_month_start(index + months, calendar), get_month_start(index + months + 1, calendar)
    return min(first + day, after - 1)


def naive_age(start: int, end: int, calendar: CalendarName) -> int:
    """The slow twin of an age: month after month is counted while it is over, then the days."""
    months = 0
    while naive_add_months(start, months + 1, calendar) <= end:
        months += 1
    return months * MONTH_TICKS + end - naive_add_months(start, months, calendar)


def naive_tenure(
    customers: Mapping[int, tuple[int, bool]], boundary: int, calendar: CalendarName
) -> dict[int, tuple[int, int]]:
    """The slow twin of the table, from first start and state by customer: months -> (customers, active)."""
    found: dict[int, tuple[int, int]] = {}
    for first_start, is_active in customers.values():
        months = naive_age(first_start, boundary, calendar) // MONTH_TICKS
        there, still = found.get(months, (0, 0))
        found[months] = there + 1, still + is_active
    return found
