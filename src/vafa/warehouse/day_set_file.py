"""A file of serialised sets and an index of where each begins: how sets of customers by day lie on the disk."""

import mmap
import threading
from itertools import pairwise
from pathlib import Path
from typing import Literal, cast
from weakref import WeakValueDictionary

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

# So many bytes of the files may lie in a process's memory at once.
_MOST_READ = 48 << 20

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


class DaySetPart:
    """The sets of one folder. Open it by `open_part`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index = np.load(folder / _INDEX)
        with (folder / _SETS).open("rb") as file:
            size = (folder / _SETS).stat().st_size
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else None
        self._data = memoryview(self._map) if self._map else memoryview(b"")
        self._slices: dict[tuple[int, int], tuple[int, int]] = {}
        keys = self._index[:, :2]
        starts = np.flatnonzero(np.any(np.diff(keys, axis=0, prepend=-1), axis=1)).tolist()
        for start, end in pairwise([*starts, len(keys)]):
            self._slices[(int(keys[start, 0]), int(keys[start, 1]))] = (start, end)

    def list_series(self) -> list[tuple[str, int]]:
        """Kind and value of every series of days that it has."""
        names = {code: name for name, code in KINDS.items()}
        return [(names[code], value) for code, value in self._slices if code in names]

    def load(self, kind: str, value: int, form: Form) -> dict[int, memoryview]:
        """The serialised set of each day that it knows; an empty one says that there is nobody."""
        start, end = self._slices.get((_encode(kind, form), value), (0, 0))
        return {
            day: self._data[offset : offset + length]
            for day, offset, length in self._index[start:end, 2:].tolist()
        }

    def load_gaps(self) -> Counts:
        """How often each number of days lay between two purchase days, of everybody in this state."""
        counts: Counts = np.load(self.folder / _GAPS)
        return counts

    def let_go(self) -> None:
        """Give back the memory of what has been read; it is read again where it is asked for again."""
        if self._map is not None:
            self._map.madvise(mmap.MADV_DONTNEED)


def open_part(folder: Path) -> DaySetPart:
    """The sets of a folder, which never change: opened once for as long as anybody holds them."""
    with _lock:
        part = _parts.get(folder)
        if part is None:
            part = _parts[folder] = DaySetPart(folder)
        return part


def read_set(data: bytes | memoryview | None) -> BitMap:
    """The set of a serialised one; nobody for None.

    What is read of a file stays in the machine's memory, but is given back from this process's by and by.
    """
    if not data:
        return BitMap()
    _reading.bytes += len(data)
    if _reading.bytes > _MOST_READ:
        _reading.bytes = 0
        with _lock:
            parts = list(_parts.values())
        for part in parts:
            part.let_go()
    return BitMap.deserialize(cast("bytes", data))


class _Reading:
    """How much has been read since memory was last given back; a miscount by two threads at once does no harm."""

    bytes = 0


_reading = _Reading()


def _encode(kind: str, form: Form) -> int:
    return KINDS[kind] + _FORM * FORMS[form]
