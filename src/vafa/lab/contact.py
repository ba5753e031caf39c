"""How long ago customers were last in touch: days from the last contact to a boundary.

Days are ordinals; a contact on the day before the boundary was one day ago.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.lab.histograms import Histogram, build_histogram, naive_median
from vafa.lab.sets import list_members

NEVER = 0
"""The day of a contact that never was."""


@dataclass(frozen=True)
class Silence:
    """Days since the last contact of customers who had one, and how many never had any; two groups without a
    common customer add up."""

    days: Histogram = field(default_factory=Histogram)
    never: int = 0

    def __add__(self, other: "Silence") -> "Silence":
        return Silence(self.days + other.days, self.never + other.never)


def build_silence(last_contact: npt.ArrayLike, members: BitMap, boundary: int) -> Silence:
    """The silence of some customers at a boundary.

    `last_contact` is each customer's last day of contact before the boundary, by number; NEVER where there was none.
    """
    last = np.asarray(last_contact, dtype=np.int64)[list_members(members)]
    met = last != NEVER
    return Silence(build_histogram(boundary - last[met]), int((~met).sum()))


def find_last_contacts(
    customer_ix: npt.ArrayLike, days: npt.ArrayLike, boundary: int, customers: int
) -> npt.NDArray[np.int64]:
    """Each customer's last day of contact before a boundary, by number; NEVER where there was none.

    Contacts come in any order, repeats allowed.
    """
    numbers, told = np.asarray(customer_ix, dtype=np.int64), np.asarray(days, dtype=np.int64)
    before = told < boundary
    last = np.full(customers, NEVER, dtype=np.int64)
    np.maximum.at(last, numbers[before], told[before])
    return last


def naive_days_since_last_contact(
    contacts: Iterable[tuple[int, int]], members: Iterable[int], boundary: int
) -> tuple[float | None, int]:
    """The slow twin: the median over customers who were ever in touch, and how many never were."""
    told: Mapping[int, list[int]] = {member: [] for member in members}
    for customer, day in contacts:
        if customer in told and day < boundary:
            told[customer].append(day)
    since = [boundary - max(days) for days in told.values() if days]
    return naive_median(since), len(told) - len(since)
