"""What looks wrong in the data: amounts far beyond the usual, prices in another unit, days without a sale.

Amounts are judged on a logarithmic scale, by their median and their median absolute deviation (MAD), which a few wild
ones can't move (B. Iglewicz, D. C. Hoaglin, "How to Detect and Handle Outliers", 1993: a modified z-score). They come
as an exact histogram of log steps, which adds up over parts of the data.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Literal

STEPS = 100
"""Steps of the logarithmic scale for each factor e: one step is one percent."""

FEWEST_AMOUNTS = 20
FARTHEST_Z = 6.0
# A product that always costs the same has no spread: what is within a third of it is no outlier all the same.
LEAST_SPREAD = 0.2
_MAD_OF_NORMAL = 1.4826
_UNIT_TOLERANCE = 0.15
NEIGHBOUR_WEEKS = 12
CHANCE = 0.5


@dataclass(frozen=True)
class Fence:
    """The usual amounts: their median, and the lowest and highest that are not far out."""

    usual: float
    lowest: float
    highest: float
    count: int


def find_step(amount: float) -> int:
    """The step of the logarithmic scale that an amount above zero stands on."""
    return math.floor(math.log(amount) * STEPS)


def build_fence(histogram: Mapping[int, int]) -> Fence | None:
    """The fence of amounts given as step -> how many; None for fewer than 20 amounts."""
    count = sum(histogram.values())
    if count < FEWEST_AMOUNTS:
        return None
    middle = _find_median(histogram)
    distances: Counter[float] = Counter()
    for step, many in histogram.items():
        distances[abs(step - middle)] += many
    spread = max(LEAST_SPREAD * STEPS, _MAD_OF_NORMAL * _find_median(distances))
    reach = FARTHEST_Z * spread
    # A step holds the amounts from its own edge to the next one's; the middle of it stands for them.
    usual, low, high = ((step + 0.5) / STEPS for step in (middle, middle - reach, middle + reach))
    return Fence(math.exp(usual), math.exp(low), math.exp(high), count)


def _find_median(histogram: Mapping[int, int] | Mapping[float, int]) -> float:
    count, seen = sum(histogram.values()), 0
    places = {(count - 1) // 2, count // 2}
    found: list[float] = []
    for value, many in sorted(histogram.items()):
        found += [value] * sum(seen <= place < seen + many for place in places)
        seen += many
    return sum(found) / len(found)


def is_far_out(amount: float, fence: Fence) -> bool:
    """Whether an amount lies beyond the fence."""
    return not fence.lowest <= amount <= fence.highest


def find_unit_factor(amount: float, fence: Fence) -> float | None:
    """10, 100 or 1,000 (or their inverse) where an amount is just so many times the usual one, as rial is of toman.

    Only beyond the fence: a wide range of prices has such pairs by nature. A match is within 15 percent.
    """
    if not is_far_out(amount, fence):
        return None
    for power in (1, 2, 3, 4):
        for factor in (10.0**power, 10.0**-power):
            if abs(math.log(amount / (fence.usual * factor))) <= math.log(1 + _UNIT_TOLERANCE):
                return factor
    return None


def naive_fence(amounts: Sequence[float]) -> Fence | None:
    """The slow twin: from the amounts themselves, each put on its step one by one."""
    if len(amounts) < FEWEST_AMOUNTS:
        return None
    steps = [math.floor(math.log(amount) * STEPS) for amount in amounts]
    middle = median(steps)
    spread = max(LEAST_SPREAD * STEPS, _MAD_OF_NORMAL * median([abs(step - middle) for step in steps]))
    ends = [middle + 0.5, middle - FARTHEST_Z * spread + 0.5, middle + FARTHEST_Z * spread + 0.5]
    usual, lowest, highest = (math.exp(end / STEPS) for end in ends)
    return Fence(usual, lowest, highest, len(amounts))


@dataclass(frozen=True)
class Gap:
    """Days [start, end) without any order where about `expected` were usual. Days are ordinals."""

    start: int
    end: int
    expected: float


def find_gaps(orders: Mapping[int, int], first: int, last: int, days_off: Collection[int] = ()) -> list[Gap]:
    """The stretches of days of [first, last] without an order that chance does not explain.

    A day's usual number is the median of the same weekday, holidays apart, in the 12 weeks before and after it; nothing
    on a holiday. In a stretch in which m orders were usual, none at all has the chance exp(-m) (Poisson); a gap
    is one of which less than half a one would be met by chance in all these days. Days on which the business is
    closed every week are usual by themselves. `orders` is how many each day (an ordinal) had.
    """
    off = frozenset(days_off)
    days = last - first + 1
    gaps = []
    for start, end in _list_empty_stretches(orders, first, last):
        expected = sum(_find_usual(orders, day, first, last, off) for day in range(start, end))
        if math.exp(-expected) * days < CHANCE:
            trimmed = _trim(orders, start, end, first, last, off)
            gaps.append(Gap(*trimmed, expected))
    return gaps


def _list_empty_stretches(orders: Mapping[int, int], first: int, last: int) -> Iterable[tuple[int, int]]:
    busy = sorted(day for day, count in orders.items() if count > 0 and first <= day <= last)
    edges = [first - 1, *busy, last + 1]
    for before, after in pairwise(edges):
        if after - before > 1:
            yield before + 1, after


def _find_usual(orders: Mapping[int, int], day: int, first: int, last: int, off: frozenset[int]) -> float:
    if day in off:
        return 0.0
    around = [
        orders.get(other, 0)
        for weeks in range(-NEIGHBOUR_WEEKS, NEIGHBOUR_WEEKS + 1)
        if weeks and first <= (other := day + 7 * weeks) <= last and other not in off
    ]
    return float(median(around)) if around else 0.0


def _trim(
    orders: Mapping[int, int], start: int, end: int, first: int, last: int, off: frozenset[int]
) -> tuple[int, int]:
    """The stretch without the days at its ends on which nothing was usual anyway."""
    usual = [day for day in range(start, end) if _find_usual(orders, day, first, last, off)]
    return usual[0], usual[-1] + 1


Likeness = Literal["likely", "possible"]


@dataclass(frozen=True)
class Person:
    """What is known of one customer for telling doubles: the folded name, the birthday (ISO), the place."""

    id: int
    name: str
    birthday: str
    place: str


def decide_likeness(people: Sequence[Person], *, share_point: bool) -> Likeness | None:
    """Whether customers who share a phone or e-mail address (`share_point`) or a name are one person.

    Likely: they share a way to be reached, and no two names differ (one within the other does not differ) nor two
    birthdays; or they share a name and a birthday. Possible: they share a way to be reached, as families do; or a
    name and a place. None where birthdays contradict each other, or a name is all that they share.
    """
    birthdays = {person.birthday for person in people if person.birthday}
    contradict = len(birthdays) > 1
    if share_point:
        names = sorted({person.name for person in people if person.name}, key=len)
        differ = any(short not in names[-1] for short in names)
        return "possible" if differ or contradict else "likely"
    if contradict:
        return None
    if birthdays and all(person.birthday for person in people):
        return "likely"
    places = {person.place for person in people}
    return "possible" if len(places) == 1 and "" not in places else None
