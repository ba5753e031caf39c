"""The gaps between a customer's purchase days, as an exact histogram.

A gap counts in a period where both its days are inside. Days are ordinals.
"""

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.lab.histograms import Histogram, build_counted
from vafa.lab.sets import list_members

_ENOUGH = 1 << 18

Whole = npt.NDArray[np.int64]
Gaps = tuple[npt.NDArray[np.uint32], Whole]
"""Customers, and beside each the days since the purchase day before."""


def iterate_gaps(days: Iterable[tuple[int, BitMap]], customers: int) -> Iterator[Gaps]:
    """The gaps that end on each day, from the buyers of each day in order; `customers` bounds their numbers.

    Days alone are held, so it costs one number a customer however many purchases there are.
    """
    last = np.zeros(customers, dtype=np.int32)
    for day, buyers in days:
        members = list_members(buyers)
        before = last[members]
        again = before > 0
        yield members[again], (day - before[again]).astype(np.int64)
        last[members] = day


def build_gaps(days: Iterable[tuple[int, BitMap]], customers: int, longest: int) -> Histogram:
    """The histogram of the gaps, none of which may be longer than `longest`."""
    counts = np.zeros(longest + 1, dtype=np.int64)
    for _members, gaps in iterate_gaps(days, customers):
        counts += np.bincount(gaps, minlength=len(counts))
    return build_counted(counts)


def build_gaps_by_group(
    days: Iterable[tuple[int, BitMap]], group_of: npt.ArrayLike, groups: int, longest: int
) -> list[Histogram]:
    """The histogram of each group of customers; `group_of` has a group by customer's number, below 0 for none."""
    groups_of = np.asarray(group_of, dtype=np.int64)
    counts = np.zeros(groups * (longest + 1), dtype=np.int64)
    waiting: list[Whole] = []
    for members, gaps in iterate_gaps(days, len(groups_of)):
        own = groups_of[members]
        waiting.append(own[own >= 0] * (longest + 1) + gaps[own >= 0])
        if sum(map(len, waiting)) > max(len(counts), _ENOUGH):
            counts += np.bincount(np.concatenate(waiting), minlength=len(counts))
            waiting = []
    if waiting:
        counts += np.bincount(np.concatenate(waiting), minlength=len(counts))
    return [build_counted(row) for row in counts.reshape(groups, longest + 1)]
