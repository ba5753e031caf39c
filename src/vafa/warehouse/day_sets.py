"""Who bought on each day, as sets: those of the base, and of its deltas where these know better.

A process reads only what it is asked for.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyroaring import BitMap

from vafa.warehouse.day_set_file import BLOCKS, WHOLE, Counts, Form, Serialised, open_part, read_set
from vafa.warehouse.purchases import Purchases

__all__ = ["WHOLE", "Change", "DaySets"]

Series = tuple[str, int]
"""Kind and value: sets that differ by their day alone."""


@dataclass(frozen=True)
class Change:
    """One set as it was and as it is."""

    before: BitMap
    after: BitMap

    @property
    def only_adds(self) -> bool:
        """Whether nobody has gone."""
        return self.before.issubset(self.after)


class DaySets:
    """The sets of several folders, the later ones before the earlier ones."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._parts = [open_part(folder) for folder in folders]

    def load(self, kind: str, value: int = WHOLE, form: Form = "days") -> dict[int, Serialised]:
        """The serialised set of each day (an ordinal), in order; days without anybody are absent."""
        days: dict[int, Serialised] = {}
        for part in self._parts:
            days.update(part.load(kind, value, form))
        return {day: days[day] for day in sorted(days) if len(days[day])}

    def list_sets(self, kind: str, value: int = WHOLE) -> Iterator[tuple[int, BitMap]]:
        """Each day, in order, and its set."""
        for day, data in self.load(kind, value).items():
            yield day, read_set(data)

    def open_purchases(self, kind: str, value: int = WHOLE) -> Purchases:
        """The same, ready to be asked who bought when."""
        blocks = {size: self.load(kind, value, form) for size, form in BLOCKS}
        return Purchases(self.load(kind, value), blocks, self.load(kind, value, "firsts"))

    def load_people(self) -> BitMap:
        """All customers that count."""
        return read_set(self.load("people").get(0))

    def load_gaps(self) -> Counts:
        """How often each number of days lay between two consecutive purchase days of a customer."""
        return self._parts[-1].load_gaps()

    def compare(self, before: "DaySets") -> dict[Series, dict[int, Change]] | None:
        """Which days' sets have changed since an earlier state: series -> day -> change.

        None if the two don't stand on the same base: then customers' numbers may have changed.
        """
        here = {part.folder: part for part in self._parts}
        there = {part.folder: part for part in before._parts}
        if self._parts[0].folder not in there:
            return None
        own = [part for folder, part in (here | there).items() if folder not in here or folder not in there]
        changes: dict[Series, dict[int, Change]] = {}
        for series in {series for part in own for series in part.list_series()}:
            days = {day for part in own for day in part.load(*series, "days")}
            old, new = before.load(*series), self.load(*series)
            found = {
                day: Change(read_set(old.get(day)), read_set(new.get(day)))
                for day in sorted(days)
                if old.get(day) != new.get(day)
            }
            if found:
                changes[series] = found
        return changes
