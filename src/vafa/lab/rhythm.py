"""A customer's own rhythm: how many days usually lie between two purchases, and how late somebody is by it.

The rhythm is the median of the gaps between consecutive purchase days; the lateness at a boundary is the days since
the last purchase divided by it: above 1 the customer is later than usual. Days are ordinals.
"""

from collections.abc import Iterable
from statistics import median

import numpy as np
import numpy.typing as npt

_KEY_WIDTH = 1 << 32

Numbers = npt.NDArray[np.int64]


def build_double_rhythms(customer_ix: npt.ArrayLike, days: npt.ArrayLike, customers: int) -> Numbers:
    """Twice the median gap in days by customer (0 .. customers-1), so that it is a whole number; 0 where there
    are fewer than two purchase days. Purchases (customer, day) in any order, repeats allowed."""
    doubled = np.zeros(customers, dtype=np.int64)
    keys = np.sort(np.asarray(customer_ix, dtype=np.int64) * _KEY_WIDTH + np.asarray(days, dtype=np.int64))
    gaps = np.diff(keys)
    owners = keys[1:] // _KEY_WIDTH
    inside = (gaps > 0) & (keys[:-1] // _KEY_WIDTH == owners)
    owners, gaps = owners[inside], gaps[inside]
    if not len(owners):
        return doubled
    ordered = np.sort(owners * _KEY_WIDTH + gaps)
    owners, gaps = ordered // _KEY_WIDTH, ordered % _KEY_WIDTH
    firsts = np.flatnonzero(np.diff(owners, prepend=-1))
    counts = np.diff(firsts, append=len(owners))
    # The two middle gaps; with an odd number of gaps both are the same one.
    low, high = firsts + (counts - 1) // 2, firsts + counts // 2
    doubled[owners[firsts]] = gaps[low] + gaps[high]
    return doubled


def naive_rhythm(days: Iterable[int]) -> float | None:
    """The slow twin: the median gap of one customer's purchase days; None with fewer than two."""
    bought = sorted(set(days))
    gaps = [bought[at] - bought[at - 1] for at in range(1, len(bought))]
    return median(gaps) if gaps else None


def naive_lateness(days: Iterable[int], boundary: int) -> float | None:
    """The definition of lateness at the midnight that begins a day, by what was bought before it."""
    bought = [day for day in days if day < boundary]
    rhythm = naive_rhythm(bought)
    return None if rhythm is None else (boundary - max(bought)) / rhythm
