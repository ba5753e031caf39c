"""What follows from changed days: who is there for the first time on which day now, and the gaps between days.

Only the customers of the changed sets are looked at, whatever the number of all.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.lab.sets import list_members
from vafa.warehouse.day_set_file import Counts, Serialised, read_set
from vafa.warehouse.day_sets import Change
from vafa.warehouse.purchases import Purchases

# Wider than any day, so that a customer's keys never reach into the next customer's.
_KEY_WIDTH = 1 << 32

Keys = npt.NDArray[np.int64]


class After:
    """The days of one kind and value after some of them have changed.

    `blocks` (number of days -> the first of so many days -> who is in any of them) are those beneath the changes.
    """

    def __init__(
        self,
        beneath: Mapping[int, Serialised],
        changes: Mapping[int, Change],
        blocks: Mapping[int, Mapping[int, Serialised]] | None = None,
    ) -> None:
        self.beneath = beneath
        self.changes = changes
        self.days = sorted({*beneath, *changes})
        self.before = Purchases(beneath, blocks)

    def get_before(self, day: int) -> BitMap:
        """A day's set as it was."""
        change = self.changes.get(day)
        return read_set(self.beneath.get(day)) if change is None else change.before

    def get(self, day: int) -> BitMap:
        """A day's set as it is now."""
        change = self.changes.get(day)
        return read_set(self.beneath.get(day)) if change is None else change.after


def list_first_changes(firsts: Mapping[int, Serialised], after: After) -> Iterator[tuple[int, BitMap]]:
    """The days on which others are there for the first time than before, and who they are now."""
    if not after.changes:
        return
    lost = BitMap()
    for day, change in after.changes.items():
        lost |= (change.before - change.after) & read_set(firsts.get(day))
    moved = _find_earlier(after, lost)
    _find_again(after, lost, moved)
    taken = BitMap.union(lost, *moved.values())
    # Nothing changes before the first changed day: whoever is lost on it or comes earlier now had a later first day.
    begin = min(after.changes)
    for day in sorted(day for day in {*firsts, *moved} if day >= begin):
        own = read_set(firsts.get(day))
        now = (own - taken) | moved.get(day, BitMap())
        if now != own:
            now.run_optimize()
            yield day, now


def _find_earlier(after: After, lost: BitMap) -> dict[int, BitMap]:
    """Day -> who was added to it and had not been there until then; those of `lost` are another's care."""
    known = BitMap()
    found: dict[int, BitMap] = {}
    begin = min(after.days)
    for day in sorted(after.changes):
        change = after.changes[day]
        added = change.after - change.before - lost
        if not added:
            continue
        known |= after.before.bought_between(begin, day + 1)
        begin = day + 1
        new = added - known
        if new:
            found[day] = new
            known |= new
    return found


def _find_again(after: After, lost: BitMap, moved: dict[int, BitMap]) -> None:
    """Add to `moved` the first day that is left to those whose first day has gone."""
    remaining = lost.copy()
    begin = min(after.changes)
    for day in after.days:
        if not remaining:
            return
        if day < begin:
            continue
        found = after.get(day) & remaining
        if found:
            moved[day] = moved.get(day, BitMap()) | found
            remaining -= found


def find_gap_changes(gaps: Counts, after: After) -> Counts:
    """The counts of gaps (number of days between two consecutive purchase days -> how often) after the changes."""
    touched = BitMap.union(*(change.before ^ change.after for change in after.changes.values()))
    old = _sort_keys(_find_near(after, touched))
    added = _sort_keys({day: change.after - change.before for day, change in after.changes.items()})
    removed = _sort_keys({day: change.before - change.after for day, change in after.changes.items()})
    if len(removed):
        places = np.searchsorted(old, removed)
        new = np.delete(old, places)
    else:
        new = old
    # Two sorted parts, which a stable sort merges.
    new = np.sort(np.concatenate((new, added)), kind="stable")
    gone, come = _count_gaps(old), _count_gaps(new)
    counts: Counts = np.zeros(max(len(gaps), len(gone), len(come)), dtype=np.int64)
    counts[: len(gaps)] += gaps
    counts[: len(gone)] -= gone
    counts[: len(come)] += come
    return counts


def _find_near(after: After, touched: BitMap) -> dict[int, BitMap]:
    """The days of these customers as they were, from the first changed day to the last, with each one's last day before
    these and first day after them: no other gap can have changed."""
    first, last = min(after.changes), max(after.changes)
    begin, end = bisect_left(after.days, first), bisect_right(after.days, last)
    near = {day: after.get_before(day) & touched for day in after.days[begin:end]}
    for days in (reversed(after.days[:begin]), after.days[end:]):
        remaining = touched.copy()
        for day in days:
            if not remaining:
                break
            near[day] = after.get_before(day) & remaining
            remaining -= near[day]
    return near


def _sort_keys(days: Mapping[int, BitMap]) -> Keys:
    """One number for each customer and day, in order of the customer, then of the day."""
    parts = [list_members(members).astype(np.int64) * _KEY_WIDTH + day for day, members in days.items()]
    return np.sort(np.concatenate(parts)) if parts else np.empty(0, dtype=np.int64)


def _count_gaps(keys: Keys) -> Counts:
    gaps = np.diff(keys)
    # Keys of two customers are further apart than any gap.
    return np.bincount(gaps[gaps < _KEY_WIDTH // 2])
