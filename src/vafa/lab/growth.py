"""Growth, its ceiling, and who comes back. The ceiling is the number of customers at which as many leave as come.

If every period brought N newcomers and lost the share c of those there, the customers would tend towards N / c,
whatever their number today: above it more leave than come, below it fewer.
"""

from dataclasses import dataclass

import numpy as np
from pyroaring import BitMap

from vafa.lab.rates import build_proportion
from vafa.lab.sets import build_set
from vafa.lab.spells import Ints


@dataclass(frozen=True)
class Pace:
    """What a period did: who was there at its start, came newly, came back, and of the start left.

    The paces of customers apart add up.
    """

    start: int = 0
    new: int = 0
    reactivated: int = 0
    lost: int = 0

    def __add__(self, other: "Pace") -> "Pace":
        return Pace(
            self.start + other.start,
            self.new + other.new,
            self.reactivated + other.reactivated,
            self.lost + other.lost,
        )


@dataclass(frozen=True)
class Ceiling:
    """The number of customers towards which a pace tends, with the bounds that the churn's interval sets.

    `with_reactivated` counts those who came back among those who come. `high` is None where churn may be 0.
    """

    value: float
    low: float
    high: float | None
    with_reactivated: float


def build_ceiling(pace: Pace) -> Ceiling | None:
    """New customers of a period over its churn rate; None where nobody was there, or nobody left."""
    churn = build_proportion(pace.lost, pace.start)
    if churn is None or not pace.lost or churn.low is None or churn.high is None:
        return None
    return Ceiling(
        value=pace.new / churn.value,
        low=pace.new / churn.high,
        high=pace.new / churn.low if churn.low > 0 else None,
        with_reactivated=(pace.new + pace.reactivated) / churn.value,
    )


@dataclass(frozen=True)
class Returns:
    """Customers who had gone before a period began, and those of them who are there when it ends.

    Those of customers apart add up.
    """

    lapsed: int = 0
    won_back: int = 0

    def __add__(self, other: "Returns") -> "Returns":
        return Returns(self.lapsed + other.lapsed, self.won_back + other.won_back)


def build_returns(
    first_spell_starts: Ints, active_start: BitMap, active_end: BitMap, start: int, members: BitMap | None
) -> Returns:
    """Who of these (None: of all) had begun a spell before the boundary `start` but was in none at it, and who of
    them is active at the end. The slow twin is `sets.naive_lapsed`."""
    begun = build_set(np.flatnonzero(first_spell_starts < start))
    lapsed = (begun if members is None else begun & members) - active_start
    return Returns(len(lapsed), lapsed.intersection_cardinality(active_end))


def naive_ceiling(new: int, start: int, lost: int, periods: int = 100_000) -> float | None:
    """The slow twin: the same period again and again until the number of customers stands still."""
    if not start or not lost:
        return None
    customers = float(start)
    for _ in range(periods):
        after = customers - customers * lost / start + new
        if after == customers:
            break
        customers = after
    return customers
