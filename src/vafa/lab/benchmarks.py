"""Where a rate stands beside what others report, and beside its own past.

Only rates of like periods are held against each other: that the caller must see to. A rate of few customers is known
within an interval only, and a claim that lies inside it can't be told from the rate.
"""

from collections.abc import Sequence
from datetime import date
from statistics import median
from typing import Literal

from vafa.lab.calendars import CalendarName, build_date, get_month_length, split_date

Place = Literal["below", "within", "above"]


def decide_place(rate: tuple[float, float], claim: tuple[float, float]) -> Place:
    """Where a rate, known within an interval (low, high), stands by a claim of a rate or of a range of rates.

    Above or below only where the whole interval lies outside the claim; else it can't be told apart: within.
    """
    (low, high), (least, most) = rate, claim
    if low > most:
        return "above"
    return "below" if high < least else "within"


def do_claims_disagree(claims: Sequence[tuple[float, float]]) -> bool:
    """Whether some two claims have no value in common."""
    return bool(claims) and max(low for low, _high in claims) > min(high for _low, high in claims)


def naive_disagree(claims: Sequence[tuple[float, float]]) -> bool:
    """The slow twin: every pair by itself."""
    return any(one[1] < other[0] for one in claims for other in claims)


def find_year_before(day: date, calendar: CalendarName) -> date:
    """The same day of a calendar's year before; the last of the month where that year's month is shorter."""
    parts = split_date(day, calendar)
    length = get_month_length(parts.year - 1, parts.month, calendar)
    return build_date(parts.year - 1, parts.month, min(parts.day, length), calendar)


def find_best(values: Sequence[float], *, more_is_better: bool) -> int:
    """The place of the best value, the latest of equals; at least one value."""
    best = max(values) if more_is_better else min(values)
    return len(values) - 1 - list(reversed(values)).index(best)


def find_median(values: Sequence[float]) -> float:
    """The value that half of them don't reach; at least one value."""
    return float(median(values))
