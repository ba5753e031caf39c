"""Who was being treated, when: told by the rooms above that treat customers and keep a control group beside them.

What becomes of a treated customer tells of the treatment, so that learning from it would call whoever is always looked
after safe. Where there is a control group, it tells what becomes of such customers when nothing is done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

Ids = np.ndarray[Any, np.dtype[np.int64]]
Days = np.ndarray[Any, np.dtype[np.datetime64]]

# Fewer than so many of those who are asked about are too few to speak for all: then nobody is left out.
LEAST_LEFT = 0.5


@dataclass(frozen=True)
class Treatments:
    """Each treatment that had a control group beside it: whom it was given to (`customers`, ids of kept ones), and on
    which day it began (`days`, of the same length)."""

    customers: Ids
    days: Days

    def list_within(self, start: date, end: date) -> Ids:
        """Whose treatment began within [start, end), each once, by id."""
        within = (self.days >= np.datetime64(start)) & (self.days < np.datetime64(end))
        return np.unique(self.customers[within])


NONE = Treatments(np.empty(0, dtype=np.int64), np.empty(0, dtype="datetime64[D]"))

_finders: list[Callable[[], Treatments]] = []


def register_treatments(find: Callable[[], Treatments]) -> None:
    """Let a room above tell whom it treats; once for each."""
    if find not in _finders:
        _finders.append(find)


def find_treatments() -> Treatments:
    """All that is known of."""
    found = [find() for find in _finders]
    if not found:
        return NONE
    return Treatments(
        np.concatenate([one.customers for one in found]), np.concatenate([one.days for one in found])
    )
