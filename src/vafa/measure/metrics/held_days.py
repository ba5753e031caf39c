"""Days of many sets of customers from one question: what a segment's members, others in each period, bring."""

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.lab.sets import list_members
from vafa.warehouse.queries import Snapshot
from vafa.warehouse.types import Query

# As many lines' worth of rows are held at once, in some hundred MB; beyond, each period is asked for by itself.
MOST_LINES_HELD = 3_000_000
_VALUES = ("n", "amount", "lines", "known_n", "known_amount", "known_lines")

DayRows = dict[str, dict[str, list[list[int]]]]
"""Group -> currency -> rows (day, *values) in order of the day."""


def can_hold(snapshot: Snapshot, members: BitMap) -> bool:
    """Whether the lines of so many customers may be held, as far as their share of all customers tells."""
    lines = snapshot.manifest.orders if snapshot.manifest else 0
    return lines * len(members) <= MOST_LINES_HELD * max(snapshot.customer_count, 1)


class HeldDays:
    """The rows of a question `by_customer`, ready to be summed up for any set of them and any days.

    Sums of a day, group and currency are exact up to 9 * 10 ** 14 of the currency.
    """

    def __init__(self, snapshot: Snapshot, query: Query) -> None:
        rows = snapshot.run_columns(query)
        self._labels = rows["label"]
        self._currencies: npt.NDArray[np.int64] = rows["currency"]
        self._days: npt.NDArray[np.int64] = rows["day_no"]
        self._customers: npt.NDArray[np.int64] = rows["customer_ix"]
        self._values: list[npt.NDArray[np.int64]] = [rows[name] for name in _VALUES]
        self._codes = dict(snapshot.run(Query("SELECT id, code FROM currencies")))
        self._numbers = snapshot.numbers

    def sum_up(self, members: BitMap, start: int, end: int) -> DayRows:
        """The sums of these customers over each of the days [start, end)."""
        inside = np.zeros(self._numbers, dtype=np.bool_)
        inside[list_members(members)] = True
        kept = np.flatnonzero((self._days >= start) & (self._days < end) & inside[self._customers])
        found: DayRows = {}
        if not len(kept):
            return found
        labels, currencies, days = self._labels[kept], self._currencies[kept], self._days[kept]
        begins = np.ones(len(kept), dtype=np.bool_)
        begins[1:] = (
            (days[1:] != days[:-1]) | (currencies[1:] != currencies[:-1]) | (labels[1:] != labels[:-1])
        )
        at = np.flatnonzero(begins)
        sums = [np.add.reduceat(values[kept], at).tolist() for values in self._values]
        heads = zip(labels[at], currencies[at].tolist(), days[at].tolist(), strict=True)
        for (label, currency, day), *values in zip(heads, *sums, strict=True):
            rows = found.setdefault(label, {}).setdefault(self._codes[currency], [])
            rows.append([day, *values])
        return found
