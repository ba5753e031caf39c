"""How quickly help comes: the time from opening a ticket to its first answer, and to its solution.

Moments are whole seconds since any fixed moment; UNKNOWN where they aren't known. Times are those that passed on the
clock, nights and holidays included: working hours are not known here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from vafa.lab.histograms import Histogram, build_histogram, naive_median

UNKNOWN = -1
SECONDS_AN_HOUR = 3600
SLOW_SHARE = 0.9

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ServiceTimes:
    """Times of tickets in seconds, `impossible` ones (the end lies before the opening) apart: they are counted and
    never averaged. `untimed` are tickets whose end is known to the day alone, `waiting` those that still had no end.
    Times of two sets of tickets add up."""

    times: Histogram = field(default_factory=Histogram)
    impossible: int = 0
    untimed: int = 0
    waiting: int = 0

    def __add__(self, other: "ServiceTimes") -> "ServiceTimes":
        return ServiceTimes(
            self.times + other.times,
            self.impossible + other.impossible,
            self.untimed + other.untimed,
            self.waiting + other.waiting,
        )

    @property
    def n(self) -> int:
        """Tickets behind the median."""
        return self.times.n

    @property
    def median_hours(self) -> float | None:
        """The time within which half of them were through, in hours; None of none."""
        return to_hours(self.times.median)

    @property
    def mean_hours(self) -> float | None:
        """The mean time in hours, which a few long ones draw up; None of none."""
        return to_hours(self.times.mean)

    @property
    def slow_hours(self) -> float | None:
        """The time within which nine of ten were through, in hours; None of none."""
        return to_hours(self.times.find_quantile(SLOW_SHARE))


def to_hours(seconds: float | None) -> float | None:
    """Seconds as hours."""
    return None if seconds is None else seconds / SECONDS_AN_HOUR


def find_impossible(begun: Ints, ended: Ints) -> npt.NDArray[np.bool_]:
    """Which of some tickets ended before they began; where either moment is unknown nothing can be said."""
    impossible: npt.NDArray[np.bool_] = (begun != UNKNOWN) & (ended != UNKNOWN) & (ended < begun)
    return impossible


def build_service_times(begun: npt.ArrayLike, ended: npt.ArrayLike, waiting: int = 0) -> ServiceTimes:
    """The times of tickets that ended, from the moments of beginning and end; `waiting` are those that did not.

    A ticket of which either moment is UNKNOWN ended on a known day, but nobody knows after how many hours.
    """
    starts, ends = np.asarray(begun, dtype=np.int64), np.asarray(ended, dtype=np.int64)
    known = (starts != UNKNOWN) & (ends != UNKNOWN)
    impossible = find_impossible(starts, ends)
    good = known & ~impossible
    return ServiceTimes(
        times=build_histogram(ends[good] - starts[good]),
        impossible=int(impossible.sum()),
        untimed=int((~known).sum()),
        waiting=waiting,
    )


def naive_median_hours(tickets: Iterable[tuple[int | None, int | None]]) -> float | None:
    """The slow twin: ticket by ticket; impossible and unknown times are passed over."""
    times = []
    for begun, ended in tickets:
        if begun is None or ended is None or ended < begun:
            continue
        times.append(ended - begun)
    middle = naive_median(times)
    return None if middle is None else middle / SECONDS_AN_HOUR
