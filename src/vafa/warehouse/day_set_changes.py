"""What follows from changed days: who is there for the first time on which day now, and the gaps between days.

Only the customers of the changed sets are looked at, whatever the number of all.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.lab.sets import list_members
from vafa.warehouse.day_set_file import Counts, Serialised, read_set
from vafa.warehouse.day_sets import Change

# Wider than any day, so that a customer's keys never reach into the next customer's.
_KEY_WIDTH = 1 << 32

Keys = npt.NDArray[np.int64]


class After:
    """The days of one kind and value after some of them have changed."""

    def __init__(self, beneath: Mapping[int, Serialised], changes: Mapping[int, Change]) -> None:
        self.beneath = beneath
        self.changes = changes
        self.days = sorted({*beneath, *changes})

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
    lost = BitMap()
    for day, change in after.changes.items():
        lost |= (change.before - change.after) & read_set(firsts.get(day))
    moved = _find_earlier(firsts, after, lost)
    _find_again(after, lost, moved)
    taken = BitMap.union(lost, *moved.values())
    for day in sorted({*firsts, *moved}):
        own = read_set(firsts.get(day))
        now = (own - taken) | moved.get(day, BitMap())
        if now != own:
            now.run_optimize()
            yield day, now


def _find_earlier(firsts: Mapping[int, Serialised], after: After, lost: BitMap) -> dict[int, BitMap]:
    """Day -> who was added to it and had not been there until then; those of `lost` are another's care."""
    if not after.changes:
        return {}
    known = BitMap()
    found: dict[int, BitMap] = {}
    last = max(after.changes)
    for day in sorted({*firsts, *after.changes}):
        if day > last:
            break
        known |= read_set(firsts.get(day))
        change = after.changes.get(day)
        if change is None:
            continue
        new = change.after - change.before - lost - known
        if new:
            found[day] = new
            known |= new
    return found


def _find_again(after: After, lost: BitMap, moved: dict[int, BitMap]) -> None:
    """Add to `moved` the first day that is left to those whose first day has gone."""
    remaining = lost.copy()
    for day in after.days:
        if not remaining:
            return
        found = after.get(day) & remaining
        if found:
            moved[day] = moved.get(day, BitMap()) | found
            remaining -= found


def find_gap_changes(gaps: Counts, after: After) -> Counts:
    """The counts of gaps (number of days between two consecutive purchase days -> how often) after the changes."""
    touched = BitMap.union(*(change.before ^ change.after for change in after.changes.values()))
    old = _sort_keys({day: after.get_before(day) & touched for day in after.days})
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


def _sort_keys(days: Mapping[int, BitMap]) -> Keys:
    """One number for each customer and day, in order of the customer, then of the day."""
    parts = [list_members(members).astype(np.int64) * _KEY_WIDTH + day for day, members in days.items()]
    return np.sort(np.concatenate(parts)) if parts else np.empty(0, dtype=np.int64)


def _count_gaps(keys: Keys) -> Counts:
    gaps = np.diff(keys)
    # Keys of two customers are further apart than any gap.
    return np.bincount(gaps[gaps < _KEY_WIDTH // 2])
