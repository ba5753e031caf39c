"""A file of serialised sets and an index of where each begins: how sets of customers by day lie on the disk."""

import os
import threading
from itertools import pairwise
from pathlib import Path
from typing import Literal
from weakref import WeakValueDictionary, finalize

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

KINDS = {"buyers": 0, "others": 1, "location": 2, "product_line": 3, "joined": 4, "people": 5}
"""What a set is of: who bought; who has an order row of that day that is no purchase; who bought of a value; who says
to have joined on that day; all customers that count (on the day 0)."""

Form = Literal["days", "firsts", "blocks of 8", "blocks of 32"]
FORMS: dict[Form, int] = {"days": 0, "firsts": 1, "blocks of 8": 2, "blocks of 32": 3}
"""How a set stands for time: of that day; of those for whom it is the first day; of all of the 8 or 32 days from that
day on (a multiple of 8 or 32), so that a long window is put together from few sets."""

BLOCKS: tuple[tuple[int, Form], ...] = ((32, "blocks of 32"), (8, "blocks of 8"))

WHOLE = 0
"""The value of a kind that isn't split by values."""

_SETS, _INDEX, _GAPS = "days.sets", "days.index.npy", "days.gaps.npy"
_FIELDS = 5  # kind and form, value, day, offset, length
_FORM = 16  # more than there are kinds; the form "days" is 0, so there the code is the kind's

Counts = npt.NDArray[np.int64]

_lock = threading.Lock()
_parts: WeakValueDictionary[Path, "DaySetPart"] = WeakValueDictionary()


class DaySetWriter:
    """Writes sets one after another; `close` writes the index."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = (folder / _SETS).open("wb")
        self._index: list[tuple[int, int, int, int, int]] = []

    def add(self, kind: str, value: int, day: int, members: BitMap, form: Form = "days") -> None:
        """Write one set. An empty one is noted, to stand before an older one."""
        data = members.serialize() if members else b""
        self._index.append((_encode(kind, form), value, day, self._file.tell(), len(data)))
        self._file.write(data)

    def close(self, gaps: Counts) -> None:
        """Finish the files. `gaps` counts how often each number of days lay between two purchase days."""
        self._file.close()
        index = np.array(self._index, dtype=np.int64).reshape(-1, _FIELDS)
        order = np.lexsort((index[:, 2], index[:, 1], index[:, 0]))
        np.save(self._folder / _INDEX, index[order])
        np.save(self._folder / _GAPS, gaps)


class StoredSet:
    """A serialised set where it lies in its file: read when it is looked at, and never held by this process."""

    __slots__ = ("length", "offset", "part")

    def __init__(self, part: "DaySetPart", offset: int, length: int) -> None:
        self.part = part
        self.offset = offset
        self.length = length

    def __len__(self) -> int:
        return self.length

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, StoredSet) or self.length != other.length:
            return False
        same = self.part is other.part and self.offset == other.offset
        return same or self.read() == other.read()

    __hash__ = None  # type: ignore[assignment] # equal ones may lie in two files

    def read(self) -> bytes:
        """Its bytes."""
        return self.part.read(self.offset, self.length)


Serialised = bytes | StoredSet


class DaySetPart:
    """The sets of one folder. Open it by `open_part`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index = np.load(folder / _INDEX)
        self._descriptor = os.open(folder / _SETS, os.O_RDONLY)
        finalize(self, os.close, self._descriptor)
        self._slices: dict[tuple[int, int], tuple[int, int]] = {}
        keys = self._index[:, :2]
        starts = np.flatnonzero(np.any(np.diff(keys, axis=0, prepend=-1), axis=1)).tolist()
        for start, end in pairwise([*starts, len(keys)]):
            self._slices[(int(keys[start, 0]), int(keys[start, 1]))] = (start, end)

    def list_series(self) -> list[tuple[str, int]]:
        """Kind and value of every series of days that it has."""
        names = {code: name for name, code in KINDS.items()}
        return [(names[code], value) for code, value in self._slices if code in names]

    def load(self, kind: str, value: int, form: Form) -> dict[int, StoredSet]:
        """The serialised set of each day that it knows; an empty one says that there is nobody."""
        start, end = self._slices.get((_encode(kind, form), value), (0, 0))
        return {
            day: StoredSet(self, offset, length)
            for day, offset, length in self._index[start:end, 2:].tolist()
        }

    def load_gaps(self) -> Counts:
        """How often each number of days lay between two purchase days, of everybody in this state."""
        counts: Counts = np.load(self.folder / _GAPS)
        return counts

    def read(self, offset: int, length: int) -> bytes:
        """So many bytes of the file of sets."""
        return os.pread(self._descriptor, length, offset)


def open_part(folder: Path) -> DaySetPart:
    """The sets of a folder, which never change: opened once for as long as anybody holds them."""
    with _lock:
        part = _parts.get(folder)
        if part is None:
            part = _parts[folder] = DaySetPart(folder)
        return part


def read_set(data: Serialised | None) -> BitMap:
    """The set of a serialised one; nobody for None."""
    if not data:
        return BitMap()
    return BitMap.deserialize(data if isinstance(data, bytes) else data.read())


def _encode(kind: str, form: Form) -> int:
    return KINDS[kind] + _FORM * FORMS[form]
