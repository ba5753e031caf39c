"""Cohorts: of the customers first seen in one period, how many are seen again in each one after.

Seen means with a row, or with a purchase, in the period: the caller's sets decide which.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pyroaring import BitMap

from vafa.lab.periods import Period


@dataclass(frozen=True)
class Cohort:
    """Those first seen in the period that begins at `start`.

    `kept[i]` is how many of them were seen i periods later (`kept[0]` is `size`), None after the period that
    holds the end of data; `partial` says that this last known period isn't over.
    """

    start: date
    size: int
    kept: tuple[int | None, ...]
    partial: bool


def _count_known(periods: Sequence[Period], data_until: date) -> int:
    """How many of the periods have begun before the end of data."""
    return sum(period.start < data_until for period in periods)


def build_cohorts(periods: Sequence[Period], period_sets: Sequence[BitMap], data_until: date) -> list[Cohort]:
    """The cohort table of consecutive periods and the customers seen in each; `data_until` is exclusive.

    The periods must begin early enough for a first period to be a first one. A period in which nobody was
    first seen has no cohort.
    """
    known = _count_known(periods, data_until)
    partial = known > 0 and periods[known - 1].end > data_until
    cohorts: list[Cohort] = []
    seen = BitMap()
    for first in range(known):
        members = period_sets[first] - seen
        seen |= members
        if not members:
            continue
        counts = [members.intersection_cardinality(period_sets[later]) for later in range(first, known)]
        unknown: list[None] = [None] * (len(periods) - known)
        cohorts.append(Cohort(periods[first].start, len(members), (*counts, *unknown), partial))
    return cohorts


def naive_cohorts(
    periods: Sequence[Period], facts: Iterable[tuple[int, date]], data_until: date
) -> list[Cohort]:
    """The slow twin, from facts (customer, day): each customer's days are looked at one by one."""
    days_of: dict[int, set[date]] = {}
    for customer, day in facts:
        if periods and periods[0].start <= day < periods[-1].end:
            days_of.setdefault(customer, set()).add(day)
    cohorts = []
    for position, period in enumerate(periods):
        members = [days for days in days_of.values() if period.holds(min(days))]
        if period.start >= data_until or not members:
            continue
        kept: list[int | None] = []
        partial = False
        for later in periods[position:]:
            if later.start >= data_until:
                kept.append(None)
                continue
            kept.append(sum(any(later.holds(day) for day in days) for days in members))
            partial = later.end > data_until
        cohorts.append(Cohort(period.start, len(members), tuple(kept), partial))
    return cohorts
