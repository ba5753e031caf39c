"""Values that a process keeps for the next who asks, within a bound of bytes: the least used ones are dropped."""

import os
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from itertools import islice
from typing import Any, TypeVar, cast

import numpy as np
from pyroaring import BitMap

T = TypeVar("T")

MEGABYTE = 1 << 20
MOST_BYTES = int(os.environ.get("VAFA_SETS_MEMORY_MB", "160")) * MEGABYTE
"""How much the sets, and whatever else is derived from a state, may take in each process."""

_NOTHING = object()
_SMALL = 4_096
_MOST_SMALL = 20_000
# Most of what is kept in numbers of thousands is made of these.
_PLAIN = frozenset((int, float, bool, type(None)))
_PLAIN_BYTES = 32
# As many elements of a collection tell how large all of them are.
_LOOKED_AT = 200


class Kept:
    """Values by key, safe to use from several threads. Small ones don't make room for large ones."""

    def __init__(self, most_bytes: int | None = None) -> None:
        self._most = MOST_BYTES if most_bytes is None else most_bytes
        self._lock = threading.RLock()
        self._small: OrderedDict[Hashable, Any] = OrderedDict()
        self._large: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._small) + len(self._large)

    def get(self, key: Hashable, build: Callable[[], T], *, small: bool = False) -> T:
        """The value of a key, built where there is none. Two who ask at once may both build it. `small` values, of a
        few numbers, are not measured."""
        with self._lock:
            found = self._small.get(key, _NOTHING)
            if found is not _NOTHING:
                self._small.move_to_end(key)
                return cast("T", found)
            if key in self._large:
                self._large.move_to_end(key)
                return cast("T", self._large[key][0])
        value = build()
        self.put(key, value, small=small)
        return value

    def has(self, key: Hashable) -> bool:
        """Whether a value of that key is kept."""
        with self._lock:
            return key in self._small or key in self._large

    def put(self, key: Hashable, value: Any, *, small: bool = False) -> None:
        """Keep a value; the last large one stays, however large it is."""
        size = 0 if small else measure_bytes(value)
        with self._lock:
            if size <= _SMALL:
                if key in self._large:
                    self.drop(key)
                self._small[key] = value
                if len(self._small) > _MOST_SMALL:
                    self._small.popitem(last=False)
                return
            self.drop(key)
            self._large[key] = value, size
            self.bytes += size
            while len(self._large) > 1 and self.bytes > self._most:
                self.bytes -= self._large.popitem(last=False)[1][1]

    def drop(self, key: Hashable) -> None:
        """Let go of a value, if it is kept."""
        with self._lock:
            if self._small.pop(key, None) is None and key in self._large:
                self.bytes -= self._large.pop(key)[1]

    def list_items(self) -> list[tuple[Hashable, Any]]:
        """All keys and values, the least used first."""
        with self._lock:
            return [*self._small.items(), *((key, value) for key, (value, _size) in self._large.items())]


def measure_bytes(value: Any) -> int:
    """About how much memory a value takes by itself: sets and arrays exactly, of long collections by a sample."""
    if type(value) in _PLAIN:
        return _PLAIN_BYTES
    if isinstance(value, BitMap):
        told = value.get_statistics()
        held = told["n_bytes_array_containers"] + told["n_bytes_run_containers"]
        return 64 + 24 * told["n_containers"] + held + told["n_bytes_bitset_containers"]
    if isinstance(value, np.ndarray):
        return 128 + value.nbytes
    if isinstance(value, Mapping):
        return _measure_many(len(value), value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return _measure_many(len(value), value)
    names = _list_fields(cast("Hashable", type(value)))
    if names is not None:
        return 64 + sum([_measure_part(getattr(value, name)) for name in names])
    return int(sys.getsizeof(value)) + sum(
        measure_bytes(part) for part in getattr(value, "__dict__", {}).values() if _is_large_kind(part)
    )


def _measure_part(value: Any) -> int:
    return _PLAIN_BYTES if type(value) in _PLAIN else measure_bytes(value)


@cache
def _list_fields(kind: Hashable) -> tuple[str, ...] | None:
    """The names of the fields of a data class; None of anything else."""
    return tuple(field.name for field in fields(cast("Any", kind))) if is_dataclass(kind) else None


def _is_large_kind(value: Any) -> bool:
    return isinstance(value, BitMap | np.ndarray | Mapping | list)


def _measure_many(count: int, values: Any) -> int:
    some: Iterator[Any] = islice(values, _LOOKED_AT)
    sizes = [8 + measure_bytes(one) for one in some]
    return 64 + (sum(sizes) * count // len(sizes) if sizes else 0)
