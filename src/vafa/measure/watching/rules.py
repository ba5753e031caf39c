"""Whether a value is worth an alert, and whether a period may still raise one."""

from datetime import date

from vafa.lab.expected import Expectation
from vafa.measure.metrics.types import Direction
from vafa.measure.watching.types import Side, Verdict

LEAST_OBSERVATIONS = 30
"""A share or a mean of fewer says too little to alarm anybody."""

MOST_DAYS_AGO = 35
"""A period that was over longer ago than this (or than its own length) is history, and history never acts."""

# Of these units every value stands for itself: they count or sum, so no number of observations is needed.
_WHOLE_UNITS = ("customers",)

_PERIODS_A_YEAR = {"day": 7, "week": 52, "month": 12, "quarter": 4, "half": 2, "year": 1}
"""How many periods make a season; of days it is the week."""


def get_season(every: str) -> int:
    """After how many periods a figure of this length of period tends to repeat."""
    return _PERIODS_A_YEAR[every]


def decide_verdicts(
    value: float | None,
    n: int | None,
    expected: Expectation | None,
    target: float | None,
    good: Direction,
    unit: str,
) -> tuple[Verdict, ...]:
    """What is to be told of a value: out of its expected range, on the wrong side of its target; both, or nothing.

    `n` counts the observations behind it (None: it isn't known how many).
    """
    if value is None or (unit not in _WHOLE_UNITS and n is not None and n < LEAST_OBSERVATIONS):
        return ()
    found = []
    if expected is not None and not expected.holds(value):
        side: Side = "above" if value > expected.high else "below"
        found.append(Verdict("range", side, _is_good(side, good)))
    if target is not None and good != "none":
        missed: Side = "below" if good == "up" else "above"
        if (value < target) if missed == "below" else (value > target):
            found.append(Verdict("target", missed, False))
    return tuple(found)


def _is_good(side: Side, good: Direction) -> bool | None:
    return None if good == "none" else (side == "above") == (good == "up")


def may_raise(start: date, end: date, watched_since: date, today: date) -> bool:
    """Whether a period [start, end) may raise an alert: it ended after somebody began to watch, and not long ago.

    So nothing that is loaded, corrected or looked at for the first time acts on what is past.
    """
    return end > watched_since and (today - end).days <= max(MOST_DAYS_AGO, (end - start).days)
