"""The customers' ids and numbers."""

from functools import cached_property

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.lab.sets import build_set, list_members
from vafa.lab.spells import OPEN_END, Ints


class People:
    """Ids by number and numbers by id; a merged customer's id leads to the kept one's number."""

    def __init__(self, rows: dict[str, npt.NDArray[np.int64]], numbers: int) -> None:
        self._id = rows["id"]
        self._ix = rows["ix"].astype(np.uint32)
        self._own_ix = rows["own_ix"].astype(np.uint32)
        self._shown = ~rows["hidden"].astype(np.bool_)
        self._joined = rows["joined_no"]
        self._numbers = numbers

    @cached_property
    def everyone(self) -> BitMap:
        """All that are neither merged into another nor excluded."""
        return build_set(self._ix[self._shown & (self._ix == self._own_ix)])

    @cached_property
    def joined(self) -> Ints:
        """The day of joining (ordinal) by number, the earliest of all that were merged; OPEN_END if unknown."""
        days = np.full(self._numbers, OPEN_END, dtype=np.int32)
        known = self._shown & (self._joined != 0)
        np.minimum.at(days, self._ix[known], self._joined[known].astype(np.int32))
        return days

    def list_ids(self, members: BitMap) -> npt.NDArray[np.int64]:
        """The ids of a set's customers, in the order of their numbers."""
        return self._id_by_ix[list_members(members)]

    def list_ids_of(self, numbers: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """The ids of numbers in any order, with repeats."""
        return self._id_by_ix[np.asarray(numbers, dtype=np.int64)]

    def build_set(self, ids: npt.ArrayLike) -> BitMap:
        """The set of the customers with these ids."""
        numbers = self.list_numbers_of(ids)
        return build_set(numbers[numbers >= 0])

    def list_numbers_of(self, ids: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """The number of each id: a merged one's is the kept customer's, and who doesn't count has -1."""
        wanted = np.asarray(ids, dtype=np.int64)
        if not len(wanted) or not len(self._id):
            return np.full(len(wanted), -1, dtype=np.int64)
        places = np.minimum(np.searchsorted(self._sorted_id, wanted), len(self._id) - 1)
        rows = self._by_id[places]
        found = (self._sorted_id[places] == wanted) & self._shown[rows]
        return np.where(found, self._ix[rows].astype(np.int64), -1)

    @cached_property
    def _id_by_ix(self) -> npt.NDArray[np.int64]:
        ids = np.zeros(self._numbers, dtype=np.int64)
        ids[self._own_ix] = self._id
        return ids

    @cached_property
    def _by_id(self) -> npt.NDArray[np.intp]:
        return np.argsort(self._id, kind="stable")

    @cached_property
    def _sorted_id(self) -> npt.NDArray[np.int64]:
        return self._id[self._by_id]
