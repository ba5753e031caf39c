"""The customers' ids and numbers."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.lab.sets import build_set, list_members
from vafa.lab.spells import OPEN_END, Ints

Fetch = Callable[[str], dict[str, npt.NDArray[Any]]]
"""Runs an SQL text and gives the rows as one array a column."""

_LEAST_WIDE_ID = 1 << 31


class People:
    """Ids by number and numbers by id; a merged customer's id leads to the kept one's number.

    Each array is read when it is first needed, because few questions need any: sets hold numbers.
    """

    def __init__(self, fetch: Fetch, numbers: int, everyone: BitMap) -> None:
        self._fetch = fetch
        self._numbers = numbers
        self._everyone = everyone

    @cached_property
    def everyone(self) -> BitMap:
        """All that are neither merged into another nor excluded."""
        return self._everyone

    @cached_property
    def joined(self) -> Ints:
        """The day of joining (ordinal) by number, the earliest of all that were merged; OPEN_END if unknown."""
        rows = self._fetch("SELECT ix, joined_no FROM all_customers WHERE NOT hidden AND joined_no <> 0")
        days = np.full(self._numbers, OPEN_END, dtype=np.int32)
        np.minimum.at(days, rows["ix"], rows["joined_no"])
        return days

    def list_ids(self, members: BitMap) -> npt.NDArray[np.int64]:
        """The ids of a set's customers, in the order of their numbers."""
        return self._id_by_ix[list_members(members)].astype(np.int64)

    def list_ids_of(self, numbers: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """The ids of numbers in any order, with repeats."""
        return self._id_by_ix[np.asarray(numbers, dtype=np.int64)].astype(np.int64)

    def build_set(self, ids: npt.ArrayLike) -> BitMap:
        """The set of the customers with these ids."""
        numbers = self.list_numbers_of(ids)
        return build_set(numbers[numbers >= 0])

    def list_numbers_of(self, ids: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """The number of each id: a merged one's is the kept customer's, and who doesn't count has -1."""
        wanted = np.asarray(ids, dtype=np.int64)
        known, numbers = self._numbers_by_id
        if not len(wanted) or not len(known):
            return np.full(len(wanted), -1, dtype=np.int64)
        # In the type of what is known, or all of that would be copied.
        narrow = np.clip(wanted, -1, np.iinfo(known.dtype).max).astype(known.dtype)
        places = np.minimum(np.searchsorted(known, narrow), len(known) - 1)
        return np.where(known[places] == wanted, numbers[places].astype(np.int64), -1)

    def spread(self, ids: npt.NDArray[np.int64], values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The value of each number, NaN where none is known. Where a merged customer and the kept one both have a
        value, it is the kept one's."""
        spread = np.full(self._numbers, np.nan, dtype=np.float32)
        numbers = self.list_numbers_of(ids)
        known = numbers >= 0
        ids, values, numbers = ids[known], values[known], numbers[known]
        own = self._id_by_ix[numbers] == ids
        spread[numbers[~own]] = values[~own]
        spread[numbers[own]] = values[own]
        return spread

    @cached_property
    def _id_by_ix(self) -> npt.NDArray[Any]:
        rows = self._fetch("SELECT own_ix, id FROM all_customers")
        ids = np.zeros(self._numbers, dtype=_choose_type(rows["id"]))
        ids[rows["own_ix"]] = rows["id"]
        return ids

    @cached_property
    def _numbers_by_id(self) -> tuple[npt.NDArray[Any], npt.NDArray[np.uint32]]:
        """The ids of all that are not excluded, in order, and the number that each leads to."""
        rows = self._fetch("SELECT id, ix FROM all_customers WHERE NOT hidden")
        order = np.argsort(rows["id"])
        return rows["id"][order].astype(_choose_type(rows["id"])), rows["ix"][order].astype(np.uint32)


def _choose_type(ids: npt.NDArray[np.int64]) -> type[np.int32] | type[np.int64]:
    """The narrowest type that holds these ids."""
    return np.int32 if not len(ids) or int(ids.max()) < _LEAST_WIDE_ID else np.int64
